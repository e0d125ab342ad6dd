"""The command ``article-qa`` and its subcommands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.ask import EXAMPLES, ask
from qa.cli.commands import Command, Group
from qa.cli.evaluation import calibrate, evaluate
from qa.cli.export import export
from qa.cli.libraries import index, list_articles, remove
from qa.cli.serve import serve
from qa.cli.train import EXAMPLES as TRAIN_EXAMPLES
from qa.cli.train import train

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "article-qa"

app = typer.Typer(
    name=NAME,
    cls=Group,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: instant, and the same in the README
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 answered (or done), 1 the text does not say, 2 wrong usage, 3 unreadable file, library or"
    " model, 70 a defect of ours.",
)


def _print_version(asked: bool) -> None:
    if asked:
        from qa import __version__

        typer.echo(f"{NAME} {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Ask articles and get their own words back: an exact quote, or "the article does not say"."""


app.command("ask", cls=Command, epilog=EXAMPLES)(ask)
app.command("index", cls=Command)(index)
app.command("list", cls=Command)(list_articles)
app.command("remove", cls=Command)(remove)
app.command("serve", cls=Command)(serve)
app.command("eval", cls=Command)(evaluate)
app.command("calibrate", cls=Command)(calibrate)
app.command("export", cls=Command)(export)
app.command("train", cls=Command, epilog=TRAIN_EXAMPLES)(train)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    app(args=arguments, prog_name=NAME)
