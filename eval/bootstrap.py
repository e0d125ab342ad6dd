"""How far figures would move with other questions, and whether two runs of the same questions differ."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

RESAMPLES = 1000
PERMUTATIONS = 10_000
_AT_ONCE = 4_000_000  # numbers drawn together, to bound memory


@dataclass(frozen=True, slots=True, eq=False)
class Average:
    """The mean of a value over some of n questions.

    Attributes:
        values: Of each question, shape (n,); what is not counted may hold anything finite.
        counted: Which questions are averaged over, shape (n,).
        scale: What the mean is multiplied by; 100 makes a percentage.
    """

    values: NDArray[np.float64]
    counted: NDArray[np.bool_]
    scale: float = 100.0

    @property
    def mean(self) -> float:
        """The mean, scaled; NaN when nothing is counted."""
        return self.scale * float(self.values[self.counted].mean()) if self.counted.any() else float("nan")


def resampled(averages: Mapping[str, Average], seed: int = 0) -> dict[str, NDArray[np.float64]]:
    """Return each average over ``RESAMPLES`` samples of the n questions, drawn with replacement.

    The samples depend on n and the seed alone, so that two runs of the same questions can be compared sample by sample.
    """
    if not averages:
        return {}
    listed = list(averages.values())
    sums = np.stack([average.values * average.counted for average in listed], axis=1)  # (n, averages)
    counts = np.stack([average.counted for average in listed], axis=1).astype(np.float64)
    n, rng = len(sums), np.random.default_rng(seed)
    rows: list[NDArray[np.float64]] = []
    step = max(1, _AT_ONCE // max(1, n))
    for done in range(0, RESAMPLES, step):
        drawn = rng.integers(0, n, (min(step, RESAMPLES - done), n))
        times = np.stack([np.bincount(row, minlength=n) for row in drawn]).astype(np.float64)  # (samples, n)
        with np.errstate(invalid="ignore", divide="ignore"):
            rows.append(times @ sums / (times @ counts))  # (samples, averages)
    table = np.concatenate(rows) * np.array([average.scale for average in listed])
    return dict(zip(averages, table.T, strict=True))


def intervals(averages: Mapping[str, Average], seed: int = 0) -> dict[str, list[float]]:
    """Return the 95% percentile interval of each average that counts anything (Efron 1979)."""
    samples = resampled({name: average for name, average in averages.items() if average.counted.any()}, seed)
    return {name: percentile_interval(values) for name, values in samples.items()}


def percentile_interval(samples: NDArray[np.float64]) -> list[float]:
    """Return where the middle 95% of samples lie; samples that are NaN, for they counted nothing, are left out."""
    low, high = np.nanpercentile(samples, [2.5, 97.5])
    return [round(float(low), 4), round(float(high), 4)]


def paired_p(first: Average, second: Average, seed: int = 0) -> float | None:
    """Return the p-value of no difference between two runs: McNemar's for yes and no, else a permutation test's.

    None where the runs do not count the same questions.
    """
    if not np.array_equal(first.counted, second.counted):
        return None
    one, two = first.values[first.counted], second.values[second.counted]
    if np.isin(one, (0, 1)).all() and np.isin(two, (0, 1)).all():
        return mcnemar_p(int(((one == 0) & (two == 1)).sum()), int(((one == 1) & (two == 0)).sum()))
    return permutation_p(two - one, seed)


def mcnemar_p(gained: int, lost: int) -> float:
    """Return the exact two-sided p-value of a binomial of one half (McNemar 1947) for what changed either way."""
    n = gained + lost
    tail = sum(comb(n, k) for k in range(min(gained, lost) + 1))
    return min(1.0, float(Fraction(2 * tail, 2**n)))  # exact before it is rounded: 2**n outgrows a float


def permutation_p(differences: NDArray[np.float64], seed: int = 0) -> float:
    """Return the two-sided p-value of a zero mean when each difference might as well have the other sign."""
    moved = differences[differences != 0]
    if not moved.size:
        return 1.0
    rng, observed, extreme = np.random.default_rng(seed), abs(moved.sum()), 0
    step = max(1, _AT_ONCE // moved.size)
    for done in range(0, PERMUTATIONS, step):
        signs = rng.integers(0, 2, (min(step, PERMUTATIONS - done), moved.size), dtype=np.int8) * 2.0 - 1
        extreme += int((np.abs(signs @ moved) >= observed - 1e-9).sum())
    return (1 + extreme) / (1 + PERMUTATIONS)
