"use strict";
// Asks before a person leaves a form with unsaved text, except by Leave this site.
let asksNothing = false; // app.js sets it when someone leaves the site in a hurry
let sent = null; // the form that is being sent, whose text is not lost
const holdsText = "textarea, input:not([type=hidden], [type=password], [type=checkbox], [type=radio], [type=submit])";
const chosen = (select) => [...select.options].find((option) => option.defaultSelected) ?? select.options[0];
const isChanged = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "select-one") return field.value !== (chosen(field)?.value ?? "");
  return field.matches(holdsText) && field.value !== field.defaultValue;
};
// The values of a refused form are unsaved, too: main says that the page answers a form.
const isRefused = (form) => document.querySelector("main[data-refused]")?.contains(form) && new URL(form.getAttribute("action"), location).pathname === location.pathname;
// Attributes, not properties: a field may be named like one.
const isUnsaved = (form) => form.getAttribute("method") === "post" && form !== sent && (
  form.matches("[data-unsaved]")
  || (!form.querySelector("[type=password]") && [...form.elements].some((field) => isChanged(field) || (field.matches(holdsText) && field.value && (isRefused(form) || field.closest(".has-error")))))
);
const unsavedIn = (element) => [...document.forms].some((form) => element.contains(form) && isUnsaved(form));

addEventListener("submit", (event) => { if (!event.defaultPrevented) sent = event.target; });
addEventListener("input", () => { sent = null; });
addEventListener("beforeunload", (event) => { if (!asksNothing && unsavedIn(document)) event.preventDefault(); });
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || (link.id !== "leave" && /^https?:$/.test(link.protocol))) return;
  asksNothing = true; // never ask before a phone call or a quick exit
  if (link.id !== "leave") setTimeout(() => { asksNothing = false; }, 1000);
});
document.addEventListener("htmx:confirm", (event) => { // Cancel in a form that was opened in place
  const { elt, target, verb } = event.detail;
  if (verb !== "get" || elt.matches("[data-hx-trigger^=every]") || !unsavedIn(target)) return;
  if (!confirm(document.getElementById("status").dataset.unsaved)) event.preventDefault();
});
// A form that was sent in place is saved: the page now starts from its values.
document.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
  const form = detail.requestConfig.elt.closest("form");
  if (!form || detail.xhr.status >= 400) return;
  const values = detail.requestConfig.formData;
  for (const field of form.elements) {
    if (values.has("held") && values.get("held") === field.closest("[data-row]")?.dataset.row) continue; // not complete yet
    if (field.type === "checkbox" || field.type === "radio") field.defaultChecked = values.getAll(field.name).includes(field.value);
    else if (field.options) for (const option of field.options) option.defaultSelected = values.getAll(field.name).includes(option.value);
    else if (field.matches(holdsText) && values.has(field.name)) field.defaultValue = values.get(field.name);
  }
});
