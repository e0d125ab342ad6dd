// Scrolling, and nothing else: what is seen is made on the server. Clicks on [data-...] buttons are passed on by the
// HTML components themselves (see ui/page.py).
(() => {
  "use strict";
  const behavior = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
  const stacked = () => matchMedia("(max-width: 900px)").matches;
  let wanted = false; // a click asked to see the article, which on a narrow page is below the conversation

  const scroller = (element) => {
    while (element && !/auto|scroll/.test(getComputedStyle(element).overflowY)) element = element.parentElement;
    return element || document.scrollingElement;
  };

  const within = (box, target, ratio) => {
    const edge = box === document.scrollingElement ? 0 : box.getBoundingClientRect().top;
    const top = target.getBoundingClientRect().top - edge + box.scrollTop;
    box.scrollTo({ top: Math.max(0, top - ratio * box.clientHeight), behavior: behavior() });
  };

  let seen = { article: "", part: "", visit: "" };
  const showArticle = (pane) => {
    const page = pane.querySelector(".page");
    if (!page) return;
    const now = { article: page.dataset.article, part: page.dataset.part, visit: page.dataset.visit };
    if (now.article === seen.article && now.part === seen.part && now.visit === seen.visit) return;
    const box = scroller(page);
    if (now.article !== seen.article || now.part !== seen.part) box.scrollTo({ top: 0, behavior: "instant" });
    seen = now;
    const target = page.dataset.focus && document.getElementById(page.dataset.focus);
    pane.querySelectorAll(".current").forEach((element) => element.classList.remove("current"));
    if (target) {
      target.classList.add("current");
      within(box, target, 0.33);
    }
    if (wanted && stacked()) pane.scrollIntoView({ behavior: behavior(), block: "start" });
    if (wanted && target) target.focus({ preventScroll: true });
    wanted = false;
  };

  let state = "";
  const showTurn = (log) => {
    const entries = log.querySelectorAll(".turns > li");
    const last = entries[entries.length - 1];
    const now = last ? `${entries.length} ${last.querySelector(".pending") ? "asked" : "answered"}` : "";
    if (last && now !== state && !(stacked() && last.classList.contains("opened"))) within(scroller(last), last, 0.04);
    state = now;
  };

  const watch = (id, label, show) => {
    const element = document.getElementById(id);
    if (!element) return false;
    Object.assign(element, { tabIndex: 0, role: "region", ariaLabel: label }); // scrolls, so it must take the keyboard
    new MutationObserver(() => show(element)).observe(element, {
      subtree: true, childList: true, characterData: true, attributes: true,
      attributeFilter: ["data-visit", "data-focus", "data-article", "class"],
    });
    show(element);
    return true;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button");
    if (!button) return;
    if (button.dataset.turn !== undefined || button.dataset.open !== undefined) wanted = true;
    const there = button.dataset.scrollTo && document.getElementById(button.dataset.scrollTo);
    if (there) there.scrollIntoView({ behavior: behavior(), block: "start" });
  }, true);

  const begin = () => {
    if (watch("article-pane", "Article", showArticle) && watch("log", "Questions and answers", showTurn)) return;
    setTimeout(begin, 100);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
