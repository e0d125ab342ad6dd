"""The conversation as HTML: questions, answers with their quotes, what else to ask; all made of escaped slices."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from ui.marks import Mark, marked, places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa import Answer, Article, Span

_CONTEXT_CHARS = 260  # of a sentence on each side of the quote; a "sentence" of a bad PDF can be pages long
_SURE = ((0.9, "very likely right"), (0.7, "likely right"), (0.45, "perhaps right"), (0.0, "a guess"))
_DOTS = '<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>'
_CALIBRATED = "The probability that this quote answers the question, fitted on questions kept apart for that."


@dataclass(frozen=True, slots=True, eq=False)  # the same question asked twice is two turns
class Turn:
    """One entry of the conversation.

    Attributes:
        question: What was asked; empty for an entry that only says which article is open from here on.
        answer: None while it is being looked for.
        several: Whether more than one article was asked.
        note: The title of the article that was opened.
        articles: By id, those that are asked, and of an answer those that it quotes. They are kept because they may be
            removed from their library later, when the conversation is still to be read.
    """

    question: str
    answer: Answer | None = None
    several: bool = False
    note: str = ""
    articles: Mapping[str, Article] = field(default_factory=dict)


def conversation(turns: Sequence[Turn], suggestions: Sequence[str] = (), current: int | None = None) -> str:
    """Return the whole conversation.

    Args:
        turns: In order.
        suggestions: Questions to offer at the end.
        current: Which turn the article pane shows.
    """
    entries = "".join(_entry(turn, number, number == current) for number, turn in enumerate(turns))
    spoken = f'<div role="log" aria-live="polite" aria-label="Conversation"><ol class="turns">{entries}</ol></div>'
    return f"{spoken}{_welcome() if not turns else ''}{chips(suggestions)}"


def card(answer: Answer, number: int, articles: Mapping[str, Article], *, several: bool = False) -> str:
    """Return one answer: the quote, its sentence, how sure, where; or that there is none."""
    if not answer.answered or answer.span is None:
        return _no_answer(answer, number, articles, several)
    spans = places(answer)
    source = articles[answer.span.article_id]
    return (
        f'<p class="quote" dir="auto">{escape(answer.text)}</p>'
        f"{_sentence(answer, source)}"
        f'<p class="facts">{_confidence(answer)}{_where(answer.span, source, several)}</p>'
        f'<p class="ways">{_go(number, 0, "Show in the article")}{_mentions(spans, number, articles)}</p>'
    )


def chips(questions: Sequence[str]) -> str:
    """Return questions that can be asked by a click."""
    if not questions:
        return ""
    items = "".join(
        f'<li><button type="button" data-ask="{escape(question)}" dir="auto">{escape(question)}</button></li>'
        for question in questions
    )
    return f'<div class="chips"><p id="chips-label">Try asking</p><ul aria-labelledby="chips-label">{items}</ul></div>'


def confidence_words(confidence: float) -> str:
    """Return a calibrated probability in words and as a percentage."""
    words = next(words for least, words in _SURE if confidence >= least)
    return f"{words}, {min(99, max(1, round(100 * confidence)))}%"


def notice(message: str) -> str:
    """Return the place of one-line messages to the person, with or without one."""
    inner = f'<p class="notice" dir="auto">{escape(message)}</p>' if message else ""
    return f'<div role="alert">{inner}</div>'


def _entry(turn: Turn, number: int, current: bool) -> str:
    if not turn.question:
        return f'<li class="opened" dir="auto"><span>Now open:</span> {escape(turn.note)}</li>'
    if turn.answer is None:
        inner = f'<div class="reply pending">{_DOTS} Reading…</div>'
    else:
        kind = "found" if turn.answer.answered else "none"
        inner = f'<div class="reply {kind}">{card(turn.answer, number, turn.articles, several=turn.several)}</div>'
    here = ' aria-current="true"' if current else ""
    return (
        f'<li class="turn"{here}><p class="question" dir="auto"><span class="unseen">You asked: </span>'
        f"{escape(turn.question)}</p>{inner}</li>"
    )


def _welcome() -> str:
    return (
        '<div class="welcome"><h2>What would you like to know?</h2>'
        "<p>Every answer is an exact quote, shown in its place. When the article has none, it says so.</p></div>"
    )


def _no_answer(answer: Answer, number: int, articles: Mapping[str, Article], several: bool) -> str:
    verdict = "The articles do not say." if several else "The article does not say."
    near = answer.closest
    passage = ""
    if near is not None:
        source = articles[near.article_id]
        passage = (
            '<div class="closest"><p class="label">Closest passage, not an answer</p>'
            f'<blockquote dir="auto">{escape(_shortened(near.text))}</blockquote>'
            f'<p class="facts">{_where(near, source, several)}</p>'
            f'<p class="ways">{_go(number, 0, "Show in the article")}</p></div>'
        )
    return f'<p class="verdict">{verdict}</p>{passage}'


def _sentence(answer: Answer, source: Article) -> str:
    span, around = answer.span, answer.sentence_span
    if span is None or around is None or around.text == answer.text or around.article_id != span.article_id:
        return ""
    start = _word_start(source.text, max(around.start, span.start - _CONTEXT_CHARS), around.start)
    end = _word_end(source.text, min(around.end, span.end + _CONTEXT_CHARS), around.end)
    before, after = "… " if start > around.start else "", " …" if end < around.end else ""
    inner = marked(source.text, start, end, [Mark(span.start, span.end, "answer")])
    return f'<blockquote class="sentence" dir="auto">{before}{inner}{after}</blockquote>'


def _word_start(text: str, at: int, least: int) -> int:
    return at if at == least else (text.find(" ", at) + 1 or at)


def _word_end(text: str, at: int, most: int) -> int:
    cut = text.rfind(" ", 0, at)
    return at if at == most or cut < 0 else cut


def _shortened(text: str) -> str:
    limit = 2 * _CONTEXT_CHARS
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"


def _confidence(answer: Answer) -> str:
    if answer.confidence is None:
        return ""
    share = round(100 * answer.confidence)
    return (
        f'<span class="confidence" title="{_CALIBRATED}">'
        f'<span class="meter" aria-hidden="true"><i style="width:{share}%"></i></span>'
        f"{confidence_words(answer.confidence)}</span>"
    )


def _where(span: Span, source: Article, several: bool) -> str:
    title = f'<cite dir="auto">{escape(source.title)}</cite>' if several else ""
    page = source.page_at(span.start)
    return title + (f"<span>page {page}</span>" if page else "")


def _mentions(spans: Sequence[Span], number: int, articles: Mapping[str, Article]) -> str:
    others = spans[1:]
    if not others:
        return ""
    words = "1 other place" if len(others) == 1 else f"{len(others)} other places"
    buttons = " ".join(
        _go(number, at, str(at), f"Go to other place {at} of {len(others)}, in {articles[span.article_id].title}")
        for at, span in enumerate(others, 1)
    )
    return f'<span class="mentions">also at {words} {buttons}</span>'


def _go(turn: int, place: int, words: str, label: str = "") -> str:
    named = f' aria-label="{escape(label)}" title="{escape(label)}"' if label else ""
    return f'<button type="button" data-turn="{turn}" data-place="{place}"{named}>{escape(words)}</button>'
