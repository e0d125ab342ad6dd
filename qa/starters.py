"""Questions to start with, made from an article's own sentences; kept only where the reader is sure of the answer.

A statement with an auxiliary, such as "The council will meet at Pier Hall on June 24.", becomes a question by putting
the auxiliary first and asking for what one of its phrases says: "When will the council meet at Pier Hall?".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.lexical import STOP_WORDS
from index.sentences import sentence_spans
from qa.dates import DAYS, MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.article import Article
    from qa.answer import Answer
    from qa.library import Library

COUNT = 4
SURE = 0.7  # least confidence, where there is one; without a calibrator, "strict" is all that is asked
_TRIED = 24  # questions put to the reader; each costs a reading of the article
_CHARS = 40_000  # of the article that is looked through; a news story makes its point early
_MOST_CHARS = 90  # of a question that fits on a button
_NAME = r"[A-Z][\w’'.-]*\w(?:[ ](?:of[ ]|de[ ]|the[ ])?[A-Z][\w’'.-]*\w)*"
_OPENING = r"^(?:(?:On|In|At|By|After|Before|Under|For)[ ][^,.;:]{2,40},[ ])?"
_SUBJECT = (  # one that a question can repeat: "The" with a few words, or a name of several
    r"(?P<subject>(?:[Tt]he|[Aa]n?)(?:[ ](?!(?:and|or|but|that|which|who|as|if)\b)[\w’'-]+){1,5}?"
    r"|[A-Z][\w’'.-]*(?:[ ][A-Z][\w’'-]*){1,3})"
)
_PARTICIPLE = r"[ ](?:\w{2,}ed|\w{2,}en|built|held|made|found|sold|paid|lost|set|sent|shot|won|born|led|brought)\b"
_MORE = r"(?:[ ][\w’'-]+){0,8}?"
_BE = rf"(?P<be>was|were)(?P<done>{_PARTICIPLE}{_MORE})"
_WILL = rf"(?P<will>will)(?P<do>(?:[ ]not)?[ ]\w+{_MORE})"
_STATEMENT = rf"{_OPENING}{_SUBJECT}[ ](?:{_BE}|{_WILL})"
_MONTH, _DAY = "|".join(MONTHS), "|".join(DAYS)
_DATE = rf"(?:(?:{_DAY}|{_MONTH}|\d{{1,2}}[ ](?:{_MONTH}))\b(?:,?[ ](?:\d{{1,4}}|{_MONTH})\b)*|\d{{4}}\b)"
_END = r"(?=[.,;]|$|[ ](?:for|to|on|in|at|and|after|before|because|with|when|where|who|which)\b)"
# What is asked for, and the statement that says it in its group "answer".
_PATTERNS = tuple(
    (word, re.compile(pattern))
    for word, pattern in (
        ("When", rf"{_STATEMENT}[ ](?:on|in|by|until)[ ](?P<answer>{_DATE})"),
        ("Why", rf"{_STATEMENT}[ ]because[ ](?P<answer>[^.;]+)"),
        ("Where", rf"{_STATEMENT}[ ](?:at|in)[ ](?P<answer>(?!(?:{_MONTH}|{_DAY})\b)(?:the[ ])?{_NAME}){_END}"),
        ("Who", rf"{_STATEMENT}[ ]by[ ](?P<answer>(?:the[ ])?{_NAME}){_END}"),
    )
)
_ROLES = (
    r"\w+ist|\w+ian|\w*man|\w*woman|mayor|minister|\w*president|director|leader|manager|officer|professor|teacher|doctor"
    r"|engineer|writer|author|chief|head|captain|coach|lawyer|owner|founder|editor|chair|secretary|judge|analyst|researcher"
    r"|commander|farmer|player|singer|actor|nurse|designer|planner|chancellor|senator|governor|king|queen"
)
_WHO_IS = re.compile(
    r"(?P<name>[A-Z][\w’'-]+(?:[ ][A-Z][\w’'-]+){1,2}),[ ]"
    rf"(?P<answer>who[ ][^,.;]{{4,80}}|(?:the|an?)[ ](?:[\w’'-]+[ ]){{0,3}}?(?:{_ROLES})\b[^,.;]{{0,60}})(?:,|[.]$)"
)
_DEEDS = (
    "accused acquired announced appointed approved bought built called created defeated designed directed discovered"
    " founded invented launched led offered opened proposed published rejected signed won wrote"
)
_WHO_DID = re.compile(
    rf"{_OPENING}(?P<answer>(?:The[ ])?{_NAME}(?:[ ](?:officials|police|scientists|researchers))?)"
    rf"[ ](?P<deed>(?:{'|'.join(_DEEDS.split())})(?:[ ][$€£¥]?[\w’'-][\w’'.,-]*[\w%]|[ ]\w){{2,10}}?)"
    r"(?=[.;]|,[ ]|$|[ ](?:that|which|who|when|after|before|and|but)\b)"
)
_SAID = r"(?:said|says|told|added|wrote|warned|insisted|announced)"
_WHO_SAID = re.compile(
    r"[“\"](?P<words>[^”“\"?]{12,70}?)[,.]?[”\"],?[ ]"
    rf"(?:{_SAID}[ ](?P<after>{_NAME})|(?P<before>{_NAME})[ ]{_SAID}\b)"
)


@dataclass(frozen=True, slots=True)
class Starter:
    """A question made from an article, and where the article answers it."""

    question: str
    start: int
    end: int


def starters(library: Library, article: Article, count: int = COUNT) -> tuple[str, ...]:
    """Return up to ``count`` questions about an article that its reader answers surely, from where they came from.

    The article must be in the library. Questions that ask for different things come first.
    """
    tried = _varied(candidates(article))[:_TRIED]
    answers = library.ask_many([starter.question for starter in tried], article, mode="strict")
    return tuple(s.question for s, answer in zip(tried, answers, strict=True) if _is_sure(answer, s))[:count]


def candidates(article: Article) -> tuple[Starter, ...]:
    """Return the questions that an article's sentences can be turned into, in their order."""
    found: dict[str, Starter] = {}
    text = article.text[:_CHARS]
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        for starter in (*_inverted(sentence, start), *_asked_who(sentence, start)):
            if len(starter.question) <= _MOST_CHARS:
                found.setdefault(starter.question, starter)
    return tuple(found.values())


def _inverted(sentence: str, at: int) -> Iterable[Starter]:
    for word, pattern in _PATTERNS:
        match = pattern.search(sentence)
        if match is None:
            continue
        subject = re.sub(r"^(?:The|An?)(?= )", lambda word: word[0].lower(), match["subject"])
        said = f"{match['be'] or match['will']} {subject}{match['done'] or match['do']}"
        question = f"{word} {said}{' by' if word == 'Who' else ''}?"
        yield Starter(question, at + match.start("answer"), at + match.end("answer"))


def _asked_who(sentence: str, at: int) -> Iterable[Starter]:
    for match in _WHO_IS.finditer(sentence):
        yield Starter(f"Who is {match['name']}?", at + match.start("answer"), at + match.end("answer"))
    done = _WHO_DID.search(sentence)
    if done and done["answer"].casefold() not in STOP_WORDS:
        yield Starter(f"Who {done['deed']}?", at + done.start("answer"), at + done.end("answer"))
    if said := _WHO_SAID.search(sentence):
        group = "after" if said["after"] else "before"
        yield Starter(f"Who said “{said['words']}”?", at + said.start(group), at + said.end(group))


def _varied(found: Iterable[Starter]) -> list[Starter]:
    """Return questions in turns: the first of each kind, the second of each kind, and so on."""
    seen: dict[str, int] = {}
    turns: list[tuple[int, int, Starter]] = []
    for number, starter in enumerate(found):
        words = starter.question.split()
        kind = " ".join(words[:2]) if words[0] == "Who" else words[0]
        seen[kind] = seen.get(kind, 0) + 1
        turns.append((seen[kind], number, starter))
    return [starter for _, _, starter in sorted(turns, key=lambda turn: turn[:2])]


def _is_sure(answer: Answer, starter: Starter) -> bool:
    """Return whether the answer was given, surely, at the place that the question was made from."""
    span, confidence = answer.span, answer.confidence
    if span is None or (confidence is not None and confidence < SURE):
        return False
    return span.start < starter.end and starter.start < span.end
