"""The gold sets: enough of them, in their places, and about the articles that ship."""

from __future__ import annotations

import gzip
import json

import pytest

from eval.datasets import GOLD, gold_files, load_squad
from qa import InputError
from qa.samples import samples
from qa.training.split import held_out

SETS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in gold_files()}


def questions(name):
    return [question for entry in SETS[name]["data"] for p in entry["paragraphs"] for question in p["qas"]]


@pytest.mark.parametrize("name", SETS)
def test_each_set_has_forty_answerable_and_twenty_unanswerable_questions(name):
    asked = questions(name)
    assert sum(not question["is_impossible"] for question in asked) >= 40
    assert sum(question["is_impossible"] for question in asked) >= 20
    assert len({question["id"] for question in asked}) == len(asked)
    assert len({question["question"].lower() for question in asked}) == len(asked)
    for question in asked:
        assert question["is_impossible"] == (not question["answers"])


@pytest.mark.parametrize("name", sorted(set(SETS) - {"shared_article"}))
def test_every_answer_stands_where_it_is_said_to(name):
    for paragraph in SETS[name]["data"][0]["paragraphs"]:
        for answer in (answer for question in paragraph["qas"] for answer in question["answers"]):
            start = answer["answer_start"]
            assert paragraph["context"][start : start + len(answer["text"])] == answer["text"]


def test_the_sets_ask_about_the_samples():
    held = {sample.article.text for sample in samples()}
    assert len(held) == 3
    assert {SETS[name]["data"][0]["paragraphs"][0]["context"] for name in set(SETS) - {"shared_article"}} == held


def test_samples_are_of_the_promised_length():
    for sample in samples():
        assert 500 <= len(sample.article.text.split()) <= 800
        assert sample.questions


@pytest.mark.shared
def test_answers_about_the_shared_article_occur_in_it(shared):
    dataset = load_squad(GOLD / "shared_article.json", contexts=shared)
    ((article, examples),) = dataset.items
    assert all(answer in article.text for example in examples for answer in example.answers)


@pytest.mark.shared
def test_the_first_sample_copies_no_sentence_of_the_shared_article(shared):
    def runs(text, length=8):
        words = text.lower().split()
        return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}

    original = (shared / "article.txt").read_text(encoding="utf-8")
    assert not runs(original) & runs(samples()[0].article.text)


def test_a_text_that_is_not_there_is_skipped_and_another_one_refused(tmp_path):
    dataset = load_squad(GOLD / "shared_article.json")
    assert (len(dataset), dataset.skipped) == (0, ("article.txt",))
    (tmp_path / "article.txt").write_text("another text")
    with pytest.raises(InputError, match="SHA-256 differs"):
        load_squad(GOLD / "shared_article.json", contexts=tmp_path)


SQUAD = {
    "data": [
        {
            "title": "Two_Towns",
            "paragraphs": [
                {"context": "Ada lives in Rye.", "qas": [
                    {"id": 1, "question": "Where?", "answers": [{"text": "Rye", "answer_start": 13}]}]},
                {"context": "Bob lives in Ely.", "qas": [
                    {"id": 2, "question": "Who?", "answers": [{"text": "Bob", "answer_start": 0}]},
                    {"id": 3, "question": "Why?", "is_impossible": True, "answers": []}]},
            ],
        }
    ]
}  # fmt: skip


def test_squad_files_are_read_by_paragraph_or_by_article(tmp_path):
    path = tmp_path / "towns.json.gz"
    path.write_bytes(gzip.compress(json.dumps(SQUAD).encode()))
    by_paragraph, by_article = load_squad(path), load_squad(path, article_level=True)
    assert [len(examples) for _, examples in by_paragraph.items] == [1, 2]
    ((article, examples),) = by_article.items
    assert (article.title, by_article.name) == ("Two Towns", "towns")
    for example in examples:
        for answer, start in zip(example.answers, example.starts, strict=True):
            assert article.text[start : start + len(answer)] == answer
    assert examples[2].answers == ()


def test_an_answer_that_does_not_stand_where_it_is_said_to_has_no_place(tmp_path):
    path = tmp_path / "set.json"
    answers = [{"text": "Ada", "answer_start": start} for start in (0, 7, 500, -3)]
    question = {"id": "1", "question": "Who?", "answers": answers}
    path.write_text(json.dumps({"data": [{"title": "t", "paragraphs": [{"context": "Ada ran", "qas": [question]}]}]}))
    ((_, example),) = load_squad(path).pairs
    assert example.starts == (0, None, None, None)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\x1f\x8bbroken", b'{"data": [{"paragraphs": 3}]}'])
def test_files_that_are_no_squad_files_are_told_in_one_line(tmp_path, content):
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(InputError, match="not a SQuAD file") as caught:
        load_squad(tmp_path / "x.json")
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="no such file"):
        load_squad(tmp_path / "y.json")


def test_titles_that_training_sets_aside_go_by_their_names_in_the_file(tmp_path):
    titles = [f"Town_of_{number}" for number in range(100)]
    aside = [title for title in titles if held_out(title)]
    assert aside != [title for title in titles if held_out(title.replace("_", " "))]
    paragraph = {"context": "Ada.", "qas": [{"id": "1", "question": "Who?", "answers": []}]}
    path = tmp_path / "towns.json"
    path.write_text(json.dumps({"data": [{"title": title, "paragraphs": [paragraph]} for title in titles]}))
    for article_level in (False, True):
        items = load_squad(path, article_level=article_level, held_out_only=True).items
        assert [article.title for article, _ in items] == [title.replace("_", " ") for title in aside]
    trained = next(title for title in titles if title not in aside)
    path.write_text(json.dumps({"data": [{"title": trained, "paragraphs": [paragraph]}]}))
    with pytest.raises(InputError, match="sets aside"):
        load_squad(path, held_out_only=True)
