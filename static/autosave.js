"use strict";
// Saves a form automatically: says so, keeps what could not be sent, and tries again. Without this file the button saves everything.
const form = document.querySelector("form[data-autosave]");
const RETRY = 5000;
let isComplete = false; // a button was pressed, so the row with the focus is complete
let isLooking = false; // Save was pressed, so the first error is scrolled into view
let waiting;
const row = () => document.activeElement?.closest("[data-row]");
const save = () => htmx.trigger(form, "save");
const tell = (line, words) => { const said = line?.querySelector("[data-said]"); if (said) said.textContent = words; };
const bar = (words) => { document.getElementById("form-saved").textContent = words; };
const unsavedLines = () => [...form.querySelectorAll("[data-line]")].filter((line) => [...line.querySelectorAll("input, textarea")].some(isChanged));
const retry = (words) => {
  for (const line of unsavedLines()) tell(line, words);
  bar(form.dataset.typing);
  clearTimeout(waiting);
  waiting = setTimeout(save, RETRY);
};

form.addEventListener("input", ({ target }) => {
  bar(form.dataset.typing);
  tell(target.closest("[data-line]"), "");
});
form.addEventListener("click", (event) => {
  const summary = event.target.closest("summary");
  if (summary) setTimeout(() => summary.scrollIntoView({ block: "nearest" })); // the line above may have folded
  const button = event.target.closest("[data-save-here]");
  if (!button) return;
  event.preventDefault();
  button.closest("[data-row]")?.querySelector("input").focus(); // for the next one
  isLooking = !button.closest("[data-row]");
  isComplete = true;
  save();
});
form.addEventListener("focusout", ({ target }) => setTimeout(() => {
  const left = target.closest("[data-row]");
  if (left && left !== row() && [...left.querySelectorAll("input")].some(isChanged)) save();
}));
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt !== form) return;
  clearTimeout(waiting);
  if (!isComplete && row()) detail.parameters.held = row().dataset.row;
  isComplete = false;
});
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => { // someone else's change never replaces typed text
  const line = detail.target;
  if (!line.matches("[data-line]")) return;
  if (line.contains(document.activeElement) || unsavedLines().includes(line)) detail.shouldSwap = false;
  else detail.fragment.querySelector("[data-line]").open = line.open;
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => { // signed out meanwhile: the whole form is sent, and its page comes back
  if (detail.requestConfig.elt !== form || ![400, 401].includes(detail.xhr.status)) return;
  detail.shouldSwap = false;
  form.requestSubmit();
});
form.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful) document.getElementById("status").textContent = "";
  if ([0, 502, 504].includes(detail.xhr.status)) retry(form.dataset.offline);
  if ([429, 500, 503, 507].includes(detail.xhr.status)) retry(form.dataset.busy); // the server has said why
});
document.addEventListener("htmx:afterSettle", () => {
  const wrong = isLooking && form.querySelector(".record-state :is(.form-error, .finding)");
  isLooking = false;
  if (!wrong) return;
  wrong.closest("details").open = true;
  wrong.scrollIntoView({ block: "center" });
});
document.addEventListener("htmx:afterSettle", () => { // someone else's text on the same line comes with the next answer
  if (form.querySelector("[data-behind]")) { clearTimeout(waiting); waiting = setTimeout(save, RETRY); }
});
addEventListener("online", save);
// Browsers send at most 64 KB of a page that is gone: only lines that are not saved go, and as few bytes as they take.
const MOST_LEFT_BEHIND = 60_000;
const send = (fields, keepalive) => {
  const body = new FormData();
  for (const [name, value] of [["csrf_token", form.elements.csrf_token.value], ...fields]) body.append(name, value);
  fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" }, keepalive });
};
addEventListener("pagehide", () => { // a person who closes the page in a hurry loses nothing
  if (!isUnsaved(form)) return;
  const all = [...new FormData(form)];
  const goes = [];
  let room = MOST_LEFT_BEHIND;
  for (const line of isRefused(form) ? form.querySelectorAll("[data-line]") : unsavedLines()) {
    const names = new Set([...line.querySelectorAll("[name]")].map((field) => field.name));
    const fields = all.filter(([name]) => names.has(name));
    const size = fields.reduce((sum, [name, value]) => sum + new Blob([name, value]).size + 150, 0);
    if (size <= room) goes.push(...fields);
    else send(fields, false); // it may still arrive
    room -= size <= room ? size : 0;
  }
  if (goes.length) send(goes, true);
});
