"""``article-qa ask`` when something goes wrong that no argument is to blame for: interrupts, defects, closed output."""

import sys

import pytest
import typer


def test_an_interrupt_ends_quietly(cli, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("qa.library.Library.ask_many", interrupt)
    result = cli("ask", "story.txt", "Who is the mayor?")
    assert (result.code, result.out, result.err) == (130, "", "\n")


def failing_with(error):
    def fail(*_, **__):
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "described"),
    [
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
        (KeyError("missing"), "KeyError: 'missing'"),
        (RuntimeError("first line\nsecond line"), "RuntimeError: first line"),
        (AssertionError(), "AssertionError"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_a_defect_has_its_own_exit_code(cli, monkeypatch, error, described):
    monkeypatch.setattr("qa.library.Library.ask_many", failing_with(error))
    result = cli("ask", "story.txt", "Who is the mayor?")
    assert (result.code, result.out) == (70, "")
    assert result.err == f"article-qa: something went wrong: {described}; set ARTICLE_QA_DEBUG=1 to see where\n"
    monkeypatch.setenv("ARTICLE_QA_DEBUG", "1")
    shown = cli("ask", "story.txt", "Who is the mayor?")
    assert shown.code == 70 and shown.err.startswith("Traceback") and shown.err.endswith(result.err)


@pytest.mark.parametrize(("error", "code"), [(typer.Exit(5), 5), (typer.Abort(), 1), (typer.BadParameter("no"), 2)])
def test_what_typer_raises_passes(cli, monkeypatch, error, code):
    monkeypatch.setattr("qa.library.Library.ask_many", failing_with(error))
    result = cli("ask", "story.txt", "Who is the mayor?")
    assert result.code == code and "went wrong" not in result.err


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("ask", "story.txt", "Who is the mayor?"), 0),
        (("ask", "story.txt", "Who is the mayor?", "--json"), 0),
        (("ask", "story.txt", "Was there any rain?"), 1),
        (("ask", "story.txt"), 2),
        (("ask", "missing.txt", "Who?"), 3),
        (("index", "lib", "story.txt"), 0),
        (("list", "lib"), 3),
    ],
)
def test_closed_output(cli, monkeypatch, stream, arguments, code):
    monkeypatch.setattr(sys, stream, None)
    assert cli(*arguments).code == code


def test_system_errors_are_one_line(cli, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr("qa.library.Library.add_articles", fail)
    result = cli("ask", "story.txt", "Who is the mayor?")
    assert (result.code, result.err) == (3, "article-qa: somewhere: No space left on device\n")
