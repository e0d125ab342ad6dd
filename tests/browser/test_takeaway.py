"""What a person takes away: citations, and the conversation as a file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from steps import MONGOLIA, REWARD, Visit, ask, expect

from qa import Answer
from qa.samples import samples

pytestmark = pytest.mark.browser


def test_copy_a_citation(visit: Visit) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    reply = ask(page, REWARD)
    reply.get_by_role("button", name="Copy citation").click()
    expect(reply.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"“$50 million” ({samples()[0].article.title}, ")
    assert "17 November 2015" in copied
    expect(reply.get_by_role("button", name="Copy citation")).to_be_visible()


def test_save_the_conversation(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    expect(page.locator("#menu summary")).to_have_count(0)
    ask(page, REWARD)
    ask(page, MONGOLIA)
    saved = {}
    for name in ("Web page", "Markdown", "JSON"):
        page.locator("#menu details").evaluate("menu => menu.open = true")
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        saved[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(saved[name])
    assert saved["Markdown"].read_text().startswith("# Questions and answers\n\n## How much money")
    answers = [Answer.from_dict(answer) for answer in json.loads(saved["JSON"].read_text())["answers"]]
    assert [answer.text for answer in answers] == ["$50 million", ""]

    offline = page.context.browser.new_context(offline=True).new_page()  # type: ignore[union-attr]
    complaints, requests = list[str](), list[str]()
    offline.on("console", lambda message: complaints.append(message.text))
    offline.on("request", lambda request: requests.append(request.url))
    offline.goto(saved["Web page"].as_uri())
    expect(offline.locator("li .quote")).to_have_text("$50 million")
    expect(offline.locator("article mark")).to_have_text("$50 million")
    offline.get_by_role("link", name="Show in the article").first.click()
    expect(offline.locator("article mark")).to_be_in_viewport()
    expect(offline.locator("article .closest")).to_have_count(1)
    assert offline.locator("article").inner_text().count("$50 million") >= 1
    assert len(requests) == 1
    assert not complaints
    offline.context.close()


def test_nothing_covers_the_menu_on_a_phone(visit: Visit) -> None:
    page = visit(width=390, height=844)
    ask(page, REWARD)
    page.locator("#menu summary").click()
    for name in ("Web page", "Markdown", "JSON"):  # a click waits until nothing is in its way
        page.get_by_role("button", name=name, exact=True).click(trial=True)


def test_what_stands_behind_an_answer(visit: Visit) -> None:
    page = visit()
    reply = ask(page, REWARD)
    expect(reply.locator(".confidence")).to_have_attribute("title", re.compile(r"^\d+%: the probability"))
    trace = reply.locator("details.trace")
    expect(trace.locator("table").first).to_be_hidden()
    trace.locator("summary").click()
    expect(trace).to_contain_text("Least confidence")
    expect(trace).to_contain_text("Milliseconds")
    expect(trace.get_by_role("table", name="Passages read")).to_be_visible()
    expect(trace.get_by_role("table", name="Top spans")).to_contain_text("$50 million")
    reply = ask(page, MONGOLIA)
    expect(reply.locator(".reason")).to_have_text("Nothing in the text mentions “Mongolia”.")


def test_the_chosen_mode_says_what_it_does_in_figures(visit: Visit) -> None:
    page = visit()
    for mode, others in (("Balanced", ("strict", "eager")), ("Strict", ("balanced", "eager"))):
        choice = page.get_by_role("radio", name=mode)
        choice.check()
        about = page.locator(f"#about-{mode.lower()}")
        expect(about).to_be_visible()
        expect(about).to_contain_text("of its answers were wrong")
        expect(choice).to_have_attribute("aria-describedby", f"about-{mode.lower()}")
        for other in others:
            expect(page.locator(f"#about-{other}")).to_be_hidden()
