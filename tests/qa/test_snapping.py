"""Edges of answers: whole words, no loose punctuation, currency and percent kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.snapping import snap


def marked(example: str) -> tuple[str, int, int]:
    """Read a text in which | marks the edges that the model chose."""
    before, inside, after = example.split("|")
    return before + inside + after, len(before), len(before) + len(inside)


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ("the |Russ|ian officials", "Russian"),
        ("a reward of $|50 million|.", "$50 million"),
        ("a reward of |$50 million|.", "$50 million"),
        ("about |10|,000 people", "10,000"),
        ("rose by |4.|5% in May", "4.5%"),
        ("rose by 4.|5| % in May", "4.5"),
        ("costs |€ 3|, she said", "€ 3"),
        ("He said |“it is time| to go”.", "it is time"),
        ("He said |“it is time”| then.", "“it is time”"),
        ("a man (|aged 41)| from Leeds", "aged 41"),
        ("the |group (ISIS)| said", "group (ISIS)"),
        ("in |the U.S.|, he said", "the U.S."),
        ("in |Paris.| Then", "Paris"),
        ("at |7 p.m.| today", "7 p.m."),
        ("by |Smith Jr.| again", "Smith Jr."),
        ("|, then Paris,| was", "then Paris"),
        ("it was |'quick and| easy'", "quick and"),
        ("the |workers’| pay", "workers"),
        ("He said |'It's great'| today", "'It's great'"),
        ("He said |‘It’s great’| today", "‘It’s great’"),
        ("He said |‘It’s great| today’", "It’s great"),
        ("it’s |Putin|’s plan", "Putin"),
        ("a cafe\u0301 |caf|e\u0301 here", "cafe\u0301"),
        ("hi |👩|\u200d🔬 there", "👩\u200d🔬"),
        ("价格是|五十|元", "五十"),
        ("a |well-known| fact", "well-known"),
        ("at |-5 °C| today", "-5 °C"),
        ("on |- Monday| then", "Monday"),
        ("rose to |4.5.| Then", "4.5"),
        ("(a) |(b) and (c|)", "(b) and (c)"),
        ("the |Council (Raad van State|) met", "Council (Raad van State)"),
        ("she called |it “fine|” then", "it “fine”"),
        ("(the |Council|) met", "Council"),
        ("the |firm (“Acme|”) fell", "firm (“Acme”)"),
        ("the |Council (Raad van| State) met", "Council (Raad van"),
        ("see |(a) and (b)|.", "(a) and (b)"),
        ("x) |b) and (c)| y", "b) and (c)"),
        ("said „|gut“| und", "gut"),
        ("|„Hallo“ sagte er| dann", "„Hallo“ sagte er"),
        ("er sagte |„Hallo“|.", "„Hallo“"),
        ("|„Hallo| Welt“", "Hallo"),
        ("written in |C#| today", "C#"),
        ("in |F#.| Then", "F#"),
        ("place |4 #| here", "4"),
    ],
)
def test_edges(example, expected):
    text, start, end = marked(example)
    found = snap(text, start, end)
    assert found is not None
    assert text[slice(*found)] == expected


@pytest.mark.parametrize("example", ["a |, | b", "a|.|", "|  |x", "a |” | b"])
def test_nothing_but_punctuation_is_no_answer(example):
    assert snap(*marked(example)) is None


def test_a_run_of_letters_without_end_is_not_a_word():
    found = snap("a" * 300_000, 150_000, 150_003)
    assert found is not None
    assert found[1] - found[0] <= 203


@given(st.text(max_size=40), st.data())
def test_any_span_of_any_text_stays_inside_it_and_is_stable(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = snap(text, start, end)
    if found is not None:
        assert 0 <= found[0] < found[1] <= len(text)
        assert text[slice(*found)].strip() == text[slice(*found)]
        assert snap(text, *found) == found
