"""Markdown into the plain text that a reader of the rendered page sees."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.loaders import text as plain
from index.loaders.markup import blocks, html_tree
from index.loaders.parsed import Parsed, clean, heading_of, iso_date, one_line, stem_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_FIELD = re.compile(r"^([A-Za-z][\w-]*)[ \t]*:[ \t]*(.*?)[ \t]*(?:[ \t]#[^'\"]*)?$")
# A line of front matter: a field (its key quoted or of two words at most), an item, a comment, more of the line before.
_MATTER_LINE = re.compile(r"""["']?\w[\w.:-]*(?: [a-z][\w-]*)?["']?[ \t]*:(?:\s|$)|-(?:\s|$)|#|\s|[\]}],?\s*$|$""")
_FIELDS = {
    "title": ("title",),
    "published": ("date", "published", "pubdate", "publish_date", "created"),
    "author": ("author", "authors", "by"),
}
_VERBATIM = frozenset({"code_block", "fence"})


def parse(data: bytes, name: str) -> Parsed:
    """Read Markdown: title, date and author from front matter, else the title from the first heading."""
    source = plain.decode(data, name)
    matter, body = _front_matter(source)
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body)
    _count_items(tokens)
    text = clean("\n\n".join(block for block in _blocks(tokens) if block.strip()))
    title = matter.get("title") or _first_heading(tokens) or heading_of(text) or stem_title(name)
    return Parsed(text, title, iso_date(matter.get("published")), matter.get("author"))


def _front_matter(source: str) -> tuple[dict[str, str], str]:
    """Return what the ``key: value`` lines between leading ``---`` lines say, and the text after them."""
    match = _FRONT_MATTER.match(source)
    lines = [line[:500] for line in match[1].splitlines()] if match else []
    if not match or not all(map(_MATTER_LINE.match, lines)):
        return {}, source  # a rule, and another one further down
    values: dict[str, str] = {}
    key = ""
    for line in lines:
        if field := _FIELD.match(line):
            key = field[1].lower()
            values[key] = _unquoted(field[2])
        elif key and line.strip().startswith("- "):
            item = _unquoted(line.strip()[2:])
            values[key] = f"{values[key]}, {item}" if values[key] else item
    if not values:
        return {}, source
    picked = {
        ours: next((line for theirs in names if (line := one_line(values.get(theirs)))), None)
        for ours, names in _FIELDS.items()
    }
    return {ours: value for ours, value in picked.items() if value}, source[match.end() :]


def _unquoted(value: str) -> str:
    value = value.strip()
    if value[:1] == "[" and value[-1:] == "]":
        return ", ".join(_unquoted(item) for item in value[1:-1].split(","))
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value


def _first_heading(tokens: list[Token]) -> str | None:
    for token, following in zip(tokens, tokens[1:], strict=False):
        if token.type == "heading_open" and (line := one_line(_inline(following))):
            return line
    return None


def _count_items(tokens: list[Token]) -> None:
    """Give the items of ordered lists the numbers that are shown; those that are written need not count (1. 1. 1.)."""
    following: list[int] = []  # the next number in each of the lists around
    for token in tokens:
        if token.type == "ordered_list_open":
            following.append(int(token.attrs.get("start", 1)))
        elif token.type == "ordered_list_close":
            following.pop()
        elif token.type == "list_item_open" and token.info:
            token.info = str(following[-1])
            following[-1] += 1


def _blocks(tokens: list[Token]) -> Iterator[str]:
    """Yield the text of each leaf block: a heading, a paragraph, a list item, a table row, a code block."""
    cells: list[str] | None = None
    marker = ""
    for token in tokens:
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            yield "\t".join(cells or ())
            cells = None
        elif token.type == "list_item_open":
            marker = f"{token.info}{token.markup} " if token.info else ""  # only ordered lists have a number
        elif token.type == "inline" and cells is not None:
            cells.append(_inline(token).replace("\n", " "))
        elif token.type == "inline":
            yield marker + _inline(token)
            marker = ""
        elif token.type in _VERBATIM:
            yield token.content
        elif token.type == "html_block":
            tree = html_tree(token.content)
            yield from blocks(tree) if tree is not None else ()


def _inline(token: Token) -> str:
    parts: list[str] = []
    for child in token.children or ():
        if child.type == "image":
            parts.append(_inline(child))
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type == "html_inline":
            parts.append("\n" if re.match(r"<br\b", child.content, re.I) else "")
        else:
            parts.append(child.content)
    return "".join(parts)
