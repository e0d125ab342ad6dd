"""What a follow-up question may mean: stand-alone questions made by rule from the turns before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING

from qa.antecedents import Antecedent, antecedents
from qa.fragments import completed, ends_in_them, filled, is_about_event, is_fragment
from qa.phrases import (
    AUXILIARIES,
    DETERMINERS,
    FUNCTION_WORDS,
    PREPOSITIONS,
    names,
    noun_phrases,
    one_of,
    take_apart,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.antecedents import Said
    from qa.phrases import Parts

LITERAL = "literal"
LITERAL_COST = 4.0  # a question that leans on the one before it is seldom meant as typed
MAX_MEANINGS = 8  # each is read against the articles
MAX_TURNS = 3  # how far back a question refers
MAX_ANTECEDENTS = 4  # tried for one pronoun


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a question may mean.

    Attributes:
        question: As it would be asked on its own.
        rule: What made it; "literal" for the words as typed.
        cost: How far the rules are from expecting it.
    """

    question: str
    rule: str
    cost: float


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


def meanings(question: str, history: Sequence[Said]) -> list[Meaning]:
    """Return what a question may mean, most expected first; one that stands alone means itself.

    Args:
        question: As typed.
        history: The turns before, latest last.
    """
    if not history or stands_alone(question):
        return [Meaning(question, LITERAL, 0.0)]
    recent = history[-MAX_TURNS:]
    made = list(_made(take_apart(question), recent))
    best: dict[str, Meaning] = {}
    for meaning in sorted(made, key=lambda meaning: meaning.cost):
        best.setdefault(_folded(meaning.question), meaning)
    own = best.pop(_folded(question), None)  # then the words as typed are what the rules expect
    literal = Meaning(question, LITERAL, min(LITERAL_COST, own.cost) if own else LITERAL_COST)
    return [*islice(best.values(), MAX_MEANINGS - 1), literal]


def _folded(question: str) -> str:
    return question.casefold().rstrip(" ?")


def stands_alone(question: str) -> bool:
    """Return whether a question can be understood without the ones before it."""
    parts = take_apart(question)
    return not is_fragment(parts) and not any(True for _ in _loose(parts.body))


def _made(parts: Parts, history: Sequence[Said]) -> Iterator[Meaning]:
    for text, rule, cost in completed(parts, history[-1]):
        yield Meaning(_asked(text), rule, cost)
    whole = filled(parts, history[-1])
    settled = ends_in_them(parts) or (is_fragment(parts) and is_about_event(parts))
    if whole or (not settled and any(True for _ in _loose(parts.body))):
        for text, cost in _resolved(whole or parts.body, history):
            yield Meaning(_asked(text), "fill" if whole else "resolve", cost)


# Pronouns and demonstratives


def _anaphor(
    it: str, wants: str, form: str = "{}", *, before: str = "", after: str = "", binds: bool = False
) -> Anaphor:
    return Anaphor(re.compile(rf"{before}\b(?P<it>{it})(?!['’\w]){after}", re.IGNORECASE), wants, form, binds)


_THIS = "(?:this|that|these|those)"
_NOUN = rf"(?!(?:{one_of(FUNCTION_WORDS)})\b)[\w$€£]"  # a word that is in none of the closed lists
_SAYING = (
    r"\b(?:say|says|said|announced?|announces|claim(?:s|ed)?|report(?:s|ed)?|discover(?:ed)?|(?:find|found)(?: out)?"
    r"|thinks?|thought|believes?|believed|warned|explained|noticed)\s+"
)
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
    _anaphor(_THIS, "that", before=r"\b(?:do|does|did)\s+", after=r"(?=\s+\w+\s*$)"),
    _anaphor(_THIS, "that", before=r"\b(?:is|are|was|were)\s+", after=r"(?=\s+\w+ed\s*$)"),
    _anaphor(_THIS, "that", after=rf"(?=\s*$|\s+(?:{one_of(PREPOSITIONS | AUXILIARIES)})\b)"),
    _anaphor(rf"{_THIS}\s+{_NOUN}\w*", "noun"),
    _anaphor("there", "place", before=r"(?<!is )(?<!are )(?<!was )(?<!were )", after=r"(?!\s+(?:is|are|was|were)\b)"),
)


def _loose(body: str) -> Iterator[tuple[re.Match[str], Anaphor]]:
    """Yield the anaphors of a question that nothing in the question itself explains, in order, none overlapping."""
    taken = 0
    found = [(match, anaphor) for anaphor in ANAPHORS for match in anaphor.pattern.finditer(body)]
    for match, anaphor in sorted(found, key=lambda pair: pair[0].start("it")):
        if match.start("it") < taken or (anaphor.binds and _explains(body[: match.start("it")])):
            continue
        taken = match.end("it")
        yield match, anaphor


def _explains(before: str) -> bool:
    """Return whether a name or a noun stands in the clause before a pronoun."""
    parts = take_apart(before)
    return bool(names(before)) or any(
        words(phrase)[0].lower() in DETERMINERS for phrase in noun_phrases(parts) if phrase in parts.rest
    )


def _resolved(body: str, history: Sequence[Said]) -> Iterator[tuple[str, float]]:
    """Yield the question with what its anaphors may stand for; those that want the same stand for the same."""
    loose = list(_loose(body))
    keys = [anaphor.wants if anaphor.wants != "noun" else match["it"] for match, anaphor in loose]
    choices = {
        key: _choices(match["it"], anaphor.wants, history) for key, (match, anaphor) in zip(keys, loose, strict=True)
    }
    for chosen in product(*choices.values()):
        if len({one.text for one in chosen}) < len(chosen):  # words that want different things
            continue
        by_key = dict(zip(choices, chosen, strict=True))
        text, at = "", 0
        for key, (match, anaphor) in zip(keys, loose, strict=True):
            text += body[at : match.start("it")] + _put(anaphor, by_key[key])
            at = match.end("it")
        yield text + body[at:], sum(one.cost for one in chosen)


def _choices(word: str, wants: str, history: Sequence[Said]) -> list[Antecedent]:
    if wants == "statement":
        return [Antecedent(said.statement, "clause", 0.0) for said in history[-1:] if said.statement]
    if wants != "noun":
        return antecedents(history, wants, word)[:MAX_ANTECEDENTS]
    noun = words(word)[-1].lower()
    for said in reversed(history):
        for phrase in (said.name, said.parts.subject, *said.phrases):
            if noun in map(str.lower, words(phrase)) and len(words(phrase)) > 1:
                return [Antecedent(phrase, "thing", 0.0)]
    return [Antecedent(f"the {noun}", "thing", 0.5)]


def _put(anaphor: Anaphor, antecedent: Antecedent) -> str:
    text = antecedent.text
    if anaphor.wants == "place" and words(text)[0].lower() not in PREPOSITIONS:
        return f"in {text}"
    return f"{text}'" if anaphor.form.endswith("'s") and text.endswith("s") else anaphor.form.format(text)


def _asked(text: str) -> str:
    text = " ".join(text.split())
    return f"{text[:1].upper()}{text[1:]}?"
