"""Who says it: the words of a sentence that name its speaker, by rules on reporting verbs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.lexical import STOP_WORDS
from qa.answer import Span

if TYPE_CHECKING:
    from index.article import Article

_VERB = (
    r"(?:said|says|told|added|announced|explained|reported|stated|confirmed|claimed|warned|argued|insisted|wrote|noted"
    r"|acknowledged|testified|admitted|denied|estimated)"
)
_ROLES = (
    "officials official police spokesman spokeswoman spokesperson ministry minister government agency authorities"
    " investigators researchers scientists experts residents witnesses prosecutors lawyers company council mayor"
    " president director report reports study statement analysts doctors engineers organisers organizers"
)
_ROLE = re.compile(rf"\b(?:{'|'.join(_ROLES.split())})\b", re.IGNORECASE)
_WORD = r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Sen|Rep|Gov|St|[A-Z])\.|[^\W_](?:[\w'’-]|\.(?=\w))*)"
_NAME = rf"(?P<name>{_WORD}(?:[ \t]+{_WORD}){{0,7}}?)"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b[Aa]ccording to {_NAME}(?=\s*(?:[,.;:)]|$|\bin\b|\bon\b|\bthat\b))",
        rf"(?:^|[,;”\"]\s*(?:and |but )?){_NAME},? (?:also |later |then |has |have |had )?{_VERB}\b",
        rf"[,”\"]\s*{_VERB} {_NAME}(?=\s*(?:[,.;:]|$|\bin\b|\bon\b))",
    )
)
# No name of a speaker has these in it: pronouns name nobody, and the others begin another part of the sentence.
_FOREIGN = (STOP_WORDS | {"after", "before", "during", "since", "until", "earlier", "later", "yesterday"}) - set(
    ("a", "an", "the", "of", "for", "and")
)


def speaker(article: Article, sentence: Span, answer: Span) -> Span | None:
    """Return who the sentence around an answer says it comes from, in the article's words, or None.

    A pronoun names nobody, and a speaker that overlaps the answer is the answer, not its source.
    """
    for pattern in _PATTERNS:
        for match in pattern.finditer(sentence.text):
            words = match["name"]
            start = sentence.start + match.start("name")
            end = start + len(words)
            if not _FOREIGN.isdisjoint(words.casefold().split()) or not _someone(words, match.start("name")):
                continue
            if end <= answer.start or answer.end <= start:
                return Span.quoting(article, start, end, words)
    return None


def _someone(words: str, at: int) -> bool:
    """Return whether words name a person or a body: a role, or a capital that is not just that of the first word."""
    later = words.split()[1:] if at == 0 else words.split()
    return bool(_ROLE.search(words)) or any(word[0].isupper() for word in later)
