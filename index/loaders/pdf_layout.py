"""The geometry of a PDF page: pieces of text into columns, lines and paragraphs.

Coordinates are PDF's: y grows upwards, and a piece of text read left to right has ``x0 < x1``. Heights stand
for font sizes throughout, because the size that a PDF names for a font is often scaled afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

# All in heights of the text at hand.
_GUTTER = 0.8  # narrowest gap between columns
_WORD_GAP = 0.15  # a wider gap between two pieces of a line is a space
_INDENT = 0.8  # a first line starts this much further right
_NEW_SIZE = 1.15  # ratio of sizes from which two lines are not one paragraph
_PARAGRAPH_PITCH = 1.25  # ratio to the usual distance of lines from which a gap ends a paragraph

_COLUMN_PIECES = 4  # fewer pieces are no column, unless they were written one after the other
_COLUMN_CHARS = 15  # a column whose lines are shorter is a column of a table, which reads row by row
_MAX_PIECES = 3000  # a page with more is a drawing
_TAIL = 80  # characters at the end of a line that say how it goes on
_MAX_COLUMNS_DEPTH = 2  # halving twice allows four columns

_BULLET = re.compile(r"[•‣◦▪●○■□–]\s")
_NUMBERED = re.compile(r"(?:\(?\d{1,2}[.)]|\(?[a-z]\))\s")
_LEADER = re.compile(r"(?:[.…]\s?){4,}\s*[\divxlc]+$")  # a line of a table of contents
_SENTENCE_END = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*$")
_HYPHEN_END = re.compile(r"[^\W\d_](?:-|\u2010|\u00ad)$")
_RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LETTER = re.compile(r"[^\W\d_]")
_NO_SPACE_SCRIPT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text on one line without a wide gap in it, and the box around it."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def height(self) -> float:
        """Return the height of the box, never zero."""
        return max(self.y1 - self.y0, 0.1)

    @property
    def middle(self) -> float:
        """Return the y of the middle of the box."""
        return (self.y0 + self.y1) / 2


def columns(pieces: Sequence[Piece], depth: int = 0) -> list[list[Piece]]:
    """Return the pieces of a page in groups that read from top to bottom, the groups in reading order.

    Pieces that cross the gap between two columns (headlines, wide captions) cut the page into bands; in each
    band the left column comes before the right one.
    """
    gap = _gutter(pieces) if depth < _MAX_COLUMNS_DEPTH else None
    if gap is None:
        return [list(pieces)] if pieces else []
    crossing = sorted((p for p in pieces if p.x0 < gap < p.x1), key=lambda p: -p.middle)
    sides = [p for p in pieces if not p.x0 < gap < p.x1]
    groups: list[list[Piece]] = []
    wide: list[Piece] = []
    for index, cut in enumerate([*crossing, None]):
        above = crossing[index - 1].middle if index else float("inf")
        below = cut.middle if cut else float("-inf")
        band = [p for p in sides if below <= p.middle < above]
        if band:
            if wide:
                groups.append(wide)
                wide = []
            groups += columns([p for p in band if p.x1 <= gap], depth + 1)
            groups += columns([p for p in band if p.x0 >= gap], depth + 1)
        if cut:
            wide.append(cut)
    return [*groups, wide] if wide else groups


def lines(pieces: Iterable[Piece]) -> list[Piece]:
    """Join the pieces of one column that stand beside each other; return the lines from top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: -p.middle):
        for row in rows[-3:]:
            anchor = max(row, key=lambda p: p.height)
            shared = min(anchor.y1, piece.y1) - max(anchor.y0, piece.y0)
            if shared > 0.5 * min(anchor.height, piece.height):
                row.append(piece)
                break
        else:
            rows.append([piece])
    return [_joined(row) for row in rows]


def paragraphs(column: Sequence[Piece], compounds: frozenset[str] = frozenset()) -> list[str]:
    """Return the paragraphs of a column's lines, each on one line, words split at line ends made whole.

    Args:
        column: The lines, from top to bottom.
        compounds: Words, lower case, that the document writes with a hyphen inside a line; they keep it.
    """
    found: list[list[Piece]] = []
    usual = _usual_pitch(column)
    for line in column:
        if found and not _is_break(found[-1], line, usual):
            found[-1].append(line)
        else:
            found.append([line])
    texts = []
    for block in found:
        for paragraph in _by_fit(block):
            text = paragraph[0].text
            for line in paragraph[1:]:
                text = join(text, line.text, compounds)
            texts.append(text)
    return texts


def join(first: str, second: str, compounds: frozenset[str] = frozenset()) -> str:
    """Join two lines of a paragraph: with a space, or without where a word was split at the line end."""
    tail = first[-_TAIL:]
    if _HYPHEN_END.search(tail) and _LETTER.match(second):
        whole = f"{tail.rsplit(None, 1)[-1][:-1]}-{second.split(None, 1)[0]}".strip(",.;:!?\"'()").lower()
        keeps = first[-1] != "\u00ad" and (second[0].isupper() or whole in compounds)
        return first[:-1] + ("-" if keeps else "") + second
    if re.search(r"\d-$|\S[—/]$", tail) or (_NO_SPACE_SCRIPT.match(first[-1:]) and _NO_SPACE_SCRIPT.match(second)):
        return first + second
    return f"{first} {second}"


def continues(first: str, second: str) -> bool:
    """Say whether a paragraph goes on at the top of the next column or page."""
    tail = first[-_TAIL:]
    if _HYPHEN_END.search(tail):
        return bool(_LETTER.match(second))
    return second[:1].islower() and not _SENTENCE_END.search(tail)


def _gutter(pieces: Sequence[Piece]) -> float | None:
    """Return the x of the gap between two columns, or None when the pieces are one column or a table."""
    if not 2 * _COLUMN_PIECES <= len(pieces) <= _MAX_PIECES:
        return None
    height = median(p.height for p in pieces)
    left, right = min(p.x0 for p in pieces), max(p.x1 for p in pieces)
    best: tuple[int, float] | None = None
    for step in range(20, 81):
        x = left + (right - left) * step / 100
        crossing = sum(p.x0 < x + height * _GUTTER / 2 and p.x1 > x - height * _GUTTER / 2 for p in pieces)
        # Of equally clear places the one nearest to the middle.
        if best is None or (crossing, abs(step - 50)) < (best[0], abs(best[1] - 50)):
            best = crossing, step
    if best is None or best[0] > 0.4 * len(pieces):
        return None
    x = left + (right - left) * best[1] / 100
    ours = [p for p in pieces if p.x1 <= x]
    theirs = [p for p in pieces if p.x0 >= x]
    few, many = sorted((ours, theirs), key=len)
    if not few:
        return None
    # Text that was written column after column is no table, however short its last column is.
    sides = [p.x1 <= x for p in pieces if p.x1 <= x or p.x0 >= x]
    flowing = sum(a != b for a, b in pairwise(sides)) == 1
    if not flowing and len(few) < _COLUMN_PIECES:
        return None
    if not flowing and min(median(len(line.text) for line in lines(side)) for side in (few, many)) < _COLUMN_CHARS:
        return None
    beside = sum(any(p.y0 < q.y1 and q.y0 < p.y1 for q in many) for p in few)
    return x if beside >= 0.5 * len(few) else None


def _joined(row: list[Piece]) -> Piece:
    """Return one piece for the pieces of a line, in the direction of its script."""
    right_to_left = sum(len(_RTL.findall(p.text)) for p in row) > sum(len(p.text) for p in row) / 2
    row = sorted(row, key=lambda p: p.x0, reverse=right_to_left)
    text, last = row[0].text, row[0]
    for piece in row[1:]:
        gap = last.x0 - piece.x1 if right_to_left else piece.x0 - last.x1
        text += (" " if gap > _WORD_GAP * min(last.height, piece.height) else "") + piece.text
        last = piece
    main = max(row, key=lambda p: len(p.text))
    return Piece(text, min(p.x0 for p in row), main.y0, max(p.x1 for p in row), main.y1)


def _usual_pitch(column: Sequence[Piece]) -> float:
    """Return the usual distance from one line to the next, in heights."""
    pitches = [
        (upper.y0 - lower.y0) / upper.height
        for upper, lower in zip(column, column[1:], strict=False)
        if upper.y0 > lower.y0 and 1 / _NEW_SIZE < upper.height / lower.height < _NEW_SIZE
    ]
    # The lower third: headings and short paragraphs have wide distances, nothing is set closer than usual.
    return sorted(pitches)[len(pitches) // 3] if pitches else 1.3


def _is_break(block: list[Piece], line: Piece, usual: float) -> bool:
    """Say whether a line starts a new paragraph after a block, by size, distance, indent or bullet."""
    last = block[-1]
    if not 1 / _NEW_SIZE < line.height / last.height < _NEW_SIZE:
        return True
    if (last.y0 - line.y0) / last.height > _PARAGRAPH_PITCH * usual or line.y0 > last.y1:
        return True
    if (
        _LEADER.search(last.text[-_TAIL:])
        or _BULLET.match(line.text)
        or (_NUMBERED.match(line.text) and _SENTENCE_END.search(last.text[-_TAIL:]))
    ):
        return True
    centred = abs((line.x0 + line.x1) - (last.x0 + last.x1)) < line.height
    hanging = _BULLET.match(block[0].text) or _NUMBERED.match(block[0].text)
    shift = line.x0 - last.x0
    return _INDENT * line.height < shift < 8 * line.height and not centred and not hanging


def _by_fit(block: list[Piece]) -> list[list[Piece]]:
    """Split a block after each line on which the first word of the next line would have had room.

    Who breaks a line early does it on purpose: at the end of a paragraph, after a heading, in a list.
    """
    right = max(line.x1 for line in block)
    parts = [[block[0]]]
    for line in block[1:]:
        last = parts[-1][-1]
        first_word = len(line.text.split(None, 1)[0]) + 1
        needed = first_word * (line.x1 - line.x0) / max(len(line.text), 1) * 1.2
        room = right - last.x1
        early = (
            room > needed + line.height and not _HYPHEN_END.search(last.text[-_TAIL:]) and not _RTL.search(last.text)
        )
        centred = abs((line.x0 + line.x1) - (last.x0 + last.x1)) < line.height and line.x0 != last.x0
        if early and not centred:
            parts.append([line])
        else:
            parts[-1].append(line)
    return parts
