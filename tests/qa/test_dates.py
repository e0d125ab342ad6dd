"""Days and months: what is one, and what is said of people who are called like one."""

from __future__ import annotations

import pytest

from qa.antecedents import Said, kind_of
from qa.dates import is_time
from qa.followups import meanings


@pytest.mark.parametrize("said", ["on Friday", "in June", "in August", "on June 24", "in May"])
def test_nothing_is_asked_of_a_day_or_a_month(said):
    opened = Said("Who opened the bridge?", "Elsa Lind", f"Elsa Lind opened the bridge {said}.")
    asked = Said(f"Who opened the bridge {said}?", "Elsa Lind", "Elsa Lind opened the bridge.")
    for history in ([opened], [asked]):
        for question in ("Was it free?", "Does he know who she is?", "Who lives there?"):
            meant = [one.question for one in meanings(question, history)]
            assert not any(said.split()[1] in one for one in meant), meant


def test_people_may_be_called_like_a_month_or_a_day():
    for name in ("June", "May", "April", "Friday"):
        found = Said("Who opened the bridge?", name, f"{name} opened the bridge.")
        assert meanings("Where does she live?", [found])[0].question == f"Where does {name} live?"
    met = Said("When did June meet Carl?", "in 2019", "In 2019 Carl met June.")
    assert meanings("Where does she live?", [met])[0].question == "Where does June live?"


@pytest.mark.parametrize(
    ("phrase", "before", "time"),
    [
        ("Friday", "", True),
        ("Friday evening", "", True),
        ("the end of June", "", True),
        ("June", "It opened in ", True),
        ("June", "He came in. ", False),
        ("May", "", False),
        ("May", "on 3 ", True),
        ("Black Friday", "", False),
        ("the march", "", False),
        ("in the morning", "", False),
        ("", "", False),
    ],
)
def test_a_day_or_a_month(phrase, before, time):
    assert is_time(phrase, before) == time
    assert (kind_of(phrase, before=before) == "time") == time
