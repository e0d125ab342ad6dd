"""Rules against people's rewritings: what is read, what is compared, and that the rules come closer than the words."""

from __future__ import annotations

import gzip
import json

import pytest

from eval.datasets import gold_files
from eval.rewrites import compare, load, understood
from qa import InputError
from qa.antecedents import Said
from qa.followups import meanings

LEANING = {  # on the article that they are about
    "How far from the bridge is her bakery?",
    "what would be opened up if they can get it done?",
}
HISTORY = ["Ada Byron", "Early life", "Where was Ada Byron born?", "London", "Did Ada Byron marry?", "I don't know."]


def test_the_topic_and_earlier_turns_are_what_pronouns_stand_for():
    assert understood("When did she die?", HISTORY) == "When did Ada Byron die?"
    assert understood("When was Ada Byron born?", HISTORY) == "When was Ada Byron born?"
    assert understood("Where was he born?", []) == "Where was he born?"


def test_only_what_was_changed_is_told_apart():
    records = [
        {"history": HISTORY, "question": "When did she die?", "rewrite": "When did Ada Byron die?"},
        {"history": HISTORY, "question": "Who was Babbage?", "rewrite": "Who was Babbage?"},
    ]
    figures = compare(records)
    assert (figures["total"], figures["changed"]) == (2, 1)
    assert figures["literal_f1"] < figures["understood_f1"] == 100.0
    assert figures["literal_f1_of_changed"] < figures["literal_f1"]


def test_files_are_read_gzipped_or_not_and_others_refused(tmp_path):
    line = json.dumps({"history": [], "question": "Who?", "rewrite": "Who is it?", "id": "1"})
    (tmp_path / "a.jsonl").write_text(f"{line}\n\n")
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(line.encode()))
    assert load(tmp_path / "a.jsonl") == load(tmp_path / "a.jsonl.gz")
    (tmp_path / "b.jsonl").write_text('{"question": "Who?"}')
    with pytest.raises(InputError):
        load(tmp_path / "b.jsonl")


@pytest.mark.parametrize("gold", gold_files(), ids=lambda path: path.stem)
def test_gold_questions_asked_second_stay_as_typed(gold):
    data = json.loads(gold.read_text(encoding="utf-8"))["data"]
    asked = [question for entry in data for part in entry["paragraphs"] for question in part["qas"]]
    answers = asked[0]["answers"]
    first = Said(asked[0]["question"], answers[0]["text"] if answers else "", "")
    changed = [
        one["question"] for one in asked[1:] if meanings(one["question"], [first])[0].question != one["question"]
    ]
    assert set(changed) <= LEANING


@pytest.mark.shared
def test_few_questions_of_others_asked_second_are_changed(shared):
    data = json.loads(gzip.decompress((shared / "data" / "squad2_heldout.json.gz").read_bytes()))["data"]
    asked = [question["question"] for entry in data for part in entry["paragraphs"] for question in part["qas"]]
    first = Said("Who offered the reward?", "Elsa Lind", "Elsa Lind offered a reward of 500 euros for the lost dog.")
    changed = [question for question in asked if meanings(question, [first])[0].question != question]
    assert len(changed) < 0.02 * len(asked)


@pytest.mark.shared
def test_the_rules_come_closer_than_the_words_as_typed(shared):
    figures = compare(load(shared / "data" / "followups_canard.jsonl.gz"))
    assert figures["understood_f1"] > figures["literal_f1"] + 1
