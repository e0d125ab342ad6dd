"""What a visitor says of answers, and the gold answers that are kept of it: of several about a question, the last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qa.corrections import Correction
from ui import feedback
from ui.turn import ABSENT, HERE, RIGHT, WRONG, Turn, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa import Span
    from ui.feedback import Selection
    from ui.session import Session


def judge(session: Session, number: int, kind: str, selection: Selection | None = None) -> None:
    """Keep what the visitor says of an answer; the same verdict again takes it back.

    Args:
        session: Of the visitor.
        number: The turn; nothing happens when it has no answer.
        kind: "right", "wrong", "absent" or "here".
        selection: Where the answer is, of "here".

    Raises:
        UsageError: Nothing is selected, or it is not in an article that was asked.
    """
    with session.lock:
        turn = session.turns[number] if 0 <= number < len(session.turns) else None
        if turn is None or turn.answer is None or kind not in (RIGHT, WRONG, ABSENT, HERE):
            return
        if kind == HERE and selection is None and turn.verdict and turn.verdict.kind == HERE:
            _put(session, turn, None)
            return
        if kind == WRONG or (kind == HERE and selection is None):
            session.go(number, 0)  # so that what is selected next is the answer to this question
        if kind == HERE and selection is None:
            raise feedback.nothing_selected()
        place = selection.span(turn.asked) if kind == HERE and selection else None
        verdict = Verdict(kind, place, _gold(turn, kind, place))
        _put(session, turn, None if verdict == turn.verdict else verdict)


def _put(session: Session, turn: Turn, verdict: Verdict | None) -> None:
    """Give a turn a verdict, or none; whatever contradicts it, or is taken back, is kept no longer."""
    kept = session.judged
    gone = list(turn.verdict.gold) if turn.verdict else []
    if verdict and verdict.kind == WRONG:
        gone += _gold(turn, RIGHT, None)
    for correction in gone:
        if kept.get(_key(correction)) == correction:
            del kept[_key(correction)]
    if verdict:
        kept.update({_key(correction): correction for correction in verdict.gold})
    judged = [replace(turn, verdict=verdict) if other is turn else other for other in session.turns]
    session.turns = [other if _stands(other, kept) else replace(other, verdict=None) for other in judged]


def _stands(turn: Turn, kept: Mapping[tuple[str, str], Correction]) -> bool:
    """Return whether all is kept that a verdict gave."""
    return all(kept.get(_key(correction)) == correction for correction in (turn.verdict.gold if turn.verdict else ()))


def _gold(turn: Turn, kind: str, place: Span | None) -> tuple[Correction, ...]:
    """Return the gold answers that a verdict gives; none while it is open what would be right.

    Args:
        turn: The question with its answer.
        kind: The verdict.
        place: Where the visitor says that the answer is.
    """
    if turn.answer is None or kind == WRONG:
        return ()
    span = turn.answer.span if kind == RIGHT else place
    question = turn.understood  # of its own, a follow-up asks nothing
    if span is None:
        return tuple(Correction(question, article, None) for article in turn.asked)
    return tuple(Correction(question, article, span) for article in turn.asked if article.id == span.article_id)


def _key(correction: Correction) -> tuple[str, str]:
    """Return what a data set has one answer for."""
    return correction.article.id, correction.question
