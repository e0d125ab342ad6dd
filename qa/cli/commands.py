"""How a subcommand shows its help, and how what it returns or raises becomes one line and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from index.errors import ArticleQAError
from qa.cli.screen import one_line, open_closed_output

UNREADABLE = 3
DEFECT = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED, PIPE_CLOSED = 130, 141  # what shells report for SIGINT and SIGPIPE
DEBUG = "ARTICLE_QA_DEBUG"  # the environment variable that shows tracebacks
# Of its usage errors, typer exports no base.
_TYPER_ERRORS: tuple[type[Exception], ...] = (typer.Exit, typer.Abort, *typer.BadParameter.__bases__)


class Command(TyperCommand):
    """A subcommand whose help shows arguments by their metavars alone: ``DIR``, not ``{DIR}`` and ``DIR <path>``."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return what stands behind the name of the command in its usage."""
        return ["[OPTIONS]", *(str(param.metavar) for param in _of_kind(self, ctx, "argument"))]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments and options."""
        arguments = [(str(param.metavar), param.help or "") for param in _of_kind(self, ctx, "argument")]
        options = [record for param in _of_kind(self, ctx, "option") if (record := param.get_help_record(ctx))]
        for heading, records in (("Arguments", arguments), ("Options", options)):
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)


class Group(TyperGroup):
    """Runs a subcommand, exits with the code that it returns, and reports its errors without a traceback."""

    def invoke(self, ctx: Any) -> None:
        """Run the subcommand.

        Raises:
            Exit: All but success.
        """
        open_closed_output()
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except ArticleQAError as error:
            code = _report(str(error), error.exit_code)
        except KeyboardInterrupt:
            sys.stderr.write("\n")
            code = INTERRUPTED
        except BrokenPipeError:
            _drop_output()
            code = PIPE_CLOSED
        except OSError as error:
            parts = (error.filename, error.strerror or error)
            code = _report(": ".join(str(part) for part in parts if part), UNREADABLE)
        except _TYPER_ERRORS:
            raise
        except Exception as error:  # exit code 1 would say that the text has no answer
            code = _report_defect(error)
        if code:
            raise typer.Exit(code)


def complain(message: str) -> None:
    """Write a line about what went wrong to standard error."""
    sys.stderr.write(f"article-qa: {one_line(message)}\n")


def _report(message: str, code: int) -> int:
    complain(message)
    return code


def _report_defect(error: Exception) -> int:
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    first = (str(error).strip().splitlines() or [""])[0]
    what = f"{type(error).__name__}: {first}" if first else type(error).__name__
    return _report(f"something went wrong: {what}; set {DEBUG}=1 to see where", DEFECT)


def _drop_output() -> None:
    """Let what is still buffered go nowhere, so that Python does not complain about it at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _of_kind(command: TyperCommand, ctx: Any, kind: str) -> list[Any]:
    return [param for param in command.get_params(ctx) if param.param_type_name == kind]
