// Pages whose parts ask for themselves again: they tell the time, and say when nobody answers, so that nothing old is
// taken for what is so now.
"use strict";

(() => {
  const PATIENCE = 10_000; // milliseconds without an answer until that is said: a restart takes less
  const stale = document.getElementById("stale");
  let heardAt = Date.now();

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) heardAt = Date.now();
    stale.hidden = event.detail.successful || Date.now() - heardAt < PATIENCE;
  });
  document.addEventListener("now", (event) => (document.getElementById("now").textContent = event.detail.value));
})();
