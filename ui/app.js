// Scrolling, keys, what is selected and what is copied: all that is seen is made on the server. Clicks on [data-...]
// buttons are passed on by the HTML components themselves (see ui/page.py).
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
    if (now.article !== seen.article || now.part !== seen.part) {
      box.scrollTo({ top: 0, behavior: "instant" });
      letGo();
    }
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

  // Whenever the log changes, what a person has opened in it is shut, for the new HTML says nothing of it. The elements
  // stay, and know it. Only what is shut may be touched: to open what is open is a change, too, and calls this again.
  const openAgain = (log) => {
    for (const details of log.querySelectorAll("details:not([open])")) if (details.opened) details.open = true;
    for (const field of log.querySelectorAll(".understood:not(.editing) .editor input")) {
      if (field.opened) field.closest(".understood").classList.add("editing");
    }
  };

  let state = "";
  const showTurn = (log) => {
    openAgain(log);
    const entries = log.querySelectorAll(".turns > li");
    const last = entries[entries.length - 1];
    const now = last ? `${entries.length} ${last.querySelector(".pending") ? "asked" : "answered"}` : "";
    if (last && now !== state && !(stacked() && last.classList.contains("opened"))) within(scroller(last), last, 0.04);
    if (now !== state && parseInt(now) !== parseInt(state)) letGo(); // what was selected was for those before
    state = now;
  };

  const watch = (id, label, show) => {
    const element = document.getElementById(id);
    if (!element) return false;
    Object.assign(element, { tabIndex: 0, role: "region", ariaLabel: label }); // scrolls, so it must take the keyboard
    new MutationObserver(() => show(element)).observe(element, {
      subtree: true, childList: true, characterData: true, attributes: true,
      attributeFilter: ["data-visit", "data-focus", "data-article", "class", "open"],
    });
    show(element);
    return true;
  };

  document.addEventListener("click", (event) => {
    const summary = event.target.closest && event.target.closest("summary");
    if (summary) summary.parentElement.opened = !summary.parentElement.open;
    const button = event.target.closest && event.target.closest("button");
    if (!button) return;
    if (button.dataset.turn !== undefined || button.dataset.open !== undefined) wanted = true;
    const there = button.dataset.scrollTo && document.getElementById(button.dataset.scrollTo);
    if (button.dataset.copy !== undefined) {
      copy(button.dataset.copy).then(() => {
        button.textContent = "Copied";
        setTimeout(() => (button.textContent = "Copy citation"), 1600);
      });
    }
    if (button.classList.contains("here")) setTimeout(letGo); // after the click was passed on
    if (there) there.scrollIntoView({ behavior: behavior(), block: "start" });
  }, true);

  // Selected words of the article, as offsets in code points: each block says at which one it begins.
  const offset = (block, node, at) => {
    const range = document.createRange();
    range.selectNodeContents(block);
    if (block.contains(node)) range.setEnd(node, at);
    return Number(block.dataset.at) + [...range.toString()].length;
  };
  const selected = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const page = document.querySelector("#article-pane .page");
    const blocks = page ? [...page.querySelectorAll("[data-at]")].filter((block) => range.intersectsNode(block)) : [];
    if (!blocks.length || !range.toString().trim()) return null;
    const [first, last] = [blocks[0], blocks[blocks.length - 1]];
    const inside = first.contains(range.startContainer);
    const start = inside ? offset(first, range.startContainer, range.startOffset) : Number(first.dataset.at);
    const end = offset(last, range.endContainer, range.endOffset);
    return end > start ? { article: page.dataset.article, start, end, words: range.toString() } : null;
  };
  const showBubble = () => {
    const bubble = document.querySelector("#article-pane .here");
    if (!bubble) return;
    bubble.hidden = !window.articleSelection;
    if (bubble.hidden) return;
    const rect = getSelection().getRangeAt(0).getBoundingClientRect();
    bubble.style.top = `${Math.min(Math.max(rect.bottom + 8, 60), innerHeight - 48)}px`;
    bubble.style.left = `${Math.min(Math.max(rect.left, 8), innerWidth - bubble.offsetWidth - 8)}px`;
  };
  const letGo = () => {
    if (selected()) getSelection().removeAllRanges(); // not where a person types
    window.articleSelection = null;
    showBubble();
  };
  // A click on a button, or its focus, must not lose what was selected before: only a new selection replaces it.
  document.addEventListener("selectionchange", () => {
    const now = selected();
    const elsewhere = getSelection().isCollapsed && document.activeElement && document.activeElement.closest("button, textarea, input");
    if (now || !elsewhere) window.articleSelection = now;
    if (now || !elsewhere) showBubble();
  });
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest && event.target.closest("[data-judge]")) event.preventDefault();
  });

  // Works where the page is not served from this computer over plain HTTP too, which has no clipboard interface.
  const copy = async (text) => {
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
    const field = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  };

  const field = () => document.querySelector("#question textarea");
  const write = (text) => {
    field().value = text;
    field().dispatchEvent(new Event("input", { bubbles: true }));
  };
  let asked = "";
  window.questionField = {
    take: (given) => {
      asked = given[1];
      write("");
      return given;
    },
    giveBack: (question = asked) => {
      if (question && !field().value) write(question);
    },
  };

  const press = (walk) => {
    const button = document.querySelector(`#article-pane [data-walk="${walk}"]`);
    if (button) button.click();
    return Boolean(button);
  };
  const lastQuestion = () => {
    const all = document.querySelectorAll("#log .question > span:last-child");
    return all.length ? all[all.length - 1].textContent : "";
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest && event.target.closest("input:not([type=radio]), textarea, [contenteditable]");
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open]").forEach((menu) => menu.removeAttribute("open"));
      letGo();
      if (typing) typing.blur();
    } else if (typing === field() && event.key === "ArrowUp" && !typing.value && lastQuestion()) {
      write(lastQuestion());
      event.preventDefault();
    } else if (!typing && event.key === "/") {
      field().focus();
      event.preventDefault();
    } else if (!typing && (event.key === "n" || event.key === "p")) {
      if (press(event.key === "n" ? "next" : "previous")) event.preventDefault();
    }
  });

  // What was asked is not kept anywhere else, nor are corrections that were not downloaded, which outlive the chat.
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("#log .turn, #menu [data-unsaved]")) event.preventDefault();
  });

  // To who hears the page, each mode is described, not the chosen one alone.
  const explainModes = () => {
    const choices = [...document.querySelectorAll("#mode input")];
    if (!choices.length) return setTimeout(explainModes, 100);
    for (const choice of choices) choice.setAttribute("aria-describedby", `about-${choice.value}`);
  };

  const begin = () => {
    explainModes();
    if (watch("article-pane", "Article", showArticle) && watch("log", "Questions and answers", showTurn)) return;
    setTimeout(begin, 100);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
