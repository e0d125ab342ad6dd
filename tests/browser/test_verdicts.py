"""What a person says of an answer, and the file that keeps it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from steps import FERRY, MONGOLIA, REWARD, Visit, ask, expect, paste, select, wait_for_app

from eval.datasets import load_squad
from qa.samples import samples

pytestmark = pytest.mark.browser


def test_right_wrong_and_the_answer_is_here(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    article = samples()[0].article
    first = ask(page, REWARD)
    first.get_by_role("button", name="Right").click()
    expect(first.get_by_role("button", name="Right", pressed=True)).to_be_visible()
    expect(first.locator(".hint")).to_have_text("Kept: right.")

    second = ask(page, MONGOLIA)
    second.get_by_role("button", name="The answer is here").click()
    expect(page.locator("#notice .notice")).to_contain_text("Select the words")
    select(page, "unequivocally a terrorist act")
    bubble = page.locator("#article-pane .here")
    expect(bubble).to_be_visible()
    expect(bubble).to_contain_text(MONGOLIA)
    bubble.click()
    expect(bubble).to_be_hidden()
    expect(second.locator(".hint")).to_have_text("Kept: the answer is “unequivocally a terrorist act”.")
    expect(page.locator("#notice .notice")).to_have_count(0)

    third = ask(page, "How much money did the officials offer?")
    third.get_by_role("button", name="Wrong").click()
    third.get_by_role("button", name="Not in the text").click()
    expect(third.locator(".hint")).to_have_text("Kept: the text does not say.")

    page.locator("#menu summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="3 corrections").click()
    assert download.value.suggested_filename == "corrections.json"
    download.value.save_as(tmp_path / "corrections.json")
    pairs = load_squad(tmp_path / "corrections.json").pairs
    assert {held.id for held, _ in pairs} == {article.id}
    kept = {example.question: example for _, example in pairs}
    assert kept[REWARD].answers == ("$50 million",)
    assert kept[MONGOLIA].starts == (article.text.index("unequivocally a terrorist act"),)
    assert kept["How much money did the officials offer?"].answers == ()


def test_selected_words_answer_the_question_that_was_judged(visit: Visit) -> None:
    page = visit()
    first = ask(page, MONGOLIA)
    second = ask(page, REWARD)
    first.get_by_role("button", name="Wrong").click()
    expect(page.locator(".turn").first).to_have_attribute("aria-current", "true")
    select(page, "unequivocally a terrorist act")
    page.locator("#article-pane .here").click()
    expect(first.locator(".hint")).to_contain_text("Kept: the answer is")
    expect(second.locator(".hint")).to_have_count(0)


def test_words_that_were_selected_before_answer_no_later_question(visit: Visit) -> None:
    page = visit()
    kept, bubble = "() => window.articleSelection && window.articleSelection.words", page.locator("#article-pane .here")
    ask(page, MONGOLIA)
    select(page, "unequivocally a terrorist act")
    expect(bubble).to_be_visible()
    page.get_by_label("Your question").focus()
    assert page.evaluate(kept) == "unequivocally a terrorist act"  # a button or a field takes nothing away
    second = ask(page, REWARD)
    expect(bubble).to_be_hidden()
    assert page.evaluate(kept) is None
    second.get_by_role("button", name="The answer is here").click()
    expect(page.locator("#notice .notice")).to_contain_text("Select the words")

    select(page, "unequivocally a terrorist act")
    expect(bubble).to_be_visible()
    page.get_by_role("combobox", name="Article").click()
    page.get_by_role("option", name=samples()[1].article.title).click()
    expect(page.locator(".page .headline").first).to_have_text(samples()[1].article.title)
    assert page.evaluate(kept) is None
    assert page.evaluate("getSelection().isCollapsed")


def test_leaving_warns_of_corrections_that_were_not_downloaded(visit: Visit) -> None:
    page = visit()
    warnings = list[str]()
    page.on("dialog", lambda dialog: warnings.append(dialog.type))
    for downloaded, warned in ((False, ["beforeunload"]), (True, [])):
        ask(page, REWARD).get_by_role("button", name="Right").click()
        page.locator("#menu summary").click()
        button = page.get_by_role("button", name="1 correction")
        if downloaded:
            with page.expect_download():
                button.click()
            expect(page.locator("#menu [data-unsaved]")).to_have_count(0)
        page.get_by_role("button", name="Clear the chat").click()
        expect(page.locator(".turn")).to_have_count(0)
        warnings.clear()
        page.reload()
        assert warnings == warned
        wait_for_app(page)
        expect(page.locator("#menu summary")).to_have_count(0)


def test_positions_are_code_points_whatever_the_text(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    text = f"🦪🦪 Oysters\n\n{FERRY}\n\nNai\u0308ve 🦪 sailors sing <b>shanties</b> & sleep."
    paste(page, text, "Odd signs")
    expect(page.locator(".page .headline").first).to_have_text("Odd signs")
    reply = ask(page, "What do sailors sing?")
    select(page, " sailors sing <b>shanties</b> & ")
    reply.get_by_role("button", name="The answer is here").click()
    expect(reply.locator(".hint")).to_contain_text("sailors sing <b>shanties</b> &")
    page.locator("#menu summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="1 correction").click()
    download.value.save_as(tmp_path / "corrections.json")
    [paragraph] = json.loads((tmp_path / "corrections.json").read_text())["data"][0]["paragraphs"]
    [answer] = paragraph["qas"][0]["answers"]
    assert answer["text"] == "sailors sing <b>shanties</b> &"
    assert paragraph["context"][answer["answer_start"] :].startswith(answer["text"])
