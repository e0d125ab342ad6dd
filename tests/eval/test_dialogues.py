"""The dialogues: enough of them, every answer in its place, both halves alike, and articles that ship."""

from __future__ import annotations

import json

import pytest
from models import KeywordReader

from eval import dialogues
from eval.dialogues import HALVES, KINDS, hold, load_dialogues, score
from eval.recovery import SYSTEMS, recovery
from qa import InputError, Library
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


def fund_library(**_):
    """Make a library whose reader always finds the fund, whatever it is asked."""
    return Library(reader=KeywordReader({"fund": 4.0}))


@pytest.fixture
def about_reefs():
    return [dialogue for dialogue in DIALOGUES if dialogue.id in {"oyster-reefs-17", "oyster-reefs-18"}]


def test_follow_ups_are_scored_for_the_words_as_typed_the_conversation_and_a_person(about_reefs):
    library = fund_library()
    library.add_articles([about_reefs[0].article])
    follow_ups = list(hold(about_reefs, library))
    assert [one.turn for one in follow_ups] == [turn for dialogue in about_reefs for turn in dialogue.turns[1:]]
    assert all(one.given == dict.fromkeys(SYSTEMS, "fund") for one in follow_ups)
    assert any(one.understood != one.turn.question for one in follow_ups)
    scores = score(follow_ups)
    assert list(scores) == list(HALVES)
    assert {half: groups["all"].total for half, groups in scores.items()} == {"development": 2, "report": 3}
    for half, groups in scores.items():
        asked = [one for one in follow_ups if one.dialogue.half == half]
        right = 100 * sum(one.right("person") for one in asked) / len(asked)
        assert groups["all"].right["person"] == pytest.approx(right)
        assert sum(groups[kind].total for kind in KINDS if kind in groups) == groups["all"].total


@pytest.mark.parametrize("option", ["--json", "--missed", None])
def test_the_command_prints_scores_or_what_was_missed(monkeypatch, capsys, about_reefs, option):
    monkeypatch.setattr(dialogues, "Library", fund_library)
    monkeypatch.setattr(dialogues, "load_dialogues", lambda: about_reefs)
    monkeypatch.setattr("sys.argv", ["dialogues", *([option] if option else [])])
    dialogues.main()
    printed = capsys.readouterr().out
    if option == "--json":
        document = json.loads(printed)
        assert document["report"]["all"]["total"] == 3
        assert set(document["report"]["all"]["right"]) == set(SYSTEMS)
        assert "NaN" not in printed
    elif option is None:
        assert [line.split()[0] for line in printed.splitlines() if "asked" in line] == list(HALVES)
    else:
        assert printed == ""
