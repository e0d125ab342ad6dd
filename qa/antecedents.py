"""What pronouns and demonstratives can stand for: the answers, names and nouns of the turns before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from qa.dates import MONTHS, is_time
from qa.phrases import AUXILIARIES, FUNCTION_WORDS, lowered, names, noun_phrases, take_apart, words
from qa.verbs import in_the_past, in_the_present, is_verb, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.phrases import Parts

MAX_WORDS = 9  # an answer longer than this is a statement, which no pronoun is exchanged for
KIND_ASKED_FOR = {"who": "person", "whom": "person", "when": "time", "where": "place", "why": "clause"}
# In order of preference; what is not listed cannot be meant.
SUITABLE = {
    "person": ("person", "name", "role", "compound"),
    "thing": ("thing", "name", "compound", "plural", "place"),
    "any": ("plural", "group", "person", "thing", "name", "role"),
    "that": ("number", "place", "time", "thing", "name", "plural"),
    "place": ("place", "name"),
}
COST_OF_AGE, COST_OF_KIND, COST_OF_ORDER, COST_OF_BARE, COST_OF_SENTENCE = 1.0, 0.5, 0.25, 0.5, 1.5
TITLES = {
    "mr": "he", "ms": "she", "mrs": "she", "miss": "she", "councilman": "he", "councilwoman": "she", "sir": "he",
    "lady": "she", "king": "he", "queen": "she", "prince": "he", "princess": "she",
}  # fmt: skip
GENDERS = {**dict.fromkeys(("he", "him", "his"), "he"), **dict.fromkeys(("she", "her", "hers"), "she")}
_PERSON = re.compile(rf"^(?:{'|'.join(TITLES)}|dr|mayor|president|prof|professor|judge|senator)\b", re.IGNORECASE)
_ROLE = re.compile(
    r"(?:man|woman|person|boy|girl|mayor|clerk|manager|director|leader|minister|secretary|president|officer|uncle"
    r"|aunt|father|mother|[a-z]{2}(?:ist|ian|keeper|taker|maker)|head|chief|author|owner|founder|winner|victim)$",
    re.IGNORECASE,
)
JOINED = re.compile(r"\band\b", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?:council|team|police|department|committee|crew|family|government|company|forces)(?:\s+(?:of|for|in|on)\b|$)",
    re.IGNORECASE,
)
_PERSONAL_NAME = re.compile(r"^(?:[A-Z][\w’'.-]+ ){1,2}[A-Z][\w’'-]+$")
_COMPOUND = re.compile(r"^(?!(?:the|an?) )[a-z]+ [a-z]+$")  # may be a name that was typed without capitals
_AFTER_NAME = re.compile(r",\s+(?:the|an?|who|whose|which|\d+)\b|\s(?:\(|who\b|which\b)")
_OWNER = re.compile(r"(.+?)['’]s\s")
_PLURAL = re.compile(r"(?:[^siu]s|ies|people|children|men|women)$")
_AMOUNT = re.compile(
    r"(?:(?i:about|nearly|some|only|more than|as much as)\s+)?[-–−]?(?:(?P<money>[$€£]\s?\d)|\d[^\sA-Z]*(?!\S)\s*)"
)
_UNITS = listed(
    "percent per cent point points degree degrees hundred thousand million billion trillion dozen"
    " mm cm m km millimetres millimeters centimetres centimeters metres meters kilometres kilometers"
    " inches feet yards miles acres hectares"
    " mg g kg grams kilograms kilos pounds ounces tons tonnes litres liters gallons watts kilowatts megawatts"
    " seconds minutes hours days weeks months years decades centuries am pm a.m p.m times"
    " euro euros dollar dollars cent cents kronor crowns francs yen rubles rupees"
) | {month.lower() for month in MONTHS}


@dataclass(frozen=True)
class Said:
    """A turn of the conversation, as later questions refer to it.

    Attributes:
        question: As it was understood.
        answer: The quote; empty when the articles did not say.
        sentence: The sentence around the answer.
    """

    question: str
    answer: str
    sentence: str

    @cached_property
    def parts(self) -> Parts:
        """The question taken apart."""
        return take_apart(self.question)

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """The names and nouns of the question."""
        return tuple(noun_phrases(self.parts))

    @property
    def name(self) -> str:
        """The answer, short of what is said about it: "Ruth Danquah" of "Ruth Danquah, an ecologist"."""
        cut = _AFTER_NAME.search(self.answer)
        return self.answer[: cut.start()].strip() if cut and self.answer[:1].isupper() else self.answer.strip(' .,;“”"')

    @property
    def statement(self) -> str:
        """Question and answer as a statement, "the water in the gaps was 1.4 degrees cooler"; empty if not answered."""
        parts, answer = self.parts, "" if self.parts.word in {"when", "where", "why"} else self.name
        if not self.answer or not parts.rest:
            return ""
        if not parts.subject:
            return f"{answer} {parts.rest}"
        verb, _, tail = parts.predicate.partition(" ")
        auxiliary = {"did": in_the_past(verb), "does": in_the_present(verb), "do": verb}.get(parts.auxiliary.lower())
        said = f"{auxiliary} {tail}" if auxiliary else f"{parts.auxiliary} {parts.predicate}"
        return " ".join(f"{parts.subject} {said} {answer}".split())


@dataclass(frozen=True, slots=True)
class Antecedent:
    """Words that something may stand for, and how far the rules are from expecting it."""

    text: str
    kind: str
    cost: float


def antecedents(history: Sequence[Said], wants: str, word: str) -> list[Antecedent]:
    """Return what a word can stand for, most expected first.

    Args:
        history: The turns before, latest last.
        wants: A key of ``SUITABLE``.
        word: As typed; "he" is not Ms. Brandt.
    """
    found: dict[str, Antecedent] = {}
    for age, said in enumerate(reversed(history)):
        for text, kind, cost in _mentioned(said):
            if kind in SUITABLE[wants] and agrees(text, word):
                cost += COST_OF_AGE * age + COST_OF_KIND * SUITABLE[wants].index(kind)
                key = text.casefold().removeprefix("the ")
                if key not in found or cost < found[key].cost:
                    found[key] = Antecedent(text, kind, cost)
    return sorted(found.values(), key=lambda antecedent: antecedent.cost)


def kind_of(text: str, asked_for: str = "", before: str = "") -> str:
    """Return what a phrase names, empty without a word.

    Args:
        text: The phrase.
        asked_for: What the question wanted that it answers.
        before: What stands before it.
    """
    tokens = words(text)
    if not tokens:
        return ""
    amount = _AMOUNT.match(text)
    if amount:  # "412" and "40 million euros"; "200 protesters" are no number, and "3M" is no amount
        text = text[amount.end() :]
        tokens = words(text)
        if amount["money"] or not tokens or tokens[0].lower() in _UNITS or tokens[-1][0].isdigit():
            return "number"
    asked_for = "time" if asked_for != "person" and is_time(text, before) else asked_for
    if asked_for in {"time", "place", "clause"}:
        return asked_for
    if JOINED.search(text) or is_body(text):
        return "group" if asked_for == "person" else "thing"
    if _PERSON.match(text) or (asked_for == "person" and text[0].isupper() and not _is_plural(text)):
        return "person"
    if _ROLE.search(text):
        return "role"
    if _PERSONAL_NAME.match(text) or (not text[0].islower() and any(map(str.isupper, tokens[-1]))):
        return "name"
    if _COMPOUND.match(text) and not _PLURAL.search(text):
        return "compound"
    several = "group" if amount else "plural"  # of a group one does not say "it"
    return several if _PLURAL.search(tokens[-1].lower()) else "thing"


def is_body(text: str) -> bool:
    """Return whether a phrase names what acts as one or as many: "the council", no council member and no forces."""
    return bool(_BODY.search(text)) and not _is_plural(text)


def _is_plural(text: str) -> bool:
    """Return whether a phrase ends in a plural that is no name: "Russian officials", but not "Bob Jones"."""
    tokens = words(text)
    return tokens[-1].islower() and bool(_PLURAL.search(tokens[-1])) and FUNCTION_WORDS.isdisjoint(tokens[1:])


def agrees(text: str, word: str) -> bool:
    """Return whether the title in a name, if there is one, lets a pronoun stand for it: "she" is not Mr. Brandt."""
    gender = TITLES.get(next(iter(words(text)), "").lower(), "")
    return not gender or GENDERS.get(word.lower(), gender) == gender


def _mentioned(said: Said) -> Iterator[tuple[str, str, float]]:
    """Yield the answer, then what the question names, then what the sentence around the answer names, with costs."""
    answer = said.name
    first = answer.split(" ", 1)[0]
    says = lowered([first], opens=False)[0] in AUXILIARIES or is_verb(first)
    if answer and len(words(answer)) <= MAX_WORDS and not says:
        kind = kind_of(answer, KIND_ASKED_FOR.get(said.parts.word, ""))
        yield answer, "thing" if kind == "compound" else kind, 0.0
    for at, phrase in enumerate(said.phrases, 1):
        printed = _as_printed(phrase, said.sentence)
        owner = _OWNER.match(printed)
        if owner:
            yield owner[1], kind_of(owner[1]), COST_OF_ORDER * at
        bare = COST_OF_BARE if printed.islower() and " " not in printed else 0.0
        kind = kind_of(printed, before=_before(phrase, said.question))
        yield printed, kind, COST_OF_ORDER * at + bare
    for at, name in enumerate(names(said.sentence)):
        if name not in answer:
            kind = kind_of(name, before=_before(name, said.sentence))
            yield name, kind, COST_OF_SENTENCE + COST_OF_ORDER * at


def _before(phrase: str, text: str) -> str:
    there = re.search(rf"\b{re.escape(phrase)}(?!\w)", text)
    return text[: there.start()] if there else ""


def _as_printed(phrase: str, sentence: str) -> str:
    """Return a phrase with the capitals that it has in the article: names are often typed without."""
    there = re.search(rf"\b{re.escape(phrase)}\b", sentence, re.IGNORECASE)
    return there[0] if there and words(there[0])[-1][0].isupper() and " " in phrase else phrase
