"""Who is meant by the pronoun that answers: "they offered a reward" is an answer once it is clear who they are.

The reader proposes both, the pronoun and the names before it; the rules here only say which of its own proposals a
pronoun can stand for. It is then one more mention of that, and counts for it as any mention does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.sentences import sentence_spans
from qa.antecedents import MAX_WORDS, agrees, kind_of
from qa.phrases import AUXILIARIES, PRONOUNS, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    Place = tuple[int, int]

MAX_SENTENCES = 3  # from the one that names somebody to the one with the pronoun, both included
_PERSONS, _PLURALS, _THINGS = {"person", "name", "role"}, {"plural", "group"}, {"name", "thing", "group"}
_KINDS = {
    **dict.fromkeys(("he", "him", "his", "she", "her", "hers"), _PERSONS),
    **dict.fromkeys(("they", "them", "their", "theirs"), _PLURALS),
    **dict.fromkeys(("it", "its"), _THINGS),
}
_NO_NAME = AUXILIARIES | PRONOUNS  # what has one of these among its words says something about somebody
_CLAUSE = re.compile(r"\s*[,;:](?:\s|$)|\s+\(")  # where what is said about a name begins
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
        place = start, clause.start() if clause else end
        if place[1] <= pronoun[0] and _can_be(text, place, word, kinds) and _near(text, start, pronoun[1]):
            return place
    return None


def _can_be(text: str, place: Place, word: str, kinds: set[str]) -> bool:
    phrase = text[slice(*place)]
    told = words(phrase)
    if not 0 < len(told) <= MAX_WORDS or not _NO_NAME.isdisjoint(map(str.lower, told)):
        return False
    if kinds is _PERSONS and _PLACED.search(text, max(0, place[0] - 20), place[0]):
        return False
    kind = kind_of(phrase)
    if kind == "thing" and told[-1][0].isupper():  # "the Mouse", "de Kock"
        kind = "name"
    return kind in kinds and agrees(phrase, word)


def _near(text: str, start: int, end: int) -> bool:
    return len(sentence_spans(text[start:end])) <= MAX_SENTENCES
