"""Who is meant by the pronoun that answers: "they offered a reward" is an answer once it is clear who they are.

The reader proposes both, the pronoun and the names before it; the rules here only say which of its own proposals a
pronoun can stand for. It is then one more mention of that, and counts for it as any mention does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.sentences import sentence_spans
from qa.antecedents import JOINED, MAX_WORDS, agrees, is_body, kind_of
from qa.phrases import AUXILIARIES, DETERMINERS, FUNCTION_WORDS, PRONOUNS, one_of, words
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
_CLAUSE = re.compile(  # where what is said about a name begins, but for "the mayor, the clerk and a judge"
    rf"\s+\(|,\s+(?:\d|(?:{one_of(FUNCTION_WORDS - {'and', 'or'})})\b)"
    rf"(?!.*\b(?:and|or)\s+(?:[A-Z\d]|(?:{one_of(DETERMINERS)})\b))",
    re.DOTALL,
)
_INSTITUTION = re.compile(r"[Tt]he [A-Z].* and [A-Z]")  # "the Food and Drug Administration"
_NAME_IN_S = re.compile(r"[Tt]he (?:[A-Z][\w’'.-]* )*[A-Z][\w’'-]*[^\Wsiu]s$")  # "the Beatles", "the United States"
_NAMES_IN_S = listed(
    "agnes charles hans james jesus lucas nicholas thomas adams brooks davies edwards evans hughes jones peters roberts"
    " rogers sanders stevens williams athens brussels dallas kansas naples texas wales yemen mars reuters siemens"
    " news politics series"
)
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
        clause = _CLAUSE.search(text, start, end)
        place = snap(text, start, clause.start() if clause else end)
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
    return not kinds.isdisjoint(_kinds(text, phrase)) and agrees(phrase, word)


def _kinds(text: str, phrase: str) -> set[str]:
    """Return what a phrase may name: the council is a thing, and some people."""
    is_institution = bool(_INSTITUTION.match(phrase))
    if JOINED.search(phrase) and not is_institution:
        return {"group"}
    if is_institution or is_body(phrase):
        return {"thing", "group"}
    if _NAME_IN_S.match(phrase):
        return {"name", "group"}
    if _is_plural(text, phrase):
        return {"plural"}
    kind = kind_of(phrase)
    return {"name" if kind == "thing" and words(phrase)[-1][0].isupper() else kind}  # "the Mouse", "de Kock"


def _is_plural(text: str, word: str) -> bool:
    """Return whether a word has a capital because it opens a sentence, "Officials", and is no name, "Jones"."""
    lower = word.lower()
    if " " in word or lower in _NAMES_IN_S or kind_of(lower) != "plural":
        return False
    if re.search(rf"\b{re.escape(lower)}\b", text):
        return True
    starts = (match.start() for match in re.finditer(rf"{re.escape(word)}\b", text))
    return not any(_WITHIN.search(text, max(0, start - 5), start) for start in starts)


def _near(text: str, start: int, end: int) -> bool:
    return len(sentence_spans(text[start:end])) <= MAX_SENTENCES
