"""What a person sees who comes back to a page that was released."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import gradio as gr
import pytest
from serving import serving, toy_desk
from steps import FERRY, Visit, ask, expect, paste

from ui import app

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def blocks() -> Iterator[gr.Blocks]:
    with closing(toy_desk()) as desk:
        yield app.build(desk)


@pytest.fixture(scope="module")
def address(blocks: gr.Blocks) -> Iterator[str]:
    with serving(blocks) as address:
        yield address


@pytest.fixture
def release(blocks: gr.Blocks) -> Callable[[], None]:
    """Releases all pages, as happens when they were not used for long."""

    def release() -> None:
        for page in list(blocks.state_holder.session_data):
            blocks.state_holder.delete_state(page)

    return release


def test_asking_a_shared_article_says_what_is_gone(visit: Visit, release: Callable[[], None]) -> None:
    page = visit()
    ask(page, "Vienna")
    release()
    page.get_by_label("Your question").fill("Paris")
    page.get_by_role("button", name="Ask", exact=True).click()
    notice = page.locator("#notice .notice")
    expect(notice).to_contain_text("was released: the conversation")
    expect(page.locator(".turn .question > span:last-child")).to_have_text(["Paris"])
    ask(page, "Vienna")
    expect(notice).to_have_count(0)


def test_adding_an_article_says_so_too(
    visit: Visit, release: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.shelf.starters", lambda *_: ("Who steers it?",))
    page = visit()
    release()
    paste(page, FERRY)
    expect(page.locator(".page .headline")).to_have_text("The night ferry")
    expect(page.get_by_label("Text of the article")).to_be_hidden()
    page.get_by_role("button", name="Who steers it?").wait_for()  # looking for it does not wipe the notice away
    expect(page.locator("#notice .notice")).to_contain_text("was released")
