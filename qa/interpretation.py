"""What a question of a conversation means: each meaning is read, and the one that the reader is surest of is taken."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import UsageError
from qa.antecedents import Said
from qa.followups import LITERAL, Meaning, meanings
from qa.inputs import checked_question

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.answer import Answer
    from qa.answering import Reading

EDITED = "edited"  # the rule of a meaning that the user gave
PRICE = 1.5  # what a unit of cost takes from the log-odds that a meaning's answer is right


@dataclass(frozen=True, slots=True)
class Interpretation:
    """Something that a question could mean, and what the reader found when asked that.

    Attributes:
        question: As it would be asked on its own.
        rule: What made it; "literal" for the words as typed, "edited" for the user's own.
        cost: How far the rules are from expecting it.
        margin: Of the best span, in logits; None when there was nothing to read.
        confidence: Calibrated probability that the best span is right; None for a reader without a calibrator.
    """

    question: str
    rule: str
    cost: float
    margin: float | None
    confidence: float | None

    @property
    def score(self) -> float:
        """What interpretations are compared by: how sure the reader is, less what the rules hold against it."""
        if self.confidence is not None:
            sure = math.log(max(self.confidence, 1e-6) / max(1 - self.confidence, 1e-6))
        else:
            sure = -math.inf if self.margin is None else self.margin
        return sure - PRICE * self.cost


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it was taken, what was read for that, and all that was considered, most expected first."""

    question: str
    reading: Reading
    answer: Answer
    considered: tuple[Interpretation, ...]


def understand(
    question: str,
    meant: str | None,
    before: Sequence[Said],
    read: Callable[[list[str]], list[Reading]],
    decide: Callable[[Reading], Answer],
) -> Understood:
    """Find out what a question means and answer that.

    Args:
        question: As typed.
        meant: What it means, if that is known.
        before: What was said before it, in order.
        read: Reads questions that stand alone.
        decide: Makes the answer of what was read.

    Raises:
        UsageError: One of the two is empty or too long.
    """
    typed = checked_question(question)
    if meant is None:
        possible = meanings(typed, before)
    else:
        own = checked_question(meant)
        possible = [Meaning(own, LITERAL if own == typed else EDITED, 0.0)]
    possible, readings = _fitting(possible, read)
    answers = [decide(reading) for reading in readings]
    considered = tuple(map(_judged, possible, answers))
    best = max(range(len(considered)), key=lambda at: considered[at].score)
    return Understood(considered[best].question, readings[best], answers[best], considered)


def said(understood: str, answer: Answer) -> Said:
    """Return what later questions can refer to; without an answer, also what the closest passage names."""
    around = answer.sentence_span or answer.closest
    return Said(understood, answer.text, around.text if around else "")


def _fitting(
    possible: list[Meaning], read: Callable[[list[str]], list[Reading]]
) -> tuple[list[Meaning], list[Reading]]:
    """Return what was read, with the meanings that it was read for.

    What the reader has room for is counted in its tokens: the longest meaning is left out until the others can be read.
    The last, which is what was typed, is never left out.
    """
    while True:
        try:
            return possible, read([one.question for one in possible])
        except UsageError:
            if len(possible) == 1:
                raise
        longest = max(possible[:-1], key=lambda one: len(one.question))
        possible = [one for one in possible if one is not longest]


def _judged(meaning: Meaning, answer: Answer) -> Interpretation:
    margin = answer.trace.margin if answer.trace else None
    return Interpretation(meaning.question, meaning.rule, meaning.cost, margin, answer.confidence)
