"""Questions to start with, made of an article that somebody adds."""

from __future__ import annotations

import pytest
from steps import Visit, expect, in_view, paste

pytestmark = pytest.mark.browser

BAKERY = (
    "The bakery\n\nThe bakery in Visby was founded by Karin Holm in 1924. It sells bread to half the island.\n\n"
    "The new oven will be delivered on Monday. Bo Ek, the head baker, expects to use it for thirty years."
)


def test_an_added_article_gets_questions_of_its_own(visit: Visit) -> None:
    page = visit()
    paste(page, BAKERY)
    expect(page.locator(".page .headline")).to_have_text("The bakery")
    chip = page.locator(".chips button").first
    chip.wait_for()
    question = chip.inner_text()
    assert any(name in question for name in ("bakery", "oven", "Bo Ek"))
    chip.click()
    expect(page.locator(".turn .question")).to_contain_text(question)
    in_view(page.locator("#article-pane mark.answer"))
    expect(page.get_by_role("tab", name="From the web")).to_have_count(0)
