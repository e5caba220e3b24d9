"use strict";
// Saves a form automatically: says so, keeps what could not be sent, and tries again. Without this file the button saves everything.
// What sends it is the form or a part of it; htmx may exchange both, so they are looked up each time.
const sender = () => document.querySelector("[data-autosave]");
const form = () => sender()?.closest("form");
const RETRY = 5000;
let isComplete = false; // a button was pressed, so the row with the focus is complete
let isLooking = false; // Save was pressed, so the first error is scrolled into view
let waiting;
const row = () => document.activeElement?.closest("[data-row]");
const save = () => { if (sender()) htmx.trigger(sender(), "save"); };
const tell = (line, words) => { const said = line?.querySelector("[data-said]"); if (said) said.textContent = words; };
const bar = (words) => { document.getElementById("form-saved").textContent = words; };
const unsavedLines = () => [...form().querySelectorAll("[data-line]")].filter((line) => [...line.querySelectorAll("input, textarea")].some(isChanged));
const retry = (words) => {
  for (const line of unsavedLines()) tell(line, words);
  bar(sender().dataset.typing);
  clearTimeout(waiting);
  waiting = setTimeout(save, RETRY);
};

const ours = (listener) => (event) => { if (event.target.closest("form") === form()) listener(event); };

document.addEventListener("input", ours(({ target }) => {
  bar(sender().dataset.typing);
  tell(target.closest("[data-line]"), "");
}));
document.addEventListener("click", ours((event) => {
  const summary = event.target.closest("summary");
  if (summary) setTimeout(() => summary.scrollIntoView({ block: "nearest" })); // the line above may have folded
  const button = event.target.closest("[data-save-here]");
  if (!button) return;
  event.preventDefault();
  button.closest("[data-row]")?.querySelector("input").focus(); // for the next one
  isLooking = !button.closest("[data-row]");
  isComplete = true;
  save();
}));
document.addEventListener("focusout", ours(({ target }) => setTimeout(() => {
  const left = target.closest("[data-row]");
  if (left && left !== row() && [...left.querySelectorAll("input")].some(isChanged)) save();
})));
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt !== sender()) return;
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
  if (detail.requestConfig.elt !== sender() || ![400, 401].includes(detail.xhr.status)) return;
  detail.shouldSwap = false;
  form().requestSubmit();
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.elt !== sender()) return;
  if ([0, 502, 504].includes(detail.xhr.status)) retry(sender().dataset.offline);
  if ([429, 500, 503, 507].includes(detail.xhr.status)) retry(sender().dataset.busy); // the server has said why
});
document.addEventListener("htmx:afterSettle", () => {
  const wrong = isLooking && form()?.querySelector(".record-state :is(.form-error, .finding)");
  isLooking = false;
  if (!wrong) return;
  wrong.closest("details").open = true;
  wrong.scrollIntoView({ block: "center" });
});
document.addEventListener("htmx:afterSettle", () => { // someone else's text on the same line comes with the next answer
  if (form()?.querySelector("[data-behind]")) { clearTimeout(waiting); waiting = setTimeout(save, RETRY); }
});
addEventListener("online", save);
// Browsers send at most 64 KB of a page that is gone: only lines that are not saved go, and as few bytes as they take.
const MOST_LEFT_BEHIND = 60_000;
const send = (fields, keepalive) => {
  const body = new FormData();
  for (const [name, value] of [["csrf_token", form().elements.csrf_token.value], ...fields]) body.append(name, value);
  return fetch(form().action, { method: "POST", body, headers: { "HX-Request": "true" }, keepalive }).catch(() => {});
};
saveBehind = () => { // a person who closes the page in a hurry loses nothing
  if (!form() || !isUnsaved(form())) return null;
  const all = [...new FormData(form())];
  const goes = [];
  const sent = [];
  let room = MOST_LEFT_BEHIND;
  for (const line of isRefused(form()) ? form().querySelectorAll("[data-line]") : unsavedLines()) {
    const names = new Set([...line.querySelectorAll("[name]")].map((field) => field.name));
    const fields = all.filter(([name]) => names.has(name));
    const size = fields.reduce((sum, [name, value]) => sum + new Blob([name, value]).size + 150, 0);
    if (size <= room) goes.push(...fields);
    else sent.push(send(fields, false)); // it may still arrive
    room -= size <= room ? size : 0;
  }
  return Promise.all([...sent, goes.length && send(goes, true)]);
};
addEventListener("pagehide", saveBehind);
