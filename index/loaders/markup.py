"""HTML-like trees into plain paragraphs: block elements end them, everything inline is just text."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from index.loaders.ordered_lists import number_items
from index.loaders.parsed import clean

Element: TypeAlias = Any  # an lxml element; lxml ships without types

# Elements that start a new paragraph, in HTML and in the vocabulary of trafilatura's result.
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption center dd details dialog div dl dt fieldset "
        "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol option p pre "
        "section summary table tbody tfoot thead title ul head item list quote",
    )
)
_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "cell"})
_BREAKS = frozenset({"br", "lb"})
_VERBATIM = frozenset({"pre", "textarea"})
_INVISIBLE = (
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "iframe",
    "object",
    "select",
    "button",
    "input",
)
# Whole sections that are hidden are shown when a script or a click says so.
_HIDDEN = ".//*[@hidden and not(.//p)]"
_SPACES = re.compile(r"[ \t\r\n\f]+")


def html_tree(text: str) -> Element | None:
    """Return the lxml tree of an HTML text, or None when it has no element at all.

    No network and no external entities: the HTML parser knows neither.
    """
    from lxml import etree  # type: ignore[import-untyped]
    from lxml import html as lxml_html

    text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", text).replace("\0", "")
    try:
        return lxml_html.document_fromstring(text)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def hide(root: Element) -> None:
    """Make of what nobody sees something that no extraction reads either."""
    for element in root.xpath(_HIDDEN):
        element.tag = "noscript"


def blocks(root: Element) -> list[str]:
    """Return the paragraphs of an lxml tree in document order; a table row is one, its cells apart by tabs.

    The tree is changed: comments, scripts and the like are taken out of it, and ordered lists get their numbers.
    """
    from lxml import etree

    hide(root)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    etree.strip_elements(root, *_INVISIBLE, with_tail=False)
    number_items(root)
    writer = _Writer()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            writer.open(element)
        else:
            writer.close(element, is_root=element is root)
    writer.flush()
    return writer.paragraphs


class _Writer:
    """Collects text and cuts it into paragraphs."""

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self._buffer: list[str] = []
        self._verbatim = 0
        self._rows = 0  # depth of rows that are written on one line

    def open(self, element: Element) -> None:
        tag = str(element.tag)
        if tag in _ROWS:
            self.flush()
            self._rows += _is_data_row(element)
        elif tag in _BLOCKS or (tag in _CELLS and not self._rows):
            self.flush()
        elif tag in _BREAKS:
            self._buffer.append(" " if self._rows else "\n")
        self._verbatim += tag in _VERBATIM
        self._text(element.text)

    def close(self, element: Element, *, is_root: bool) -> None:
        tag = str(element.tag)
        if tag in _ROWS:
            self._rows -= _is_data_row(element)
            self.flush()
        elif tag in _CELLS and self._rows:
            self._buffer.append("\t")
        elif tag in _BLOCKS or tag in _CELLS:
            self.flush()
        self._verbatim -= tag in _VERBATIM
        if not is_root:
            self._text(element.tail)

    def flush(self) -> None:
        if self._rows:
            self._buffer.append(" ")
            return
        text = "".join(self._buffer)
        self._buffer.clear()
        if not self._verbatim:
            text = re.sub(r" ?\t[ \t]*", "\t", re.sub(r" ?\n ?", "\n", re.sub(r" {2,}", " ", text)))
        text = clean(text)
        if text.strip():
            self.paragraphs.append(text if self._verbatim else text.strip())

    def _text(self, text: str | None) -> None:
        if text:
            self._buffer.append(text if self._verbatim else _SPACES.sub(" ", text))


def _is_data_row(row: Element) -> bool:
    """Say whether a row reads on one line; a row with several paragraphs in a cell only makes the layout."""
    cells = sum(1 for child in row if child.tag in _CELLS)
    inside = [element.tag for element in row.iterdescendants() if element.tag in _BLOCKS]
    return cells > 1 and "table" not in inside and len(inside) <= cells
