"""Kinds of questions: by the word that asks, and by the length of the answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

QUESTION_TYPES = ("who", "when", "where", "how many", "how much", "why", "how", "what/which", "other")
ANSWER_LENGTHS = ("1", "2-3", "4-7", "8+", "none")

_ASKING = re.compile(r"\b(?:(who|whom|whose)|(what|which)|(when|where|how many|how much|why|how))\b", re.IGNORECASE)


def question_type(question: str) -> str:
    """Return the type of a question: what its first interrogative asks for, so "In which year" is ``what/which``."""
    match = _ASKING.search(" ".join(question.split()))
    if match is None:
        return "other"
    person, thing, other = match.groups()
    return "who" if person else "what/which" if thing else str(other).lower()


def answer_length(gold: Sequence[str]) -> str:
    """Return the length group of the shortest gold answer, in words; ``none`` when the text does not say."""
    if not gold:
        return "none"
    words = min(len(answer.split()) for answer in gold)
    return "1" if words <= 1 else "2-3" if words <= 3 else "4-7" if words <= 7 else "8+"
