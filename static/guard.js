"use strict";
// Keeps typed text: a form is sent only when the server answers, and leaving unsaved text asks, except by Leave this site.
let asksNothing = false; // someone is leaving the site in a hurry
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
const isUnsaved = (form) => posts(form) && form !== sent && (
  form.matches("[data-unsaved]")
  || (!form.querySelector("[type=password]") && [...form.elements].some((field) => isChanged(field) || (field.matches(holdsText) && field.value && (isRefused(form) || field.closest(".has-error")))))
);
const posts = (form) => form.getAttribute("method") === "post";
const unsavedIn = (element) => [...document.forms].some((form) => element.contains(form) && isUnsaved(form));

// A browser that cannot send a form puts its own error page over it. So the server is asked first; without an answer the form stays.
const PATIENCE = 10_000;
const answers = () => fetch("/healthz", { method: "HEAD", cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(PATIENCE) })
  .then(({ status }) => ![502, 503, 504].includes(status), () => false); // a proxy may forbid the address, and still send forms
const HELD = 2000; // an answer that is saved as a file leaves the page open
let asked = null; // the form that was pressed, so that a second press sends nothing
let answered = false;
const hold = (form) => {
  asked = form;
  document.documentElement.classList.toggle("is-sending", Boolean(form));
};
let settle = (_form, isOnline) => isOnline; // keeping.js: what waited is sent first
addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented) return;
  if (!answered && form.matches(".sign-out") && stored("kept") && !confirm(region().dataset.signsOut)) { event.preventDefault(); return; }
  if (answered || !posts(form)) { sent = form; return; }
  event.preventDefault();
  if (asked === form) return;
  hold(form);
  answered = await settle(form, await answers());
  if (answered) form.requestSubmit(submitter);
  else say(region().dataset.unsent);
  setTimeout(hold, answered ? HELD : 0, null);
  answered = false;
});
addEventListener("online", () => { if (region().textContent === region().dataset.unsent) region().textContent = ""; });

addEventListener("input", () => { sent = null; });
addEventListener("beforeunload", (event) => { if (!asksNothing && unsavedIn(document)) event.preventDefault(); });
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || (link.id !== "leave" && /^https?:$/.test(link.protocol))) return;
  asksNothing = true; // never ask before a phone call or a quick exit
  if (link.id !== "leave") setTimeout(() => { asksNothing = false; }, 1000);
  else if (!event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); leave(); }
});
// The page vanishes at once. What saves itself is sent while the session lasts, and Back brings back nothing that was typed.
let saveBehind = () => {}; // autosave.js
const LONGEST = 1000;
// What a phone keeps to answer without a connection. A browser may forbid each of these.
const stored = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
const removeKept = async () => {
  const removed = [
    () => localStorage.clear(),
    () => new Promise((done) => { indexedDB.deleteDatabase("kept").onsuccess = done; }),
    () => caches.delete("kept"),
    async () => { for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister(); },
  ];
  await Promise.allSettled(removed.map(async (remove) => remove()));
};
const briefly = (work) => Promise.race([work, new Promise((done) => { setTimeout(done, LONGEST); })]);
const leave = async () => {
  asksNothing = true;
  document.documentElement.classList.add("is-leaving");
  const removed = removeKept();
  await briefly(saveBehind());
  // Without a connection the session ends with the first request afterwards: accounts/sessions/leaving.py.
  const isSecure = location.protocol === "https:";
  document.cookie = `${isSecure ? "__Host-left" : "left"}=1; path=/; SameSite=Lax${isSecure ? "; Secure" : ""}`;
  await briefly(removed);
  for (const form of document.forms) form.reset();
  location.replace(document.getElementById("leave").href);
  sessionStorage.clear(); // htmx notes the page's address; last, as a browser may forbid it
};
// Back shows what the server has, and says which text only the browser brought back; a page that anyone may open forgets it.
addEventListener("pageshow", ({ persisted }) => {
  const isBack = persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const typed = isBack ? [...document.forms].filter((form) => posts(form) && [...form.elements].some(isChanged)) : [];
  if (asksNothing || (persisted && !typed.length)) location.reload();
  else if (document.querySelector(".layout-bare")) for (const form of typed) form.reset();
  else if (typed.length) say(region().dataset.back);
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
