"use strict";
// Every page works without this file. Texts come from the page, so they are translated.
const region = () => document.getElementById("status"); // the whole body may have been replaced
const say = (words) => {
  region().textContent = "";
  requestAnimationFrame(() => { region().textContent = words; });
};
const showErrors = (root) =>
  (root.matches?.(".error-summary") ? root : root.querySelector(".error-summary"))?.focus();

// A form keeps its mark until it is answered or changed: with a mark that it has seen, the server does nothing twice.
const marks = new WeakMap();
const newMark = () => [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const markOf = (element) => marks.get(element) ?? marks.set(element, newMark()).get(element);
const forgetMark = (element) => { marks.delete(element); marks.delete(element.closest("form")); };
document.addEventListener("formdata", ({ target, formData }) => {
  if (target.getAttribute("method") === "post" && !formData.has("sent_form")) formData.set("sent_form", markOf(target));
});
document.addEventListener("htmx:configRequest", ({ detail: { elt, verb, parameters } }) => {
  if (verb === "post") parameters.sent_form ??= markOf(elt);
});
document.addEventListener("htmx:beforeOnLoad", ({ detail: { requestConfig, xhr } }) => { if (xhr.status < 500) forgetMark(requestConfig.elt); });
document.addEventListener("htmx:sendAbort", ({ target }) => forgetMark(target)); // something newer is sent instead
document.addEventListener("input", ({ target }) => forgetMark(target));

document.addEventListener("htmx:afterSettle", (event) => showErrors(event.target));
showErrors(document);

// Screen readers start below this message, so it is announced.
const told = [...document.querySelectorAll(".flash")].map((each) => (each.querySelector("p") ?? each).textContent.trim());
if (told.length) setTimeout(() => { document.getElementById("told").textContent = told.join(" "); }, 1000);

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const source = document.getElementById(event.target.closest("[data-copy]")?.dataset.copy);
  if (!source) return;
  try {
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  } catch { // over plain http there is no clipboard: select the text to be copied by hand
    if (source.select) source.select(); else getSelection().selectAllChildren(source);
    if (!document.execCommand("copy")) return;
  }
  say(region().dataset.copied);
});
document.addEventListener("click", (event) => {
  const shows = event.target.closest("[data-show]");
  if (!shows) return;
  const hidden = shows.getAttribute("aria-pressed") === "true";
  document.getElementById(shows.dataset.show).type = hidden ? "password" : "text";
  shows.setAttribute("aria-pressed", String(!hidden));
});
// "/" moves to the search box, unless the person is typing or has turned this off.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = [...document.querySelectorAll("[data-slash]")].find((each) => each.offsetParent);
  if (!box) return;
  event.preventDefault();
  box.focus();
});
document.documentElement.classList.toggle("can-share", Boolean(navigator.share));
document.addEventListener("click", (event) => {
  const source = document.getElementById(event.target.closest("[data-share]")?.dataset.share);
  if (source) navigator.share({ text: source.value ?? source.textContent.trim() }).catch(() => {});
});

// The time zone of a new coalition is the one of this browser, if it is among those offered.
for (const zones of document.querySelectorAll("select[data-time-zone]")) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zones.value && [...zones.options].some((each) => each.value === here)) zones.value = here;
}

// Three presses of Shift leave, as on GOV.UK. Five turn on Sticky Keys, so a fourth brings the page back.
const PAUSE = 1000;
let presses = [];
let leaves;
const forget = () => {
  if (presses.length === 2 && region().textContent === region().dataset.leaves) region().textContent = "";
  presses = [];
};
document.addEventListener("pointerdown", forget);
document.addEventListener("keydown", (event) => {
  if (event.repeat) return;
  clearTimeout(leaves);
  document.documentElement.classList.remove("is-leaving");
  if (event.key !== "Shift" || event.timeStamp - presses.at(-1) > 5000) forget();
  if (event.key !== "Shift" || !document.getElementById("leave")) return;
  presses.push(event.timeStamp);
  if (presses.length === 2) say(region().dataset.leaves);
  if (presses.length !== 3 || presses[2] - presses[0] > 5000) return;
  document.documentElement.classList.add("is-leaving");
  leaves = setTimeout(leave, PAUSE);
});
