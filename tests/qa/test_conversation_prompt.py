"""Follow-ups at the prompt, on a pseudo-terminal with the real models."""

from __future__ import annotations

import pytest
from test_cli_real import PROMPT, STORY, Terminal
from test_cli_real import pytestmark as needs_weights

pytestmark = needs_weights


@pytest.fixture
def terminal():
    opened = Terminal("ask", STORY)
    opened.expect(PROMPT)
    return opened


def test_a_follow_up_is_shown_as_understood_and_can_be_taken_back(terminal):
    terminal.type(":literal\n")
    terminal.expect(r"(?s)Nothing has been asked yet.*\? $")
    terminal.type("When was the plane destroyed?\n")
    assert "understood as" not in terminal.expect(r"(?s)line \d+.*\n\? $")
    terminal.type("where?\n")
    terminal.expect(r"(?s)understood as: Where was the plane destroyed\?.*\n\? $")
    terminal.type(":literal\n")
    assert "understood as" not in terminal.expect(r"(?s)line \d+.*\n\? $")
    terminal.type(":as Where did the plane fall?\n")
    terminal.expect(r"(?s)understood as: Where did the plane fall\?.*\n\? $")
    terminal.type(":new\n")
    terminal.expect(r"(?s)Starting over\..*\? $")
    terminal.type("where?\n")
    assert "understood as" not in terminal.expect(r"(?s)line \d+.*\n\? $")
    terminal.type("\n")
    assert terminal.end() == 0
