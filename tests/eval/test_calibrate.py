"""Fitting confidence and operating points, on made-up outcomes whose truth is known."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest
from models import KeywordReader

from eval.calibrate import (
    BALANCED_ERROR,
    EAGER_DECLINED,
    STRICT_ERROR,
    calibrate,
    fit,
    operating_points,
)  # fmt: skip
from eval.calibration_set import calibration_set
from eval.curves import expected_calibration_error, operating_rates
from qa import Library, ModelError
from qa.calibration import Calibrator, Features
from qa.training.split import held_out


def made_up(count=4000, seed=0):
    rng = np.random.default_rng(seed)
    margin = rng.normal(0, 4, count)
    probability = 1 / (1 + np.exp(-margin))
    right = rng.random(count) < probability
    answerable = right | (rng.random(count) < 0.3)
    features = [Features(m, 5.0, -1.0, 2.0, 1.0, 0.0, g) for m, g in zip(margin, rng.normal(0, 1, count), strict=True)]
    return features, right, answerable, probability


def test_the_fit_recovers_the_probability_of_new_questions():
    features, right, answerable, _ = made_up()
    calibrator = fit(features, right, answerable, "abc")
    others, outcome, _, truth = made_up(seed=1)
    confidence = np.array([calibrator.confidence(row) for row in others])
    assert np.abs(confidence - truth).mean() < 0.02
    assert expected_calibration_error(confidence, outcome) < 0.03
    assert calibrator.fingerprint == "abc"


def test_operating_points_keep_what_they_promise():
    _, right, answerable, confidence = made_up()
    points = operating_points(confidence, right, answerable)
    rates = {mode: operating_rates(confidence >= bar, right, answerable) for mode, bar in points.items()}
    assert points["strict"] >= points["balanced"] >= points["eager"]
    assert rates["strict"]["error"] <= STRICT_ERROR
    assert rates["eager"]["declined"] >= EAGER_DECLINED
    assert rates["strict"]["coverage"] <= rates["balanced"]["coverage"] <= rates["eager"]["coverage"]
    assert rates["balanced"]["error"] <= BALANCED_ERROR
    for mode in ("strict", "balanced"):  # none of the answers is withheld that could be given
        lower = operating_rates(confidence >= points[mode] - 0.02, right, answerable)
        assert lower["error"] > rates[mode]["error"]


def test_one_kind_of_outcome_is_not_enough():
    features, right, answerable, _ = made_up(50)
    with pytest.raises(ModelError, match="needs both kinds"):
        fit(features, np.ones_like(right), answerable, "abc")


def squad_file(tmp_path):
    """Two held-out titles and one that is trained on; the answer is right where the text says "answer"."""
    titles = [title for title in (f"Title {n}" for n in range(200)) if held_out(title)][:2] + ["trained"]
    assert not held_out("trained")
    data = []
    for title in titles:
        paragraphs = []
        for n in range(14):
            context = f"Filler {title} {n}. " + (f"The answer {n} stands." if n % 2 else "Nothing stands.")
            answers = [{"text": "answer", "answer_start": context.index("answer")}] if n % 2 else []
            qas = [{"id": f"{title}{n}", "question": f"What {n}?", "is_impossible": not n % 2, "answers": answers}]
            paragraphs.append({"context": context, "qas": qas})
        data.append({"title": title, "paragraphs": paragraphs})
    path = tmp_path / "made.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"data": data}).encode()))
    return path, titles


def test_the_calibration_set_is_held_out_article_level_and_balanced(tmp_path):
    path, titles = squad_file(tmp_path)
    dataset = calibration_set([path], limit=100)
    assert {article.title for article, _ in dataset.items} == set(titles[:2])
    assert any("\n\n" in article.text for article, _ in dataset.items)
    for article, examples in dataset.items:
        for example in examples:
            assert all(answer in article.text for answer in example.answers)
    assert {bool(example.answers) for _, examples in dataset.items for example in examples} == {True, False}
    assert len(calibration_set([path], limit=5)) == 5
    asked = [bool(example.answers) for _, examples in calibration_set([path], limit=12).items for example in examples]
    assert (asked.count(True), asked.count(False)) == (6, 6)


def test_unanswerable_questions_are_made_where_a_file_has_none(tmp_path):
    title = next(title for title in (f"Title {n}" for n in range(200)) if held_out(title))
    cities = ["Lima", "Oslo", "Rome", "Bonn", "Cork", "Graz", "Nice", "Pisa", "Riga", "Bern"]
    paragraphs = []
    for number, city in enumerate(cities):
        context = f"In the town of {city} the bell weighs {number}00 tons."
        answer = {"text": f"{number}00 tons", "answer_start": context.index(f"{number}00")}
        question = {"id": city, "question": f"How heavy is the bell of {city}?", "answers": [answer]}
        paragraphs.append({"context": context, "qas": [question]})
    path = tmp_path / "made.json"
    path.write_text(json.dumps({"data": [{"title": title, "paragraphs": paragraphs}]}))
    pairs = calibration_set([path], limit=60).pairs
    missing = [(article, example) for article, example in pairs if not example.answers]
    assert missing
    for article, example in missing:  # either way it is about a town that the article does not speak of
        assert not any(city in article.text for city in cities if city in example.question)
    assert any(example.question.endswith(f"{example.id}?") for _, example in missing)  # of another part
    assert any(not example.question.endswith(f"{example.id}?") for _, example in missing)  # with another name


def test_a_calibrator_is_fitted_written_and_used(tmp_path):
    path, _ = squad_file(tmp_path)
    reader = KeywordReader({"answer": 3.0, "Filler": 1.0})
    reader.folder = tmp_path / "model"
    reader.folder.mkdir()
    dataset = calibration_set([path], limit=100)
    calibrator = calibrate(Library(reader=reader), dataset)
    assert Calibrator.load(reader.folder, "keywords") == calibrator
    library = Library(reader=reader)
    library.add("The answer stands here.")
    answer = library.ask("what?")
    assert answer.trace.measure == "confidence"
    assert answer.answered == (answer.confidence >= calibrator.thresholds["balanced"])
