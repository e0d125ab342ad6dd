"""From the reader's logits to a probability that the answer is right, and to the decision to give it."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from index.errors import ModelError, UsageError
from index.files import replace_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.decoder import Candidate

MODES = ("strict", "balanced", "eager")
OUTCOMES = ("absent", "elsewhere", "right")  # the text has no answer; it has another; the best span is the answer
CALIBRATOR_FILE = "calibrator.json"
# Margins in logits for readers that have no calibrator; 0 is where a span and "not here" are equally likely.
PLAIN_THRESHOLDS = {"strict": 3.0, "balanced": 0.0, "eager": -3.0}


@dataclass(frozen=True, slots=True)
class Features:
    """What the calibrator knows about the best span of a question, over all windows of the articles asked.

    Attributes:
        margin: Its margin over "not here" in its window, in logits.
        score: Its start logit plus its end logit.
        focus: Log of its share among all spans of its window.
        gap: How far the best other answer (elsewhere, other words) is behind it, in logits, at most 12.
        windows: Log of the number of windows read; each is a chance to be wrong.
        rank: Log of the retrieval rank of its passage; 0 when the article was read whole.
        length: Log of its number of words.
    """

    margin: float
    score: float
    focus: float
    gap: float
    windows: float
    rank: float
    length: float

    @classmethod
    def of(
        cls, candidates: Sequence[Candidate], texts: Mapping[Candidate, str], windows: int, rank: int | None
    ) -> Self:
        """Measure the first candidate against the others; ``texts`` gives the words of each, normalised."""
        best = candidates[0]
        others = (c.belief for c in candidates[1:] if texts[c] != texts[best] and not overlap(c, best))
        return cls(
            margin=best.margin,
            score=best.score,
            focus=best.focus,
            gap=min(12.0, best.belief - next(others, -math.inf)),
            windows=math.log(max(1, windows)),
            rank=math.log(rank or 1),
            length=math.log(max(1, len(texts[best].split()))),
        )


def overlap(one: Candidate, other: Candidate) -> bool:
    """Return whether two candidates share a code point."""
    return one.article_id == other.article_id and one.start < other.end and other.start < one.end


@dataclass(frozen=True, slots=True)
class Calibrator:
    """A multinomial logistic regression on features of the best span, with the operating points of the three modes.

    A best span is right, or the answer is elsewhere in the text, or the text has none. Telling the two ways of being
    wrong apart makes the probability of the first more accurate than asking only whether it is right: they look
    different, and no one straight line parts both from it.

    Attributes:
        fingerprint: Of the reader whose logits it was fitted to.
        mean, scale: Of each feature on the questions that it was fitted to.
        weights: Of each standardised feature, for each of ``OUTCOMES``, in logits.
        bias: Logit of each outcome where every feature is average.
        thresholds: The least confidence at which each mode answers.
        fitted_on: What it was fitted to and how well its like does on other titles, see ``eval.calibrate``; for people.
    """

    fingerprint: str
    mean: dict[str, float]
    scale: dict[str, float]
    weights: dict[str, dict[str, float]]
    bias: dict[str, float]
    thresholds: dict[str, float]
    fitted_on: dict[str, Any]

    def confidence(self, features: Features) -> float:
        """Return the probability in [0, 1] that the best span is right."""
        values = asdict(features)
        standard = {name: (values[name] - self.mean[name]) / self.scale[name] for name in self.mean}
        logits = {
            outcome: self.bias[outcome] + sum(weight * standard[name] for name, weight in weights.items())
            for outcome, weights in self.weights.items()
        }
        highest = max(logits.values())  # taken off so that no exponential overflows
        shares = {outcome: math.exp(logit - highest) for outcome, logit in logits.items()}
        return shares["right"] / sum(shares.values())

    def save(self, folder: Path) -> None:
        """Write ``calibrator.json`` beside the model, whole or not at all."""
        replace_text(folder / CALIBRATOR_FILE, json.dumps(asdict(self), indent=1) + "\n")

    @classmethod
    def load(cls, folder: Path | None, fingerprint: str) -> Self | None:
        """Return the calibrator beside a model, or None when it has none or one that was fitted to other weights.

        Raises:
            ModelError: The file is there and cannot be understood.
        """
        calibrator = cls.read(folder) if folder else None
        return calibrator if calibrator and calibrator.fingerprint == fingerprint else None

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Return the calibrator in a folder, whatever it was fitted to, or None when there is none.

        Raises:
            ModelError: The file is there and cannot be understood.
        """
        path = folder / CALIBRATOR_FILE
        if not path.is_file():
            return None
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            calibrator = cls(**{entry.name: data[entry.name] for entry in fields(cls)})
            if "right" not in calibrator.weights or not set(OUTCOMES) >= calibrator.weights.keys():
                raise ValueError("its outcomes are not " + ", ".join(OUTCOMES))
            if set(calibrator.bias) != set(calibrator.weights):
                raise ValueError("its biases are not those of its outcomes")
            if not {entry.name for entry in fields(Features)} >= set().union(*calibrator.weights.values()):
                raise ValueError("it weighs features that are not measured")
            if calibrator.thresholds.keys() != set(MODES):
                raise ValueError("its modes are not strict, balanced and eager")
            # This fails where what it weighs has no mean or scale.
            calibrator.confidence(Features(*[0.0] * len(fields(Features))))
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
            raise ModelError(
                f"{path} is not a calibrator ({error!r}): fit it again with article-qa calibrate."
            ) from None
        return calibrator


def checked_mode(mode: str) -> str:
    """Return the mode.

    Raises:
        UsageError: There is no such mode.
    """
    if mode not in MODES:
        raise UsageError(f"There is no mode {mode!r}: choose {', '.join(MODES[:-1])} or {MODES[-1]}.")
    return mode
