"""From the edges that tokens give to edges that a reader of the article would choose."""

from __future__ import annotations

import re
from unicodedata import category, combining

# Digits and their separators belong together ("10,000.50"); apostrophes are left to the model ("Putin" of "Putin's").
_JOINER = re.compile(r"(?<=\d)[.,:](?=\d)")
_CURRENCY = "$€£¥₹₽₩"
_KEPT_BEFORE = _CURRENCY + "#@~<>≥≤"
_SIGNS = "+-−±"  # kept before a number only
_LONGEST_WORD = 100  # code points by which an edge may move to complete a word; what is longer is no word
_KEPT_AFTER = _CURRENCY + "%‰°′″+!?"
_GLUE = "\u200d\ufe0f"  # they belong to the character before (emoji sequences)
_PAIRS = {"(": ")", "[": "]", "{": "}", "“": "”", "‘": "’", "«": "»", "„": "“", "「": "」"}
_CLOSERS = frozenset(_PAIRS.values())
_QUOTES = "\"'"
# A full stop that belongs to the word before it, as in U.S., p.m., Inc. and Jr.
_ABBREVIATION = re.compile(
    r"(?:\b[^\W\d]\.[^\W\d]|\b(?:Jr|Sr|Inc|Co|Corp|Ltd|St|Bros|No|Mr|Mrs|Ms|Dr|Gen|Sen|Rep|etc))$"
)


def snap(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return ``[start, end)`` moved to whole words without loose punctuation, or None when nothing is left.

    Words are completed outwards, with the currency sign before a number and the percent sign after it, and so are
    brackets and curly quotes that lack but what comes next. White space, stray punctuation and quotes or brackets
    without their partner are dropped from the edges.
    """
    start, end = _strip(text, start, end)
    if start == end:
        return None
    # Words are completed once and from then on the edges only move inwards, so this ends.
    start, end = _complete(text, start, end)
    while True:
        stripped = _strip(text, start, end)
        if stripped[0] == stripped[1]:
            return None
        balanced = _drop_unbalanced(text, *stripped)
        if balanced == (start, end):
            while _closes(text, start, end):
                end += 1
            return start, end
        start, end = balanced


def _complete(text: str, start: int, end: int) -> tuple[int, int]:
    first, last = max(0, start - _LONGEST_WORD), min(len(text), end + _LONGEST_WORD)
    while start > first and _joined(text, start):
        start -= 1
    while end < last and _joined(text, end):
        end += 1
    if start > 0 and text[start].isdigit() and text[start - 1] in _CURRENCY:
        start -= 1
    if end < len(text) and text[end - 1].isdigit() and text[end] in "%‰":
        end += 1
    return start, end


def _joined(text: str, at: int) -> bool:
    """Return whether an edge at this offset would cut a word, a number or a composed character in two."""
    before, after = text[at - 1], text[at]
    if combining(after) or after in _GLUE or before == "\u200d":
        return True
    if _is_word(before) and _is_word(after):
        return not (_unspaced(before) or _unspaced(after))
    return bool(_JOINER.match(text, at) or _JOINER.match(text, at - 1))


def _is_word(character: str) -> bool:
    return character.isalnum() or combining(character) > 0


def _unspaced(character: str) -> bool:
    """Return whether a character is of a script that writes no spaces between words."""
    return "\u2e80" <= character <= "\ua4cf" or "\uf900" <= character <= "\ufaff" or character >= "\U00020000"


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] not in _PAIRS and text[start] not in _QUOTES:
        sign = text[start] in _SIGNS
        if (sign and text[start + 1 : start + 2].isdigit()) or not (sign or _loose(text[start], _KEPT_BEFORE)):
            break
        start += 1
    while start < end and text[end - 1] not in _CLOSERS and text[end - 1] not in _QUOTES:
        if not _loose(text[end - 1], _KEPT_AFTER):
            break
        if text[end - 1] == "." and _ABBREVIATION.search(text, start, end - 1):
            break
        if text[end - 1] == "#" and text[max(start, end - 2)].isalpha():  # C#, F#
            break
        end -= 1
    return start, end


def _loose(character: str, kept: str) -> bool:
    """Return whether a character may be dropped from an edge: white space, punctuation, control characters."""
    if character in kept or combining(character) or character in _GLUE:
        return False
    return character.isspace() or category(character)[0] in "PC"


def _drop_unbalanced(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop an edge that is a quote or bracket whose partner is not inside."""
    unmatched = _unmatched(text, start, end)
    if start in unmatched:
        return start + 1, end
    if end - 1 in unmatched:
        return start, end - 1
    for quote in _QUOTES:
        count = sum(text[at] == quote and not _is_apostrophe(text, at) for at in range(start, end))
        if quote in (text[start], text[end - 1]) and count % 2:
            return (start + 1, end) if text[start] == quote else (start, end - 1)
    return start, end


def _closes(text: str, start: int, end: int) -> bool:
    """Return whether the next character closes what was opened within: "Council of State (Raad van State" + ")"."""
    closer = end < len(text) and text[end] in _CLOSERS and not _is_apostrophe(text, end)
    return closer and end not in _unmatched(text, start, end + 1)


def _unmatched(text: str, start: int, end: int) -> set[int]:
    """Return the offsets of the brackets and curly quotes that have no partner between two offsets."""
    opened: list[int] = []
    lonely: set[int] = set()
    for at in range(start, end):
        character = text[at]
        if character in _CLOSERS and not _is_apostrophe(text, at):
            partner = next((o for o in reversed(opened) if _PAIRS[text[o]] == character), None)
            if partner is not None:
                opened.remove(partner)
                continue
            if character not in _PAIRS:
                lonely.add(at)
        if character in _PAIRS:  # “ opens too, where it closes no „
            opened.append(at)
    return lonely | set(opened)


def _is_apostrophe(text: str, at: int) -> bool:
    """Return whether the character there is an apostrophe within a word, as in "it's", and closes no quote."""
    return text[at] in "'’" and 0 < at < len(text) - 1 and _is_word(text[at - 1]) and _is_word(text[at + 1])
