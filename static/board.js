"use strict";
// Dragging a card sets its select and presses its button. The server decides, and draws the board again.
const makeSortable = () => {
  for (const column of document.querySelectorAll("[data-column]")) {
    new Sortable(column, {
      group: "board", sort: false, forceFallback: true, delay: 200, delayOnTouchOnly: true, filter: "select, button, summary", preventOnFilter: false,
      onEnd: ({ item, from, to, oldIndex }) => {
        if (from === to) return;
        from.insertBefore(item, from.children[oldIndex] ?? null); // moved back until the server accepts it
        item.querySelector("select").value = to.dataset.column;
        item.querySelector("button").click();
      },
    });
  }
};
document.addEventListener("htmx:afterSettle", (event) => { if (event.target.id === "plan-board") makeSortable(); });
makeSortable();
