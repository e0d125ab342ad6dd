"""HTML pages: the article without menus and comments, with its title, date and author."""

from __future__ import annotations

import codecs
import logging
import re
from typing import TYPE_CHECKING

from index.loaders import text as plain
from index.loaders.markup import Element, blocks, hide, html_tree
from index.loaders.ordered_lists import number_items
from index.loaders.page_parts import keep_parts, keep_times
from index.loaders.parsed import Parsed, iso_date, one_line, unreadable

if TYPE_CHECKING:
    from trafilatura.settings import Document

_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)|\A\s*<\?xml[^>]*?encoding=[\"']([\w.:-]+)", re.I
)
_CHARSET_WITHIN = 4096
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# As browsers do: pages that say Latin-1 or ASCII are Windows-1252.
_WESTERN = frozenset({"iso8859-1", "ascii"})
_SMALL_PAGE = 2000  # characters


def decode_html(data: bytes, name: str) -> str:
    """Return the text of an HTML file: byte order mark, valid UTF-8, declared charset, then detection.

    Valid UTF-8 goes before the declaration, because saved pages often keep the charset of their old server.

    Raises:
        InputError: The bytes are no text.
    """
    declared = _declared(data)
    if data.startswith(_BOMS) or declared is None or declared == "utf-8":
        return plain.decode(data, name)
    encodings = (declared,) if declared.startswith("iso2022") else ("utf-8", declared)
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return plain.decode(data, name)


def parse(data: bytes, name: str) -> Parsed:
    """Read an HTML page.

    Raises:
        InputError: It has no text that could be asked about.
    """
    text = decode_html(data, name)
    tree = html_tree(text)
    if tree is None:
        raise unreadable(name, "has no text: it is HTML without content.")
    document = _extracted(text)
    headings = [one_line(h.text_content()) for h in tree.iter("h1")]
    page_title = one_line(tree.findtext(".//title"))
    found = blocks(document.body) if document is not None and document.body is not None else []
    everything = _all_blocks(tree)
    if not found or (len(found) == 1 < len(everything) and _size(everything) < _SMALL_PAGE):
        found = everything  # of a short page, extraction makes a single run of text
    if not found:
        raise unreadable(name, "has no text: the page is empty or is made by scripts; save it from a browser as text.")
    title = one_line(getattr(document, "title", None)) or next(filter(None, headings), None) or page_title
    if title in headings and not any(title == block for block in found[:3]):
        found.insert(0, str(title))  # the headline is part of what the page says; extraction drops it
    return Parsed(
        "\n\n".join(found),
        title,
        iso_date(getattr(document, "date", None)),
        one_line(getattr(document, "author", None)),
    )


def _extracted(text: str) -> Document | None:
    """Return what trafilatura takes for the article of a page; ordered lists have their numbers."""
    import trafilatura

    for library in ("trafilatura", "htmldate"):
        logging.getLogger(library).setLevel(logging.CRITICAL)  # they warn about each page they find empty
    page = trafilatura.load_html(text)
    if page is None:
        return None
    hide(page)
    keep_parts(page)
    keep_times(page)
    number_items(page)  # before the extraction, which leaves out items and forgets where a list starts
    return trafilatura.bare_extraction(
        page,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )


def _declared(data: bytes) -> str | None:
    match = _CHARSET.search(data[:_CHARSET_WITHIN])
    if not match:
        return None
    try:
        charset = codecs.lookup((match[1] or match[2]).decode("ascii")).name
    except (LookupError, UnicodeDecodeError):
        return None
    return "cp1252" if charset in _WESTERN else charset


def _all_blocks(tree: Element) -> list[str]:
    keep_parts(tree)
    for element in list(tree.iter("head", "nav", "footer", "aside")):
        element.drop_tree()
    return blocks(tree)


def _size(paragraphs: list[str]) -> int:
    return sum(map(len, paragraphs))
