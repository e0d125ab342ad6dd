"""Two runs of the same questions: what got better, what got worse, and whether that can be chance."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from eval.bootstrap import Average, paired_p, percentile_interval, resampled
from eval.outcome import Outcome
from eval.scores import Scores
from qa import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from eval.report.document import Report, ReportedSet


@dataclass(frozen=True, slots=True)
class Change:
    """How one metric differs between two runs.

    Attributes:
        difference: Second minus first.
        interval: Its 95% interval by a paired bootstrap over the questions.
        p: Of no difference: exact McNemar for right and wrong, a permutation test for scores in between; None where
            the runs do not count the same questions.
    """

    metric: str
    first: float
    second: float
    difference: float
    interval: list[float]
    p: float | None


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that one run got right and the other did not; an empty answer declined."""

    id: str
    question: str
    gold: tuple[str, ...]
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The common questions of two runs over a set.

    Attributes:
        dataset: Name of the set.
        modes: Of the first and the second run.
        common: How many questions both asked.
        asked: How many each asked.
        changes: Of every metric that both have.
        better: The questions that only the second run got right.
        worse: Those that only the first did.
    """

    dataset: str
    modes: tuple[str, str]
    common: int
    asked: tuple[int, int]
    changes: tuple[Change, ...]
    better: tuple[Flip, ...]
    worse: tuple[Flip, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON-ready values."""
        return asdict(self)


def compare(first: Report, second: Report) -> list[Comparison]:
    """Compare the sets of two reports that have questions in common, in the modes that both have.

    Raises:
        UsageError: No question is in both.
    """
    compared = [
        _compared(one, other, modes)
        for one, other in _matched(first, second)
        if {o.key for o in one.outcomes} & {o.key for o in other.outcomes}
        for modes in _modes(first.modes, second.modes)
    ]
    if not compared:
        raise UsageError(
            f"The runs asked {_described(first)} and {_described(second)}, without one question in common: compare runs"
            " of the same files, both at article level or neither."
        )
    return compared


def _matched(first: Report, second: Report) -> Iterator[tuple[ReportedSet, ReportedSet]]:
    """Yield the sets of one name, in their order; where each report has but one set, its name does not matter."""
    if len(first.sets) == len(second.sets) == 1:
        yield first.sets[0], second.sets[0]
        return
    others = list(second.sets)
    for reported in first.sets:
        other = next((one for one in others if one.dataset == reported.dataset), None)
        if other is not None:
            others.remove(other)
            yield reported, other


def _modes(first: Sequence[str], second: Sequence[str]) -> list[tuple[str, str]]:
    return [(mode, mode) for mode in first if mode in second] or [(first[0], second[0])]


def _compared(first: ReportedSet, second: ReportedSet, modes: tuple[str, str]) -> Comparison:
    others = {outcome.key: outcome for outcome in second.outcomes}
    pairs = [(outcome, others[outcome.key]) for outcome in first.outcomes if outcome.key in others]
    one, other = (Scores.of([pair[at] for pair in pairs], modes[at]) for at in (0, 1))
    return Comparison(
        dataset=first.dataset,
        modes=modes,
        common=len(pairs),
        asked=(len(first.outcomes), len(second.outcomes)),
        changes=tuple(_changes(one.averages(), other.averages())),
        better=tuple(_flips(pairs, modes, ~one.right & other.right)),
        worse=tuple(_flips(pairs, modes, one.right & ~other.right)),
    )


def _changes(first: dict[str, Average], second: dict[str, Average]) -> Iterator[Change]:
    shared = [name for name in first if name in second]
    # The same seed draws the same questions for both.
    samples = resampled(first), resampled(second)
    for name in shared:
        before, after = first[name].mean, second[name].mean
        yield Change(
            metric=name,
            first=round(before, 4),
            second=round(after, 4),
            difference=round(after - before, 4),
            interval=percentile_interval(samples[1][name] - samples[0][name]),
            p=paired_p(first[name], second[name]),
        )


def _flips(
    pairs: Sequence[tuple[Outcome, Outcome]], modes: tuple[str, str], flipped: NDArray[np.bool_]
) -> Iterator[Flip]:
    for (one, other), yes in zip(pairs, flipped, strict=True):
        if yes:
            yield Flip(one.id, one.question, one.gold, one.predicted(modes[0]), other.predicted(modes[1]))


def _described(report: Report) -> str:
    return ", ".join(f"{reported.dataset} ({len(reported.outcomes)})" for reported in report.sets) or "nothing"
