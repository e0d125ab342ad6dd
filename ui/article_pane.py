"""The article as a page of a newspaper, with an answer's places marked; article and answer in, HTML out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from qa.citation import long_date, shown_source
from ui.details import shortened
from ui.marks import CLOSEST, Mark, escaped, marked, marks, places, spots
from ui.paragraphs import Block, part_at, parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa import Answer, Article

_TAGS = {"paragraph": "p", "item": "p", "heading": "h3", "headline": "h2"}
_WORDS_A_MINUTE = 230
_QUESTION_CHARS = 60  # of the question to which the selected words are the answer


@dataclass(frozen=True, slots=True)
class Focus:
    """What the pane shows of an article.

    Attributes:
        answer: What is marked.
        place: Which of the answer's spots is scrolled to, from 0; it is the closest passage when there is no answer.
        visit: Changes whenever the pane is to scroll there, even to the same place again.
        part: Which part of a long article, from 0; by default the one that holds the place.
        turn: Which turn of the conversation the answer belongs to.
    """

    answer: Answer | None = None
    place: int = 0
    visit: int = 0
    part: int | None = None
    turn: int | None = None


def page(article: Article, focus: Focus | None = None) -> str:
    """Return an article as HTML: its head and the part of its body that holds the focus."""
    focus = focus or Focus()
    target = _target(focus, article.id)
    highlights = marks(focus.answer, article.id, focus.place)
    count = len(parts(article.text))
    number = focus.part
    if number is None:
        number = part_at(article.text, target.start) if target else 0
    number = min(max(number, 0), count - 1)
    anchor = target.anchor if target and part_at(article.text, target.start) == number else ""
    above, below = _head(article) if number == 0 else ("", "")
    inner = [
        _walk(focus),
        above,
        _turner(number, count, top=True),
        f'<div class="body">{body(article, highlights, number, below)}</div>',
        _turner(number, count, top=False),
        _here(focus),
    ]
    return (
        f'<article class="page" aria-label="{escape(article.title)}" data-article="{escape(article.id)}"'
        f' data-part="{number}" data-focus="{anchor}" data-visit="{focus.visit}">{"".join(inner)}</article>'
    )


def body(article: Article, highlights: Sequence[Mark] = (), number: int = 0, byline: str = "") -> str:
    """Return one part of an article's text as HTML; without their tags, all parts together are exactly the text.

    Args:
        article: The article.
        highlights: What is marked.
        number: Which part, from 0.
        byline: HTML to put under the headline, where the text itself begins with one.
    """
    text, groups = article.text, parts(article.text)
    group = groups[number]
    at = group[0].start if number else 0
    stop = groups[number + 1][0].start if number + 1 < len(groups) else len(text)
    pieces: list[str] = []
    for block in group:
        kind = _kind(block, article)
        page_number = _page_begun(article, at, block.end)
        label = f' data-page="{page_number}"' if page_number else ""
        inner = marked(text, block.start, block.end, highlights)
        pieces.append(escaped(text[at : block.start]))
        pieces.append(
            f'<{_TAGS[kind]} class="{kind}" dir="auto" data-at="{block.start}"{label}>{inner}</{_TAGS[kind]}>'
        )
        if kind == "headline":
            pieces.append(byline)
        at = block.end
    return "".join([*pieces, escaped(text[at:stop])])


def _head(article: Article) -> tuple[str, str]:
    """Return what stands above the text, and what stands under its headline if it has one itself."""
    words, source = len(article.text.split()), shown_source(article)
    line = [
        f"<span>{escape(article.author)}</span>" if article.author else "",
        _date(article.published) if article.published else "",
        f'<span dir="auto">{escape(source)}</span>' if source else "",
        f"<span>{words:,} {'word' if words == 1 else 'words'}</span>",
        f"<span>{_reading_time(words)}</span>",
    ]
    byline = f'<p class="byline">{"".join(line)}</p>'
    if _kind(parts(article.text)[0][0], article) == "headline":
        return "", f'<div class="head">{byline}</div>'
    title = f'<h2 class="headline" dir="auto">{escape(article.title)}</h2>'
    return f'<header class="head">{"" if _opens_with_title(article) else title}{byline}</header>', ""


def contents(articles: Sequence[Article]) -> str:
    """Return the list of several articles as HTML, for when all are asked and none has answered yet."""
    items = "".join(
        f'<li><button type="button" data-open="{escape(article.id)}" dir="auto">{escape(article.title)}</button>'
        f'<span class="byline">{_date(article.published) if article.published else ""}'
        f"<span>{len(article.text.split()):,} words</span></span></li>"
        for article in articles
    )
    return (
        '<article class="page contents" aria-label="Articles" data-article="" data-focus="" data-visit="0">'
        f'<header class="head"><h2 class="headline">{len(articles)} articles</h2>'
        '<p class="byline"><span>A question is looked for in all of them.'
        f" The one that answers is opened here.</span></p></header><ul>{items}</ul></article>"
    )


def _target(focus: Focus, article_id: str) -> Mark | None:
    """Return where to scroll to, if that is in this article."""
    answer = focus.answer
    if answer is None:
        return None
    if not answer.answered:
        return next(iter(marks(answer, article_id)), None)
    spans = spots(answer)
    number = focus.place if 0 <= focus.place < len(spans) else 0
    span = spans[number]
    return Mark(span.start, span.end, CLOSEST, f"place-{number}") if span.article_id == article_id else None


def _walk(focus: Focus) -> str:
    """Return what leads through the places of an answer that stands at more than one, in the order of the text."""
    if focus.answer is None or focus.turn is None or not focus.answer.answered:
        return ""
    spans = places(focus.answer)
    if len(spans) < 2:
        return ""
    order = sorted(range(len(spans)), key=lambda place: (spans[place].article_id, spans[place].start))
    at = order.index(focus.place) if focus.place in order else 0
    before, after = order[at - 1], order[(at + 1) % len(order)]
    return (
        f'<nav class="walk" aria-label="Places of the answer"><span>Place {at + 1} of {len(order)}</span>'
        f'<button type="button" data-turn="{focus.turn}" data-place="{before}" data-walk="previous">Previous</button>'
        f'<button type="button" data-turn="{focus.turn}" data-place="{after}" data-walk="next">Next</button></nav>'
    )


def _here(focus: Focus) -> str:
    """Return the button that appears beside selected words, to say that they are the answer."""
    if focus.answer is None or focus.turn is None:
        return ""
    name = f'data-judge="here" data-of="{focus.turn}"'
    question = focus.answer.question
    shown = shortened(question, _QUESTION_CHARS)
    return (
        f'<button type="button" class="here" {name} hidden>The answer is here'
        f'<span dir="auto">{escape(shown)}</span></button>'
    )


def _kind(block: Block, article: Article) -> str:
    """Return the block's kind, or "headline" where it is the article's title at the head of its text."""
    text = article.text[block.start : block.end]
    if block != parts(article.text)[0][0] or text.endswith((".", ":", ";", ",")) or text == article.text.strip():
        return block.kind
    return "headline" if text.split() == article.title.split() else block.kind


def _opens_with_title(article: Article) -> bool:
    """Return whether the text begins with its title, or the title was made of the text's first words."""
    opening = " ".join(article.text[: 4 * len(article.title) + 200].split())
    return opening.startswith(" ".join(article.title.removesuffix("…").split()))


def _page_begun(article: Article, start: int, end: int) -> int | None:
    """Return the number of the first page that begins in ``[start, end)``, or None."""
    if len(article.pages) < 2:
        return None
    return next((number for number, at in enumerate(article.pages, 1) if start <= at < end), None)


def _date(published: str) -> str:
    words = long_date(published)
    if words == published:
        return f"<span>{escape(published)}</span>"
    return f'<time datetime="{escape(published)}">{words}</time>'


def _reading_time(words: int) -> str:
    minutes = max(1, round(words / _WORDS_A_MINUTE))
    return f"{minutes} min read" if minutes < 60 else f"{re.sub(r'[.]0$', '', f'{minutes / 60:.1f}')} h read"


def _turner(number: int, count: int, *, top: bool) -> str:
    """Return what leads to the part before or after, for articles too long for one page."""
    other = number - 1 if top else number + 1
    if not 0 <= other < count:
        return ""
    words = "Earlier part" if top else "Next part"
    return (
        f'<p class="turner"><button type="button" data-turn-to="{other}">{words}</button>'
        f"<span>part {number + 1} of {count}</span></p>"
    )
