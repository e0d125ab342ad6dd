"""Types of questions and lengths of answers."""

from __future__ import annotations

import pytest

from eval.groups import ANSWER_LENGTHS, QUESTION_TYPES, answer_length, question_type


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who won?", "who"),
        ("Whose boat sank?", "who"),
        ("In which year did it open?", "what/which"),
        ("What's new?", "what/which"),
        ("How  many\npeople came?", "how many"),
        ("how much did it cost", "how much"),
        ("And how did they know?", "how"),
        ("Why?", "why"),
        ("Where is Rye, and who lives there?", "where"),
        ("WHEN does it open?", "when"),
        ("Name the somewhat whole river.", "other"),
        ("", "other"),
    ],
)
def test_the_first_asking_word_decides(question, expected):
    assert question_type(question) == expected
    assert expected in QUESTION_TYPES


@pytest.mark.parametrize(
    ("gold", "expected"),
    [
        ([], "none"),
        (["Rye"], "1"),
        (["in the old town of Rye", "Rye"], "1"),
        (["two words"], "2-3"),
        (["one two three four"], "4-7"),
        (["1 2 3 4 5 6 7"], "4-7"),
        (["1 2 3 4 5 6 7 8"], "8+"),
    ],
)
def test_the_shortest_gold_answer_decides(gold, expected):
    assert answer_length(gold) == expected
    assert expected in ANSWER_LENGTHS
