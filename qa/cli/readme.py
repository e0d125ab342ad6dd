"""Writes the help texts of all commands into the README: ``python -m qa.cli.readme [--check] README.md``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from index.errors import ArticleQAError, InputError
from qa.cli.app import NAME, app

BEGIN, END = "<!-- help:begin -->", "<!-- help:end -->"
WIDTH = 100


def help_texts() -> dict[str, str]:
    """Return the help of each command by its full name, the whole one first."""
    group: Any = typer.main.get_command(app)
    parent = _context(group, NAME)
    texts = {NAME: group.get_help(parent)}
    for name, command in group.commands.items():
        if not command.hidden:
            texts[f"{NAME} {name}"] = command.get_help(_context(command, name, parent))
    return texts


def with_help(readme: str) -> str:
    """Return a README with the help texts between its markers.

    Raises:
        InputError: It does not have each marker once, in order.
    """
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in after:
        raise InputError(f"The README needs one {BEGIN} and after it one {END}, each on a line of its own.")
    blocks = (f"```text\n$ {name} --help\n{_trimmed(text)}\n```\n" for name, text in help_texts().items())
    return f"{before}{BEGIN}\n\n" + "\n".join(blocks) + f"\n{END}{after}"


def _context(command: Any, name: str, parent: Any = None) -> Any:
    return command.context_class(
        command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH, color=False,
        help_option_names=["-h", "--help"],
    )  # fmt: skip


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _write(
    readme: Annotated[Path, typer.Argument(help="The README, with the markers in it.")],
    check: Annotated[
        bool, typer.Option("--check", help="Only tell whether it is up to date: exit code 1 if not.")
    ] = False,
) -> None:
    """Write the help texts of all commands into the README."""
    try:
        now = readme.read_text(encoding="utf-8")
        wanted = with_help(now)
    except (ArticleQAError, OSError) as error:
        sys.stderr.write(f"{readme}: {error}\n")
        raise typer.Exit(3) from None
    if check and now != wanted:
        sys.stderr.write(f"{readme} is stale: run python -m qa.cli.readme {readme}.\n")
        raise typer.Exit(1)
    if not check and now != wanted:
        readme.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    typer.run(_write)
