"use strict";
// Passkeys: asks the server what to sign, lets the browser sign it, and sends the answer with the form.
const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (each) => ({ ...each, id: toBytes(each.id) });

const signed = async (options) => {
  const challenge = toBytes(options.challenge);
  if (!options.user) return navigator.credentials.get({ publicKey: { ...options, challenge, allowCredentials: [] } });
  const user = { ...options.user, id: toBytes(options.user.id) };
  return navigator.credentials.create({ publicKey: { ...options, challenge, user, excludeCredentials: options.excludeCredentials.map(named) } });
};
const asJson = ({ id, rawId, type, response }) => {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].filter((name) => response[name]);
  return JSON.stringify({ id, type, rawId: toText(rawId), response: Object.fromEntries(parts.map((name) => [name, toText(response[name])])) });
};

for (const box of document.querySelectorAll("[data-passkeys]")) box.hidden = !window.PublicKeyCredential;
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-passkey]");
  if (!button) return;
  const holds = button.form.querySelector("[name=sign_in_passkey], [name=passkey]");
  if (holds.value) return; // signed: the form is sent
  event.preventDefault();
  const failed = button.closest("[data-passkeys]").querySelector("[role=alert]");
  failed.hidden = true;
  try {
    const answer = await fetch(button.dataset.passkey, { cache: "no-store" });
    holds.value = asJson(await signed(await answer.json()));
    button.form.requestSubmit(button);
  } catch { // canceled, no passkey for this site, or no connection
    holds.value = "";
    failed.hidden = false;
  }
});
addEventListener("pageshow", () => { // Back: what was signed counts once
  for (const holds of document.querySelectorAll("[name=sign_in_passkey], [name=passkey]")) holds.value = "";
});
