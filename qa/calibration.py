"""From the reader's logits to a probability that the answer is right, and to the decision to give it."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from index.errors import ModelError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.decoder import Candidate

MODES = ("strict", "balanced", "eager")
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
        others = (c.margin for c in candidates[1:] if texts[c] != texts[best] and not overlap(c, best))
        return cls(
            margin=best.margin,
            score=best.score,
            focus=best.focus,
            gap=min(12.0, best.margin - next(others, -math.inf)),
            windows=math.log(max(1, windows)),
            rank=math.log(rank or 1),
            length=math.log(max(1, len(texts[best].split()))),
        )


def overlap(one: Candidate, other: Candidate) -> bool:
    """Return whether two candidates share a code point."""
    return one.article_id == other.article_id and one.start < other.end and other.start < one.end


@dataclass(frozen=True, slots=True)
class Calibrator:
    """A logistic regression on features of the best span, with the operating points of the three modes.

    Attributes:
        fingerprint: Of the reader whose logits it was fitted to.
        mean, scale: Of each feature on the questions that it was fitted to.
        weights: Of each standardised feature, in log odds.
        bias: Log odds where every feature is average.
        thresholds: The least confidence at which each mode answers.
        fitted_on: What it was fitted to and how well it does there; for people.
    """

    fingerprint: str
    mean: dict[str, float]
    scale: dict[str, float]
    weights: dict[str, float]
    bias: float
    thresholds: dict[str, float]
    fitted_on: dict[str, Any]

    def confidence(self, features: Features) -> float:
        """Return the probability in [0, 1] that the best span is right."""
        values = asdict(features)
        odds = self.bias + sum(
            weight * (values[name] - self.mean[name]) / self.scale[name] for name, weight in self.weights.items()
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))

    def save(self, folder: Path) -> None:
        """Write ``calibrator.json`` beside the model, whole or not at all."""
        scratch = folder / f".{CALIBRATOR_FILE}.tmp"
        scratch.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")
        scratch.replace(folder / CALIBRATOR_FILE)

    @classmethod
    def load(cls, folder: Path | None, fingerprint: str) -> Self | None:
        """Return the calibrator beside a model, or None when it has none or one that was fitted to other weights.

        Raises:
            ModelError: The file is there and cannot be understood.
        """
        path = folder / CALIBRATOR_FILE if folder else None
        if path is None or not path.is_file():
            return None
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            calibrator = cls(**{entry.name: data[entry.name] for entry in fields(cls)})
            if not {entry.name for entry in fields(Features)} >= calibrator.weights.keys():
                raise ValueError("it weighs features that are not measured")
            if calibrator.thresholds.keys() != set(MODES):
                raise ValueError("its modes are not strict, balanced and eager")
        except (ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"{path} is not a calibrator ({error!r}): fit it again with article-qa calibrate."
            ) from None
        return calibrator if calibrator.fingerprint == fingerprint else None


def checked_mode(mode: str) -> str:
    """Return the mode.

    Raises:
        UsageError: There is no such mode.
    """
    if mode not in MODES:
        raise UsageError(f"There is no mode {mode!r}: choose {', '.join(MODES[:-1])} or {MODES[-1]}.")
    return mode
