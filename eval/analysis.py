"""Everything that is said about one set of questions in one mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import numpy as np

from eval.bootstrap import Average, intervals
from eval.curves import Bin, operating_rates, reliability, thinned_curve
from eval.groups import ANSWER_LENGTHS, QUESTION_TYPES, answer_length, question_type
from eval.scores import PERCENTILES, Scores
from qa.calibration import MODES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.outcome import Outcome

_PARTS = ("exact", "f1", "best_span_f1")  # what is said about a group of questions


class Group(TypedDict):
    """The questions of one type or answer length: scores in percent, each with its 95% interval."""

    group: str
    total: int
    metrics: dict[str, float]
    intervals: dict[str, list[float]]


class Curve(TypedDict):
    """Risk at each coverage, as shares in [0, 1], when questions are answered from the most trusted on."""

    by: str
    aurc: float
    points: list[list[float]]


class Result(TypedDict):
    """One set of questions in one mode, JSON-ready.

    ``metrics``, ``intervals`` and groups are in percent; ``modes`` has percent and the threshold of each mode;
    ``reliability`` is empty without a calibrator; ``latency`` has milliseconds of a question and of its stages.
    """

    dataset: str
    mode: str
    metrics: dict[str, float]
    intervals: dict[str, list[float]]
    modes: dict[str, dict[str, float]]
    reliability: list[Bin]
    risk_coverage: Curve
    by_type: list[Group]
    by_length: list[Group]
    latency: dict[str, dict[str, float]]
    skipped: list[str]


def analyse(
    name: str,
    outcomes: Sequence[Outcome],
    mode: str,
    thresholds: Mapping[str, float],
    skipped: Sequence[str] = (),
) -> Result:
    """Return all that is known about the outcomes of a set in a mode.

    Args:
        name: Of the set.
        outcomes: At least one.
        mode: That answers.
        thresholds: At which each mode answers.
        skipped: Texts that the set asks about and that were not there.
    """
    scored = {each: Scores.of(outcomes, each) for each in MODES}
    scores = scored[mode]
    metrics = scores.metrics()
    return Result(
        dataset=name,
        mode=mode,
        metrics=metrics,
        intervals=intervals(scores.averages()),
        modes={each: _operating_point(one, thresholds[each]) for each, one in scored.items()},
        reliability=_reliability(scores),
        risk_coverage=Curve(
            by="confidence" if scores.calibrated else "margin",
            aurc=metrics["aurc"],
            points=thinned_curve(scores.trust, scores.best_right),
        ),
        by_type=_groups(scores, [question_type(o.question) for o in outcomes], QUESTION_TYPES),
        by_length=_groups(scores, [answer_length(o.gold) for o in outcomes], ANSWER_LENGTHS),
        latency=_latency(outcomes),
        skipped=list(skipped),
    )


def _operating_point(scores: Scores, threshold: float) -> dict[str, float]:
    rates = operating_rates(scores.answered, scores.best_right, scores.answerable)
    return {"threshold": threshold} | {name: round(100 * rate, 2) for name, rate in rates.items()}


def _reliability(scores: Scores) -> list[Bin]:
    read = scores.nonempty
    return reliability(scores.trust[read], scores.best_right[read]) if scores.calibrated and read.any() else []


def _groups(scores: Scores, labels: Sequence[str], names: Sequence[str]) -> list[Group]:
    averages = {part: average for part, average in scores.averages().items() if part in _PARTS}
    members = {name: np.array([label == name for label in labels]) for name in names if name in labels}
    parts = {
        f"{name} {part}": Average(average.values, average.counted & members[name])
        for name in members
        for part, average in averages.items()
    }
    counted = {label: average for label, average in parts.items() if average.counted.any()}
    ranges = intervals(counted)  # of all groups at once, for drawing samples is what takes time
    return [
        Group(
            group=name,
            total=int(members[name].sum()),
            metrics={p: round(counted[f"{name} {p}"].mean, 4) for p in _PARTS if f"{name} {p}" in counted},
            intervals={p: ranges[f"{name} {p}"] for p in _PARTS if f"{name} {p}" in ranges},
        )
        for name in members
    ]


def _latency(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    taken = [outcome.milliseconds for outcome in outcomes if outcome.milliseconds]
    stages = {"question": [sum(times.values()) for times in taken]}
    stages |= {stage: [times[stage] for times in taken] for stage in (taken[0] if taken else ())}
    return {
        stage: {f"p{p}": round(float(np.percentile(times, p)), 2) for p in PERCENTILES}
        for stage, times in stages.items()
        if times
    }
