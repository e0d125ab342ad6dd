"""Where the paragraphs, headings and list items of a plain text begin and end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean

PART_CHARS = 150_000  # what a browser lays out at once without a hitch
_BLOCK_CHARS = 20_000
_HEADING_CHARS = 90
# Laying out a page asks for the blocks of its text many times. A cache keeps its texts alive, whosever they are, so it
# holds no more than what a few visitors look at now: articles of those who left are soon forgotten.
_KEPT = 8
_LINE = re.compile(r"[^\r\n]+")
_ITEM = re.compile(r"(?:[-*•–·]|\d{1,3}[.)]|[a-z][.)])\s")
_SENTENCE_ENDS = tuple(".!?:;,…。！？؟”\"')]")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch ``[start, end)`` of a text that is set as one paragraph, without white space at its ends.

    Attributes:
        kind: "paragraph", "heading" or "item" (of a list).
    """

    start: int
    end: int
    kind: str = "paragraph"


@lru_cache(_KEPT)
def blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a text in order; between them there is only white space.

    Blank lines always separate. A single line break separates too, unless the text looks wrapped by hand at a fixed
    width, where it is a space.
    """
    lines = [(m.start() + _indent(m[0]), m.start() + len(m[0].rstrip())) for m in _LINE.finditer(text) if m[0].strip()]
    width = _wrapped_at(text, lines)
    joined = lines[:1]
    for before, (start, end) in zip(lines, lines[1:], strict=False):
        if width and _goes_on(text, before, start, width):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    pieces = [piece for span in joined for piece in _cut(text, *span)]
    return tuple(
        Block(start, end, _kind(text[start:end], _at(text, pieces, number + 1), _at(text, pieces, number + 2)))
        for number, (start, end) in enumerate(pieces)
    )


@lru_cache(_KEPT)
def parts(text: str, size: int = PART_CHARS) -> tuple[tuple[Block, ...], ...]:
    """Return the blocks of a text in groups of at most about ``size`` code points, each shown at once; never empty."""
    groups: list[list[Block]] = [[]]
    for block in blocks(text):
        if groups[-1] and block.end - groups[-1][0].start > size:
            groups.append([])
        groups[-1].append(block)
    return tuple(tuple(group) for group in groups)


def part_at(text: str, offset: int) -> int:
    """Return the number (from 0) of the part that holds an offset."""
    starts = [group[0].start for group in parts(text) if group]
    return max((number for number, start in enumerate(starts) if start <= offset), default=0)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _touch(text: str, end: int, start: int) -> bool:
    """Return whether only a single line break is between two lines."""
    return len(_LINE.sub("", text[end:start]).replace("\r\n", "\n")) == 1


def _wrapped_at(text: str, lines: list[tuple[int, int]]) -> int:
    """Return the width at which a text is wrapped by hand, or 0: most lines that go on nearly fill it."""
    inner = [e - s for (s, e), (following, _) in zip(lines, lines[1:], strict=False) if _touch(text, e, following)]
    width = max(inner, default=0)
    filled = fmean([length > 0.75 * width for length in inner]) if len(inner) > 1 else 0.0
    return width if 40 <= width <= 120 and filled >= 0.7 else 0


def _goes_on(text: str, before: tuple[int, int], start: int, width: int) -> bool:
    """Return whether the line before that which starts at an offset is full, and this one belongs to it."""
    full = before[1] - before[0] > 0.6 * width
    return full and _touch(text, before[1], start) and not _ITEM.match(text, start)


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a block that no page could set at white space, so that every part of an article stays small."""
    pieces: list[tuple[int, int]] = []
    while end - start > _BLOCK_CHARS:
        stop = max(text.rfind(" ", start + 1, start + _BLOCK_CHARS), -1)
        stop = stop if stop > 0 else start + _BLOCK_CHARS
        piece = text[start:stop]
        pieces.append((start, start + len(piece.rstrip())))
        start = stop + _indent(text[stop:end])
    return [*pieces, (start, end)] if start < end else pieces


def _at(text: str, pieces: list[tuple[int, int]], number: int) -> str:
    return text[slice(*pieces[number])] if number < len(pieces) else ""


def _kind(text: str, following: str, after_that: str) -> str:
    if _ITEM.match(text) and not text[0].isdigit():
        return "item"
    if _like_heading(text) and (
        not _like_heading(following) or (len(following) > len(text) and not _like_heading(after_that))
    ):
        return "heading" if following else "paragraph"
    return "item" if _ITEM.match(text) else "paragraph"


def _like_heading(text: str) -> bool:
    """Return whether a line could stand above a paragraph: short, with a word, with no end of a sentence."""
    letters = next((sign for sign in text if sign.isalpha()), "")
    return (
        0 < len(text) <= _HEADING_CHARS
        and "\n" not in text
        and "\t" not in text
        and bool(letters)
        and not letters.islower()
        and not text.endswith(_SENTENCE_ENDS)
    )
