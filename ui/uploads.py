"""Files that are being added: the name of each and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

WAITING, READING, ADDED, KNOWN, FAILED = "waiting", "reading", "added", "known", "failed"
_WORDS = {WAITING: "Waiting", READING: "Reading…", ADDED: "Added", KNOWN: "Was here already"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file and what has come of it so far.

    Attributes:
        name: Of the file.
        state: One of the five above.
        problem: Why it failed, in one line.
    """

    name: str
    state: str = WAITING
    problem: str = ""

    @property
    def words(self) -> str:
        """What is said of it beside its name, with which most problems begin."""
        return self.problem.removeprefix(self.name).lstrip(": ") or _WORDS[self.state]


def progress(uploads: list[Upload]) -> str:
    """Return the list of files as HTML; screen readers are told what changes."""
    items = "".join(
        f'<li class="{one.state}"><span class="name" dir="auto">{escape(one.name)}</span> '
        f'<span class="state" dir="auto">{escape(one.words)}</span></li>'
        for one in uploads
    )
    return f'<div role="status"><ul class="uploads" aria-label="Files">{items}</ul></div>'
