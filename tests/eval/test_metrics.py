"""The official rules, on cases worked out by hand, and the averages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import Outcome, exact_match, f1, normalized, summary


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Cat's, mat!", "cats mat"),
        ("an apple a day", "apple day"),
        ("“Theatre” of the absurd", "“theatre” of absurd"),
        ("U.S.", "us"),
        ("\u00a0The\nend.", "end"),
        ("a", ""),
    ],
)
def test_normalisation_follows_the_official_rules(text, expected):
    assert normalized(text) == expected


@pytest.mark.parametrize(
    ("predicted", "gold", "em", "score"),
    [
        ("Russian officials", ["the Russian officials"], 1, 1),
        ("Russian officials said", ["Russian officials"], 0, 0.8),
        ("officials", ["Russian officials", "they"], 0, 2 / 3),
        ("to be or not to be", ["to be"], 0, 0.5),
        ("", [], 1, 1),
        ("something", [], 0, 0),
        ("", ["something"], 0, 0),
        ("the", ["a"], 1, 1),
        ("cat", ["dog"], 0, 0),
    ],
)
def test_exact_match_and_f1(predicted, gold, em, score):
    assert exact_match(predicted, gold) == em
    assert f1(predicted, gold) == pytest.approx(score)


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=30), max_size=3))
def test_exact_means_full_f1_and_more_gold_never_hurts(predicted, gold):
    if exact_match(predicted, gold):
        assert f1(predicted, gold) == 1
    assert 0 <= f1(predicted, gold) <= f1(predicted, [*gold, predicted])


def outcome(predicted, gold, best=None):
    return Outcome("1", "?", tuple(gold), predicted, predicted if best is None else best, 0.5, 0.0, 10.0)


def test_summary_averages_each_group():
    metrics = summary(
        [
            outcome("Paris", ["Paris"]),
            outcome("", ["Lyon"], best="Lyon"),
            outcome("Nice today", ["Nice"]),
            outcome("", [], best="Rome"),
            outcome("Rome", []),
        ]
    )
    assert metrics["total"] == 5
    assert (metrics["exact"], metrics["HasAns_exact"], metrics["NoAns_exact"]) == (40, 33.33, 50)
    assert metrics["HasAns_f1"] == pytest.approx(100 * (1 + 0 + 2 / 3) / 3, abs=0.01)
    assert metrics["HasAns_right"] == 33.33
    assert metrics["best_span_exact"] == 66.67
    assert (metrics["answered"], metrics["answered_wrong"]) == (60, 66.67)
    assert metrics["milliseconds"] == 10


def test_empty_groups_are_left_out():
    assert "NoAns_exact" not in summary([outcome("Paris", ["Paris"])])
    assert summary([]) == {"total": 0}
