"""Where an article says something else about the same thing: other amounts, shares, dates and counts."""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING

from index.lexical import lexical_tokens
from qa.dates import MONTHS

if TYPE_CHECKING:
    from qa.answer import Alternative, Answer, Span

_SCALES = {
    "dozen": 12.0, "hundred": 1e2,
    "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12,
}  # fmt: skip
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: float(n) for n, word in enumerate(_ONES)} | {word: 10.0 * n for n, word in enumerate(_TENS, 2)}
_MONEY = re.compile(r"[$€£¥₽]|\b(?:dollars?|euros?|pounds?|roubles?|rubles?|yen|(?<!per )cents?)\b", re.IGNORECASE)
_SHARE = re.compile(r"%|\bper ?cent\b", re.IGNORECASE)
_DATE = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b|\b(?:1[5-9]|20)\d\d\b", re.IGNORECASE)
# 01/02/2020, 1.2.20 and 2020-02-01: which is the day and which the month is unknown.
_NUMERIC_DATE = re.compile(r"\b(?:\d{1,2}([./-])\d{1,2}\1(?:\d\d){1,2}|\d{4}-\d{1,2}-\d{1,2})\b")
_FIGURES = r"\d+(?:,\d{3})*(?:\.\d+)?"
# One letter with a space before it stands for millions in "$40 m", and for metres in "40 m".
_AMOUNT = re.compile(rf"{_FIGURES}(?:[\s-]?(?:{'|'.join(_SCALES)})\b)*", re.IGNORECASE)
_SCALE = f"(?:{'|'.join(word for word in _SCALES if len(word) > 1)})"
_NUMBER = re.compile(rf"{_FIGURES}(?:(?:[\s-]?{_SCALE}\b)+|[km]\b)?", re.IGNORECASE)
_ONE = f"(?:{'|'.join(_ONES)})"
_TEN = rf"(?:{'|'.join(_TENS)})(?!-(?!thousand)\w+(?:st|nd|rd|th)\b)"  # "twenty-first" is not twenty
_WORD = re.compile(rf"\b(?:{_TEN}(?:[\s-]{_ONE})?|{_ONE})\b(?:[\s-]{_SCALE}\b)*", re.IGNORECASE)
# "two hundred and five" and "two and a half million" are not added up.
_SUM = re.compile(rf"\b{_SCALE},?[\s-](?:and\s)?(?:{_TEN}|{_ONE})\b|\band a half\b", re.IGNORECASE)
_AFTER = re.compile(r"[ -]?([^\W\d_]+)")
_UNITS = {
    name: names[0]
    for names in (
        ("metre", "meter", "m"), ("kilometre", "kilometer", "km"), ("centimetre", "centimeter", "cm"), ("mile",),
        ("foot", "feet", "ft"), ("inch", "inche"), ("yard",), ("hectare", "ha"), ("acre",), ("litre", "liter"),
        ("gram", "g"), ("kilogram", "kilo", "kg"), ("tonne", "ton"), ("pound", "lb"), ("ounce",), ("degree",),
        ("second",), ("minute",), ("hour",), ("day",), ("week",), ("month",), ("year",), ("decade",),
    )
    for name in names
}  # fmt: skip


def conflicts(answer: Answer) -> tuple[Alternative, ...]:
    """Return the alternatives that give another value of the answer's kind for what the question asks about.

    Only places that the reader prefers to "not here" count, in other sentences than the answer's, and only where the
    sentence shares at least half as many words with the question as the answer's own does.
    """
    own, around = _value(answer.text), answer.sentence_span
    if own is None or around is None:
        return ()
    asked = set(lexical_tokens(answer.question))
    shared = len(asked & set(lexical_tokens(answer.sentence)))
    return tuple(
        other
        for other in answer.alternatives
        if other.margin > 0
        and not _within(other.sentence, around)
        and _differ(own, _value(other.span.text))
        and 0 < shared <= 2 * len(asked & set(lexical_tokens(other.sentence.text)))
    )


def _within(inner: Span, outer: Span) -> bool:
    return inner.article_id == outer.article_id and outer.start <= inner.start and inner.end <= outer.end


def _differ(one: tuple[str, frozenset[object]], other: tuple[str, frozenset[object]] | None) -> bool:
    """Return whether two values are of one kind and neither is a part of the other, as a year is of a date."""
    return other is not None and one[0] == other[0] and not (one[1] <= other[1] or other[1] <= one[1])


def _value(text: str) -> tuple[str, frozenset[object]] | None:
    """Return the kind of value that a short text gives, and its numbers (and months), or None.

    A measure is of the kind of its unit: 40 metres and 131 feet may be the same. A date in figures is of its own kind,
    and its numbers have no order.
    """
    if _SUM.search(text):
        return None
    kinds = (("money", _MONEY), ("share", _SHARE), ("numeric date", _NUMERIC_DATE), ("date", _DATE))
    kind = next((name for name, pattern in kinds if pattern.search(text)), "count")
    written = list((_AMOUNT if kind == "money" else _NUMBER).finditer(text))
    words = list(_WORD.finditer(text))
    numbers: set[object] = {_number(match[0]) for match in (*written, *words)}
    if kind == "count":
        kind = next(filter(None, (_unit(text, match.end()) for match in (*written, *words))), kind)
    if kind == "numeric date":
        numbers = {int(digits) % 100 for digits in re.findall(r"\d+", text)}  # the year may have two digits
    if kind == "date":
        numbers |= {match[0].casefold() for match in _DATE.finditer(text) if match[0].isalpha()}
    return (kind, frozenset(numbers)) if numbers and len(text.split()) <= 8 else None


def _unit(text: str, at: int) -> str | None:
    """Return the unit of measure that stands there, if one does."""
    word = _AFTER.match(text, at)
    name = word[1].casefold() if word else ""
    return _UNITS.get(name) or _UNITS.get(name.removesuffix("s"))


def _number(written: str) -> float:
    """Return what "1.5 million", "10k" and "twenty-five thousand" say."""
    parts = re.findall(r"[\d,.]+|[^\W\d_]+", written.casefold())
    values = (_WORDS.get(part) if part.isalpha() else float(part.replace(",", "")) for part in parts)
    return round(sum(filter(None, values)) * prod(_SCALES.get(part, 1.0) for part in parts), 6)
