"""The conversation as HTML: questions, answers with their quotes, what else to ask; all made of escaped slices."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from qa.citation import citation
from ui import details, feedback
from ui.marks import places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa import Answer, Article, Span
    from ui.turn import Turn

_SURE = ((0.9, "very likely right"), (0.7, "likely right"), (0.45, "perhaps right"), (0.0, "a guess"))
_DOTS = '<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>'
_CLEARED = '<p class="cleared ways">The chat is cleared. <button type="button" data-back>Bring it back</button></p>'
_CALIBRATED = (
    "the probability that this quote answers the question, estimated from tests on other articles, where half of the"
    " questions had no answer; here it can be off"
)


def conversation(
    turns: Sequence[Turn], suggestions: Sequence[str] = (), current: int | None = None, cleared: bool = False
) -> str:
    """Return the whole conversation.

    Args:
        turns: In order.
        suggestions: Questions to offer at the end.
        current: Which turn the article pane shows.
        cleared: Whether there was another conversation, which can be brought back while this one is empty.
    """
    entries = "".join(_entry(turn, number, number == current) for number, turn in enumerate(turns))
    spoken = f'<div role="log" aria-live="polite" aria-label="Conversation"><ol class="turns">{entries}</ol></div>'
    begin = "" if turns else (_CLEARED if cleared else "") + _welcome()
    return f"{spoken}{begin}{chips(suggestions)}"


def card(turn: Turn, number: int) -> str:
    """Return the answer of a turn: the quote, its sentence, how sure, where; or that there is none."""
    answer, articles = turn.answer, turn.articles
    if answer is None:
        return ""
    if answer.span is None:
        return f"{_no_answer(turn, answer, number)}{details.trace(answer, articles)}{feedback.controls(turn, number)}"
    source = articles[answer.span.article_id]
    copy = f'<button type="button" data-copy="{escape(citation(source, answer.span))}">Copy citation</button>'
    return (
        f'<p class="quote" dir="auto">{escape(answer.text)}</p>'
        f"{details.sentence(answer.span, answer.sentence_span, source, answer.pronoun)}{details.remark(answer)}"
        f"{details.attribution(answer, source)}"
        f'<p class="facts">{_confidence(answer)}{_where(answer.span, source, turn.several)}</p>'
        f'<p class="ways">{details.go(number, 0, "Show in the article")}{copy}'
        f"{_mentions(places(answer), number, articles)}</p>"
        f"{details.contradictions(answer, number, articles)}{details.alternatives(answer, number, articles)}"
        f"{details.trace(answer, articles)}{feedback.controls(turn, number)}"
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
    """Return a calibrated probability in words."""
    return next(words for least, words in _SURE if confidence >= least)


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
        inner = f'<div class="reply {kind}">{card(turn, number)}</div>'
    here = ' aria-current="true"' if current else ""
    return (
        f'<li class="turn"{here}><p class="question" dir="auto"><span class="unseen">You asked: </span>'
        f"<span>{escape(turn.question)}</span></p>{_understood(turn, number)}{inner}</li>"
    )


def _understood(turn: Turn, number: int) -> str:
    """Return what a follow-up was taken to mean, to be changed or undone; the field is shown while it is changed."""
    if turn.answer is None or turn.understood == turn.question:
        return ""
    meant, typed = escape(turn.understood), escape(turn.question)
    return (
        f'<div class="understood" data-again="{number}"><p><span class="label">Understood as</span> '
        f'<button type="button" class="meaning" data-edit dir="auto" aria-label="Understood as: {meant} Change this"'
        f' title="Change this">{meant}</button> <button type="button" data-meant="{typed}">Ask as typed</button></p>'
        f'<p class="editor"><input type="text" value="{meant}" dir="auto" aria-label="What the question means"> '
        '<button type="button" data-meant>Ask this</button></p></div>'
    )


def _welcome() -> str:
    return (
        '<div class="welcome"><h2>What would you like to know?</h2>'
        "<p>Every answer is an exact quote, shown in its place. When the article has none, it says so.</p></div>"
    )


def _no_answer(turn: Turn, answer: Answer, number: int) -> str:
    verdict = "The articles do not say." if turn.several else "The article does not say."
    near = answer.closest
    passage = ""
    if near is not None:
        source = turn.articles[near.article_id]
        passage = (
            '<div class="closest"><p class="label">Closest passage, not an answer</p>'
            f'<blockquote dir="auto">{escape(details.shortened(near.text))}</blockquote>'
            f'<p class="facts">{_where(near, source, turn.several)}</p>'
            f'<p class="ways">{details.go(number, 0, "Show in the article")}</p></div>'
        )
    return f'<p class="verdict">{verdict}</p>{details.reason(turn.absence)}{passage}'


def _confidence(answer: Answer) -> str:
    if answer.confidence is None:
        return ""
    share = min(99, max(1, round(100 * answer.confidence)))
    return (
        f'<span class="confidence" title="{share}%: {_CALIBRATED}">'
        f'<span class="meter" aria-hidden="true"><i style="width:{share}%"></i></span>'
        f'{confidence_words(answer.confidence)}<span class="unseen"> ({share}%)</span></span>'
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
        details.go(
            number, at, str(at + 1), f"Go to place {at + 1} of {len(spans)}, in {articles[span.article_id].title}"
        )
        for at, span in enumerate(others, 1)
    )
    return f'<span class="mentions">also at {words} {buttons}</span>'
