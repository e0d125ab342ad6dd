"""Word documents: paragraphs and table rows in document order, then the notes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, TypeAlias

from index.loaders.archive import check_archive
from index.loaders.docx_lists import Numbers
from index.loaders.parsed import Parsed, clean, heading_of, iso_date, one_line, unreadable

# lxml's and python-docx's objects: neither says their types.
_Node: TypeAlias = Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What a run's elements read as; text itself is in w:t.
_SIGNS = {
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "\u2011",
    f"{_W}ptab": "\t",
}
# Deleted and moved-away text, style definitions and the second copy of text boxes for old versions of Word.
_SKIPPED = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}tblPr", f"{_W}sectPr", _FALLBACK})
_TEMPLATE_AUTHORS = frozenset({"python-docx", "apache poi", "unknown", "author"})
_TEMPLATE_CREATED = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)  # of python-docx's empty document
_TEMPLATE_TITLES = frozenset({"word document", "untitled", "document"})
_OTHER_KIND = ("is not a Word file", "no relationship of type")  # what python-docx says of templates, and of Strict
_TITLE_STYLES = ("Title", "heading 1", "Heading 1")


def parse(data: bytes, name: str) -> Parsed:
    """Read a Word document; what was deleted under tracked changes is left out, what was inserted is in.

    Raises:
        InputError: It is broken, protected, of another kind or unpacks to too much.
    """
    check_archive(data, name)
    document = _opened(data, name)
    numbers = Numbers(document)
    text = clean("\n\n".join([*_blocks(document.element.body, numbers), *_notes(document, numbers)]))
    core = document.core_properties
    title, author = one_line(core.title), one_line(core.author)
    made_by_template = (author or "").lower() in _TEMPLATE_AUTHORS
    return Parsed(
        text,
        (title if title and title.lower() not in _TEMPLATE_TITLES else None)
        or _styled_title(document)
        or heading_of(text),
        None if made_by_template or core.created == _TEMPLATE_CREATED else iso_date(core.created),
        None if made_by_template else author,
    )


def _opened(data: bytes, name: str) -> _Node:
    import docx

    try:
        return docx.Document(io.BytesIO(data))
    except (KeyError, ValueError) as error:
        if not any(said in str(error) for said in _OTHER_KIND):
            raise
        raise unreadable(
            name, "is another kind of Word document (a template, with macros, or Strict Open XML): save it as .docx."
        ) from None


def _styled_title(document: _Node) -> str | None:
    """Return the first paragraph of the style Title, else of the first heading level."""
    named = [(p.style.name if p.style is not None else "", p.text) for p in document.paragraphs[:50]]
    for style in _TITLE_STYLES:
        for name, text in named:
            if name == style and (line := one_line(text)):
                return line
    return None


def _blocks(parent: _Node, numbers: Numbers) -> Iterator[str]:
    """Yield the paragraphs and table rows under an element, also those in content controls and text boxes."""
    for element in parent:
        if element.tag == f"{_W}p":
            boxes: list[_Node] = []
            label = numbers.label(element)  # an empty paragraph counts too
            text = "".join(_pieces(element, boxes)).strip()
            if text:
                yield label + text
            for box in boxes:
                yield from _blocks(box, numbers)
        elif element.tag == f"{_W}tr":
            yield from _row(element, numbers)
        elif element.tag not in _SKIPPED:
            yield from _blocks(element, numbers)


def _notes(document: _Node, numbers: Numbers) -> Iterator[str]:
    """Yield the paragraphs of footnotes and endnotes, without the rules that separate them from the text."""
    from docx.oxml import parse_xml

    parts = document.part.rels.values()
    for kind in ("footnote", "endnote"):
        for part in (part for part in parts if part.reltype.endswith(f"/{kind}s") and not part.is_external):
            for note in parse_xml(part.target_part.blob).iterchildren(f"{_W}{kind}"):
                if note.get(f"{_W}type", "normal") == "normal":
                    yield from _blocks(note, numbers)


def _row(row: _Node, numbers: Numbers) -> Iterator[str]:
    """Yield a row as one line with tabs, or its paragraphs when its cells hold more than one each."""
    cells = [list(_blocks(cell, numbers)) for cell in row.iter(f"{_W}tc") if _row_of(cell) is row]
    if len(cells) > 1 and all(len(cell) <= 1 for cell in cells):
        line = "\t".join(" ".join(cell).replace("\n", " ") for cell in cells)
        if line.strip():
            yield line.strip()
        return
    for cell in cells:
        yield from cell


def _row_of(cell: _Node) -> _Node:
    return next(cell.iterancestors(f"{_W}tr"), None)


def _pieces(element: _Node, boxes: list[_Node]) -> Iterator[str]:
    """Yield the text of a paragraph's runs; text boxes anchored in it are put aside."""
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag == f"{_W}txbxContent":
            boxes.append(child)
        elif child.tag not in _SKIPPED and not _hidden(child):
            yield from _pieces(child, boxes)


def _hidden(run: _Node) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(f"{_W}val", "true") not in {"0", "false", "off"}
