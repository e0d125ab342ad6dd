"""Rules against people's rewritings: what is read, what is compared, and that the rules come closer than the words."""

from __future__ import annotations

import gzip
import json

import pytest

from eval.rewrites import compare, load, understood
from qa import InputError

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


@pytest.mark.shared
def test_the_rules_come_closer_than_the_words_as_typed(shared):
    figures = compare(load(shared / "data" / "followups_canard.jsonl.gz"))
    assert figures["understood_f1"] > figures["literal_f1"] + 1
