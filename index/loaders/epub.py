"""EPUB books: the documents of the spine, in order."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from index.loaders.archive import check_archive
from index.loaders.html import decode_html
from index.loaders.markup import blocks, html_tree
from index.loaders.parsed import Parsed, iso_date, one_line, unreadable

if TYPE_CHECKING:
    from ebooklib.epub import EpubBook


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
    paragraphs: list[str] = []
    for reference in dict.fromkeys(reference for reference, _linear in book.spine):
        item = book.get_item_with_id(reference)
        if isinstance(item, epub.EpubHtml) and not isinstance(item, epub.EpubNav):
            paragraphs += _paragraphs(item.content, name)
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


def _paragraphs(content: bytes, name: str) -> list[str]:
    tree = html_tree(decode_html(content, name)) if content.strip() else None
    body = tree.find(".//body") if tree is not None else None
    return blocks(body) if body is not None else []


def _values(book: EpubBook, field: str) -> list[str]:
    try:
        return [value for value, _attributes in book.get_metadata("DC", field)]
    except KeyError:
        return []
