"""The numbers of ordered lists in HTML: they are seen, but no text holds them, and "step 3" is found by its 3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

_Element: TypeAlias = Any  # an lxml element; lxml ships without types

_OTHER_MARKS = re.compile(r"list-style(?:-type)?\s*:(?![^;]*\bdecimal)", re.I)
_OWN_NUMBER = re.compile(r"\W*(\d{1,9})\s*[.:)](?!\d)")


def number_items(root: _Element) -> None:
    """Write the numbers of ordered lists, as browsers count them, before the first words of each item.

    Lists that show letters, Roman numerals or nothing stay as they are, and so do items that have their number
    in their text.
    """
    for items in root.iter("ol"):
        if items.get("type", "1") == "1" and not _OTHER_MARKS.search(items.get("style", "")):
            _number(items)


def _number(items: _Element) -> None:
    children = items.findall("li")
    step = -1 if "reversed" in items.attrib else 1
    number = _whole(items.get("start"), 1 if step > 0 else len(children))
    for item in children:
        number = _whole(item.get("value"), number)
        _write(number, item)
        number += step


def _write(number: int, item: _Element) -> None:
    """Put a number before the first words of an item, inside of what holds them: a paragraph, a link."""
    for element, place in _places(item):
        words = (getattr(element, place) or "").lstrip()
        if words:
            own = _OWN_NUMBER.match(words)
            if not own or int(own[1]) != number:
                setattr(element, place, f"{number}. {words}")
            return


def _places(element: _Element) -> Iterator[tuple[_Element, str]]:
    """Yield where text can stand in an element, in order: its own, and before and after that of its children."""
    if isinstance(element.tag, str) and element.tag not in {"script", "style"}:
        yield element, "text"
        for child in element:
            yield from _places(child)
            yield child, "tail"


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value and re.fullmatch(r"\s*-?\d{1,9}\s*", value) else otherwise
