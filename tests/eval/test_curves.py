"""Calibration error and the risk-coverage curve, against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.curves import (
    CURVE_POINTS,
    aurc,
    coverage_at,
    expected_calibration_error,
    operating_rates,
    reliability,
    thinned_curve,
)

JUDGED = st.lists(st.tuples(st.integers(0, 10), st.booleans()), min_size=1, max_size=40)


def arrays(judged):
    return np.array([t / 10 for t, _ in judged]), np.array([r for _, r in judged])


def naive_risks(judged):
    """Of each question: the share wrong among all that are trusted at least as much."""
    for trust, _ in judged:
        group = [right for other, right in judged if other >= trust]
        yield len(group) / len(judged), group.count(False) / len(group)


@settings(deadline=None)
@given(JUDGED)
def test_aurc_is_the_mean_risk_over_the_coverages(judged):
    assert aurc(*arrays(judged)) == pytest.approx(sum(risk for _, risk in naive_risks(judged)) / len(judged))


@settings(deadline=None)
@given(JUDGED, st.sampled_from([0.5, 0.8, 1.0]))
def test_coverage_at_an_accuracy_is_the_greatest_that_keeps_it(judged, accuracy):
    kept = [coverage for coverage, risk in naive_risks(judged) if risk <= 1 - accuracy + 1e-9]
    assert coverage_at(accuracy, *arrays(judged)) == pytest.approx(max(kept, default=0))


def test_a_perfect_order_has_the_least_area():
    right = np.array([True, True, False, False])
    assert aurc(np.array([4.0, 3, 2, 1]), right) == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)
    assert aurc(np.array([1.0, 2, 3, 4]), right) > aurc(np.array([4.0, 3, 2, 1]), right)


def test_calibration_error_by_hand():
    confidence = np.array([0.9, 0.9, 0.1, 0.1])
    assert expected_calibration_error(confidence, np.array([True, True, False, False]), 10) == pytest.approx(0.1)
    assert expected_calibration_error(confidence, np.array([False, False, True, True]), 10) == pytest.approx(0.9)


@settings(deadline=None)
@given(JUDGED)
def test_bins_hold_every_question_once(judged):
    bins = reliability(*arrays(judged))
    assert sum(part["count"] for part in bins) == len(judged)
    for part in bins:
        assert part["low"] - 1e-9 <= part["confidence"] <= part["high"] + 1e-9


def test_the_drawn_curve_is_short_and_keeps_its_ends():
    rng = np.random.default_rng(0)
    trust, right = rng.random(5000), rng.random(5000) < 0.7
    points = thinned_curve(trust, right)
    assert len(points) == CURVE_POINTS
    assert points[-1] == [1.0, round(float((~right).mean()), 4)]


def test_operating_rates_by_hand():
    shown, right = np.array([True, True, False, False]), np.array([True, False, True, False])
    rates = operating_rates(shown, right, np.array([True, False, True, False]))
    assert rates == {"coverage": 0.5, "error": 0.5, "answered_right": 0.5, "declined": 0.5}
    nothing = np.zeros(4, bool)
    assert operating_rates(nothing, right, ~nothing) == {"coverage": 0.0, "answered_right": 0.0}
    assert operating_rates(shown, right, nothing) == {"coverage": 0.5, "error": 0.5, "declined": 0.5}
