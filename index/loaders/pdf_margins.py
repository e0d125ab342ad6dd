"""Running headers, footers and page numbers: what repeats at the edges of most pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

from index.loaders.pdf_layout import Piece

_EDGE_ROWS = 3
_GAP = 1.6  # heights from one row to the next that set a header apart from the text
_MIN_PAGES = 3
_NUMBER = re.compile(r"\d+")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def without_margins(pages: Sequence[Sequence[Piece]]) -> list[list[Piece]]:
    """Return the pages without the pieces that repeat at the top or bottom of most of three or more pages.

    A piece repeats when it reads the same, or the same but for a number that counts with the pages. Headers
    that take turns on left and right pages count as repeating too.
    """
    if len(pages) < _MIN_PAGES:
        return [list(page) for page in pages]
    edges = [_edge_pieces(page) for page in pages]
    counts: Counter[Hashable] = Counter()
    for number, edge in enumerate(edges):
        counts.update({key for piece in edge for key in _keys(piece, number)})
    needed = max(2 if len(pages) == _MIN_PAGES else _MIN_PAGES, 0.4 * len(pages))
    return [
        [p for p in page if p not in edge or not any(counts[key] >= needed for key in _keys(p, number))]
        for number, (page, edge) in enumerate(zip(pages, edges, strict=True))
    ]


def _edge_pieces(page: Sequence[Piece]) -> set[Piece]:
    """Return the pieces at the top and bottom of a page that a gap sets apart, else its first and last rows."""
    rows: list[list[Piece]] = []
    for piece in sorted(page, key=lambda p: -p.middle):
        if rows and rows[-1][0].middle - piece.middle <= piece.height / 2:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return {piece for row in [*_edge(rows), *_edge(rows[::-1])] for piece in row}


def _edge(rows: Sequence[list[Piece]]) -> Sequence[list[Piece]]:
    edge = 1
    for count in range(1, min(_EDGE_ROWS + 1, len(rows))):
        inner, outer = rows[count][0], rows[count - 1][0]
        if abs(outer.middle - inner.middle) > _GAP * max(inner.height, outer.height):
            edge = count
    return rows[:edge]


def _keys(piece: Piece, page: int) -> Iterator[Hashable]:
    """Yield what a piece shares with its like on other pages: its text, or text and number minus page."""
    text, size = (
        piece.text.lower(),
        round(piece.height),
    )  # the size tells a title from a header that repeats it
    yield text, size
    for match in _NUMBER.finditer(text):
        if len(match[0]) <= 5:
            yield text[: match.start()], text[match.end() :], int(match[0]) - page, size
    if roman := _roman(text):
        yield "roman", roman - page, size


def _roman(text: str) -> int | None:
    if not re.fullmatch(r"[ivxlc]{1,8}", text):
        return None
    values = [_ROMAN[c] for c in text]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
