// Pages whose parts ask for themselves again: they tell the time, and say when nobody answers, so that nothing old is
// taken for what is so now. What somebody has unfolded stays so when its part comes anew.
"use strict";

(() => {
  const PATIENCE = 10_000; // milliseconds without an answer until that is said: a restart takes less
  const stale = document.getElementById("stale");
  const unfolded = new Set(); // by id
  let heardAt = Date.now();

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) heardAt = Date.now();
    stale.hidden = event.detail.successful || Date.now() - heardAt < PATIENCE;
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches("details")) unfolded[event.target.open ? "add" : "delete"](event.target.id);
  }, true);
  document.addEventListener("htmx:afterSettle", () => {
    for (const each of document.querySelectorAll("details[id]")) if (unfolded.has(each.id)) each.open = true;
  });
  document.addEventListener("now", (event) => (document.getElementById("now").textContent = event.detail.value));
})();
