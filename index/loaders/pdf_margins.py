"""Running headers, footers and page numbers: what repeats at the edges of most pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

from index.loaders.pdf_layout import Piece

_EDGE_ROWS = 3
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
    """Return the pieces on the first and last rows of a page."""
    tops: list[float] = []
    for piece in sorted(page, key=lambda p: -p.middle):
        if not tops or tops[-1] - piece.middle > piece.height / 2:
            tops.append(piece.middle)
    if len(tops) <= 1:
        return set(page)
    upper, lower = tops[min(_EDGE_ROWS, len(tops)) - 1], tops[-min(_EDGE_ROWS, len(tops))]
    return {p for p in page if p.middle >= upper - p.height / 4 or p.middle <= lower + p.height / 4}


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
