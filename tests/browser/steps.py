"""What a person does in the app and waits for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

REWARD = "How much money was offered as a reward?"
MONGOLIA = "What is the capital of Mongolia?"
FERRY = (
    "The night ferry\n\nThe night ferry to Gotland is steered by Captain Elsa Lind. It left Nynäshamn at 23:10.\n\n"
    "The ferry carries 1,500 passengers and was built in 2018."
)
Visit = Callable[..., "Page"]


def wait_for_app(page: Page) -> None:
    """Wait until a page that was loaded is built and can be used, our script included."""
    page.locator("#article-pane .page").wait_for()
    page.locator("#question textarea").wait_for()
    page.locator("#log[tabindex='0']").wait_for()  # our script is watching


def ask(page: Page, question: str, *, enter: bool = True) -> Locator:
    """Ask and wait for the answer to this question, which is returned."""
    before = page.locator(".turn").count()
    field = page.get_by_label("Your question")
    field.fill(question)
    if enter:
        field.press("Enter")
    else:
        page.get_by_role("button", name="Ask", exact=True).click()
    reply = page.locator(".turn").nth(before).locator(".reply.found, .reply.none")
    reply.wait_for()
    return reply


def paste(page: Page, text: str, title: str = "") -> None:
    page.get_by_role("button", name="Add, rename or remove articles").click()
    page.get_by_label("Title (optional)").fill(title)
    page.get_by_label("Text of the article").fill(text)
    page.get_by_role("button", name="Add this text").click()


def in_view(target: Locator) -> None:
    """Wait until an element has been scrolled into the visible part of the article pane."""
    target.wait_for()
    target.page.wait_for_function(
        """(element) => {
            const box = document.getElementById("article-pane").getBoundingClientRect();
            const own = element.getBoundingClientRect();
            return own.height > 0 && own.top >= box.top && own.bottom <= box.bottom;
        }""",
        arg=target.element_handle(),
    )


def expect(target: Locator) -> object:
    from playwright.sync_api import expect as expectation

    return expectation(target)


def select(page: Page, words: str) -> None:
    """Select words in the article as dragging the mouse over them would."""
    page.evaluate(
        """(words) => {
            const body = document.querySelector("#article-pane .body");
            const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
            const nodes = [];
            while (walker.nextNode()) nodes.push(walker.currentNode);
            const start = nodes.map((node) => node.data).join("").indexOf(words);
            if (start < 0) throw new Error("no such words: " + words);
            const point = (offset) => {  // highlights cut the text into several nodes
                for (const node of nodes) {
                    if (offset <= node.length) return [node, offset];
                    offset -= node.length;
                }
            };
            const range = document.createRange();
            range.setStart(...point(start));
            range.setEnd(...point(start + words.length));
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }""",
        words,
    )
