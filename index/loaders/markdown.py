"""Markdown into the plain text that a reader of the rendered page sees."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from index.loaders import text as plain
from index.loaders.markup import blocks, html_tree
from index.loaders.parsed import Parsed, clean, heading_of, iso_date, one_line, stem_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_MOST_CHARS = 20_000  # of front matter
_YAML = re.compile(rf"\A---[ \t]*\r?\n(.{{0,{_MOST_CHARS}}}?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_TOML = re.compile(rf"\A\+\+\+[ \t]*\r?\n(.{{0,{_MOST_CHARS}}}?)^\+\+\+[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_FIELD = re.compile(r"""^([A-Za-z][\w-]*)[ \t]*:[ \t]*(["']?)(.*)\2[ \t\r]*$""", re.M)
# A line of YAML: a field (its key quoted or of two words at most), an item, a comment, more of the line before.
_YAML_LINE = re.compile(r"""["']?\w[\w.:-]*(?: [a-z][\w-]*)?["']?[ \t]*:(?:\s|$)|-(?:\s|$)|#|\s|[\]}],?\s*$|$""")
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
    """Return what YAML between leading ``---`` lines says, or TOML between ``+++`` lines, and the text after them."""
    for pattern, read in ((_YAML, _yaml), (_TOML, _toml)):
        if (match := pattern.match(source)) and (values := read(match[1])):
            lower = {str(key).lower(): value for key, value in values.items()}
            picked = {
                ours: next((line for theirs in names if (line := _line(lower.get(theirs)))), None)
                for ours, names in _FIELDS.items()
            }
            return {ours: value for ours, value in picked.items() if value}, source[match.end() :]
    return {}, source  # a rule, and another one further down


def _yaml(matter: str) -> dict[Any, Any]:
    import yaml

    if not all(map(_YAML_LINE.match, matter.splitlines())):
        return {}
    try:
        values = yaml.load(matter, yaml.BaseLoader)  # noqa: S506  # the one that makes nothing but text of values
    except (yaml.YAMLError, RecursionError):
        return {key: value for key, _, value in _FIELD.findall(matter)}  # people write titles with a colon in them
    return values if isinstance(values, dict) else {}


def _toml(matter: str) -> dict[str, Any]:
    try:
        return tomllib.loads(matter)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _line(value: Any) -> str | None:
    """Return a text or a date as one line, and so a list of some, or of people with a name."""
    items = value if isinstance(value, list) else [value]
    items = [item.get("name") if isinstance(item, dict) else item for item in items]
    return one_line(", ".join(str(item) for item in items if item and not isinstance(item, list | dict)))


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
