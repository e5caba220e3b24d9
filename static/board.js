"use strict";
// Dragging a card chooses where it goes and presses its button: the server decides, and draws the board anew.
const makeSortable = () => {
  for (const column of document.querySelectorAll("[data-column]")) {
    new Sortable(column, {
      group: "board", sort: false, forceFallback: true, delay: 200, delayOnTouchOnly: true, filter: "select, button, summary", preventOnFilter: false,
      onEnd: ({ item, from, to, oldIndex }) => {
        if (from === to) return;
        from.insertBefore(item, from.children[oldIndex] ?? null); // back, until the server has said yes
        item.querySelector("select").value = to.dataset.column;
        item.querySelector("button").click();
      },
    });
  }
};
document.addEventListener("htmx:afterSettle", (event) => { if (event.target.id === "plan-board") makeSortable(); });
makeSortable();
