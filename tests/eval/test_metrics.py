"""The official rules, on cases worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import exact_match, f1, in_place, normalized


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Cat's, mat!", "cats mat"),
        ("an apple a day", "apple day"),
        ("“Theatre” of the absurd", "“theatre” of absurd"),
        ("U.S.", "us"),
        ("\u00a0The\nend.", "end"),
        ("a", ""),
    ],
)
def test_normalisation_follows_the_official_rules(text, expected):
    assert normalized(text) == expected


@pytest.mark.parametrize(
    ("predicted", "gold", "em", "score"),
    [
        ("Russian officials", ["the Russian officials"], 1, 1),
        ("Russian officials said", ["Russian officials"], 0, 0.8),
        ("officials", ["Russian officials", "they"], 0, 2 / 3),
        ("to be or not to be", ["to be"], 0, 0.5),
        ("", [], 1, 1),
        ("something", [], 0, 0),
        ("", ["something"], 0, 0),
        ("the", ["a"], 1, 1),
        ("cat", ["dog"], 0, 0),
    ],
)
def test_exact_match_and_f1(predicted, gold, em, score):
    assert exact_match(predicted, gold) == em
    assert f1(predicted, gold) == pytest.approx(score)


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=30), max_size=3))
def test_exact_means_full_f1_and_more_gold_never_hurts(predicted, gold):
    if exact_match(predicted, gold):
        assert f1(predicted, gold) == 1
    assert 0 <= f1(predicted, gold) <= f1(predicted, [*gold, predicted])


@pytest.mark.parametrize(
    ("predicted", "start", "expected"),
    [
        ("Rye", 10, True),  # the place itself
        ("in Rye", 7, False),  # other words
        ("the Rye,", 6, True),  # the same words after normalisation, around the place
        ("Rye", 30, False),  # the right words elsewhere
        ("Rye", 13, False),  # right after it
        ("Ely", 50, False),  # words whose place is not known
    ],
)
def test_the_right_words_count_in_their_place_only(predicted, start, expected):
    assert in_place(predicted, start, ["Rye", "Ely"], [10, None]) == expected


def test_gold_answers_of_which_nothing_is_left_do_not_count():
    assert (exact_match("the", ["a", "cat"]), f1("the", ["a", "cat"])) == (0, 0)
    assert exact_match("the", ["a"]) == 1  # as where there is no gold answer
