"""How text reaches the screen or a pipe: plain when piped, harmless always."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Literal, NoReturn

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

PIPED_WIDTH = 10_000  # nothing is broken in a pipe
READING_WIDTH = 100  # longer lines are hard to read, however wide the terminal
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def one_line(text: str) -> str:
    """Return a text on one line, without the control characters that could drive a terminal."""
    return squeeze(text).strip()


def squeeze(text: str) -> str:
    """Return a text with each run of white space as one space, kept at its ends, and control characters replaced."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", re.sub(r"\s+", " ", text))


def make_console() -> Console:
    """Return a console on standard output that takes every text literally and never fails at a character."""
    from rich.console import Console

    class OurConsole(Console):
        def on_broken_pipe(self) -> NoReturn:  # by default it exits with 1, which means something else here
            raise BrokenPipeError

    settle_output(errors="replace")
    console = OurConsole(markup=False, emoji=False, highlight=False)
    console.width = min(console.width, READING_WIDTH) if console.is_terminal else PIPED_WIDTH
    return console


def make_table(headings: str) -> Table:
    """Return a table without lines; headings are separated by ``|``, those that start with > are of numbers."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings.split("|"):
        justify: Literal["left", "right"] = "right" if heading.startswith(">") else "left"
        table.add_column(heading.lstrip(">"), justify=justify, no_wrap=True, overflow="ellipsis")
    table.columns[-1].no_wrap = False  # the one that gives way when the screen is narrow
    return table


def print_table(console: Console, table: Table) -> None:
    """Print a table, in a pipe without the spaces that fill up its last column."""
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        console.print(line.rstrip(), soft_wrap=True)


def is_styled(console: Console) -> bool:
    """Return whether the console can show bold."""
    return console.is_terminal and console.color_system is not None


def can_print(console: Console, characters: str) -> bool:
    """Return whether the encoding of the console has these characters."""
    try:
        characters.encode(console.encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def settle_output(errors: str, encoding: str | None = None) -> None:
    """Set how standard output encodes, where that can be set."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:
        reconfigure(encoding=encoding, errors=errors) if encoding else reconfigure(errors=errors)


def on_terminal() -> bool:
    """Return whether a person sits at both ends."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def open_closed_output() -> None:
    """Let what is written to a closed standard stream go nowhere; Python has None in its place.

    Whoever closes standard output wants the exit code alone.
    """
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - open until the end
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def counted(count: int, thing: str) -> str:
    """Return a number with its noun: "1 article", "3 articles"."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
