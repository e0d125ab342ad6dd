"""What is typed while a question waits stays, and a question that failed comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from serving import client, running, toy_desk
from steps import Visit, expect
from ui_toys import StoppedReader

from ui.page import READERS_AT_ONCE

pytestmark = pytest.mark.browser

LONG = "x" * 3000  # more than a question may have


@pytest.fixture(scope="module")
def reader() -> StoppedReader:
    return StoppedReader()


@pytest.fixture(scope="module")
def address(reader: StoppedReader) -> Iterator[str]:
    with running(toy_desk(reader)) as address:
        yield address


def test_what_is_typed_while_a_question_waits_stays(visit: Visit, address: str, reader: StoppedReader) -> None:
    page, program = visit(), client(address)
    field, notice = page.get_by_label("Your question"), page.locator("#notice .notice")
    for question in ("Who offered a reward?", LONG):
        reader.may.clear()
        jobs = [program.submit("Is it here?", text="It is.", api_name="/ask") for _ in range(READERS_AT_ONCE)]
        for _ in jobs:
            assert reader.begun.acquire(timeout=60)
        field.fill(question)
        field.press("Enter")
        expect(field).to_have_value("")
        field.fill("And the next?")
        reader.may.set()
        expect(page.locator(".turn .reply.found") if question != LONG else notice).to_be_visible()
        expect(field).to_have_value("And the next?")
        for job in jobs:
            job.result(60)
    page.get_by_role("button", name="Clear the chat").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(field).to_have_value("And the next?")

    field.fill(LONG)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(notice).to_contain_text("3,000")
    expect(field).to_have_value(LONG)
