"""What stands behind an answer, as HTML: who says it, what says otherwise, what else was considered, and the trace."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from qa.attribution import speaker
from qa.calibration import PLAIN_THRESHOLDS
from qa.conflicts import conflicts
from ui.marks import Mark, marked, spots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa import Alternative, Answer, Article, Passage, Span, Trace
    from qa.absence import Absence

_EXCERPT_CHARS = 110
_CONTEXT_CHARS = 260  # of a sentence on each side of a quote; a "sentence" of a bad PDF can be pages long
_SHOWN_WORDS = 3


def go(turn: int, place: int, words: str, label: str = "") -> str:
    """Return a button that shows a place of an answer in the article."""
    named = f' aria-label="{escape(label)}" title="{escape(label)}"' if label else ""
    return f'<button type="button" data-turn="{turn}" data-place="{place}"{named}>{escape(words)}</button>'


def sentence(span: Span, around: Span | None, source: Article, pronoun: Span | None = None) -> str:
    """Return the sentence around a quote with the quote marked; empty where it is no more than the quote.

    A pronoun that stands for the quote is marked too.
    """
    if around is None or around.text == span.text or around.article_id != span.article_id:
        return ""
    start = _word_start(source.text, max(around.start, span.start - _CONTEXT_CHARS), around.start)
    last = pronoun.end if pronoun else span.end
    end = _word_end(source.text, min(around.end, last + _CONTEXT_CHARS), around.end)
    before, after = "… " if start > around.start else "", " …" if end < around.end else ""
    set_off = [Mark(span.start, span.end, "answer")]
    set_off += [Mark(pronoun.start, pronoun.end, "pronoun")] if pronoun else []
    inner = marked(source.text, start, end, set_off)
    return f'<blockquote class="sentence" dir="auto">{before}{inner}{after}</blockquote>'


def remark(answer: Answer) -> str:
    """Return what people should know of how the answer was read."""
    return f'<p class="remark" dir="auto">{escape(answer.remark)}</p>' if answer.remark else ""


def attribution(answer: Answer, source: Article) -> str:
    """Return who says it, if the sentence around the answer names its speaker."""
    if answer.span is None or answer.sentence_span is None:
        return ""
    who = speaker(source, answer.sentence_span, answer.span)
    return f'<p class="speaker" dir="auto">according to <q>{escape(who.text)}</q></p>' if who else ""


def contradictions(answer: Answer, number: int, articles: Mapping[str, Article]) -> str:
    """Return the places that give another value than the answer."""
    others = conflicts(answer)
    if not others:
        return ""
    items = _items(answer, others, number, articles)
    return f'<div class="conflict"><p class="label">Another place gives another value</p><ul>{items}</ul></div>'


def alternatives(answer: Answer, number: int, articles: Mapping[str, Article]) -> str:
    """Return what else could be the answer, folded; what even an eager reader would not say is left to the trace."""
    shown = set(conflicts(answer))
    others = [o for o in answer.alternatives if o not in shown and o.margin >= PLAIN_THRESHOLDS["eager"]]
    if not others or not answer.answered:
        return ""
    items = _items(answer, others, number, articles)
    return (
        f'<details class="more"><summary>Other possible answers ({len(others)})</summary>'
        f'<ol class="others">{items}</ol></details>'
    )


def trace(answer: Answer, articles: Mapping[str, Article]) -> str:
    """Return how the answer came about, folded."""
    found = answer.trace
    if found is None:
        return ""
    return (
        '<details class="more trace"><summary>How it was found</summary>'
        f"<dl>{_decision(answer, found)}{_times(found)}</dl>{_spans(answer, found)}"
        f"{_passages(found.passages, articles)}</details>"
    )


def reason(found: Absence | None) -> str:
    """Return why there is no answer, in a sentence about the words of the question."""
    if found is None:
        return ""
    if found.topic_absent:
        words = _listed(found.named or found.missing, "or")
        return f'<p class="reason" dir="auto">Nothing in the text mentions {words}.</p>'
    if not found.present:
        return ""
    return (
        f'<p class="reason" dir="auto">The text speaks of {_listed(found.present, "and")},'
        " but no answer to this was found in it.</p>"
    )


def shortened(text: str, limit: int = 2 * _CONTEXT_CHARS) -> str:
    """Return a text cut at the end of a word."""
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"


def _items(answer: Answer, others: Sequence[Alternative], number: int, articles: Mapping[str, Article]) -> str:
    return "".join(
        f'<li><p class="value" dir="auto">{escape(other.span.text)}</p>'
        f"{sentence(other.span, other.sentence, articles[other.span.article_id])}"
        f"{_go(answer, other, number, articles)}</li>"
        for other in others
    )


def _go(answer: Answer, other: Alternative, number: int, articles: Mapping[str, Article]) -> str:
    place = spots(answer).index(other.span)
    label = f"Show “{other.span.text[:60]}” in {articles[other.span.article_id].title}"
    return f'<p class="ways">{go(number, place, "Show in the article", label)}</p>'


def _listed(words: Sequence[str], joined: str) -> str:
    quoted = [f"“{escape(word)}”" for word in words[:_SHOWN_WORDS]]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {joined} {quoted[-1]}"


def _decision(answer: Answer, found: Trace) -> str:
    value = answer.confidence if found.measure == "confidence" else found.margin
    form = ".0%" if found.measure == "confidence" else "+.2f"
    rows = [
        ("Decision", f"{'answered' if answer.answered else 'not answered'}, {escape(found.mode)} mode"),
        (f"Least {escape(found.measure)}", f"{found.threshold:{form}}"),
        (f"{escape(found.measure).capitalize()} here", "none" if value is None else f"{value:{form}}"),
    ]
    if found.measure == "confidence":
        rows.append(("Margin over “not here”", "none" if found.margin is None else f"{found.margin:+.2f} logits"))
    return "".join(f"<div><dt>{name}</dt><dd>{words}</dd></div>" for name, words in rows)


def _times(found: Trace) -> str:
    stages = ", ".join(f"{escape(stage)} {spent:.0f}" for stage, spent in found.milliseconds.items())
    total = sum(found.milliseconds.values())
    windows = f"{found.windows} window{'' if found.windows == 1 else 's'} read"
    return f"<div><dt>Milliseconds</dt><dd>{total:.0f} ({stages}); {windows}</dd></div>"


def _spans(answer: Answer, found: Trace) -> str:
    best = [(answer.text, found.margin)] if answer.answered and found.margin is not None else []
    spans = [*best, *((other.span.text, other.margin) for other in answer.alternatives)]
    rows = "".join(
        f'<tr><td dir="auto">{escape(shortened(text, _EXCERPT_CHARS))}</td><td>{margin:+.2f}</td></tr>'
        for text, margin in spans
    )
    return _table("Top spans", ("Words", "Margin"), rows) if rows else ""


def _passages(passages: Sequence[Passage], articles: Mapping[str, Article]) -> str:
    rows = ""
    for passage in passages:
        chunk = passage.chunk
        source = articles.get(chunk.article_id)
        text = " ".join(source.text[chunk.start : chunk.start + _EXCERPT_CHARS].split()) if source else ""
        ranks = (passage.rank, passage.lexical_rank, passage.dense_rank)
        cells = "".join(f"<td>{'–' if rank is None else rank}</td>" for rank in ranks)
        rows += f'<tr>{cells}<td dir="auto">{escape(text)} …</td></tr>'
    return _table("Passages read", ("#", "Words", "Meaning", "Begins"), rows) if rows else ""


def _table(caption: str, heads: Sequence[str], rows: str) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _word_start(text: str, at: int, least: int) -> int:
    return at if at == least else (text.find(" ", at) + 1 or at)


def _word_end(text: str, at: int, most: int) -> int:
    cut = text.rfind(" ", 0, at)
    return at if at == most or cut < 0 else cut
