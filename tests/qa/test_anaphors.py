"""Words that stand for something said before: how many of them are looked at."""

from qa.anaphors import MAX_ANAPHORS, loose


def test_no_more_anaphors_are_looked_at_than_a_question_has():
    assert [match.start() for match, _ in loose("it " * 600)] == list(range(0, 3 * MAX_ANAPHORS, 3))
    assert [match["it"] for match, _ in loose("was it clear why he sold it there")] == ["he", "it", "there"]
