"""The numbers of paragraphs in Word documents: only the rules are stored, and Word counts when it shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

_Node: TypeAlias = Any  # lxml's and python-docx's objects: neither says their types

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NUMBERING = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering"
_NUMBER_IN_TEXT = re.compile(r"%([1-9])")  # %1 is the number of the outermost level
_MOST_CHARS = 50  # of what is written around a number
_MOST_LEVELS = 9
_MOST_PARENTS = 12  # of a style


@dataclass(frozen=True, slots=True)
class _Level:
    """How the paragraphs of a level are numbered: from where on, in which words, whether in decimal digits."""

    start: int
    text: str
    decimal: bool
    restarts: bool  # after a paragraph of a level further out
    style: str | None  # of the paragraphs that are on this level without saying so


@dataclass(frozen=True, slots=True)
class _List:
    levels: dict[int, _Level]
    counts: dict[int, int]  # the last number of each level; shared by the lists of one definition
    again: set[int]  # levels that begin anew with the first paragraph of this list

    def following(self, level: int) -> str:
        """Count a paragraph and return what is shown before it; nothing when that is not decimal."""
        for begun in self.again:
            self.counts.pop(begun, None)
        self.again.clear()
        if level not in self.levels:
            return ""
        self.counts[level] = self.counts[level] + 1 if level in self.counts else self.levels[level].start
        for inner, rule in self.levels.items():
            if inner > level and rule.restarts:
                self.counts.pop(inner, None)
        text = self.levels[level].text
        shown = [self.levels.get(int(place) - 1) for place in _NUMBER_IN_TEXT.findall(text)]
        if not shown or len(text) > _MOST_CHARS or not all(rule and rule.decimal for rule in shown):
            return ""
        return _NUMBER_IN_TEXT.sub(lambda match: str(self._number(int(match[1]) - 1)), text).strip() + " "

    def _number(self, level: int) -> int:
        return self.counts.get(level, self.levels[level].start)


class Numbers:
    """Counts the numbered paragraphs of a document; ask for each of them once, in their order."""

    def __init__(self, document: _Node) -> None:
        styles = document.styles.element.iter(f"{_W}style")
        self._styles = {name: style for style in styles if (name := style.get(f"{_W}styleId"))}
        self._lists = dict(_lists(document, self._styles))

    def label(self, paragraph: _Node) -> str:
        """Return the number that is shown before a paragraph, with a space after it, or nothing."""
        if paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None:
            return ""  # deleted under tracked changes
        number, level = self._place(paragraph)
        found = self._lists.get(number or "")
        if found is None:
            return ""
        style = _value(paragraph, "pPr", "pStyle")
        named = (at for at, rule in found.levels.items() if style and rule.style == style)
        return found.following(next(named, 0) if level is None else _whole(level, 0))

    def _place(self, paragraph: _Node) -> tuple[str | None, str | None]:
        """Return the list and the level of a paragraph: what it says itself, or else the nearest of its styles."""
        number = level = None
        source, style = paragraph, _value(paragraph, "pPr", "pStyle")
        for _ in range(_MOST_PARENTS):
            number = number or _value(source, "pPr", "numPr", "numId")
            level = level or _value(source, "pPr", "numPr", "ilvl")
            if style not in self._styles:
                break
            source = self._styles[style]
            style = _value(source, "basedOn")
        return number, level


def _lists(document: _Node, styles: dict[str, _Node]) -> Iterator[tuple[str, _List]]:
    """Yield the lists of a document, by the ids that its paragraphs and styles give."""
    try:
        root = document.part.part_related_by(_NUMBERING).element
    except (KeyError, AttributeError):
        return  # there is no part for lists, or it is no XML
    definitions = {node.get(f"{_W}abstractNumId"): node for node in root.iter(f"{_W}abstractNum")}
    rules = {
        name: {_whole(level.get(f"{_W}ilvl"), 0): _level(level) for level in node.findall(f"{_W}lvl")[:_MOST_LEVELS]}
        for name, node in definitions.items()
    }
    counts: dict[str | None, dict[int, int]] = {name: {} for name in definitions}
    used = {node.get(f"{_W}numId"): _value(node, "abstractNumId") for node in root.iter(f"{_W}num")}
    for node in root.iter(f"{_W}num"):
        name = _value(node, "abstractNumId")
        linked = _value(definitions.get(name), "numStyleLink")  # to a style that names the list with the levels
        if linked in styles:
            name = used.get(_value(styles[linked], "pPr", "numPr", "numId"))
        if name in definitions:
            levels, again = dict(rules[name]), set()
            for override in node.iter(f"{_W}lvlOverride"):
                at = _whole(override.get(f"{_W}ilvl"), 0)
                if (own := override.find(f"{_W}lvl")) is not None:
                    levels[at] = _level(own)
                if (start := _value(override, "startOverride")) and at in levels:
                    levels[at] = replace(levels[at], start=_whole(start, 1))
                    again.add(at)
            yield node.get(f"{_W}numId"), _List(levels, counts[name], again)


def _level(node: _Node) -> _Level:
    return _Level(
        _whole(_value(node, "start"), 0),
        _value(node, "lvlText") or "",
        _value(node, "numFmt") in {None, "decimal"},
        _value(node, "lvlRestart") != "0",
        _value(node, "pStyle"),
    )


def _value(node: _Node | None, *path: str) -> str | None:
    """Return the value of an element below another, or None when one on the path is not there."""
    found = None if node is None else node.find("/".join(f"{_W}{tag}" for tag in path))
    return None if found is None else found.get(f"{_W}val")


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value and re.fullmatch(r"\d{1,9}", value) else otherwise
