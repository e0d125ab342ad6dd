"""The scores of many questions as arrays, and every average that is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eval.bootstrap import Average
from eval.curves import aurc, best_threshold, coverage_at, expected_calibration_error
from eval.metrics import RIGHT_F1, exact_match, f1, in_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from eval.outcome import Outcome

    Flags = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

RANKS = (1, 3, 5, 8)  # of the passages that are read, where the right one is looked for
PERCENTILES = (50, 95)
TARGET_ACCURACY = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """n questions in one mode; every array has the shape (n,).

    Attributes:
        answerable: Whether the text says.
        answered: Whether the mode gave an answer.
        empty: EM and F1 of giving none: 1 where there is no gold answer, or one of which normalising leaves nothing.
        best_exact, best_f1: Of the best span, whether given or not; for unanswerable questions, of having none.
        best_placed: Whether the best span equals a gold answer in that answer's place.
        placed: Whether a place of a gold answer is known.
        trust: What the mode decides by: confidence, or margin without a calibrator; -inf where nothing was read.
        calibrated: Whether ``trust`` is a confidence.
        nonempty: Whether there is a best span.
        gold_rank: Rank of the first passage that holds a gold answer, inf when none does.
        searched: Whether passages were searched for and a place of a gold answer is known.
        milliseconds: What the question took, NaN where that is not known.
    """

    answerable: Flags
    answered: Flags
    empty: Numbers
    best_exact: Numbers
    best_f1: Numbers
    best_placed: Flags
    placed: Flags
    trust: Numbers
    calibrated: bool
    nonempty: Flags
    gold_rank: Numbers
    searched: Flags
    milliseconds: Numbers

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], mode: str) -> Scores:
        """Score the outcomes in a mode."""
        calibrated = any(o.confidence is not None for o in outcomes)
        trust = [o.confidence if calibrated else o.margin for o in outcomes]
        placed = _flags(any(start is not None for start in o.starts) for o in outcomes)
        return cls(
            answerable=_flags(bool(o.gold) for o in outcomes),
            answered=_flags(mode in o.answered_in for o in outcomes),
            empty=_numbers(exact_match("", o.gold) for o in outcomes),
            best_exact=_numbers(exact_match(o.best, o.gold) for o in outcomes),
            best_f1=_numbers(f1(o.best, o.gold) for o in outcomes),
            best_placed=_flags(o.start is not None and in_place(o.best, o.start, o.gold, o.starts) for o in outcomes),
            placed=placed,
            trust=_numbers(-np.inf if value is None else value for value in trust),
            calibrated=calibrated,
            nonempty=_flags(bool(o.best) for o in outcomes),
            gold_rank=_numbers(o.gold_rank or np.inf for o in outcomes),
            searched=placed & _flags(o.searched for o in outcomes),
            milliseconds=_numbers(sum(o.milliseconds.values()) if o.milliseconds else np.nan for o in outcomes),
        )

    @property
    def exact(self) -> Numbers:
        """Exact match of what the mode answered."""
        return np.where(self.answered, self.best_exact, self.empty)

    @property
    def f1(self) -> Numbers:
        """F1 of what the mode answered."""
        return np.where(self.answered, self.best_f1, self.empty)

    @property
    def right(self) -> Flags:
        """Whether the mode answered exactly or with an F1 of at least 0.8, or declined what is unanswerable."""
        return self.f1 >= RIGHT_F1

    @property
    def best_right(self) -> Flags:
        """Whether the best span answers the question; never where the text does not say."""
        return self.answerable & (self.best_f1 >= RIGHT_F1)

    def averages(self) -> dict[str, Average]:
        """Return what is averaged, by the name of its metric; averages over no question are left out."""
        has, lacks, everything = self.answerable, ~self.answerable, np.ones_like(self.answerable)
        positional = np.where(self.answered, self.best_placed, lacks).astype(float)
        located = (self.placed | lacks) if self.placed.any() else self.placed
        averages = {
            "exact": Average(self.exact, everything),
            "f1": Average(self.f1, everything),
            "HasAns_exact": Average(self.exact, has),
            "HasAns_f1": Average(self.f1, has),
            "NoAns_exact": Average(self.exact, lacks),
            "NoAns_f1": Average(self.f1, lacks),
            "HasAns_right": Average(self.right.astype(float), has),
            "positional_exact": Average(positional, located),
            "HasAns_positional_exact": Average(positional, self.placed),
            "best_span_exact": Average(self.best_exact, has),
            "best_span_f1": Average(self.best_f1, has),
            "answered": Average(self.answered.astype(float), everything),
            "answered_wrong": Average((~self.right).astype(float), self.answered),
            **{f"recall@{k}": Average((self.gold_rank <= k).astype(float), self.searched) for k in RANKS},
            "mrr": Average(1 / self.gold_rank, self.searched, scale=1.0),
        }
        return {name: average for name, average in averages.items() if average.counted.any()}

    def metrics(self) -> dict[str, float]:
        """Return the metrics, those of SQuAD 2.0 under their official names.

        Shares and scores are in percent; ``mrr``, ``ece``, ``aurc`` and thresholds are not. Metrics that average over
        no question are left out.
        """
        n, has = len(self.answerable), int(self.answerable.sum())
        metrics: dict[str, float] = {"total": n}
        if not n:
            return metrics
        metrics |= {name: _rounded(average.mean) for name, average in self.averages().items()}
        metrics |= {name: count for name, count in (("HasAns_total", has), ("NoAns_total", n - has)) if count}
        if searched := int(self.searched.sum()):
            metrics["retrieval_total"] = searched
        return metrics | self._best_thresholds() | self._trust_metrics() | self._latency()

    def _best_thresholds(self) -> dict[str, float]:
        """Score the best single threshold on the probability of no answer: 1 - confidence, or -margin."""
        no_answer = (1.0 if self.calibrated else 0.0) - self.trust
        metrics = {}
        for name, best in (("exact", self.best_exact), ("f1", self.best_f1)):
            gains = np.where(self.answerable, best, -1.0 * self.nonempty)
            total, threshold = best_threshold(gains, no_answer, int((~self.answerable).sum()))
            metrics[f"best_{name}"] = _rounded(100 * total / len(best))
            metrics[f"best_{name}_thresh"] = threshold
        return metrics

    def _trust_metrics(self) -> dict[str, float]:
        metrics = {
            "aurc": _rounded(aurc(self.trust, self.best_right)),
            "coverage_at_80": _rounded(100 * coverage_at(TARGET_ACCURACY, self.trust, self.best_right)),
        }
        read = self.nonempty  # where there was nothing to read, nothing was believed
        if self.calibrated and read.any():
            metrics["ece"] = _rounded(expected_calibration_error(self.trust[read], self.best_right[read]))
        return metrics

    def _latency(self) -> dict[str, float]:
        known = self.milliseconds[~np.isnan(self.milliseconds)]
        if not known.size:
            return {}
        named = {f"milliseconds_p{p}": float(np.percentile(known, p)) for p in PERCENTILES}
        return {name: round(value, 2) for name, value in named.items()} | {
            "milliseconds": round(float(known.mean()), 2)
        }


def _flags(values: Iterable[bool]) -> Flags:
    return np.fromiter(values, dtype=np.bool_)


def _numbers(values: Iterable[float]) -> Numbers:
    return np.fromiter(values, dtype=np.float64)


def _rounded(value: float) -> float:
    return round(value, 4)
