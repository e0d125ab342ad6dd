"""Words of a question that stand for something said before it: pronouns and demonstratives, and where they are none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.antecedents import kind_of
from qa.phrases import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    FUNCTION_WORDS,
    LINKERS,
    PREPOSITIONS,
    PRONOUNS,
    WH_WORDS,
    names,
    noun_phrases,
    one_of,
    take_apart,
    words,
)
from qa.verbs import IRREGULAR, is_verb, listed

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Anaphor:
    """A word that stands for something said before.

    Attributes:
        pattern: What it looks like; its group ``it`` is what is replaced.
        wants: What it can stand for: a key of ``qa.antecedents.SUITABLE``, or "noun" or "statement".
        form: How what it stands for is put in its place.
        binds: Whether it may stand for something named before it in the same question.
    """

    pattern: re.Pattern[str]
    wants: str
    form: str
    binds: bool


def _anaphor(
    it: str, wants: str, form: str = "{}", *, before: str = "", after: str = "", binds: bool = False
) -> Anaphor:
    return Anaphor(re.compile(rf"{before}\b(?P<it>{it})(?!['’\w]){after}", re.IGNORECASE), wants, form, binds)


MAX_ANAPHORS = 8  # that are looked at; no real question has more
_THIS = "(?:this|that|these|those)"
_NAME = r"(?-i:Will|May|US|IT)\b"  # spelled like a word of the closed lists
_NOUN = rf"(?:(?={_NAME})|(?!(?:{one_of(FUNCTION_WORDS)})\b))[\w$€£]"  # a word that is in none of the closed lists
_SAYING = (
    r"\b(?:say|says|said|announced?|announces|claim(?:s|ed)?|report(?:s|ed)?|discover(?:ed)?|(?:find|found)(?: out)?"
    r"|thinks?|thought|believes?|believed|warned|explained|noticed)\s+"
)
_DETERMINER = rf"(?:{one_of(DETERMINERS)})\b"
_DONE = rf"(?:\w+ed|{one_of(IRREGULAR)})"
ANAPHORS = (  # where several fit at one place, the first is taken
    _anaphor("he|she", "person", binds=True),
    _anaphor("his|her", "person", "{}'s", after=rf"(?=\s+{_NOUN})", binds=True),
    _anaphor("him|her", "person"),
    _anaphor("its", "thing", "{}'s", binds=True),
    _anaphor("it", "thing", binds=True),
    _anaphor("their", "any", "{}'s", binds=True),
    _anaphor("they", "any", binds=True),
    _anaphor("them", "any"),
    _anaphor(f"{_THIS}|it", "statement", "that {}", before=_SAYING, after=r"(?=\s*$)"),
    _anaphor(_THIS, "that", before=r"\b(?:do|does|did)\s+", after=rf"(?=\s+\w+\s*(?:$|\s{_DETERMINER}))"),
    _anaphor(_THIS, "that", before=r"\b(?:is|are|was|were)\s+", after=rf"(?=\s+{_DONE}\s*$)"),
    _anaphor(_THIS, "that", before=r"\bof\s+", after=rf"(?=\s+{_DONE}\b)"),
    _anaphor(_THIS, "that", after=rf"(?=\s*$|\s+(?!{_NAME})(?:{one_of(PREPOSITIONS | AUXILIARIES)})\b)"),
    _anaphor(rf"{_THIS}\s+{_NOUN}\w*", "noun"),
    _anaphor(
        "there",
        "place",
        before=r"(?<!is )(?<!are )(?<!was )(?<!were )",
        after=r"(?!\s+(?:is|are|was|were|be|been|exists?|existed)\b)",
    ),
)
# After these, "that" begins a clause, as it does after a noun.
_BEFORE_CLAUSE = listed(
    "said told thought found knew felt wrote announced claimed reported discovered believed warned explained noticed"
    " argued hoped agreed suggested decided proved promised insisted admitted learned stated predicted ensured showed"
    " shown known revealed confirmed denied feared concluded estimated expected added ruled"
)
_NO_NOUN = listed("no any some many much most more few several another such one two three")
_TIMES = listed(
    "year month week weekend day morning afternoon evening night time season summer winter spring autumn may"
)
_IS = one_of(BE | {"be", "been"})
_HARD = (
    "(?:important|possible|impossible|necessary|hard|easy|difficult|legal|illegal|wrong|right|better|best|essential"
    "|crucial|vital|safe|dangerous|common|unusual|rare|normal|fair|unfair|wise|useful|expensive|cheap|cheaper|easier"
    "|harder)"
)
_KNOWN = "(?:known|unknown|clear|unclear|certain|sure|said|called|announced|decided|reported|explained|revealed|stated)"
# Where "it" stands for nothing that was said: it only holds the place of what follows, or is the weather or the time.
_EMPTY = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<it>it)\s+(?:takes?|took|taken|costs?)\b.*\sto\s+(?!(?:the|an?|this|that)\b)\w",
        rf"(?:\b(?:{_IS}|makes?|made|finds?|found)\s+(?P<it>it)|\b(?P<it2>it)\s+(?:{_IS}|becomes?|became|seems))"
        rf"\s+{_HARD}\s+(?:for\s.*\s)?to\s+\w+\s+(?!(?:{one_of(PREPOSITIONS)})\b)\w",
        rf"\b(?:{_IS})\s+(?P<it>it)\s+(?:\w+\s+)?(?:that|who|whom|whether)\s+\w",
        rf"\b(?:{_IS})\s+(?P<it>it)\s+(?:the|in|on|at)\s+\w+\s+that\s+\w",
        rf"\b(?:{_IS})\s+(?P<it>it)\s+{_KNOWN}\s+(?:{one_of(WH_WORDS)}|if)\b",
        rf"\bwhat\s+(?:{_IS})\s+(?P<it>it)\s+about\b.*\sthat\b",
        rf"\bhow\s+(?:much\s+)?(?:hot|cold|warm|cool|dark|late|humid|windy)(?:ter|er)?\s+(?:{_IS})\s+(?P<it>it)"
        rf"\s+(?:when|{one_of(PREPOSITIONS)})\b",
        rf"\bhow\s+(?:long|far)\s+(?:{_IS})\s+(?P<it>it)\s+(?:before|until|since|from\s.*\sto)\b",
        rf"\bwhat\s+time\s+(?:{_IS})\s+(?P<it>it)\b",
        r"\b(?P<it>it)\s+(?:rain|snow|freeze)(?:ed|ing|s)?\b",
    )
)


def loose(body: str) -> Iterator[tuple[re.Match[str], Anaphor]]:
    """Yield the anaphors of a question that nothing in the question itself explains, in order, none overlapping."""
    taken = seen = 0
    empty = {at for pattern in _EMPTY for it in pattern.finditer(body) for at in map(it.start, pattern.groupindex)}
    found = [(match, anaphor) for anaphor in ANAPHORS for match in anaphor.pattern.finditer(body)]
    for match, anaphor in sorted(found, key=lambda pair: pair[0].start("it")):
        if match.start("it") < taken or match.start("it") in empty or not _refers(match):
            continue
        taken, seen = match.end("it"), seen + 1
        if seen > MAX_ANAPHORS:
            return
        if not (anaphor.binds and _explains(body[: match.start("it")], anaphor.wants)):
            yield match, anaphor


def _refers(match: re.Match[str]) -> bool:
    """Return whether a word is used as a pronoun or demonstrative at all."""
    if match["it"] == "IT" and not match.string.isupper():  # a trade
        return False
    first, *noun = words(match["it"])
    before, after = words(match.string[: match.start("it")])[-1:], words(match.string[match.end("it") :])
    if first.lower() not in {"this", "that", "these", "those"}:
        return True
    if noun:
        return _points(first.lower(), noun[0], before[0] if before else "", after)
    if not after or first.lower() in {"this", "these"}:
        return True
    if after[0].lower() in PREPOSITIONS:  # "those in the bay" and "that of the bay" say which
        return first.lower() == "that" and after[0].lower() != "of" and not (before and _is_content(before[0]))
    # "the bridge that was built"
    return after[0].lower() not in AUXILIARIES or not before or before[0].lower() in LINKERS | WH_WORDS


def _points(this: str, noun: str, before: str, after: list[str]) -> bool:
    """Return whether a demonstrative is one before a word, and not the "that" of a clause or the "those" of a kind."""
    if noun.lower() in _NO_NOUN or (this == "this" and noun.lower() in _TIMES):
        return False
    if this in {"this", "these"}:
        return True
    if this == "those":
        return not is_verb(noun)  # "those killed"
    if noun.endswith(("ing", "en")):
        return not _is_content(before)
    if is_verb(noun) or noun[0].isupper() or re.search(r"[^su]s$", noun):  # "that killed", "that Brandt", "that owns"
        return False
    if before.lower() in _BEFORE_CLAUSE:
        ends = not after or after[0].lower() in PREPOSITIONS
        return ends and not any(word.lower() in AUXILIARIES or is_verb(word) for word in after)
    return not after or not _is_content(before)


def _is_content(word: str) -> bool:
    """Return whether a word may be a noun: it is none of the closed lists, and no verb."""
    return bool(word) and (word.lower() in PRONOUNS or not (word.lower() in FUNCTION_WORDS or is_verb(word)))


def _explains(before: str, wants: str) -> bool:
    """Return whether a name or a noun that a pronoun may stand for is in the clause before it."""
    parts = take_apart(re.sub(r"\b(?:US|IT)\b", "us", before))  # "which US firm": they say whose, and are seldom meant
    phrases = [phrase for phrase in noun_phrases(parts) if phrase in parts.rest]
    if wants == "any" and any(kind_of(phrase) == "plural" for phrase in phrases):
        return True
    said = f"{parts.wh} {parts.auxiliary.lower()}{parts.rest[len(parts.auxiliary) :]}".strip()  # "When Will"
    return bool(names(said)) or any(words(phrase)[0].lower() in DETERMINERS for phrase in phrases)
