"""Verbs: how they are spelled after "did", and without it."""

from __future__ import annotations

import pytest

from qa.verbs import after_did, in_the_past, in_the_present

STEMS = (
    "create treat repeat associate evaluate debate unite visit limit edit invite waste taste last contrast request"
    " control patrol roll call fill compel travel spell plan stop admit add pass develop abandon question postpone"
    " promote vote quote devote score restore honor sponsor open offer enter interview acquire require hire chair"
    " secure injure capture tour pour murder manage damage engage allege change arrange belong charge merge judge"
    " settle handle double include dispute resume name claim rule tune complete target market agree need fix show"
    " follow play carry lie tie use cause close increase focus collapse reverse condense solve argue seize explain"
    " defeat finish attack type decide succeed concede describe imagine examine inspire guide compile signal work"
)


def past(stem: str) -> str:
    """Spell the past of a verb as a grammar has it."""
    doubled = {"control", "patrol", "compel", "travel", "plan", "stop", "admit", "signal"}
    if stem in doubled:
        return f"{stem}{stem[-1]}ed"
    if stem[-1] == "y" and stem[-2] not in "aeiou":
        return f"{stem[:-1]}ied"
    return f"{stem}d" if stem.endswith("e") else f"{stem}ed"


@pytest.mark.parametrize("stem", STEMS.split())
def test_a_verb_is_spelled_as_it_is_after_did(stem):
    assert after_did(past(stem)) == stem


@pytest.mark.parametrize(
    ("stem", "present", "past"),
    [
        ("stop", "stops", "stopped"),
        ("ban", "bans", "banned"),
        ("admit", "admits", "admitted"),
        ("visit", "visits", "visited"),
        ("open", "opens", "opened"),
        ("fix", "fixes", "fixed"),
        ("play", "plays", "played"),
        ("row", "rows", "rowed"),
        ("use", "uses", "used"),
        ("treat", "treats", "treated"),
        ("carry", "carries", "carried"),
        ("watch", "watches", "watched"),
        ("go", "goes", "went"),
        ("have", "has", "had"),
        ("read", "reads", "read"),
        ("hurt", "hurts", "hurt"),
    ],
)
def test_a_verb_is_spelled_as_it_is_without_did(stem, present, past):
    assert (in_the_present(stem), in_the_past(stem)) == (present, past)


def test_irregular_verbs_are_known_and_other_words_are_none():
    assert (after_did("wrote"), after_did("shook"), after_did("table"), after_did("red")) == ("write", "shake", "", "")
