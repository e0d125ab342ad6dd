"""A conversation as one web page that opens anywhere, with no network: answers, and their places in the articles."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from qa.citation import long_date, quote_link, shown_source
from ui.article_pane import body
from ui.details import reason, remark, sentence, shortened
from ui.marks import Mark, places
from ui.paragraphs import parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa import Article, Span
    from qa.transcript import Exchange
    from ui.turn import Turn

STYLE = Path(__file__).with_name("transcript.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def transcript_page(turns: Sequence[Turn], exchanges: Sequence[Exchange]) -> str:
    """Return the page.

    Args:
        turns: The questions that were answered or not, in order.
        exchanges: The same, with citations.
    """
    marks = _Marks()
    for turn in turns:  # answers first, for what overlaps with a mark gets none of its own
        for span in places(turn.answer) if turn.answer and turn.answer.answered else ():
            marks.anchor(span, "answer")
    asked = [_turn(turn, exchange, marks) for turn, exchange in zip(turns, exchanges, strict=True)]
    shown = {key: article for turn in turns for key, article in turn.articles.items() if key in marks.of}
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Questions and answers</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE.read_text('utf-8')}</style></head><body><main>"
        f"<h1>Questions and answers</h1><ol>{''.join(asked)}</ol>"
        f"{''.join(_article(article, marks.of[key]) for key, article in shown.items())}</main></body></html>\n"
    )


class _Marks:
    """What is highlighted in each article, each stretch once, so that every link finds its place."""

    def __init__(self) -> None:
        self.of: dict[str, list[Mark]] = {}

    def anchor(self, span: Span, kind: str) -> str:
        """Return the id of the element that a place begins in, marking it unless it overlaps one that is marked."""
        there = self.of.setdefault(span.article_id, [])
        for mark in there:
            if mark.start < span.end and span.start < mark.end:
                return mark.anchor
        there.append(Mark(span.start, span.end, kind, f"at-{span.article_id}-{span.start}"))
        return there[-1].anchor


def _turn(turn: Turn, exchange: Exchange, marks: _Marks) -> str:
    answer, heading = exchange.answer, f'<h2 dir="auto">{escape(turn.question)}</h2>'
    if turn.understood != turn.question:
        heading += f'<p class="facts" dir="auto">Understood as: {escape(turn.understood)}</p>'
    if exchange.judgement:
        heading += f'<p class="checked" dir="auto">Checked by the user: {escape(exchange.judgement)}.</p>'
    if answer.span is None:
        near = answer.closest
        passage = (
            f'<p class="label">Closest passage, not an answer</p><blockquote dir="auto">{escape(shortened(near.text))}'
            f'</blockquote><p><a href="#{marks.anchor(near, "closest")}">Show in the article</a></p>'
            if near
            else ""
        )
        return f'<li>{heading}<p class="verdict">The text does not say.</p>{reason(turn.absence)}{passage}</li>'
    spots = places(answer)
    names = ["Show in the article", *(f"place {at}" for at in range(2, len(spots) + 1))]
    links = [f'<a href="#{marks.anchor(span, "answer")}">{name}</a>' for span, name in zip(spots, names, strict=True)]
    online = quote_link(turn.articles[answer.span.article_id], answer.span)
    links += [f'<a href="{escape(online)}">online</a>'] if online else []
    around = sentence(answer.span, answer.sentence_span, turn.articles[answer.span.article_id], answer.pronoun)
    sure = "" if answer.confidence is None else f"; probability that this is right: {answer.confidence:.0%}"
    return (
        f'<li>{heading}<p class="quote" dir="auto">{escape(answer.text)}</p>'
        f"{around}{remark(answer)}"
        f'<p class="facts" dir="auto">{escape(exchange.citation)}{sure}</p><p>{" · ".join(links)}</p></li>'
    )


def _article(article: Article, highlights: Sequence[Mark]) -> str:
    whole = "".join(body(article, highlights, number) for number in range(len(parts(article.text))))
    facts = [article.author, long_date(article.published) if article.published else "", shown_source(article)]
    byline = " · ".join(escape(fact) for fact in facts if fact)
    return (
        f'<article><header><p class="title" dir="auto">{escape(article.title)}</p><p class="facts">{byline}</p>'
        f"</header>{whole}</article>"
    )
