"""The bundled reader on the gold sets: the floor under which it must not fall, whatever is changed around it."""

from __future__ import annotations

import pytest

from eval.datasets import GOLD, gold_files, load_squad
from eval.evaluator import AnswerEvaluator
from eval.scores import Scores
from qa import Library
from qa.calibration import MODES


@pytest.fixture(scope="module")
def library():
    return Library()


@pytest.fixture(scope="module")
def outcomes(library):
    """What came of the questions about the samples, by set; to read them takes a while, to score them does not."""
    sets = [path for path in gold_files() if path.stem != "shared_article"]
    return {path.stem: AnswerEvaluator(load_squad(path)).outcomes(library) for path in sets}


@pytest.mark.shared
def test_the_shared_article_is_answered_and_declined_well_enough(library, shared):
    metrics = AnswerEvaluator(load_squad(GOLD / "shared_article.json", contexts=shared))(library)
    assert metrics["HasAns_right"] >= 58
    assert metrics["NoAns_exact"] >= 80


def test_the_samples_are_answered_and_declined_well_enough(outcomes):
    scores = Scores.of([outcome for found in outcomes.values() for outcome in found], "balanced")
    assert scores.right[scores.answerable].mean() >= 0.57
    assert scores.right[~scores.answerable].mean() >= 0.55


def test_stricter_modes_answer_less(outcomes):
    shares = [Scores.of(outcomes["reward"], mode).answered.mean() for mode in MODES]
    assert shares == sorted(shares)
    assert shares[0] < shares[2]
