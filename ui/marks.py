"""What is highlighted in an article, and text cut at the edges of the highlights."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa import Answer, Span

CLOSEST = "closest"


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch ``[start, end)`` of an article that is set off.

    Attributes:
        kind: "answer", "mention", "sentence" or "closest"; becomes a CSS class.
        anchor: The id of the element in which it begins, to scroll to.
    """

    start: int
    end: int
    kind: str
    anchor: str = ""


def marks(answer: Answer | None, article_id: str) -> tuple[Mark, ...]:
    """Return what an answer highlights in an article, the most important first: it wins where two overlap."""
    if answer is None:
        return ()
    if not answer.answered:
        near = answer.closest
        if near is None or near.article_id != article_id:
            return ()
        return (Mark(near.start, near.end, CLOSEST, CLOSEST),)
    found = [
        Mark(span.start, span.end, "mention" if number else "answer", f"place-{number}")
        for number, span in enumerate(places(answer))
        if span.article_id == article_id
    ]
    around = answer.sentence_span
    if around and around.article_id == article_id:
        found.append(Mark(around.start, around.end, "sentence"))
    return tuple(found)


def places(answer: Answer) -> tuple[Span, ...]:
    """Return where an answer stands, its own span first; of no answer, the closest passage if there is one."""
    if answer.span is None:
        return (answer.closest,) if answer.closest else ()
    return (answer.span, *(m for m in answer.mentions if m != answer.span))


def marked(text: str, start: int, end: int, highlights: Sequence[Mark]) -> str:
    """Return ``text[start:end]`` as HTML with the highlights that touch it; without its tags it is that text."""
    return "".join(_tagged(text, *piece) for piece in _pieces(start, end, highlights))


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
    inner = escape(text[start:end])
    if mark is None:
        return inner
    tag = "mark" if mark.kind in ("answer", "mention") else "span"
    anchor = f' id="{mark.anchor}" tabindex="-1"' if mark.anchor and start == mark.start else ""
    return f'<{tag} class="{mark.kind}"{anchor}>{inner}</{tag}>'
