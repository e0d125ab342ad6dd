"""Running headers, footers and page numbers: what repeats at the edges of most pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

from index.loaders.pdf_layout import Piece

Edges = tuple[float, float]
"""The y of the bottom and of the top of a page."""

_EDGE_ROWS = 2
_REGION = 1 / 8  # of a page: the height at its top and at its bottom in which margins stand
_OUTER = 1 / 14  # of a page: so far out no text begins
_GAP = 1.6  # heights from one row to the next that set a header apart from the text
_MIN_PAGES = 3
_LONGEST = 200  # characters of a header with a number in it
_NUMBER = re.compile(r"\d+")
# What stands around the number of a page; "Section 2" and "Day 2" are headings.
_BEFORE_NUMBER = re.compile(r"(?:.*[-–—|·•/]|(?:.*\W)?(?:pages?|pp?\.?|pg\.?|seite|página))?\W*")
_AFTER_NUMBER = re.compile(r"\W*(?:(?:of|von|de|sur)\W*\d+\W*|\s*[-–—|·•/].*)?")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def without_margins(pages: Sequence[Sequence[Piece]], edges: Sequence[Edges]) -> list[list[Piece]]:
    """Return the pages without the pieces that repeat at the top or bottom of most of three or more pages.

    A piece repeats when it reads the same, or the same but for the number of the page. Headers that take turns on
    left and right pages count as repeating too. Only the first and last two rows of a page can go, where they
    stand at its edge: a heading that is lost is worse than a header that is kept.

    Args:
        pages: The pieces of each page.
        edges: The bottom and the top of each page.
    """
    if len(pages) < _MIN_PAGES:
        return [list(page) for page in pages]
    marginal = [_edge_pieces(page, *edge) for page, edge in zip(pages, edges, strict=True)]
    counts: Counter[Hashable] = Counter()  # of keys, and of keys on left or right pages alone
    for number, edge in enumerate(marginal):
        keys = {key for piece in edge for key in _keys(piece, number)}
        counts.update(keys)
        counts.update((key, number % 2) for key in keys)
    sides = (len(pages) + 1) // 2, len(pages) // 2

    def repeats(piece: Piece, number: int) -> bool:
        return any(
            counts[key] > len(pages) / 2 or counts[key, number % 2] > max(_MIN_PAGES - 1, sides[number % 2] / 2)
            for key in _keys(piece, number)
        )

    return [
        [piece for piece in page if piece not in edge or not repeats(piece, number)]
        for number, (page, edge) in enumerate(zip(pages, marginal, strict=True))
    ]


def _edge_pieces(page: Sequence[Piece], bottom: float, top: float) -> set[Piece]:
    """Return the pieces of the first and last rows of a page that stand at its edge, apart from the text."""
    rows: list[list[Piece]] = []
    for piece in sorted(page, key=lambda p: -p.middle):
        if rows and rows[-1][0].middle - piece.middle <= piece.height / 2:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return {
        piece for row in [*_edge(rows, top, top - bottom), *_edge(rows[::-1], bottom, top - bottom)] for piece in row
    }


def _edge(rows: Sequence[list[Piece]], end: float, height: float) -> Sequence[list[Piece]]:
    """Return the rows before the last gap near the end of a page, or those beyond where text begins."""
    edge = 0
    for count, row in enumerate(rows[:_EDGE_ROWS], 1):
        inside = abs(end - row[0].middle)
        if inside > _REGION * height:
            break
        inner = rows[count][0] if count < len(rows) else None
        apart = inner is None or abs(row[0].middle - inner.middle) > _GAP * max(inner.height, row[0].height)
        if apart or inside < _OUTER * height:
            edge = count
    return rows[:edge]


def _keys(piece: Piece, page: int) -> Iterator[Hashable]:
    """Yield what a piece shares with its like on other pages: its text, or text and number minus page."""
    text, size = piece.text.lower(), round(piece.height)  # the size tells a title from a header that repeats it
    yield text, size
    if len(text) > _LONGEST:
        return
    for match in _NUMBER.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if len(match[0]) <= 5 and _BEFORE_NUMBER.fullmatch(before) and _AFTER_NUMBER.fullmatch(after):
            yield before, after, int(match[0]) - page, size
    if roman := _roman(text):
        yield "roman", roman - page, size


def _roman(text: str) -> int | None:
    if not re.fullmatch(r"[ivxlc]{1,8}", text):
        return None
    values = [_ROMAN[c] for c in text]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
