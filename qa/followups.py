"""What a follow-up question may mean: stand-alone questions made by rule from the turns before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING

from qa.anaphors import loose
from qa.antecedents import GENDERS, Antecedent, Said, antecedents
from qa.completions import completed, filled
from qa.fragments import ends_in_them, is_about_event, is_fragment
from qa.phrases import PREPOSITIONS, take_apart, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.anaphors import Anaphor
    from qa.phrases import Parts

LITERAL = "literal"
LAST = "last"  # of several questions
LITERAL_COST = 4.0  # a question that leans on the one before it is seldom meant as typed
MAX_MEANINGS = 8  # each is read against the articles
MAX_TURNS = 3  # how far back a question refers
MAX_ANTECEDENTS = 4  # tried for one pronoun
_AFTER_MARK = re.compile(r"(?<=\?)\s+")


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a question may mean.

    Attributes:
        question: As it would be asked on its own.
        rule: What made it; "literal" for the words as typed, "last" for the last of several questions.
        cost: How far the rules are from expecting it.
    """

    question: str
    rule: str
    cost: float


def meanings(question: str, history: Sequence[Said]) -> list[Meaning]:
    """Return what a question may mean, most expected first; one that stands alone means itself.

    Args:
        question: As typed.
        history: The turns before, latest last.
    """
    *earlier, last = _questions(question)
    for one in earlier:  # the last is answered, and may lean on those before it
        history = [*history, Said(meanings(one, history)[0].question, "", "")]
    made = [Meaning(last, LAST, 0.0)] if last != question else []
    if history and not stands_alone(last):
        made = [*_made(take_apart(last), history[-MAX_TURNS:])] or made
    if not made:
        return [Meaning(question, LITERAL, 0.0)]
    best: dict[str, Meaning] = {}
    for meaning in sorted(made, key=lambda meaning: meaning.cost):
        best.setdefault(_folded(meaning.question), meaning)
    own = best.pop(_folded(question), None)  # then the words as typed are what the rules expect
    literal = Meaning(question, LITERAL, min(LITERAL_COST, own.cost) if own else LITERAL_COST)
    return [*islice(best.values(), MAX_MEANINGS - 1), literal]


def _questions(text: str) -> list[str]:
    """Return the questions of a text: where there are several, without what is said before, between and after them."""
    parts = [part for part in _AFTER_MARK.split(text.strip()) if part.endswith("?") or take_apart(part).word]
    earlier = [part for part in parts[:-1] if take_apart(part).is_whole]
    return [*earlier, parts[-1]] if earlier else [text]


def _folded(question: str) -> str:
    return question.casefold().rstrip(" ?")


def stands_alone(question: str) -> bool:
    """Return whether a question can be understood without the ones before it."""
    parts = take_apart(question)
    return not is_fragment(parts) and not any(True for _ in loose(parts.body))


def _made(parts: Parts, history: Sequence[Said]) -> Iterator[Meaning]:
    for text, rule, cost in completed(parts, history[-1]):
        yield Meaning(_asked(text), rule, cost)
    whole = filled(parts, history[-1])
    settled = ends_in_them(parts) or (is_fragment(parts) and is_about_event(parts))
    if whole or (not settled and any(True for _ in loose(parts.body))):
        for text, cost in _resolved(whole or parts.body, history):
            yield Meaning(_asked(text), "fill" if whole else "resolve", cost)


def _resolved(body: str, history: Sequence[Said]) -> Iterator[tuple[str, float]]:
    """Yield the question with what its anaphors may stand for; what wants the same is the same, but he is not she."""
    found = [(match, anaphor, _choices(match["it"], anaphor.wants, history)) for match, anaphor in loose(body)]
    found = [one for one in found if one[2] or one[1].wants != "noun"]  # "this year", of which nothing was said
    keys = [(a.wants, match["it"] if a.wants == "noun" else GENDERS.get(match["it"].lower())) for match, a, _ in found]
    choices = dict(zip(keys, (possible for *_, possible in found), strict=True))
    for chosen in product(*choices.values()):
        if len({one.text for one in chosen}) < len(chosen):  # words that want different things
            continue
        by_key = dict(zip(choices, chosen, strict=True))
        text, at = "", 0
        for key, (match, anaphor, _) in zip(keys, found, strict=True):
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
    return []


def _put(anaphor: Anaphor, antecedent: Antecedent) -> str:
    text = antecedent.text
    if anaphor.wants == "place" and words(text)[0].lower() not in PREPOSITIONS:
        return f"in {text}"
    return f"{text}'" if anaphor.form.endswith("'s") and text.endswith("s") else anaphor.form.format(text)


def _asked(text: str) -> str:
    text = " ".join(text.split())
    return f"{text[:1].upper()}{text[1:]}?"
