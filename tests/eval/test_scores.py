"""Averages, and the best thresholds against the definition of the official script."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics import exact_match, f1
from eval.scores import Scores


def metrics_of(outcomes, mode="balanced"):
    return Scores.of(outcomes, mode).metrics()


def test_averages_of_each_group(made):
    metrics = metrics_of(
        [
            made("Paris", ["Paris"]),
            made("Lyon", ["Lyon"], answered=False),
            made("Nice today", ["Nice"]),
            made("Rome", answered=False),
            made("Rome"),
        ]
    )
    assert (metrics["total"], metrics["HasAns_total"], metrics["NoAns_total"]) == (5, 3, 2)
    assert (metrics["exact"], metrics["NoAns_exact"], metrics["NoAns_f1"]) == (40, 50, 50)
    assert metrics["HasAns_exact"] == metrics["HasAns_right"] == pytest.approx(100 / 3, abs=0.001)
    assert metrics["HasAns_f1"] == pytest.approx(100 * (1 + 0 + 2 / 3) / 3, abs=0.001)
    assert metrics["best_span_exact"] == pytest.approx(200 / 3, abs=0.001)
    assert (metrics["answered"], metrics["answered_wrong"]) == (60, pytest.approx(200 / 3, abs=0.001))
    assert metrics["milliseconds"] == metrics["milliseconds_p95"] == 10


def test_a_right_word_at_the_wrong_place_is_exact_but_not_positionally(made):
    metrics = metrics_of(
        [
            made("Ann", ["Ann"], starts=[5], start=5),
            made("Ann", ["Ann"], starts=[5], start=50),
            made("x", answered=False),
            made("Bob", ["Bob"]),  # whose place is not known
        ]
    )
    assert metrics["exact"] == 100
    assert metrics["HasAns_positional_exact"] == 50
    assert metrics["positional_exact"] == pytest.approx(200 / 3, abs=0.001)


def test_what_averages_over_nothing_is_left_out(made):
    metrics = metrics_of([made("Paris", ["Paris"])])
    absent = {"NoAns_exact", "NoAns_total", "positional_exact", "HasAns_positional_exact", "recall@1", "mrr"}
    assert not absent & set(metrics)
    assert metrics_of([]) == {"total": 0}


def test_retrieval_counts_only_searched_articles_whose_answer_has_a_place(made):
    searched = {"searched": True, "starts": [0]}
    metrics = metrics_of(
        [
            made("a", ["a"], gold_rank=1, **searched),
            made("a", ["a"], gold_rank=4, **searched),
            made("a", ["a"], gold_rank=None, **searched),
            made("a", ["a"], starts=[0]),  # read whole
            made("a", ["a"], searched=True),  # no place
            made("a", searched=True),  # no answer
        ]
    )
    assert metrics["retrieval_total"] == 3
    assert [metrics[f"recall@{k}"] for k in (1, 3, 5, 8)] == pytest.approx(
        [100 / 3, 100 / 3, 200 / 3, 200 / 3], abs=0.01
    )
    assert metrics["mrr"] == pytest.approx((1 + 1 / 4) / 3, abs=0.0001)


def naive_best(rows):
    """The definition: answer whatever is not above the threshold; try nothing, then every value there is.

    Each row has the probability of no answer, the score of answering and the score of declining.
    """
    best, threshold = sum(decline for _, _, decline in rows), None
    for tried in sorted({no_answer for no_answer, _, _ in rows}):
        total = sum(answer if no_answer <= tried else decline for no_answer, answer, decline in rows)
        if total > best + 1e-9:
            best, threshold = total, tried
    return 100 * best / len(rows), threshold


WORDS = st.sampled_from(["red", "blue", "red blue", "red blue green", "green"])
ROWS = st.lists(
    st.tuples(WORDS, st.lists(WORDS, max_size=2), st.integers(0, 8)), min_size=1, max_size=30
)  # best span, gold answers, how sure


@settings(max_examples=200, deadline=None)
@given(ROWS, st.booleans())
def test_best_thresholds_equal_the_naive_definition(made, rows, calibrated):
    outcomes = [
        made(best, gold, confidence=sure / 8 if calibrated else None, margin=sure - 4.0) for best, gold, sure in rows
    ]
    metrics = metrics_of(outcomes)
    for name, score in (("exact", exact_match), ("f1", f1)):
        best, threshold = naive_best(
            [
                (1 - sure / 8 if calibrated else 4.0 - sure, score(best, gold), float(not gold))
                for best, gold, sure in rows
            ]
        )
        assert metrics[f"best_{name}"] == pytest.approx(best, abs=0.001)
        if threshold is None:  # nothing is answered
            assert metrics[f"best_{name}_thresh"] < min(1 - s / 8 if calibrated else 4.0 - s for _, _, s in rows) or (
                calibrated and metrics[f"best_{name}_thresh"] == 0
            )
        else:
            assert metrics[f"best_{name}_thresh"] == pytest.approx(threshold)


@settings(deadline=None)
@given(ROWS)
def test_the_official_averages_are_weighted_by_their_groups(made, rows):
    metrics = metrics_of([made(best, gold, answered=sure > 4) for best, gold, sure in rows])
    for name in ("exact", "f1"):
        parts = [metrics.get(f"{kind}_{name}", 0) * metrics.get(f"{kind}_total", 0) for kind in ("HasAns", "NoAns")]
        assert metrics[name] == pytest.approx(sum(parts) / metrics["total"], abs=0.001)


def test_times_that_are_not_known_are_left_out(made):
    outcomes = [made("Ada", ["Ada"]), made("", ["Ada"], milliseconds=None)]
    assert Scores.of(outcomes, "balanced").metrics()["milliseconds_p50"] == 10
    assert "milliseconds_p50" not in Scores.of(outcomes[1:], "balanced").metrics()


def test_to_decline_is_right_where_normalising_leaves_nothing_of_the_gold_answer(made):
    """As in the official script, in which such an answer is an empty one."""
    outcomes = [made("a thing", ["The"], answered=False), made("a thing", ["The"]), made("", ["A", "x"])]
    scores = Scores.of(outcomes, "balanced")
    assert scores.exact.tolist() == [1, 0, 0]
    assert scores.f1.tolist() == [1, 0, 0]
    assert scores.right.tolist() == [outcome.right("balanced") for outcome in outcomes]
