"""Follow-up questions in a real browser with the real reader."""

from __future__ import annotations

import pytest
from steps import Visit, ask, expect

pytestmark = pytest.mark.browser

PLANE = "When was the plane destroyed?"


def test_a_follow_up_is_understood_changed_and_undone(visit: Visit) -> None:
    page = visit()
    ask(page, PLANE)
    reply = ask(page, "and where?")
    last = page.locator(".turn").last
    expect(last.locator(".meaning")).to_have_text("Where was the plane destroyed?")
    expect(last.locator(".question")).to_contain_text("and where?")

    last.locator(".meaning").focus()
    page.keyboard.press("Enter")
    field = last.get_by_label("What the question means")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(last.locator(".meaning")).to_be_focused()
    expect(field).to_be_hidden()
    last.locator(".meaning").click()
    field.fill("rubbish")
    field.press("Escape")
    last.locator(".meaning").click()
    expect(field).to_have_value("Where was the plane destroyed?")
    field.press("Escape")

    last.locator(".meaning").click()
    field.fill("How much money was offered as a reward?")
    field.press("Enter")
    expect(reply.locator(".quote")).to_have_text("$50 million")
    expect(last.locator(".meaning")).to_have_text("How much money was offered as a reward?")
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.locator(".turn")).to_have_count(2)

    last.get_by_role("button", name="Ask as typed").click()
    expect(last.locator(".understood")).to_have_count(0)
    expect(last.locator(".reply:not(.pending)")).to_be_visible()


def test_a_meaning_that_is_being_typed_stays(visit: Visit) -> None:
    page = visit()
    first = ask(page, PLANE)
    ask(page, "and where?")
    last = page.locator(".turn").nth(1)
    last.locator(".meaning").click()
    field = last.get_by_label("What the question means")
    field.fill("Where was the pl")
    first.get_by_role("button", name="Show in the article").click()
    expect(page.locator(".turn").first).to_have_attribute("aria-current", "true")
    expect(field).to_have_value("Where was the pl")
    expect(field).to_be_visible()
    first.get_by_role("button", name="Right").click()
    expect(first.locator(".hint")).to_be_visible()
    field.press("End")
    page.keyboard.type("ane made?")
    expect(field).to_have_value("Where was the plane made?")
    field.press("Escape")
    first.get_by_role("button", name="Wrong").click()
    expect(first.locator(".hint")).to_contain_text("Select")
    expect(field).to_be_hidden()

    last.locator(".meaning").click()
    field.fill("Who offered a reward?")
    field.press("Enter")
    expect(last.locator(".meaning")).to_have_text("Who offered a reward?")
    expect(field).to_be_hidden()


def test_a_cleared_chat_is_a_new_topic(visit: Visit) -> None:
    page = visit()
    ask(page, PLANE)
    page.get_by_role("button", name="Clear the chat").click()
    expect(page.locator(".turn")).to_have_count(0)
    ask(page, "and where?")
    expect(page.locator(".understood")).to_have_count(0)
