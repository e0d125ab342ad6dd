"""The bundled reader on the gold sets: the floor under which it must not fall, whatever is changed around it."""

from __future__ import annotations

import pytest

from eval.datasets import GOLD, gold_files, load_squad
from eval.evaluator import AnswerEvaluator
from qa import Library


@pytest.fixture(scope="module")
def library():
    return Library()


@pytest.mark.shared
def test_the_shared_article_is_answered_and_declined_well_enough(library, shared):
    metrics = AnswerEvaluator(load_squad(GOLD / "shared_article.json", contexts=shared))(library)
    assert metrics["HasAns_right"] >= 58
    assert metrics["NoAns_exact"] >= 80


def test_the_samples_are_answered_and_declined_well_enough(library):
    outcomes = [
        outcome
        for path in gold_files()
        if path.stem != "shared_article"
        for outcome in AnswerEvaluator(load_squad(path)).outcomes(library)
    ]
    answerable = [outcome.right("balanced") for outcome in outcomes if outcome.gold]
    unanswerable = [outcome.right("balanced") for outcome in outcomes if not outcome.gold]
    assert sum(answerable) / len(answerable) >= 0.57
    assert sum(unanswerable) / len(unanswerable) >= 0.55


def test_stricter_modes_answer_less(library):
    dataset = load_squad(GOLD / "reward.json")
    shares = [AnswerEvaluator(dataset, mode)(library)["answered"] for mode in ("strict", "balanced", "eager")]
    assert shares == sorted(shares)
    assert shares[0] < shares[2]
