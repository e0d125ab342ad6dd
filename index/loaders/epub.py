"""EPUB books: the documents of the spine, in order."""

from __future__ import annotations

import io
import posixpath
import warnings
from typing import TYPE_CHECKING
from urllib.parse import unquote

from index.loaders.archive import check_archive
from index.loaders.html import decode_html
from index.loaders.markup import Element, blocks, html_tree
from index.loaders.parsed import Parsed, iso_date, one_line, unreadable

if TYPE_CHECKING:
    from ebooklib.epub import EpubBook

_COVER_CHARS = 1000  # some books call their first chapter the cover


def parse(data: bytes, name: str) -> Parsed:
    """Read an EPUB book; its table of contents and its cover page are not part of the text.

    Raises:
        InputError: It is broken, copy-protected or unpacks to too much.
    """
    from ebooklib import epub

    check_archive(data, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = epub.read_epub(io.BytesIO(data), options={"ignore_ncx": True})
    covers = _covers(book, name)
    paragraphs: list[str] = []
    for reference in dict.fromkeys(reference for reference, _linear in book.spine):
        item = book.get_item_with_id(reference)
        if isinstance(item, epub.EpubHtml) and not isinstance(item, epub.EpubNav):
            found = _paragraphs(item.content, name)
            if item.file_name not in covers or sum(map(len, found)) > _COVER_CHARS:
                paragraphs += found
    if not paragraphs:
        raise unreadable(name, "has chapters but no text (pictures only, or copy-protected?).")
    authors = [line for value in _values(book, "creator") if (line := one_line(value))]
    dates = [date for value in _values(book, "date") if (date := iso_date(value))]
    return Parsed(
        "\n\n".join(paragraphs),
        next((line for value in _values(book, "title") if (line := one_line(value))), None),
        dates[0] if dates else None,
        ", ".join(authors) or None,
    )


def _covers(book: EpubBook, name: str) -> set[str]:
    """Return the files that the guide (EPUB 2) or the landmarks (EPUB 3) call the cover; not places inside a file."""
    from ebooklib import epub

    found = [reference["href"] for reference in book.guide if reference["type"] == "cover"]
    for nav in book.get_items():
        tree = _tree(nav.content, name) if isinstance(nav, epub.EpubNav) else None
        links = [] if tree is None else [a for a in tree.iter("a") if "cover" in a.get("epub:type", "").split()]
        found += [posixpath.join(posixpath.dirname(nav.file_name), a.get("href", "")) for a in links]
    return {posixpath.normpath(unquote(href)) for href in found if href and "#" not in href}


def _tree(content: bytes, name: str) -> Element | None:
    return html_tree(decode_html(content, name)) if content.strip() else None


def _paragraphs(content: bytes, name: str) -> list[str]:
    tree = _tree(content, name)
    body = tree.find(".//body") if tree is not None else None
    return blocks(body) if body is not None else []


def _values(book: EpubBook, field: str) -> list[str]:
    try:
        return [value for value, _attributes in book.get_metadata("DC", field)]
    except KeyError:
        return []
