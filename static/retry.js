"use strict";
// Says what htmx could not send, and tries it again until the server has it.
const AGAIN = 5000;
const unsaved = new Map(); // the element that sends, and how it is pressed again
let trying;
const polls = (element) => element.matches("[data-hx-trigger^=every]"); // nothing was typed
const tryAgain = () => {
  clearTimeout(trying);
  for (const [element, press] of unsaved) if (element.isConnected) press(); else unsaved.delete(element);
};
const later = () => { clearTimeout(trying); trying = setTimeout(tryAgain, AGAIN); };
// What opens the next page is pressed again by hand; what saves itself tries again in autosave.js.
const pressed = ({ elt, verb, triggeringEvent: event }) => {
  if (verb === "get" || elt.matches("[data-hx-boost]")) return null;
  return event?.submitter ? () => event.submitter.click() : () => htmx.trigger(elt, event?.type ?? "submit");
};

// A proxy's own page (429, 502, 503) does not vary by htmx's header, as all our answers do.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status < 400 || detail.xhr.getResponseHeader("Vary")?.includes("HX-Request")) return;
  detail.shouldSwap = false;
  detail.isError = true;
});
const keep = (element, requestConfig) => {
  const press = pressed(requestConfig);
  if (press && !element.matches("[data-autosave]")) { unsaved.set(element, press); later(); }
  return press;
};
for (const lost of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(lost, ({ target, detail: { requestConfig } }) => {
    const { noConnection, unsent, waits } = region().dataset;
    const press = keep(target, requestConfig);
    const words = polls(target) ? waits : press ? noConnection : unsent;
    if (region().textContent !== words) say(words); // once, not at every try
  });
}
// The answer may bring words of its own, so the old ones go before it.
document.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
  const { elt } = detail.requestConfig;
  const waited = unsaved.delete(elt);
  if (detail.xhr.status === 503) keep(elt, detail.requestConfig); // the server has said why
  if (detail.xhr.status < 400 && (waited || polls(elt) || elt.matches("[data-autosave]")) && !unsaved.size) region().textContent = "";
});
document.addEventListener("input", ({ target }) => { unsaved.delete(target.closest("form")); }); // it is not complete anymore
// The answer to an earlier try was lost: the page shows what is saved, once nothing else waits.
document.addEventListener("carriedOut", () => { if (!unsaved.size) location.reload(); });
addEventListener("online", tryAgain);
