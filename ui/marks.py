"""What is highlighted in an article, and text cut at the edges of the highlights."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from qa.conflicts import conflicts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa import Answer, Span

CLOSEST = "closest"


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch ``[start, end)`` of an article that is set off.

    Attributes:
        kind: "answer", "mention", "other" (another answer), "pronoun" (that stands for the answer), "sentence" or
            "closest"; becomes a CSS class.
        anchor: The id of the element in which it begins, to scroll to.
        number: What stands beside it in the margin; 0 for nothing.
    """

    start: int
    end: int
    kind: str
    anchor: str = ""
    number: int = 0


def marks(answer: Answer | None, article_id: str, place: int = 0) -> tuple[Mark, ...]:
    """Return what an answer highlights in an article, the most important first: it wins where two overlap.

    Args:
        answer: The answer, if there is one.
        article_id: The article.
        place: Which of the answer's spots is looked at; other answers are marked only then, or if they contradict.
    """
    if answer is None:
        return ()
    if not answer.answered:
        near = answer.closest
        if near is None or near.article_id != article_id:
            return ()
        return (Mark(near.start, near.end, CLOSEST, CLOSEST),)
    spans = places(answer)
    found = [
        Mark(span.start, span.end, "mention" if at else "answer", f"place-{at}", at + 1 if len(spans) > 1 else 0)
        for at, span in enumerate(spans)
        if span.article_id == article_id
    ]
    otherwise = {other.span for other in conflicts(answer)}
    found += [
        Mark(span.start, span.end, "other", f"place-{at}")
        for at, span in enumerate(spots(answer)[len(spans) :], len(spans))
        if span.article_id == article_id and (at == place or span in otherwise)
    ]
    if answer.pronoun and answer.pronoun.article_id == article_id:
        found.append(Mark(answer.pronoun.start, answer.pronoun.end, "pronoun"))
    around = answer.sentence_span
    if around and around.article_id == article_id:
        found.append(Mark(around.start, around.end, "sentence"))
    return tuple(found)


def places(answer: Answer) -> tuple[Span, ...]:
    """Return where an answer stands, its own span first; of no answer, the closest passage if there is one."""
    if answer.span is None:
        return (answer.closest,) if answer.closest else ()
    return (answer.span, *(m for m in answer.mentions if m != answer.span))


def spots(answer: Answer) -> tuple[Span, ...]:
    """Return every place that can be looked at: where an answer stands, then the other answers considered."""
    return (*places(answer), *(other.span for other in answer.alternatives))


def marked(text: str, start: int, end: int, highlights: Sequence[Mark]) -> str:
    """Return ``text[start:end]`` as HTML with the highlights that touch it; without its tags it is that text."""
    return "".join(_tagged(text, *piece) for piece in _pieces(start, end, highlights))


def escaped(text: str) -> str:
    """Return a text as HTML in which a browser counts the same characters: it would take CR LF for one."""
    return escape(text).replace("\r", "&#13;")


def _pieces(start: int, end: int, highlights: Sequence[Mark]) -> Iterator[tuple[int, int, Mark | None]]:
    touching = [mark for mark in highlights if mark.start < end and start < mark.end]
    edges = {edge for mark in touching for edge in (mark.start, mark.end) if start < edge < end}
    cuts = sorted({start, end} | edges)
    tops = [next((mark for mark in touching if mark.start <= cut < mark.end), None) for cut in cuts[:-1]]
    begin = 0
    for at in range(1, len(cuts)):
        if at == len(tops) or tops[at] is not tops[begin]:
            yield cuts[begin], cuts[at], tops[begin]
            begin = at


def _tagged(text: str, start: int, end: int, mark: Mark | None) -> str:
    inner = escaped(text[start:end])
    if mark is None:
        return inner
    tag = "mark" if mark.kind in ("answer", "mention", "other") else "span"
    anchor = f' id="{mark.anchor}" tabindex="-1"' if mark.anchor and start == mark.start else ""
    anchor += f' data-number="{mark.number}"' if mark.number and start == mark.start else ""
    return f'<{tag} class="{mark.kind}"{anchor}>{inner}</{tag}>'
