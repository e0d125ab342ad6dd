"""What a person sees, in a real browser with the real reader."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest
from steps import FERRY, MONGOLIA, REWARD, Visit, ask, expect, in_view, paste

from qa.samples import samples

pytestmark = pytest.mark.browser


def test_the_sample_answers_with_a_quote_in_its_place(visit: Visit) -> None:
    page = visit()
    assert page.title() == "article-qa"
    expect(page.locator(".page .headline")).to_have_text(samples()[0].article.title)
    reply = ask(page, REWARD)
    assert reply.locator(".quote").inner_text() == "$50 million"
    expect(reply.locator("> blockquote.sentence mark")).to_have_text("$50 million")
    mark = page.locator("#article-pane mark.answer")
    expect(mark).to_have_text("$50 million")
    in_view(mark)
    expect(page.locator("#article-pane .sentence").first).to_contain_text("offered a reward of")
    expect(page.get_by_label("Your question")).to_have_value("")
    assert page.evaluate("scrollY") == 0  # the pane scrolls, not the page


def test_what_the_article_does_not_say(visit: Visit) -> None:
    page = visit()
    reply = ask(page, MONGOLIA, enter=False)
    expect(reply.locator(".verdict")).to_have_text("The article does not say.")
    expect(reply.locator(".label")).to_have_text("Closest passage, not an answer")
    passage = reply.locator("blockquote").inner_text()
    closest = page.locator("#article-pane .closest")
    expect(closest).to_have_text(passage)
    in_view(closest)
    expect(page.locator("#article-pane mark")).to_have_count(0)


def test_a_starter_question_is_a_click(visit: Visit) -> None:
    page = visit()
    chip = page.get_by_role("button", name=REWARD)
    chip.click()
    expect(page.locator(".turn .quote")).to_have_text("$50 million")
    expect(page.locator(".turn .question")).to_contain_text(REWARD)
    expect(chip).to_have_count(0)


def test_what_was_unfolded_stays_unfolded(visit: Visit) -> None:
    page = visit()
    first = ask(page, REWARD)
    trace, summary = first.locator("details.trace table").first, first.get_by_text("How it was found")
    summary.click()
    expect(trace).to_be_visible()
    second = ask(page, MONGOLIA)
    expect(trace).to_be_visible()
    first.get_by_role("button", name="Show in the article").click()
    expect(page.locator(".turn").first).to_have_attribute("aria-current", "true")
    expect(trace).to_be_visible()
    summary.focus()
    second.get_by_role("button", name="Right").evaluate("button => button.click()")  # which takes no focus
    expect(second.locator(".hint")).to_be_visible()
    expect(trace).to_be_visible()
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    expect(trace).to_be_hidden()
    first.get_by_role("button", name="Right").click()
    expect(first.locator(".hint")).to_be_visible()
    expect(trace).to_be_hidden()
    expect(second.locator("details.trace table").first).to_be_hidden()


def test_paste_an_article_and_ask_it(visit: Visit) -> None:
    page = visit()
    paste(page, FERRY)
    expect(page.locator(".page .headline")).to_have_text("The night ferry")
    expect(page.get_by_label("Text of the article")).to_be_hidden()
    reply = ask(page, "Who steers the night ferry?")
    expect(reply.locator(".quote")).to_contain_text("Elsa Lind")
    in_view(page.locator("#article-pane mark.answer"))


def test_upload_files_and_ask_all_of_them(visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(FERRY)
    (tmp_path / "bakery.md").write_text("# The bakery\n\nThe bakery in Visby was founded by Karin Holm in 1924.\n")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    page = visit()
    page.get_by_role("button", name="Add, rename or remove articles").click()
    page.get_by_role("tab", name="Upload files").click()
    page.set_input_files("#upload input[type=file]", sorted(tmp_path.iterdir()))
    states = page.locator("#trouble .uploads li")
    expect(states).to_have_count(3)
    expect(states.nth(0)).to_have_text("bakery.md Added")
    expect(states.nth(1)).to_contain_text("broken.pdf")
    expect(states.nth(1)).to_have_class("failed")
    expect(states.nth(2)).to_have_text("ferry.txt Added")
    above, below = page.locator("#upload").bounding_box(), states.first.bounding_box()
    assert above["y"] + above["height"] <= below["y"]
    expect(page.locator(".page .headline")).to_have_text("The night ferry")
    page.get_by_role("combobox", name="Article").click()
    page.get_by_role("option", name="All 2 articles").click()
    expect(page.locator(".page .headline")).to_have_text("2 articles")
    reply = ask(page, "Who founded the bakery?")
    expect(reply.locator(".quote")).to_contain_text("Karin Holm")
    expect(reply.locator("cite")).to_have_text("The bakery")
    expect(page.locator(".page .headline")).to_have_text("The bakery")


def test_rename_and_remove(visit: Visit) -> None:
    page = visit()
    paste(page, FERRY, "Draft")
    expect(page.locator(".page .headline").first).to_contain_text("Draft")
    page.get_by_role("button", name="Add, rename or remove articles").click()
    expect(page.get_by_role("tab", name="From the web")).to_have_count(0)
    page.get_by_role("tab", name="Rename or remove").click()
    page.get_by_label("New title of the open article").fill("The ferry")
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.locator(".page .headline").first).to_have_text("The ferry")
    page.get_by_role("button", name="Add, rename or remove articles").click()
    page.get_by_role("tab", name="Rename or remove").click()
    page.get_by_role("button", name="Remove the open article").click()
    expect(page.locator(".page .headline")).to_have_text(samples()[0].article.title)
    page.get_by_role("button", name="Remove the open article").click()
    expect(page.locator("#trouble .notice")).to_contain_text("added yourself")


def test_hostile_text_stays_text(visit: Visit) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)> ${alert(3)} {{#each}} \u202eabc\u202c &lt;b&gt;"
    page = visit()
    paste(page, f"{hostile} The ferry to Gotland is steered by Elsa Lind.\n\nمرحبا بالعالم.", f"{hostile} title")
    expect(page.locator(".page .headline")).to_contain_text("<script>alert(1)</script><img")
    reply = ask(page, "Who steers the ferry? <b onclick=alert(4)>x</b> \"'")
    expect(page.locator("#article-pane mark.answer")).to_contain_text("Elsa Lind")
    expect(reply.locator("> blockquote.sentence")).to_contain_text("{{#each}}")
    expect(page.locator(".question")).to_contain_text("<b onclick=alert(4)>x</b>")
    for unwanted in ("script", "img", "b"):
        assert page.locator(f"#article-pane {unwanted}, #log {unwanted}").count() == 0
    assert page.locator("#article-pane p").last.evaluate("e => getComputedStyle(e).direction") == "rtl"


def test_a_long_article_scrolls_in_its_pane_and_mentions_are_a_click(visit: Visit) -> None:
    filler = "\n\n".join(
        f"On day {day} of the voyage the sea was calm and nothing of note took place." for day in range(150)
    )
    page = visit(reduced_motion="reduce")
    paste(page, f"The captain is Elsa Lind.\n\n{filler}\n\nThe captain of the ferry is Elsa Lind.", "Log book")
    expect(page.locator(".page .headline")).to_have_text("Log book")
    reply = ask(page, "Who is the captain?")
    expect(reply.locator(".quote")).to_have_text("Elsa Lind")
    in_view(page.locator("#article-pane mark.answer"))
    expect(reply.locator(".mentions")).to_contain_text("also at 1 other place")
    reply.get_by_role("button", name="Go to place 2 of 2").click()
    in_view(page.locator("#article-pane mark.mention.current"))
    reply.get_by_role("button", name="Show in the article").click()
    in_view(page.locator("#article-pane mark.answer.current"))


def test_two_visitors_do_not_see_each_other(visit: Visit) -> None:
    one, other = visit(), visit()
    paste(one, FERRY, "Secret ferry")
    expect(one.locator(".page .headline").first).to_have_text("Secret ferry")
    ask(one, "Who steers the night ferry?")
    ask(other, REWARD)
    other.get_by_role("combobox", name="Article").click()
    expect(other.get_by_role("option")).to_have_count(4)
    assert "ferry" not in other.content().casefold()
    assert "$50 million" not in one.locator("#log").inner_text()
    with one.expect_event("dialog") as warning:  # the conversation would be lost
        one.reload()
    assert warning.value.type == "beforeunload"
    expect(one.locator(".page .headline")).to_have_text(samples()[0].article.title)
    assert one.locator(".turn").count() == 0


def test_errors_are_one_plain_line_and_clear_clears(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#notice .notice")).to_contain_text("The question is empty")
    page.get_by_role("button", name="Add, rename or remove articles").click()
    page.get_by_role("button", name="Add this text").click()
    expect(page.locator("#trouble .notice")).to_contain_text("no text")
    ask(page, REWARD)
    expect(page.locator("#notice .notice")).to_have_count(0)
    page.get_by_role("radio", name="Strict").check()
    ask(page, MONGOLIA)
    page.get_by_role("button", name="Clear the chat").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#article-pane .closest")).to_have_count(0)
    page.get_by_role("button", name="Bring it back").click()
    expect(page.locator(".turn")).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_article_is_below_and_reached_by_a_tap(visit: Visit, scheme: str) -> None:
    page = visit(390, 844, color_scheme=scheme, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    reply = ask(page, REWARD)
    quote = reply.locator(".quote")
    expect(quote).to_be_in_viewport()
    reply.get_by_role("button", name="Show in the article").tap()
    mark = page.locator("#article-pane mark.answer")
    expect(mark).to_be_in_viewport()
    in_view(mark)
    page.get_by_role("button", name="Back to the chat").tap()
    expect(page.get_by_label("Your question")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    back = page.evaluate("getComputedStyle(document.querySelector('#article-pane')).backgroundColor")
    assert (back == "rgb(28, 30, 33)") == (scheme == "dark")


def test_screens(visit: Visit, shots: Path | None) -> None:
    if shots is None:
        pytest.skip("ARTICLE_QA_SHOTS names no folder for screenshots")
    for scheme in ("light", "dark"):
        for width, height in ((1440, 900), (390, 844)):
            page = visit(width, height, color_scheme=scheme)
            for name, question in (("start", ""), ("answer", REWARD), ("none", MONGOLIA)):
                if question:
                    ask(page, question)
                page.wait_for_timeout(1500)
                page.screenshot(path=shots / f"{scheme}-{width}-{name}.png", full_page=width < 500)


def test_nothing_of_the_page_is_offered_to_programs(address: str) -> None:
    with urllib.request.urlopen(f"{address}/gradio_api/info") as response:  # noqa: S310
        offered = json.load(response)
    assert set(offered["named_endpoints"]) == {"/ask", "/add", "/add_file", "/passages", "/articles"}
    assert offered["unnamed_endpoints"] == {}
