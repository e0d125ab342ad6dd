"""The dialogues: enough of them, every answer in its place, both halves alike, and articles that ship."""

from __future__ import annotations

import pytest

from eval.dialogues import HALVES, load_dialogues
from eval.recovery import recovery
from qa import InputError
from qa.samples import samples

DIALOGUES = load_dialogues()


def test_there_are_enough_dialogues_of_two_to_four_turns():
    assert len(DIALOGUES) >= 120
    assert len({dialogue.id for dialogue in DIALOGUES}) == len(DIALOGUES)
    assert all(2 <= len(dialogue.turns) <= 4 for dialogue in DIALOGUES)
    halves = [sum(dialogue.half == half for dialogue in DIALOGUES) for half in HALVES]
    assert abs(halves[0] - halves[1]) <= len(samples())


def test_every_answer_stands_where_it_is_said_to():
    texts = {sample.article.text for sample in samples()}
    for dialogue in DIALOGUES:
        assert dialogue.article.text in texts
        for turn in dialogue.turns:
            for answer, start in zip(turn.answers, turn.starts, strict=True):
                assert dialogue.article.text[start : start + len(answer)] == answer


def test_some_follow_ups_have_no_answer():
    follow_ups = [turn for dialogue in DIALOGUES for turn in dialogue.turns[1:]]
    assert sum(not turn.answers for turn in follow_ups) >= 20


def test_the_share_of_the_gap_that_is_recovered():
    right = [[False, True, True], [False, False, True], [True, True, True], [False, False, False]]
    score = recovery(right, ["a", "b", "c", "c"])
    assert score.right == {"literal": 25.0, "conversation": 50.0, "person": 75.0}
    assert score.recovered == 50.0
    assert score.intervals["recovered"][0] <= 50.0 <= score.intervals["recovered"][1]
    assert recovery([[True, True, True]], ["a"]).recovered is None


def test_what_is_no_file_of_dialogues_is_told_in_one_line(tmp_path):
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(InputError) as caught:
        load_dialogues(tmp_path / "x.json")
    assert "\n" not in str(caught.value)
