"""For everybody: keys, names and roles, motion, and what an accessibility checker finds."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from steps import MONGOLIA, REWARD, Visit, ask, expect, in_view, paste

pytestmark = pytest.mark.browser

PLACES = (
    "The captain is Elsa Lind.\n\n{filler}\n\nThe captain of the ferry is Elsa Lind.\n\n{filler}\n\nElsa Lind slept."
)


def test_keys(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    filler = "\n\n".join("The sea was calm and nothing of note took place." for _ in range(60))
    paste(page, PLACES.format(filler=filler), "Log book")
    expect(page.locator(".page .headline")).to_have_text("Log book")
    page.locator("#article-pane").focus()
    page.keyboard.press("/")
    field = page.get_by_label("Your question")
    expect(field).to_be_focused()
    page.keyboard.type("Who is the captain?")
    page.keyboard.press("Enter")
    page.locator(".turn .reply.found").wait_for()
    expect(field).to_have_value("")
    page.keyboard.press("ArrowUp")
    expect(field).to_have_value("Who is the captain?")
    page.keyboard.press("n")
    expect(field).to_have_value("Who is the captain?n")
    page.keyboard.press("Escape")
    expect(field).not_to_be_focused()

    walk = page.locator(".walk span")
    first = (walk.text_content() or "").split()[1]
    page.keyboard.press("n")
    expect(walk).not_to_contain_text(f"Place {first} ")
    in_view(page.locator("#article-pane mark.current"))
    page.keyboard.press("p")
    expect(walk).to_contain_text(f"Place {first} ")
    in_view(page.locator("#article-pane mark.current"))


def test_names_and_live_regions(visit: Visit) -> None:
    page = visit()
    expect(page.get_by_role("log", name="Conversation")).to_have_attribute("aria-live", "polite")
    expect(page.get_by_role("region", name="Article", exact=True)).to_be_visible()
    reply = ask(page, REWARD)
    expect(reply.get_by_role("group", name="Is this answer right?")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_no_serious_violation_of_accessibility_rules(visit: Visit, scheme: str, width: int) -> None:
    page = visit(width, 900, color_scheme=scheme, reduced_motion="reduce")
    ask(page, REWARD).get_by_role("button", name="Wrong").click()
    reply = ask(page, MONGOLIA)
    reply.locator("details.trace summary").click()
    page.locator("#menu summary").click()
    page.get_by_role("button", name="Add, rename or remove articles").click()
    page.wait_for_timeout(500)  # for what fades in: half faded, its contrast is low
    bad = [
        (violation["id"], node["html"], node.get("failureSummary"))
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
        if violation["impact"] in ("serious", "critical")
    ]
    assert not bad
