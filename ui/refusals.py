"""What whoever asks is told of what went wrong: one line, and nothing of where the server keeps things."""

from __future__ import annotations

import logging

import qa

_LATER = "the server's output says why. Please try again later."


def refusal(error: Exception) -> str:
    """Return one line for a person or a program; what they cannot mend is told to the server's output."""
    if isinstance(error, qa.UsageError | qa.InputError):
        return str(error)
    log = logging.getLogger(__name__)
    if isinstance(error, qa.ArticleQAError):  # it names a folder
        log.error("%s", error)
        what = "library" if isinstance(error, qa.LibraryError) else "model"
        return f"The {what} of this server cannot be used now; {_LATER}"
    log.error("A request failed", exc_info=error)
    return f"Something went wrong here; {_LATER}"
