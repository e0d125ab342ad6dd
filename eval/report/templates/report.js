"use strict";
const form = document.querySelector(".filters");
if (form) {
  const items = [...document.querySelectorAll(".mistake")];
  const show = () => {
    const wanted = Object.fromEntries(new FormData(form));
    const words = wanted.words.trim().toLowerCase();
    let shown = 0;
    for (const item of items) {
      const fits = ["kind", "type", "set"].every((name) => !wanted[name] || item.dataset[name] === wanted[name]);
      item.hidden = !(fits && (!words || item.textContent.toLowerCase().includes(words)));
      shown += !item.hidden;
    }
    form.querySelector("output").textContent = `${shown} of ${items.length} shown`;
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
}
