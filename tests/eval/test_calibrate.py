"""Fitting confidence and operating points, on made-up outcomes whose truth is known."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import numpy as np
import pytest
from models import KeywordReader

from eval.calibrate import (
    BALANCED_ERROR,
    EAGER_DECLINED,
    STRICT_ERROR,
    Observed,
    calibrate,
    fit,
    observe,
    operating_points,
)  # fmt: skip
from eval.calibration_set import calibration_set
from eval.curves import expected_calibration_error, operating_rates
from qa import InputError, Library, ModelError
from qa.calibration import Calibrator, Features
from qa.training.split import held_out


def made_up(count=4000, seed=0, titles=40):
    """Outcomes of questions, and the probability that each is right."""
    rng = np.random.default_rng(seed)
    margin = rng.normal(0, 4, count)
    probability = 1 / (1 + np.exp(-margin))
    right = rng.random(count) < probability
    answerable = right | (rng.random(count) < 0.3)
    table = np.tile([0.0, 5.0, -1.0, 2.0, 1.0, 0.0, 0.0], (count, 1))
    table[:, 0], table[:, -1] = margin, rng.normal(0, 1, count)
    return Observed(table, right, answerable, np.char.mod("%d", np.arange(count) % titles)), probability


def test_the_fit_recovers_the_probability_of_new_questions():
    calibrator = fit(made_up()[0], "abc")
    others, truth = made_up(seed=1)
    confidence = np.array([calibrator.confidence(Features(*row)) for row in others.table])
    assert np.abs(confidence - truth).mean() < 0.02
    assert expected_calibration_error(confidence, others.right) < 0.03
    assert calibrator.fingerprint == "abc"


def test_operating_points_keep_what_they_promise():
    observed, confidence = made_up()
    right, answerable = observed.right, observed.answerable
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
    observed, _ = made_up(50)
    with pytest.raises(ModelError, match="needs both kinds"):
        fit(replace(observed, right=np.ones_like(observed.right)), "abc")


def test_the_published_rates_are_of_titles_that_were_not_fitted_to():
    """Where confidence means something in one half of the titles alone, no more than chance is left of it."""
    observed, _ = made_up(400, titles=2)
    second = observed.titles == "1"
    turned = replace(observed, table=np.where(second[:, None], -observed.table, observed.table))
    found = fit(turned, "abc").fitted_on
    assert found["titles"] == 2
    assert found["ece"] > 0.3
    assert found["modes"]["strict"]["error"] > 2 * STRICT_ERROR
    straight = fit(observed, "abc").fitted_on
    assert straight["ece"] < 0.1
    assert straight["modes"]["strict"]["error"] < STRICT_ERROR + 0.05


def test_no_title_is_on_both_sides():
    observed, _ = made_up(300, titles=20)
    folds = list(observed.folds())
    assert len(folds) == 8
    for fitted, others in folds:
        assert not set(observed.titles[fitted]) & set(observed.titles[others])
    assert sorted(at for _, others in folds for at in others) == list(range(300))


@pytest.mark.parametrize("titles", [1, 2])
def test_with_too_few_titles_no_rates_are_published(titles):
    observed, _ = made_up(60, titles=titles)
    if titles == 2:  # one of which has nothing that is right
        observed = replace(observed, right=observed.right & (observed.titles == "0"))
    found = fit(observed, "abc").fitted_on
    assert found["questions"] == 60
    assert "ece" not in found
    assert "modes" not in found


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
    with pytest.raises(InputError, match="^5 questions are about titles that are held out: calibration takes 6"):
        calibration_set([path], limit=5, fewest=6)
    asked = [bool(example.answers) for _, examples in calibration_set([path], limit=12).items for example in examples]
    assert (asked.count(True), asked.count(False)) == (6, 6)


def test_titles_of_few_paragraphs_are_asked_about_too_and_files_without_one_are_named(tmp_path):
    aside = next(title for title in (f"Title {n}" for n in range(200)) if held_out(title))
    cities = ["Lima", "Oslo", "Rome", "Bonn", "Cork"]
    for name, title in (("few", aside), ("none", "trained")):
        paragraphs = []
        for city in cities:
            context = f"In {city} it rains."
            qas = [{"id": f"{city}{n}", "question": f"Where {n}?", "answers": [{"text": city}]} for n in range(8)]
            paragraphs.append({"context": context, "qas": qas})
        (tmp_path / f"{name}.json").write_text(json.dumps({"data": [{"title": title, "paragraphs": paragraphs}]}))
    dataset = calibration_set([tmp_path / "few.json", tmp_path / "none.json"], limit=60)
    assert len({article.text for article, _ in dataset.items}) == 2
    assert {bool(example.answers) for _, example in dataset.pairs} == {True, False}
    assert dataset.skipped == ("none.json",)


def test_every_article_is_asked_as_if_it_were_the_only_one(tmp_path):
    dataset = calibration_set([squad_file(tmp_path)[0]], limit=100)
    library = Library(reader=KeywordReader({"answer": 4.0, "Filler": 1.0}))
    together = observe(library, dataset)
    assert not library.articles
    alone = [observe(library, replace(dataset, items=(item,))) for item in dataset.items]
    assert np.array_equal(together.table, np.concatenate([one.table for one in alone]))


def test_questions_that_cannot_be_asked_are_passed_over(tmp_path):
    dataset = calibration_set([squad_file(tmp_path)[0]], limit=100)
    (article, (first, *others)), *rest = dataset.items
    odd = (replace(first, question=" "), replace(first, question="Why? " * 1000), first, *others)
    library = Library(reader=KeywordReader({"answer": 4.0, "Filler": 1.0}))
    with_odd = observe(library, replace(dataset, items=((article, odd), *rest)))
    assert np.array_equal(with_odd.table, observe(library, dataset).table)


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
