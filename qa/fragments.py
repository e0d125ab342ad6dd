"""Which questions are no whole sentence, "and when?"; what they are completed to is in ``qa.completions``."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from qa.phrases import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    PREPOSITIONS,
    WH_WORDS,
    lowered,
    one_of,
    words,
)
from qa.verbs import is_verb, listed

if TYPE_CHECKING:
    from qa.phrases import Parts

MAX_WORDS = 6  # of "and the smaller of the two?"
MAX_BARE_WORDS = 2  # words of "limestone reefs?"
ABOUT = re.compile(r"^(?:what|how)\s+(?:about|of)\s+", re.IGNORECASE)
OF_THEM = re.compile(r"^(?P<wh>(?:how|which|what)\b.*?)\s+of\s+(?:them|these|those|that|it)$", re.IGNORECASE)
_TAIL = re.compile(
    rf"^(?:(?:exactly|precisely|though|then|not|come|there|so(?: \w+)?)"
    rf"|(?:{one_of(AUXILIARIES)})\s+(?:that|this|it)(?:\s+(?:happen|happening|occur|so|be|done|take place|said))?"
    rf"|(?:{one_of(AUXILIARIES - BE)})\s+(?:he|she|they|we))$",
    re.IGNORECASE,
)
_EVENT = re.compile(
    rf"^(?:(?:when|where|why|how)(?:\s+\w+)?|(?:what|which)\s+\w+)\s+(?:{one_of(AUXILIARIES)})\s+(?:that|this)\b",
    re.IGNORECASE,
)
_IS_IT = re.compile(rf"(?:{one_of(BE)})\s+it", re.IGNORECASE)
_OF_WHEN_AND_WHERE = listed("year month week day date time hour decade century place city town country")
_RELATIVES = listed("that who which")
_ARTICLES = listed("the a an")
ARTICLES = re.compile(r"^(?:(?:the|a|an)\s+)+|\s+ones?$", re.IGNORECASE)
# Words of which one takes another's place: "who is the oldest?" after "who is the youngest member?"
CONTRASTS = tuple(
    re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)
    for pattern in (
        "first|second|third|last|next|previous|final|earlier|later|latest|original",
        r"(?!interest)\w{2,}est|most|least|best|worst",
        "from now on|now|today|currently|before|once|originally|in the past|back then",
        "for|against",
    )
)


def is_fragment(parts: Parts) -> bool:
    """Return whether a question needs the one before it to be a whole sentence."""
    if _ARTICLES.issuperset(map(str.lower, words(ABOUT.sub("", parts.body)))):  # "what about a €?"
        return False
    if ABOUT.match(parts.body) or contrast(parts) or lacks_noun(parts):
        return True
    if parts.word:
        return not parts.rest or adds_nothing(parts) or ends_in_them(parts) or is_place_only(parts)
    tokens = lowered(words(parts.body), opens=parts.opens)
    if tokens[0] in AUXILIARIES or len(tokens) > MAX_WORDS or _is_statement(tokens):
        return False
    # without such a beginning, a longer run of words may be a question in another language
    return bool(parts.lead) or tokens[0] in DETERMINERS | PREPOSITIONS or len(tokens) <= MAX_BARE_WORDS


def is_about_event(parts: Parts) -> bool:
    """Return whether the "that" of a question is what happened, and no thing: "when was that?"."""
    return bool(_EVENT.match(parts.body))


def ends_in_them(parts: Parts) -> bool:
    """Return whether a question counts what is not named: "how many of them?"."""
    return bool(OF_THEM.match(parts.body))


def lacks_noun(parts: Parts) -> bool:
    """Return whether a question leaves out what it counts or chooses from: "how many did the others hold?"."""
    tokens = words(parts.rest)
    return bool(tokens and re.fullmatch(r"how many|which ones?", parts.wh, re.IGNORECASE)) and not (
        adds_nothing(parts) or tokens[0].lower() in PREPOSITIONS
    )


def is_place_only(parts: Parts) -> bool:
    """Return whether nothing but "on limestone" or "in 2024" follows what is asked for."""
    tokens = words(parts.rest)
    return 0 < len(tokens) <= MAX_WORDS and tokens[0].lower() in PREPOSITIONS and not _has_verb(tokens)


def _has_verb(tokens: list[str]) -> bool:
    """Return whether "in the village found the ring" says what was done."""
    lowers = lowered(tokens)
    for before, word, lower, after in zip(tokens, tokens[1:], lowers[1:], [*tokens[2:], ""], strict=False):
        if before.lower() in DETERMINERS | PREPOSITIONS:  # "in may", "the united forces"
            continue
        finite = is_verb(word) and not word.endswith(("ing", "en"))
        if finite or lower in AUXILIARIES or (after in DETERMINERS and re.search(r"[^su]s$", word)):
            return True
    return False


def _is_statement(tokens: list[str]) -> bool:
    """Return whether words that no question word opens ask all the same: "the line is located where?"."""
    auxiliary = any(
        word in AUXILIARIES and before not in DETERMINERS | PREPOSITIONS for before, word in pairwise(tokens)
    )
    return (len(tokens) > 2 and tokens[-1] in WH_WORDS) or (auxiliary and _RELATIVES.isdisjoint(tokens))


def adds_nothing(parts: Parts) -> bool:
    """Return whether what is asked for is followed by nothing that the last question did not say: "when was that?"."""
    if not _TAIL.match(parts.rest):
        return False
    asked_for = [word.lower() for word in words(parts.wh)]
    is_kind = asked_for[0] in {"what", "which"} and len(asked_for) > 1 and asked_for[-1] not in _OF_WHEN_AND_WHERE
    # "how long is it?" and "what color is it?" are about a thing, and no event
    return not (_IS_IT.fullmatch(parts.rest) and (is_kind or is_degree(asked_for)))


def is_degree(asked_for: list[str]) -> bool:
    """Return whether words ask for a degree: "how long" and "how deep", but not "how many"."""
    return len(asked_for) > 1 and asked_for[0] == "how" and asked_for[1] not in {"much", "many"}


def contrast(parts: Parts) -> tuple[str, re.Pattern[str]] | None:
    """Return the word of a fragment that is nothing but one of ``CONTRASTS``, and those it contrasts with."""
    body = ABOUT.sub("", parts.body)
    body = re.sub(r"^(?:who|what|which(?: one)?)\s+(?:is|are|was|were)\s+(?=the\s)", "", body, flags=re.IGNORECASE)
    topic = ARTICLES.sub("", body)
    return next(((topic, pattern) for pattern in CONTRASTS if pattern.fullmatch(topic)), None)
