"""Intervals that hold what they promise, and p-values worked out another way."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from eval.bootstrap import Average, intervals, mcnemar_p, paired_p, permutation_p, resampled


def average(values, counted=None):
    values = np.asarray(values, dtype=float)
    return Average(values, np.ones(len(values), bool) if counted is None else np.asarray(counted, bool))


def test_about_95_of_100_intervals_hold_the_truth():
    rng = np.random.default_rng(1)
    hits = 0
    for seed in range(200):
        low, high = intervals({"x": average(rng.random(150) < 0.3)}, seed)["x"]
        hits += low <= 30 <= high
    assert 180 <= hits <= 199  # of a binomial of 0.95, all but one in a thousand lie there


def test_a_seed_draws_the_same_and_the_mean_lies_inside():
    values = average(np.random.default_rng(2).random(80))
    first, again = intervals({"x": values}), intervals({"x": values})
    assert first == again != intervals({"x": values}, seed=1)
    low, high = first["x"]
    assert low < values.mean < high


def test_only_what_is_counted_is_averaged():
    kept = average([1, 0, 1, 99, -99], [1, 1, 1, 0, 0])
    assert kept.mean == pytest.approx(200 / 3)
    assert np.nanmax(resampled({"x": kept})["x"]) <= 100
    assert intervals({"none": average([1.0], [0])}) == {}


@pytest.mark.parametrize(
    ("gained", "lost", "p"), [(0, 0, 1), (0, 5, 2 / 32), (5, 0, 2 / 32), (8, 2, 112 / 1024), (3, 3, 1)]
)
def test_mcnemar_by_hand(gained, lost, p):
    assert mcnemar_p(gained, lost) == pytest.approx(p)


def test_mcnemar_of_many_changes_does_not_overflow():
    assert 0 < mcnemar_p(700, 500) < 0.001


def test_the_permutation_test_agrees_with_all_permutations():
    differences = np.array([0.5, 0.2, -0.1, 0.4, 0.3, 0, 0.25])
    moved = differences[differences != 0]
    every = [abs(np.dot(signs, moved)) >= abs(moved.sum()) - 1e-9 for signs in product((-1, 1), repeat=len(moved))]
    assert permutation_p(differences) == pytest.approx(np.mean(every), abs=0.01)
    assert permutation_p(np.zeros(4)) == 1


def test_right_and_wrong_go_to_mcnemar_and_other_scores_to_permutations():
    one, two = average([0, 0, 0, 0, 0, 1]), average([1, 1, 1, 1, 1, 1])
    assert paired_p(one, two) == pytest.approx(2 / 32)
    assert paired_p(average([0.1, 0.2]), average([0.1, 0.2])) == 1
    assert paired_p(one, average([1] * 6, [1, 1, 1, 1, 1, 0])) is None
