"""PDF files: the text of their pages in reading order, with the place where each page starts."""

from __future__ import annotations

import math
import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from index.loaders import pdf_layout as layout
from index.loaders.parsed import (
    MAX_TEXT_CHARS,
    Parsed,
    clean,
    heading_of,
    one_line,
    unreadable,
)
from index.loaders.pdf_layout import Piece
from index.loaders.pdf_margins import Edges, without_margins

_TextPage: TypeAlias = Any  # pypdfium2 ships without types

# PDFium is not thread-safe: one document at a time in this process.
_PDFIUM = threading.Lock()

_PIECE_GAP = 0.8  # heights of empty space that end a piece of text: wider than a word gap, narrower than a gutter
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_HYPHEN_MARK = 2  # how PDFium writes the hyphen of a word split at a line end
_COMPOUND = re.compile(r"\b[^\W\d_]++(?:-[^\W\d_]++)+")
_TITLE_SIZE = 1.15  # a title is at least this much larger than the text
# What programs write into the metadata when nobody gave a title or an author.
_NO_TITLE = re.compile(
    r"^(?:untitled\b.*|\(?anonymous\)?|\(?unspecified\)?|title|document\d*|about:blank|"
    r"microsoft (?:word|powerpoint|excel) - .*|"
    r".*\.(?:docx?|pdf|indd|qxd|tex|dvi|odt|rtf|html?|pptx?|xlsx?|pages|txt))$",
    re.I,
)
_NO_AUTHOR = re.compile(r"^(?:\(?anonymous\)?|\(?unspecified\)?|unknown|admin(?:istrator)?|user|owner|author)$", re.I)


def parse(data: bytes, name: str) -> Parsed:
    """Read a PDF; ``pages`` gives the offset at which each of its pages starts.

    Raises:
        InputError: It is broken, protected by a password, or has no text (a scan).
    """
    with _PDFIUM:
        raw_pages, edges, metadata = _read(data, name)
    pages = without_margins(raw_pages, edges)
    if not any(pages):
        pages = raw_pages  # slides that all say the same
    if not any(pages):
        raise unreadable(name, "has pages but no text (a scan?): run OCR on it first, for example with ocrmypdf.")
    text, starts = _assemble(pages)
    title = one_line(metadata.get("Title"))
    author = one_line(metadata.get("Author"))
    return Parsed(
        text,
        title if title and not _NO_TITLE.match(title) else _largest_line(pages) or heading_of(text),
        None,  # its creation date is that of the file: a page printed today is not of today
        author if author and not _NO_AUTHOR.match(author) else None,
        starts,
    )


def _read(data: bytes, name: str) -> tuple[list[list[Piece]], list[Edges], dict[str, str]]:
    """Return the pieces of each page, its bottom and top, and the metadata."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise unreadable(
                name, "is protected by a password: save a copy without one (print it to PDF) and add that."
            ) from None
        raise unreadable(name, "is broken or cut off: it cannot be opened as a PDF; get it again.") from None
    with document:
        pages: list[list[Piece]] = []
        edges: list[Edges] = []
        chars = 0
        for number in range(len(document)):
            try:
                page = document[number]
                textpage = page.get_textpage()
            except pypdfium2.PdfiumError:  # one damaged page does not spoil the others
                pages.append([])
                edges.append((0.0, 0.0))
                continue
            angle = _main_angle(textpage)
            pages.append(list(_pieces(textpage, angle)))
            _, bottom, _, top = _upright(page.get_bbox(), angle)
            edges.append((bottom, top))
            chars += textpage.count_chars()
            textpage.close()
            page.close()
            if chars > MAX_TEXT_CHARS:
                raise unreadable(name, f"has more than {MAX_TEXT_CHARS:,} characters: split it.")
        return pages, edges, document.get_metadata_dict(skip_empty=True)


def _pieces(textpage: _TextPage, angle: int) -> Iterator[Piece]:
    """Yield the text of a page in pieces, turned upright; text at right angles to most is left out."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    text: list[str] = []
    edges = (0.0, 0.0, 0.0, 0.0)  # of the piece so far
    last = (0.0, 0.0, 0.0, 0.0)  # of its last character
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, index)
        char = "-" if code == _HYPHEN_MARK else chr(code) if 0 < code < 0x110000 else " "
        if char in "\r\n":
            yield from _piece(text, edges)
            text = []
            continue
        if char.isspace():
            if text:
                text.append(" ")
            continue
        if not raw.FPDFText_GetLooseCharBox(textpage, index, box):
            continue
        here = _upright((box.left, box.bottom, box.right, box.top), angle)
        if text and not _adjoins(last, here):
            yield from _piece(text, edges)
            text = []
        if not text:
            if _quarter(raw.FPDFText_GetCharAngle(textpage, index)) != angle:
                continue
            edges = here
        text.append(char)
        edges = min(edges[0], here[0]), min(edges[1], here[1]), max(edges[2], here[2]), max(edges[3], here[3])
        last = here
    yield from _piece(text, edges)


def _piece(text: list[str], edges: tuple[float, float, float, float]) -> Iterator[Piece]:
    cleaned = " ".join(clean("".join(text)).translate(_LIGATURES).split())
    if cleaned:
        yield Piece(cleaned, *edges)


def _adjoins(last: tuple[float, ...], here: tuple[float, ...]) -> bool:
    """Say whether two characters' boxes stand on one line without a wide gap, in either direction."""
    height = max(here[3] - here[1], last[3] - last[1], 0.1)
    shared = min(last[3], here[3]) - max(last[1], here[1])
    gap = max(here[0] - last[2], last[0] - here[2])
    return shared > 0.4 * min(here[3] - here[1], last[3] - last[1]) and gap < _PIECE_GAP * height


def _main_angle(textpage: _TextPage) -> int:
    """Return the direction of most text in quarter turns, from a sample."""
    from pypdfium2 import raw

    count = textpage.count_chars()
    sample = range(0, count, max(1, count // 200))
    turns = Counter(
        _quarter(raw.FPDFText_GetCharAngle(textpage, i)) for i in sample if raw.FPDFText_GetUnicode(textpage, i) > 32
    )
    return turns.most_common(1)[0][0] if turns else 0


def _quarter(angle: float) -> int:
    return round(-angle / (math.pi / 2)) % 4 if angle >= 0 else 0  # PDFium counts clockwise


def _upright(box: tuple[float, float, float, float], quarter: int) -> tuple[float, float, float, float]:
    """Turn a box so that text which runs at a number of quarter turns reads left to right."""
    x0, y0, x1, y1 = box
    return ((x0, y0, x1, y1), (y0, -x1, y1, -x0), (-x1, -y1, -x0, -y0), (-y1, x0, -y0, x1))[quarter]


def _assemble(pages: Sequence[Sequence[Piece]]) -> tuple[str, tuple[int, ...]]:
    """Return the text of all pages and where each starts; a paragraph goes on over a column or page end.

    A page without text starts where the next one that has text does, or at the end.
    """
    ordered = [[layout.lines(group) for group in layout.columns(page)] for page in pages]
    compounds = frozenset(
        word.lower() for page in ordered for group in page for line in group for word in _COMPOUND.findall(line.text)
    )
    text = ""
    done: list[str] = []  # finished paragraphs, each with the blank line after it
    length = 0
    starts: list[int] = []
    for number, page in enumerate(ordered, 1):
        for group in page:
            for position, paragraph in enumerate(layout.paragraphs(group, compounds)):
                if text and position == 0 and layout.continues(text, paragraph):
                    joined = layout.join(text, paragraph, compounds)
                    start, text = length + len(joined) - len(paragraph), joined
                else:
                    if text:
                        done.append(text + "\n\n")
                        length += len(done[-1])
                    start, text = length, paragraph
                # A paragraph may go on beyond an empty page, so only now is it known where that one starts.
                starts += [start] * (number - len(starts))
    whole = "".join(done) + text
    starts += [len(whole)] * (len(pages) - len(starts))
    if any(later < earlier for earlier, later in pairwise(starts)):
        raise AssertionError("Page offsets must not decrease.")
    return whole, tuple(starts)


def _largest_line(pages: Sequence[Sequence[Piece]]) -> str | None:
    """Return the largest line or lines on the first page if they stand out from the text as a title does."""
    first = next((page for page in pages if page), [])
    sizes = Counter[float]()
    for page in pages:
        for piece in page:
            sizes[round(piece.height, 1)] += len(piece.text)
    body = sizes.most_common(1)[0][0]
    largest = max(piece.height for piece in first)
    if largest < _TITLE_SIZE * body:
        return None
    title = ""
    last: Piece | None = None
    for line in layout.lines(piece for piece in first if piece.height > 0.97 * largest):
        if last and last.y0 - line.y1 > largest:
            break  # a later heading of the same size
        title, last = layout.join(title, line.text) if title else line.text, line
    return one_line(title) if 2 < len(title) <= 250 else None
