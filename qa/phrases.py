"""The parts of an English question that follow-ups are made of, told by closed lists of words and not by a model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from qa.dates import announces_month
from qa.verbs import STEMS, is_verb, listed

AUXILIARIES = listed(
    "am is are was were isn't aren't wasn't weren't do does did don't doesn't didn't has have had hasn't haven't hadn't"
    " can could can't couldn't will would won't wouldn't shall should shouldn't may might must"
)
BE = listed("am is are was were isn't aren't wasn't weren't")
DETERMINERS = listed("the a an his her its their our my your this that these those all both each every")
PREPOSITIONS = listed(
    "about above across after against along among around at before behind below beneath between by during for from in"
    " inside into near of off on onto out outside over past per since than through to toward under until up upon with"
    " within without besides except despite"
)
PRONOUNS = listed("i he she it we you they him us them this that these those there then who whom")
WH_WORDS = listed("who whom whose when where why how what which")
LINKERS = listed(
    "be been being and or but not if as so while because that who which when where then too also else down"
)
ADVERBS = listed(
    "exactly precisely ever still also even just only actually again now today next once originally really already"
    " together earlier currently"
)
FUNCTION_WORDS = AUXILIARIES | DETERMINERS | PREPOSITIONS | PRONOUNS | WH_WORDS | LINKERS | ADVERBS


def one_of(vocabulary: frozenset[str]) -> str:
    """Return a regular expression for any of some words, the longest first."""
    return "|".join(sorted(map(re.escape, vocabulary), key=lambda word: (-len(word), word)))


_CONNECTIVES = "and|but|so|ok|okay|also|well|or|thanks|thank you"
_COURTESIES = "oh|really|yes|no|great|good|nice|fine|right|sure|hello|hi|thanks a lot|thank you (?:so|very) much"
_LEAD = re.compile(rf"^(?:(?:(?:{_COURTESIES})[,.!?]+|(?:{_CONNECTIVES})\b[,.!]*)(?:\s+|$))+", re.IGNORECASE)
_CONTRACTED = re.compile(r"\b(who|what|where|when|why|how)['’]s\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[.,'’%/-]+[^\W_]+)*['’]?|[$€£]\S*\w")
_WH = re.compile(
    rf"^(?:(?:according to|{one_of(PREPOSITIONS)})\s+)?(?P<word>{one_of(WH_WORDS)})\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z][\w’'-]*\.?(?:\s+(?:(?:of|de|van|von|al|the)\s+)*[A-Z][\w’'-]*\.?)*(?<![’'])")
_DEGREES = listed(
    "many much long old far often big large tall deep fast high soon wide heavy late early hot cold cool small"
)
_KIND_OF = re.compile(r"\b(?:kind|sort|type|number|share|percentage|part) of\b", re.IGNORECASE)
_IN_S = re.compile(r"[^isu]s$")
_PLACING = listed("in on at of for with during near before after between") | {""}  # they follow nouns as verbs
_MAX_WH_WORDS, _MAX_NOUN_WORDS = 6, 3


@dataclass(frozen=True)
class Parts:
    """A question taken apart: "how many oysters" + "did" + "the reefs" + "hold in May".

    Attributes:
        lead: Its "and" or "but", with the space after it.
        wh: What it asks for, "how many oysters" or "by whom"; empty for a question to be answered yes or no.
        word: The question word of ``wh`` in lower case.
        rest: What is said about it, without the question mark.
    """

    lead: str
    wh: str
    word: str
    rest: str

    @property
    def body(self) -> str:
        """The question without its lead and its question mark."""
        return f"{self.wh} {self.rest}".strip()

    @cached_property
    def auxiliary(self) -> str:
        """The auxiliary that the rest begins with; empty when it begins with another word."""
        first = self.rest.split(" ", 1)[0]
        return first if lowered([first], opens=self.opens)[0] in AUXILIARIES else ""

    @property
    def opens(self) -> bool:
        """Whether the rest begins where a sentence has its auxiliary: "Will" is a name in "And Will Smith?"."""
        is_led = bool(self.lead) and self.lead.rstrip()[-1] not in ".!?"
        return bool(self.wh) or not is_led or bool(re.match(r"\w+ [a-z]", self.rest))

    @property
    def is_whole(self) -> bool:
        """Whether it has the beginning and the rest of a question: "who found it?" or "was it found?"."""
        return bool(self.rest and (self.word or self.auxiliary))

    @cached_property
    def subject(self) -> str:
        """Who or what does it; empty when that is what is asked for."""
        after = self.rest[len(self.auxiliary) :].strip()
        if self.auxiliary and after.split(" ", 1)[0].lower() in PRONOUNS:
            return after.split(" ", 1)[0]
        phrases = noun_phrases(self) if self.auxiliary else []
        first = next((phrase for phrase in phrases if re.match(rf"(?:the |an? )?{re.escape(phrase)}\b", after)), "")
        whole = after[: after.index(first) + len(first)] if first else ""
        for phrase in phrases:
            if whole and after[len(whole) :].startswith(f" of {phrase}"):
                whole += f" of {phrase}"
        return whole

    @property
    def predicate(self) -> str:
        """What is said of the subject."""
        return self.rest[len(self.auxiliary) :].strip()[len(self.subject) :].strip()


def words(text: str) -> list[str]:
    """Return the words of a text, without punctuation."""
    return _WORD.findall(text)


def lowered(tokens: list[str], *, opens: bool = True) -> list[str]:
    """Return words in lower case as the closed lists have them, but for names that are spelled like one of those.

    These are "US" and "IT", and "Will" and "May" except as the first word where that opens a sentence, and the month.
    """
    found = []
    for before, word in zip(["" if opens else "and", *tokens], tokens, strict=False):
        is_month = word == "May" and announces_month(before)
        is_name = word in {"US", "IT"} or (word in {"Will", "May"} and before and not is_month)
        found.append(word if is_name else word.lower())
    return found


def take_apart(question: str) -> Parts:
    """Split a question into its lead, what it asks for and the rest."""
    text = _CONTRACTED.sub(r"\1 is", " ".join(question.split()).rstrip("?!. "))
    lead = _LEAD.match(text)
    body = text[lead.end() :] if lead else text
    wh = _WH.match(body)
    if not wh:
        return Parts(text[: len(text) - len(body)], "", "", body)
    end = wh.end() + _more_of_wh(wh["word"].lower(), body[wh.end() :], after_preposition=wh.start("word") > 0)
    asked_for, rest = body[:end].strip(), body[end:].strip()
    if rest.lower() in PREPOSITIONS:  # "who by"
        asked_for, rest = f"{rest} {'whom' if asked_for.lower() == 'who' else asked_for}", ""
    return Parts(text[: len(text) - len(body)], asked_for, wh["word"].lower(), rest)


def _more_of_wh(word: str, after: str, *, after_preposition: bool) -> int:
    """Return how far beyond the question word goes what is asked for: "many oysters", "journal", "kind of glaze"."""
    found = list(_WORD.finditer(after))[: _MAX_WH_WORDS + 1]
    typed, ends = [match[0] for match in found], [0, *(match.end() for match in found)]
    tokens = _lowered_in_wh(typed)
    if tokens and tokens[0] == "else":
        return ends[1]
    if word in {"who", "whom", "when", "where", "why"} or not tokens:
        return 0
    if word == "how" and tokens[0] not in _DEGREES:
        return 0
    first = 1 if word == "how" else 0
    for at, (token, following) in enumerate(zip(tokens, [*tokens[1:], ""], strict=True)):
        if token in AUXILIARIES or (is_verb(token) and at >= first and following not in AUXILIARIES):
            return ends[at]
        if token in (DETERMINERS | PRONOUNS | PREPOSITIONS) - {"of", "per"}:
            return ends[_verb_after_noun(typed[:at], token, first)]
    noun = _verb_after_noun(typed, "", first)
    if (word == "which" or after_preposition) and noun == len(tokens) <= _MAX_NOUN_WORDS:
        return ends[-1]  # "which gulf states", "at what rate"
    if word == "what" and len(tokens) > 1:  # "what sank oysters"
        return 0
    return ends[min(first + 1, len(tokens), noun)]


def _lowered_in_wh(typed: list[str]) -> list[str]:
    """Return the words after a question word in lower case, and so "Will" of "Which Team Will Win The Cup"."""
    tokens = lowered(typed)
    for at, (before, token, following) in enumerate(zip(typed, tokens[1:], [*typed[2:], ""], strict=False), 1):
        # "which Theresa May speech" and "how many Will Smith films did"
        is_name = (before[0].isupper() and following.islower()) or not AUXILIARIES.isdisjoint(tokens[at + 1 :])
        if token in {"Will", "May"} and not is_name:
            tokens[at] = token.lower()
    return tokens


def _verb_after_noun(run: list[str], following: str, first: int) -> int:
    """Return where in a run of words after "which" or "how many" the verb is, told by its "-s" or that of the noun."""
    for at in range(first + 1, len(run)):
        before, word = run[at - 1], run[at]
        if not word.islower() or word in FUNCTION_WORDS or before.lower() in FUNCTION_WORDS:
            continue
        if _IN_S.search(before) and not _IN_S.search(word):  # "how many schools award grants"
            return at
        # "which section applies to owners", but not "which gulf states in May"
        last = at == len(run) - 1
        if not first and _IN_S.search(word) and not _IN_S.search(before) and not (last and following in _PLACING):
            return at
    return len(run)


def names(text: str) -> list[str]:
    """Return the runs of capitalised words, without a word that only starts the sentence."""
    found = []
    for match in _NAME.finditer(text):
        name = match[0].rstrip(".")
        head, _, tail = name.partition(" ")
        if match.start() == 0 and (not tail or lowered([head])[0] in FUNCTION_WORDS):
            name = tail
        # alone, "May" is a month
        if name and name[0].isupper() and (name == "Will" or lowered([name])[0] not in FUNCTION_WORDS):
            found.append(name)
    return list(dict.fromkeys(found))


def noun_phrases(parts: Parts) -> list[str]:
    """Return what a question talks about: names and nouns with what stands before them, in order."""
    found, text = [], _without_verb(parts)
    for opener, run, closer in _segments(text, opens=parts.opens and text == parts.rest):
        least = 2 if run and run[0].lower() in DETERMINERS else int(bool(run) and run[0][0].isupper())
        verb_to_come = opener in AUXILIARIES - BE and not (is_verb(closer) or closer in {*STEMS, "be", "been"})
        run = _without_trailing(run, ADVERBS)
        if verb_to_come and len(run) > least and not run[-1][0].isupper():
            run = run[:-1]  # the verb that closes "did the reefs hold"
        run = _without_trailing(run, DETERMINERS | ADVERBS)
        if run and run[0].lower() in DETERMINERS - {"the", "a", "an"}:
            run = run[1:]
        if not FUNCTION_WORDS.issuperset(lowered(run, opens=False)):
            found.append(_original(run, parts.rest))
    tokens = words(_KIND_OF.sub("", parts.wh))
    lowers = lowered(tokens)
    asked_for = [tokens[at] for at, word in enumerate(lowers) if word not in _DEGREES | FUNCTION_WORDS]
    if asked_for:
        found.append("the " + " ".join(asked_for))
    return list(dict.fromkeys(found))


def _without_verb(parts: Parts) -> str:
    """Return the rest of a question without the verb that it begins with where it asks who or what does it."""
    first, _, after = parts.rest.partition(" ")
    is_asked_for = parts.word and (parts.word != "what" or " " in parts.wh)  # not "what | sank oysters"
    return after if is_asked_for and first.islower() and first not in FUNCTION_WORDS else parts.rest


def _without_trailing(run: list[str], vocabulary: frozenset[str]) -> list[str]:
    while run and run[-1].lower() in vocabulary:
        run = run[:-1]
    return run


def _original(run: list[str], text: str) -> str:
    """Return a run of words as it stands in a text, with the point of "Dr. Solheim"."""
    there = re.search(r"\W+".join(map(re.escape, run)), text)
    return there[0] if there else " ".join(run)


def _segments(text: str, *, opens: bool) -> list[tuple[str, list[str], str]]:
    """Return the stretches between the words that end a noun phrase, each with the words before and after it."""
    found, opener, run = [], "", list[str]()
    tokens = words(text)
    for word, lower in zip(tokens, lowered(tokens, opens=opens), strict=True):
        # "take" in "does the budget take effect"
        is_form = is_verb(word) or (opener in AUXILIARIES - BE and run and word in STEMS)
        ends = lower in FUNCTION_WORDS - ADVERBS or (is_form and not (run and run[-1].lower() in DETERMINERS))
        if lower in DETERMINERS:
            if run and run[-1].lower() not in DETERMINERS:
                found.append((opener, run, lower))
                opener, run = "", []
            run.append(word)
        elif ends or (opener in AUXILIARIES - BE and _is_name(run) and word.islower()):  # "did Ada Byron write"
            found.append((opener, run, lower))
            opener, run = lower, []
        else:
            run.append(word)
    return [*found, (opener, run, "")]


def _is_name(run: list[str]) -> bool:
    return bool(run) and all(word[0].isupper() for word in run)
