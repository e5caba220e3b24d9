"use strict";
// Counts the dots that are left while they are given. Without this file the page says how many there are, and the server counts.
const ballot = document.querySelector(".ballot");
const left = document.getElementById("ballot-left");
const count = () => {
  const { words, tooMany } = left.dataset;
  const sentences = JSON.parse(words); // by the number that is left
  const given = [...ballot.querySelectorAll("input:checked")].reduce((sum, { value }) => sum + Number(value), 0);
  const said = sentences[sentences.length - 1 - given] ?? tooMany.replace("#", given);
  if (left.textContent !== said) left.textContent = said;
};
ballot.addEventListener("input", count);
count(); // a browser may have brought back what was chosen
