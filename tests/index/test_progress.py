import io
import sys

import pytest

from index import progress as module
from index.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def in_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Put a terminal in place of standard error; not a fixture, for pytest resets the stream after those."""
    made = Terminal()
    monkeypatch.setattr(sys, "stderr", made)
    monkeypatch.setenv("TERM", "xterm")
    return made


def test_items_pass_through_in_silence_where_there_is_no_terminal(capfd, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", -1)
    assert list(progress(iter("abc"), "Reading", 3)) == ["a", "b", "c"]
    assert capfd.readouterr() == ("", "")


def test_a_terminal_sees_a_bar_only_when_it_takes_long(capfd, monkeypatch):
    terminal = in_terminal(monkeypatch)
    assert list(progress("abc", "Reading", 3)) == ["a", "b", "c"]
    assert terminal.getvalue() == ""
    monkeypatch.setattr(module, "PATIENCE", -1)
    assert list(progress("abc", "Reading", 3)) == ["a", "b", "c"]
    assert "Reading" in terminal.getvalue()
    assert capfd.readouterr().out == ""


def test_items_pass_through_where_standard_error_is_closed(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert list(progress("abc", "Reading", 3)) == ["a", "b", "c"]


def test_the_bar_goes_when_the_work_fails(monkeypatch):
    terminal = in_terminal(monkeypatch)
    monkeypatch.setattr(module, "PATIENCE", -1)
    items = progress("abc", "Reading")
    next(items)
    items.close()
    shown = terminal.getvalue()
    assert shown.endswith("\x1b[2K")  # the last thing written wipes the line
