"""The days and months, and how they are told from people who are called like one."""

from __future__ import annotations

import re

from qa.verbs import listed

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ALSO_PEOPLE = {"April", "May", "June", "August"}
_SURE = {*DAYS, *MONTHS} - _ALSO_PEOPLE
_BEFORE = listed("in since until during by on before after from between of last next this early late mid")
_BESIDE = _BEFORE | listed("the end start beginning middle morning afternoon evening night")


def announces_month(word: str) -> bool:
    """Return whether what follows a word is rather a month than somebody called May: "in May" and "3 May"."""
    return word[:1].isdigit() or word.lower() in _BEFORE


def is_time(phrase: str, before: str = "") -> bool:
    """Return whether a phrase is a day or a month: "Friday", "June 24" and, where "in" stands before it, "June"."""
    last, tokens = "".join(before.split()[-1:]), re.findall(r"\w+", phrase)
    sure = False
    for previous, token, following in zip([last, *tokens], tokens, [*tokens[1:], ""], strict=False):
        if token in _SURE or (token in _ALSO_PEOPLE and (announces_month(previous) or following[:1].isdigit())):
            sure = True
        elif not (token[0].isdigit() or token.lower() in _BESIDE):
            return False
    return sure
