"""The worst mistakes of a run, each with the text around what was expected and what was given."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from eval.groups import question_type
from eval.metrics import RIGHT_F1, f1

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eval.examination import Run
    from eval.outcome import Outcome
    from qa import Article

WORST = 50
AROUND = 160  # code points of context on either side

KINDS = {
    "wrong": "Wrong answer",
    "made-up": "Answered, but the text does not say",
    "missed": "Declined, but the answer was there",
}

Piece = tuple[str, str]  # some text, and what it is: "gold", "given", "both", "gap" or ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A question that went wrong.

    Attributes:
        kind: A key of ``KINDS``.
        badness: Orders mistakes of one kind: confidence in what was wrong, or the lack of it in what was right.
        given: The answer; for a missed one, the best span that was withheld.
        pieces: The article around it, cut where a highlight begins or ends.
    """

    kind: str
    badness: float
    dataset: str
    type: str
    question: str
    gold: tuple[str, ...]
    given: str
    confidence: float | None
    margin: float
    title: str
    pieces: tuple[Piece, ...]


def worst_mistakes(run: Run, mode: str, count: int = WORST) -> list[Mistake]:
    """Return the worst mistakes in a mode, of each kind by turns while there are any.

    Answers that are wrong are worse the more they were believed; right spans that were withheld, the less they were.
    """
    by_kind: dict[str, list[Mistake]] = {kind: [] for kind in KINDS}
    for one in run.examinations:
        articles = {article.id: article for article, _ in one.dataset.items}
        for outcome in one.outcomes:
            if kind := _kind(outcome, mode):
                by_kind[kind].append(_mistake(kind, one.dataset.name, articles[outcome.article_id], outcome))
    ordered = (sorted(mistakes, key=lambda mistake: -mistake.badness) for mistakes in by_kind.values())
    by_turns = chain.from_iterable(zip_longest(*ordered))
    return [mistake for mistake in by_turns if mistake is not None][:count]


def _kind(outcome: Outcome, mode: str) -> str | None:
    if outcome.predicted(mode):
        if outcome.right(mode):
            return None
        return "wrong" if outcome.gold else "made-up"
    return "missed" if outcome.gold and f1(outcome.best, outcome.gold) >= RIGHT_F1 else None


def _mistake(kind: str, dataset: str, article: Article, outcome: Outcome) -> Mistake:
    trust = outcome.confidence if outcome.confidence is not None else outcome.margin or 0.0
    given = [(outcome.start, outcome.start + len(outcome.best))] if outcome.start is not None else []
    known = zip(outcome.gold, outcome.starts, strict=True)
    gold = list(dict.fromkeys((start, start + len(text)) for text, start in known if start is not None))
    return Mistake(
        kind=kind,
        badness=-trust if kind == "missed" else trust,
        dataset=dataset,
        type=question_type(outcome.question),
        question=outcome.question,
        gold=tuple(dict.fromkeys(outcome.gold)),
        given=outcome.best,
        confidence=outcome.confidence,
        margin=outcome.margin or 0.0,
        title=article.title,
        pieces=tuple(excerpt(article.text, gold, given)),
    )


def excerpt(text: str, gold: Sequence[tuple[int, int]], given: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """Yield the text around the highlights in pieces, with a gap between stretches that are far apart."""
    places = sorted([*gold, *given])
    shown: list[list[int]] = []
    for start, end in places:
        low, high = _word_edge(text, start - AROUND, -1), _word_edge(text, end + AROUND, 1)
        if shown and low <= shown[-1][1]:
            shown[-1][1] = max(shown[-1][1], high)
        else:
            shown.append([low, high])
    if shown and shown[0][0] > 0:
        yield "", "gap"
    for number, (low, high) in enumerate(shown):
        if number:
            yield "", "gap"
        cuts = sorted({low, high, *(edge for place in places for edge in place if low < edge < high)})
        for start, end in zip(cuts, cuts[1:], strict=False):
            yield text[start:end], _mark(start, end, gold, given)
    if shown and shown[-1][1] < len(text):
        yield "", "gap"


def _mark(start: int, end: int, gold: Sequence[tuple[int, int]], given: Sequence[tuple[int, int]]) -> str:
    expected, answered = (any(low <= start and end <= high for low, high in places) for places in (gold, given))
    return "both" if expected and answered else "gold" if expected else "given" if answered else ""


def _word_edge(text: str, at: int, step: int) -> int:
    """Return the nearest edge of a word from an offset outwards."""
    at = max(0, min(len(text), at))
    while 0 < at < len(text) and not text[at - 1 if step < 0 else at].isspace():
        at += step
    return at
