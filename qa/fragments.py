"""Questions that are no whole sentence, "and when?", and what the turn before completes them to."""

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
    PREPOSITIONS,
    one_of,
    words,
)
from qa.verbs import after_did, is_verb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.antecedents import Said
    from qa.phrases import Parts

MAX_WORDS = 6  # of "and the smaller of the two?"
MAX_ANSWER = 12  # words of an answer that is put into a question
MAX_BARE_WORDS = 2  # words of "limestone reefs?"
COST_OF_ORDER = 1.0  # of each further completion that a rule has


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to complete a fragment from the turn before it: yields questions, most expected first."""

    name: str
    cost: float
    complete: Callable[[Parts, Said], Iterator[str]]


_ABOUT = re.compile(r"^(?:what|how)\s+(?:about|of)\s+", re.IGNORECASE)
_OF_THEM = re.compile(r"^(?P<wh>(?:how|which|what)\b.*?)\s+of\s+(?:them|these|those|that|it)$", re.IGNORECASE)
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
_QUANTITY = re.compile(r"^(?:some|most|many|all|part)\s+(?:of\s+)?", re.IGNORECASE)
_NUMBER = re.compile(r"^(?:about\s+|some\s+)?[\d.,]+\s+")
_CIRCUMSTANCES = frozenset({"when", "where", "why", "how"})
_SOMEONE = {"who": "someone"}
_ANY = frozenset({"any", "anyone", "anybody", "anything"})
_ARTICLES = re.compile(r"^(?:(?:the|a|an)\s+)+|\s+ones?$", re.IGNORECASE)
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
    if _ABOUT.match(parts.body) or _contrast(parts) or _lacks_noun(parts):
        return True
    if parts.word:
        return not parts.rest or bool(_TAIL.match(parts.rest)) or ends_in_them(parts) or _is_place_only(parts)
    tokens = [word.lower() for word in words(parts.body)]
    if not tokens or tokens[0] in AUXILIARIES or len(tokens) > MAX_WORDS:
        return False
    # without such a beginning, a longer run of words may be a question in another language
    return bool(parts.lead) or tokens[0] in DETERMINERS | PREPOSITIONS or len(tokens) <= MAX_BARE_WORDS


def completed(parts: Parts, said: Said) -> Iterator[tuple[str, str, float]]:
    """Yield what a fragment is completed to, with the name of the rule and its cost; nothing for a whole sentence."""
    if is_fragment(parts):
        for rule in RULES:
            for at, text in enumerate(rule.complete(parts, said)):
                yield text, rule.name, rule.cost + COST_OF_ORDER * at


def filled(parts: Parts, said: Said) -> str:
    """Return the question with the noun that "how many" or "which ones" leaves out, taken from the turn before."""
    if not _lacks_noun(parts):
        return ""
    asked_for = " ".join(words(said.parts.wh)[2 if said.parts.word == "how" else 1 :])
    named = (_NUMBER.sub("", phrase) for phrase in (asked_for, said.name, *said.phrases))
    noun = next((_ARTICLES.sub("", phrase) for phrase in named if phrase and kind_of(phrase) == "plural"), "")
    return f"{_ARTICLES.sub('', parts.wh)} {noun} {parts.rest}" if noun else ""


def is_about_event(parts: Parts) -> bool:
    """Return whether the "that" of a question is what happened, and no thing: "when was that?"."""
    return bool(_EVENT.match(parts.body))


def ends_in_them(parts: Parts) -> bool:
    """Return whether a question counts what is not named: "how many of them?"."""
    return bool(_OF_THEM.match(parts.body))


def _lacks_noun(parts: Parts) -> bool:
    return bool(parts.rest and re.fullmatch(r"how many|which ones?", parts.wh, re.IGNORECASE)) and not (
        _TAIL.match(parts.rest) or words(parts.rest)[0].lower() in PREPOSITIONS
    )


def _is_place_only(parts: Parts) -> bool:
    """Return whether nothing but "on limestone" or "in 2024" follows what is asked for."""
    lower = [word.lower() for word in words(parts.rest)]
    return 0 < len(lower) <= MAX_WORDS and lower[0] in PREPOSITIONS and AUXILIARIES.isdisjoint(lower)


def _exchange(parts: Parts, said: Said) -> Iterator[str]:
    """Ask the last question for something else: "when?" after "who led the study?"."""
    before = said.parts
    if not parts.word or not before.rest or _ABOUT.match(parts.body) or _contrast(parts) or _lacks_noun(parts):
        return
    wh = parts.wh if not parts.rest or _TAIL.match(parts.rest) else parts.body
    of_them = _OF_THEM.match(parts.body)
    if of_them or wh.lower() == "how many":
        yield from _counted(of_them["wh"] if of_them else wh, said)
        return
    is_circumstance = wh.lower() in _CIRCUMSTANCES | {"how much"} or words(wh)[0].lower() in PREPOSITIONS | {
        "according"
    }
    if before.auxiliary and before.subject:
        if is_circumstance and before.wh and before.wh.lower() not in _CIRCUMSTANCES:
            yield f"{wh} {_with_object(before, said.name)}"
        if _is_place_only(parts) and before.word in _CIRCUMSTANCES - {"how"}:  # "how many people on board?"
            yield f"{parts.wh} were {parts.rest} {before.subject}"
            return
        yield f"{wh} {before.rest}"
    elif is_circumstance:
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
        if phrase and kind_of(phrase) in {"plural", "thing"} and phrase in before.rest:
            rest = " ".join(before.rest.replace(phrase, "", 1).split())
            yield f"{wh} {_ARTICLES.sub('', _QUANTITY.sub('', phrase))} {rest}"
            return


def _measure(parts: Parts, said: Said) -> Iterator[str]:
    """Ask how much the thing is that the last question was about: "how deep?"."""
    if parts.word == "how" and len(words(parts.wh)) > 1 and not parts.rest:
        plural = re.search(r"\bmany\b", parts.wh)
        for phrase in (said.parts.subject, *said.phrases)[:2]:
            if phrase and plural:
                yield f"{parts.wh} {_ARTICLES.sub('', phrase)} are there"
            elif phrase:
                yield f"{parts.wh} {'were' if kind_of(phrase) == 'plural' else 'was'} {phrase}"


def _contrasted(parts: Parts, said: Said) -> Iterator[str]:
    """Exchange one word for another of its kind: "and the first?" after "when will the last reef be laid?"."""
    found = _contrast(parts)
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
            if phrase in before.rest:
                yield before.body.replace(phrase, f"the {topic} {_ARTICLES.sub('', phrase)}", 1)


def _contrast(parts: Parts) -> tuple[str, re.Pattern[str]] | None:
    """Return the word of a fragment that is nothing but one of ``CONTRASTS``, and those it contrasts with."""
    body = _ABOUT.sub("", parts.body)
    body = re.sub(r"^(?:who|what|which(?: one)?)\s+(?:is|are|was|were)\s+(?=the\s)", "", body, flags=re.IGNORECASE)
    topic = _ARTICLES.sub("", body)
    return next(((topic, pattern) for pattern in CONTRASTS if pattern.fullmatch(topic)), None)


def _substitute(parts: Parts, said: Said) -> Iterator[str]:
    """Ask the last question about something else: "and the mayor?"."""
    topic = _ABOUT.sub("", parts.body)
    tokens, before = words(topic), said.parts
    if not tokens or _contrast(parts) or (parts.word and topic == parts.body):
        return
    if tokens[0].lower() in _ANY:
        yield f"{'is' if tokens[0].lower() != 'any' else 'are'} there {topic}"
    elif tokens[0].lower() in PREPOSITIONS:
        yield _prepositional(re.sub(r"\bone\b", _last_noun(said), topic), before)
    elif len(tokens) == 1 and topic.islower() and is_verb(topic) and is_verb(before.rest.split(" ")[-1]):
        yield f"{before.wh} {' '.join([*before.rest.split(' ')[:-1], topic])}"
    else:
        for old in _replaceable(topic, said):
            yield before.body.replace(old, re.sub(r"\bones?$", words(old)[-1], topic), 1)


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
    bare = _ARTICLES.sub("", topic) or topic
    head, is_name = words(bare)[-1].lower(), bare[0].isupper()
    phrases = [phrase for phrase in said.phrases if phrase in said.parts.rest]
    alike = [
        phrase
        for phrase in phrases
        if words(phrase)[-1].lower() == head or (is_name and _ARTICLES.sub("", phrase)[0].isupper())
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
