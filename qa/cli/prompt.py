"""The interactive prompt: question after question to articles that stay open."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, get_args

from index.errors import UsageError
from qa.cli.answers import show
from qa.cli.options import Mode
from qa.cli.screen import counted, make_console, one_line

if TYPE_CHECKING:
    from rich.console import Console

    from qa import Conversation, Library, Turn

PROMPT = "? "
HELP = """\
A question                       is answered from the articles; "and when?" asks about what came before.
:literal                         asks the last question in the words that were typed.
:as QUESTION                     asks the last question with this meaning.
:new                             starts over: nothing came before.
:mode strict|balanced|eager      sets how sure an answer must be; :mode alone says how it is set.
:trace                           shows, or no longer shows, how answers come about.
:articles                        lists what is asked.
:help                            shows this.
An empty line, :quit or Ctrl-D   leaves."""
_QUIT = {"", ":q", ":quit", ":exit"}


def converse(library: Library, mode: str, top_k: int, trace: bool) -> int:
    """Answer questions until an empty line or the end of input, and return 0.

    Lines are read by ``input``: with readline it knows the width of its own prompt, edits and remembers.
    """
    with suppress(ImportError):  # not on every system
        import readline  # noqa: F401

    console, conversation = make_console(), library.chat(mode=mode, top_k=top_k)
    console.print(f"Asking {_named(library)}. An empty line leaves, :help helps.")
    while True:
        try:
            line = input(PROMPT).strip()
        except EOFError:
            console.print()
            return 0
        if line in _QUIT:
            return 0
        try:
            if line == ":trace":
                trace = not trace
                console.print(f"Tracing is {'on' if trace else 'off'}.")
                continue
            turn = _command(line, conversation, library, console) if line.startswith(":") else conversation.ask(line)
            if turn:
                _show_turn(turn, library, console, trace)
        except UsageError as error:
            console.print(one_line(str(error)))


def _command(line: str, conversation: Conversation, library: Library, console: Console) -> Turn | None:
    """Carry out a command and return the turn that it took anew, if it did."""
    from qa.calibration import checked_mode

    name, _, value = line.partition(" ")
    if name == ":literal":
        return conversation.undo()
    if name == ":as":
        return conversation.revise(value)
    if name == ":new":
        conversation.reset()
        console.print("Starting over.")
    elif name == ":mode":
        conversation.mode = checked_mode(value.strip()) if value.strip() else conversation.mode
        others = ", ".join(other for other in get_args(Mode) if other != conversation.mode)
        console.print(f"Mode {conversation.mode} (others: {others}).")
    elif name == ":articles":
        for article in library.articles:
            console.print(f"{article.id}  {one_line(article.title)}", soft_wrap=True)
    elif name in {":help", ":h", ":?"}:
        console.print(HELP)
    else:
        raise UsageError(f"There is no command {name}: see :help.")
    return None


def _show_turn(turn: Turn, library: Library, console: Console, trace: bool) -> None:
    if turn.rewritten:
        console.print(f"understood as: {one_line(turn.understood)}  (:literal asks it as typed)", style="cyan")
    show(turn.answer, library, console, with_trace=trace)
    console.print()


def _named(library: Library) -> str:
    count = len(library)
    return one_line(library.articles[0].title) if count == 1 else counted(count, "article")
