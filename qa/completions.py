"""What the turn before completes a question to that is no whole sentence: "and when?", "how deep?", "the mayor?"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.antecedents import kind_of
from qa.fragments import (
    ABOUT,
    ARTICLES,
    CONTRASTS,
    OF_THEM,
    adds_nothing,
    contrast,
    is_degree,
    is_fragment,
    is_place_only,
    lacks_noun,
)
from qa.phrases import DETERMINERS, FUNCTION_WORDS, PREPOSITIONS, words
from qa.verbs import after_did, is_verb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.antecedents import Said
    from qa.phrases import Parts

MAX_ANSWER = 12  # words of an answer that is put into a question
COST_OF_ORDER = 1.0  # of each further completion that a rule has


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to complete a fragment from the turn before it: yields questions, most expected first."""

    name: str
    cost: float
    complete: Callable[[Parts, Said], Iterator[str]]


_QUANTITY = re.compile(r"^(?:some|most|many|all|part)\s+(?:of\s+)?", re.IGNORECASE)
_NUMBER = re.compile(r"^(?:about\s+|some\s+)?[\d.,]+\s+")
_CIRCUMSTANCES = frozenset({"when", "where", "why", "how"})
_SOMEONE = {"who": "someone"}
_ANY = frozenset({"any", "anyone", "anybody", "anything"})


def completed(parts: Parts, said: Said) -> Iterator[tuple[str, str, float]]:
    """Yield what a fragment is completed to, with the name of the rule and its cost; nothing for a whole sentence."""
    if is_fragment(parts):
        for rule in RULES:
            for at, text in enumerate(rule.complete(parts, said)):
                yield text, rule.name, rule.cost + COST_OF_ORDER * at


def filled(parts: Parts, said: Said) -> str:
    """Return the question with the noun that "how many" or "which ones" leaves out, taken from the turn before."""
    if not lacks_noun(parts):
        return ""
    asked_for = " ".join(words(said.parts.wh)[2 if said.parts.word == "how" else 1 :])
    named = (_NUMBER.sub("", phrase) for phrase in (asked_for, said.name, *said.phrases))
    noun = next((ARTICLES.sub("", phrase) for phrase in named if phrase and kind_of(phrase) == "plural"), "")
    return f"{ARTICLES.sub('', parts.wh)} {noun} {parts.rest}" if noun else ""


def _exchange(parts: Parts, said: Said) -> Iterator[str]:
    """Ask the last question for something else: "when?" after "who led the study?"."""
    before = said.parts
    if not parts.word or not before.rest or ABOUT.match(parts.body) or contrast(parts) or lacks_noun(parts):
        return
    wh = parts.wh if not parts.rest or adds_nothing(parts) else parts.body
    of_them = OF_THEM.match(parts.body)
    if of_them or wh.lower() == "how many":
        yield from _counted(of_them["wh"] if of_them else wh, said)
        return
    first = words(wh.lower())
    is_circumstance = wh.lower() in _CIRCUMSTANCES | {"how much"} or first[0] in PREPOSITIONS | {"according"}
    if before.auxiliary and before.subject:
        if is_circumstance and before.wh and before.wh.lower() not in _CIRCUMSTANCES:
            yield f"{wh} {_with_object(before, said.name)}"
        if is_place_only(parts) and before.word in _CIRCUMSTANCES - {"how"}:  # "how many people on board?"
            yield f"{parts.wh} were {parts.rest} {before.subject}"
            return
        yield f"{wh} {before.rest}"
    elif is_circumstance or is_degree(first):
        yield _with_subject(wh, before, said.name or _asked_for(before))
    else:
        yield f"{wh} {before.rest}"


def _asked_for(before: Parts) -> str:
    """Return what stands for an answer that was not found: "the group" for "which group"."""
    noun = " ".join(words(before.wh)[1:]) if before.word in {"which", "what"} else ""
    return f"the {noun}" if noun else _SOMEONE.get(before.word, "something")


def _with_object(before: Parts, answer: str) -> str:
    """Return "did Brandt offer an amendment" of "what did Brandt offer" and its answer."""
    if not answer or len(words(answer)) > MAX_ANSWER:
        return before.rest
    asked_for = [word for word in words(before.wh)[1:] if word.lower() not in {"much", "many"} | FUNCTION_WORDS]
    noun = asked_for[-1] if before.word == "how" and asked_for and asked_for[-1] not in answer else ""
    return " ".join(f"{before.rest} {answer} {noun}".split())


def _with_subject(wh: str, before: Parts, answer: str) -> str:
    """Return "why is the group left out" of "which group is left out" and its answer."""
    if before.auxiliary:
        return f"{wh} {before.auxiliary} {answer} {before.predicate}"
    verb, _, tail = before.rest.partition(" ")
    stem = after_did(verb)
    return f"{wh} did {answer} {stem} {tail}" if stem else f"{wh} was it that {answer} {before.rest}"


def _counted(wh: str, said: Said) -> Iterator[str]:
    """Ask how many there are of what the last question was about: "how many of them?"."""
    before = said.parts
    for phrase in (before.subject, *said.phrases):
        if phrase and kind_of(phrase) in {"plural", "thing"} and _whole(phrase).search(before.rest):
            rest = " ".join(_replaced(before.rest, phrase, "").split())
            yield f"{wh} {ARTICLES.sub('', _QUANTITY.sub('', phrase))} {rest}"
            return


def _measure(parts: Parts, said: Said) -> Iterator[str]:
    """Ask how much the thing is that the last question was about: "how deep?"."""
    if parts.word == "how" and len(words(parts.wh)) > 1 and not parts.rest:
        plural = re.search(r"\bmany\b", parts.wh)
        for phrase in (said.parts.subject, *said.phrases)[:2]:
            if phrase and plural:
                yield f"{parts.wh} {ARTICLES.sub('', phrase)} are there"
            elif phrase:
                yield f"{parts.wh} {'were' if kind_of(phrase) == 'plural' else 'was'} {phrase}"


def _contrasted(parts: Parts, said: Said) -> Iterator[str]:
    """Exchange one word for another of its kind: "and the first?" after "when will the last reef be laid?"."""
    found = contrast(parts)
    if not found:
        return
    topic, pattern = found
    before, rest = said.parts, said.parts.body
    if pattern.search(rest):
        yield pattern.sub(topic, rest, count=1)
    elif pattern is CONTRASTS[2]:
        yield f"{rest} {topic}"
    else:
        for phrase in said.phrases[:1]:
            if _whole(phrase).search(before.rest):
                yield _replaced(before.body, phrase, f"the {topic} {ARTICLES.sub('', phrase)}")


def _substitute(parts: Parts, said: Said) -> Iterator[str]:
    """Ask the last question about something else: "and the mayor?"."""
    topic = ABOUT.sub("", parts.body)
    tokens, before = words(topic), said.parts
    if not tokens or contrast(parts) or (parts.word and topic == parts.body):
        return
    if tokens[0].lower() in _ANY:
        yield f"{'is' if tokens[0].lower() != 'any' else 'are'} there {topic}"
    elif tokens[0].lower() in PREPOSITIONS:
        yield _prepositional(_replaced(topic, "one", _last_noun(said)), before)
    elif len(tokens) == 1 and topic.islower() and is_verb(topic) and is_verb(before.rest.split(" ")[-1]):
        yield f"{before.wh} {' '.join([*before.rest.split(' ')[:-1], topic])}"
    else:
        stem = re.sub(r"\bones?$", "", topic)
        for old in _replaceable(topic, said):
            yield _replaced(before.body, old, topic if stem == topic else f"{stem}{words(old)[-1]}")


def _replaced(text: str, old: str, new: str) -> str:
    """Return a text with some words exchanged for others once; "art" is not in "started"."""
    return _whole(old).sub(lambda _: new, text, count=1)


def _whole(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])")


def _last_noun(said: Said) -> str:
    return words(said.phrases[-1])[-1] if said.phrases else "one"


def _prepositional(topic: str, before: Parts) -> str:
    """Exchange what follows the same preposition, or add it."""
    tokens = before.body.split()
    last = max((at for at, token in enumerate(tokens) if token.lower() in PREPOSITIONS), default=len(tokens))
    if tokens[last : last + 1] and tokens[last].lower() == words(topic)[0].lower():
        tokens = tokens[:last]
    return " ".join([*tokens, topic])


def _replaceable(topic: str, said: Said) -> list[str]:
    """Return the phrases of the last question that a topic may take the place of, those of its own kind first."""
    bare = ARTICLES.sub("", topic)
    bare = bare if words(bare) else topic  # "a ,"
    head, is_name = words(bare)[-1].lower(), bare[0].isupper()
    phrases = [phrase for phrase in said.phrases if _whole(phrase).search(said.parts.rest)]
    alike = [
        phrase
        for phrase in phrases
        if words(phrase)[-1].lower() == head or (is_name and ARTICLES.sub("", phrase)[0].isupper())
    ]
    if alike:
        return alike[-1:]
    modifiers = [word for phrase in phrases for word in words(phrase)[:-1] if word.lower() not in DETERMINERS]
    return [*modifiers, *phrases] if bare == topic and len(words(topic)) == 1 else phrases


RULES = (
    Rule("contrast", 0.0, _contrasted),
    Rule("exchange", 0.0, _exchange),
    Rule("substitute", 0.0, _substitute),
    Rule("measure", 1.0, _measure),
)
