"""What every format's parser returns, and the small things that parsers share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from index.errors import InputError

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_TEXT_CHARS = 20_000_000

_TITLE_CHARS = 120
_FULL_STOPS = ".!?;:,。！？؟…"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_DATE = re.compile(r"(?:D:)?(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?!\d)|(?:D:)?(\d{4})(\d{2})(\d{2})\d{4,6}")
_WRITTEN_DATES = ("%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%d.%m.%Y")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document's text and what it says about itself; what it does not say is None, never empty."""

    text: str
    title: str | None = None
    published: str | None = None
    author: str | None = None
    pages: tuple[int, ...] = ()


def unreadable(name: str, why: str) -> InputError:
    """Make the one-line error that starts with the file's name and goes on with what is wrong."""
    return InputError(" ".join(f"{name} {why}".split()))


def clean(text: str) -> str:
    r"""Return text without control characters, spaces at line ends or runs of blank lines.

    Only ``\n`` and ``\t`` remain of the control characters; other line ends become ``\n``.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\f", "\n")
    text = whole_characters(_CONTROLS.sub("", text))
    text = "\n".join(line.rstrip(" \t\u00a0") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def whole_characters(text: str) -> str:
    """Return text in which halves of a character are put together, or are U+FFFD where the other half is missing."""
    if _SURROGATES.search(text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def one_line(value: object, limit: int = 300) -> str | None:
    """Return a metadata value as one clean line, or None when nothing is left of it."""
    line = " ".join(clean(str(value or "")).split())
    return line[:limit].rstrip() or None


def iso_date(value: object) -> str | None:
    """Return the ISO date (YYYY-MM-DD) that a value starts with, or None when it has no full date."""
    text = one_line(value) or ""
    if match := _DATE.match(text):
        year, month, day = (int(part) for part in match.groups() if part)
        try:
            return datetime(year, month, day).date().isoformat()
        except ValueError:
            return None
    for form in _WRITTEN_DATES:
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    return None


def heading_of(text: str) -> str | None:
    """Return the first line of text if it stands like a title: short, no final stop, then a blank line."""
    lines = [line.strip() for line in re.split(r"\r\n|\r|\n", text.lstrip("\ufeff \t\r\n\f")[: 4 * _TITLE_CHARS])]
    first = one_line(lines[0]) if len(lines) > 1 and not lines[1] else None
    return first if first and len(first) <= _TITLE_CHARS and first[-1] not in _FULL_STOPS else None


def stem_title(name: str) -> str:
    """Return a file name as a title: no folder, no suffix, separators as spaces."""
    path = PurePosixPath(name)
    words = re.sub(r"[_+]+|(?<=[^\W\d])-+(?=\w)|(?<=\w)-+(?=[^\W\d])", " ", path.stem)
    title = one_line(words) or path.name
    return title[0].upper() + title[1:]
