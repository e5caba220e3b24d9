"use strict";
// The page that this phone keeps: one question at a time, without a connection.
const questions = [...document.querySelectorAll(".kept-question")];
const list = document.getElementById("kept-list");
const opens = () => {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const before = questions.findIndex(({ dataset }) => wanted === `after-${dataset.question}`);
  const shown = before < 0 ? questions.find(({ id }) => id === wanted) : questions[before + 1];
  for (const each of questions) {
    each.hidden = each !== shown;
    each.reset(); // the phone cannot say what was answered
  }
  list.hidden = Boolean(shown);
  if (shown) put(shown.querySelector("h2"));
  scrollTo(0, 0);
};
waits = (keys) => {
  isReady = true;
  for (const each of questions) each.querySelector("[data-answered]").hidden = !keys.has(each.dataset.question);
  for (const each of list.querySelectorAll("[data-tag]")) each.hidden = !keys.has(each.dataset.tag);
};
let storing = Promise.resolve();
const store = (form) => {
  const answer = [...form.querySelectorAll("input:checked")].map(({ value }) => value);
  if (!answer.length) return;
  storing = storing.then(() => keep(form.dataset.question, answer)).then(
    async () => { await look(); tellKept(panel().dataset.waits); return true; },
    () => { tellKept(panel().dataset.notKept); return false; },
  );
};
document.addEventListener("input", ({ target }) => {
  const form = target.closest(".kept-question");
  if (form) store(form);
});
document.addEventListener("submit", async (event) => {
  const form = event.target.closest(".kept-question");
  if (!form) return;
  event.preventDefault();
  if (await storing === false) return;
  location.hash = `after-${form.dataset.question}`;
  sendAll();
});
addEventListener("hashchange", opens);
opens();
