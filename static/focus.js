"use strict";
// Keeps the focus from jumping to the top of the page.
const isLost = () => [null, document.body].includes(document.activeElement);

document.addEventListener("htmx:beforeRequest", ({ detail }) => { detail.requestConfig.from = document.activeElement; });

const put = (element) => {
  element?.focus({ preventScroll: true });
  if (!element || element === document.activeElement) return;
  element.tabIndex = -1; // not a Tab stop
  element.focus({ preventScroll: true });
};
const byId = (element) => (element?.id ? document.getElementById(element.id) : null);
// If the element was folded away meanwhile, this is the summary that unfolds it.
const inSight = (element) => element?.closest("details:not([open])")?.querySelector("summary") ?? element;

// The same element keeps the focus; else its piece names the next one with data-focus; else the piece gets it.
const restore = ({ type, detail }) => {
  if (detail.boosted && type === "htmx:afterSettle") { // the next page: its heading, or what was refused
    if (!document.activeElement.matches(".error-summary")) put(document.querySelector("#main h1"));
    return;
  }
  const { from, elt } = detail.requestConfig ?? {};
  const opened = document.getElementById(elt?.dataset.opens)?.querySelector("[data-focus]"); // it stands elsewhere
  if (opened) return put(opened);
  if (!from || from === document.body || !isLost()) return;
  inSight(from.isConnected ? from : byId(from))?.focus({ preventScroll: true });
  if (!isLost()) return;
  const piece = byId(elt) || byId(detail.target) || document.getElementById("main");
  put(piece.querySelector("[data-focus]") ?? piece);
};
for (const over of ["htmx:afterSettle", "htmx:sendError", "htmx:timeout"]) document.addEventListener(over, restore);

// An open menu covers the page, so it closes when the focus leaves it, on a click elsewhere and on Escape.
const openMenus = () => [...document.querySelectorAll(".menu-fold[open], .more-menu[open]")];
for (const left of ["focusin", "click"]) {
  document.addEventListener(left, ({ target }) => {
    for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
  });
}
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  const menus = openMenus();
  for (const menu of menus) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
  if (!menus.length) dismiss();
});

// Closes the message after it was read; it is the last stop on the page.
const dismiss = () => {
  const toast = document.querySelector(".toast");
  const held = toast.contains(document.activeElement);
  document.getElementById("status").textContent = "";
  if (held) document.getElementById("main").focus({ preventScroll: true });
};
document.addEventListener("click", ({ target }) => { if (target.closest("[data-dismiss]")) dismiss(); });
