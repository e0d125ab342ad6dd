"""Who is meant by the pronoun that answers: "they offered a reward" is an answer once it is clear who they are.

The reader proposes both, the pronoun and the names before it; the rules here only say which of its own proposals a
pronoun can stand for. It is then one more mention of that, and counts for it as any mention does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.sentences import sentence_spans
from qa.antecedents import JOINED, MAX_WORDS, agrees, is_body, kind_of
from qa.dates import is_time
from qa.phrases import (
    AUXILIARIES,
    DETERMINERS,
    FUNCTION_WORDS,
    PREPOSITIONS,
    PRONOUNS,
    WH_WORDS,
    one_of,
    words,
)
from qa.snapping import snap
from qa.verbs import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    Place = tuple[int, int]

MAX_SENTENCES = 3  # from the one that names somebody to the one with the pronoun, both included
_PERSONS, _PLURALS, _THINGS = {"person", "name", "role"}, {"plural", "group"}, {"name", "thing"}
_KINDS = {
    **dict.fromkeys(("he", "him", "his", "she", "her", "hers"), _PERSONS),
    **dict.fromkeys(("they", "them", "their", "theirs"), _PLURALS),
    **dict.fromkeys(("it", "its"), _THINGS),
}
# What has one of these among its words says something about somebody, but for names: "Will Smith", "Ms. May", "the US".
_NO_NAME = {form for word in AUXILIARIES | PRONOUNS for form in (word, word.capitalize())} - {"Will", "May"}
_CLAUSE = re.compile(r"\s*[:;](?:\s|$)|\s+\(")  # where what is said about a name begins, or at a comma
_COMMA = re.compile(r",\s+(?![A-Z]\S*$)")  # not that of "Washington, D.C."
_OF_WHICH = re.compile(rf"\s+(?:{one_of(PREPOSITIONS | WH_WORDS | {'that'})})\b", re.I)  # "the ban on cars and boats"
_APPOSITION = re.compile(rf"[^,]*,\s+(?:\d|[a-z]+ed\b|born\b|(?:{one_of(FUNCTION_WORDS - {'and', 'or'})})\b)")
_DETERMINED = re.compile(rf"(?:{one_of(DETERMINERS)})\b.*\band\s+(?:{one_of(DETERMINERS)})\b", re.I | re.DOTALL)
_NAMES = re.compile(r"[^,]*\b[A-Z]\S* and [A-Z][^,]*")  # those of a country, a firm, or two people
_THE_NAMES = re.compile(r"[Tt]he (?P<more>(?:[A-Z][\w’'.-]* )*)(?P<last>[A-Z][\w’'-]*[^\Wsiu]s)")  # "the Beatles"
_ONE_IN_S = listed("Netherlands Philippines Bahamas Maldives Thames Ganges Times Olympics Commons")
_WITHIN = re.compile(r"(?:[\w,;]|\b(?:Mr|Ms|Mrs|Dr)\.)\s$")  # before a word that opens no sentence
_PLACED = re.compile(r"\b(?:in|at|near|on|into|inside|outside|around)\s+(?:the\s+|an?\s+)?$", re.IGNORECASE)


def antecedent(text: str, pronoun: Place, proposed: Iterable[Place]) -> Place | None:
    """Return the name in the first of the proposed places that a pronoun can stand for, or None.

    It names one person, several or a thing as the pronoun does, no more than two sentences before it. The first and
    second person, and pronouns that point or relate, stand for nothing that can be told so.

    Args:
        text: Of the article.
        pronoun: Its place, ``[start, end)``.
        proposed: Places of other spans, the most likely answer first.
    """
    word = text[slice(*pronoun)]
    kinds = _KINDS.get(word.lower(), set())
    for start, end in proposed:
        place = snap(text, start, start + len(_named(text[start:end])))
        if not place or place[1] > pronoun[0]:
            continue
        if _can_be(text, place, word, kinds) and _near(text, place[0], pronoun[1]):
            return place
    return None


def _can_be(text: str, place: Place, word: str, kinds: set[str]) -> bool:
    phrase = text[slice(*place)]
    told = words(phrase)
    if not 0 < len(told) <= MAX_WORDS or not _NO_NAME.isdisjoint(told):
        return False
    if kinds is _PERSONS and _PLACED.search(text, max(0, place[0] - 20), place[0]):
        return False
    if is_time(phrase, text[max(0, place[0] - 20) : place[0]]):
        return False
    return not kinds.isdisjoint(_kinds(text, phrase)) and agrees(phrase, word)


def _named(phrase: str) -> str:
    """Return a phrase short of what is said about what it names: "Ann" of "Ann, the mayor of Lund and Malmo"."""
    phrase = _CLAUSE.split(phrase, maxsplit=1)[0]
    return phrase if _is_list(phrase) else _COMMA.split(phrase, maxsplit=1)[0]


def _is_list(phrase: str) -> bool:
    """Return whether "and" joins what is named, "the mayor, the clerk and a judge", and not what is said about it."""
    joined = JOINED.search(phrase)
    if not joined or _OF_WHICH.search(f" {phrase}", 0, joined.start()):
        return False
    # "Ann, 81, and Bob", but not "Ann, a doctor and a writer"
    return not _APPOSITION.match(phrase) or bool(re.search(r"\band\s+[A-Z\d]", phrase) or _DETERMINED.match(phrase))


def _kinds(text: str, phrase: str) -> set[str]:
    """Return what a phrase may name: the council is a thing, and some people."""
    if _is_list(phrase):
        return {"thing", "group"} if _NAMES.fullmatch(phrase) else {"group"}
    if is_body(phrase):
        return {"thing", "group"}
    the_names = _THE_NAMES.fullmatch(phrase)
    if the_names:
        return {"thing", "group"} if the_names["more"] or the_names["last"] in _ONE_IN_S else {"group"}
    if " " not in phrase and kind_of(phrase.lower()) == "plural":
        return _kinds_of_word(text, phrase)
    head = _OF_WHICH.split(phrase, maxsplit=1)[0]
    if head != phrase and JOINED.search(phrase):  # "residents of Lund and Malmo"
        return _kinds(text, head)
    kind = kind_of(phrase)
    return {"name" if kind == "thing" and words(phrase)[-1][0].isupper() else kind}  # "the Mouse", "de Kock"


def _kinds_of_word(text: str, word: str) -> set[str]:
    """Return what a word in "-s" may name: the capital is that of a name, "Jones", or a sentence, "Officials"."""
    if word.islower():
        return {"plural"}
    starts = (match.start() for match in re.finditer(rf"\b{re.escape(word)}\b", text))
    if any(_WITHIN.search(text, max(0, start - 5), start) for start in starts):
        return {"name"}
    return {"plural"} if re.search(rf"\b{re.escape(word.lower())}\b", text) else {"plural", "name"}


def _near(text: str, start: int, end: int) -> bool:
    return len(sentence_spans(text[start:end])) <= MAX_SENTENCES
