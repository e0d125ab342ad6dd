"""The official SQuAD measures of an answer's text."""

from __future__ import annotations

import re
import string
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

RIGHT_F1 = 0.8  # an answer counts as right when it is exact or overlaps this much

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalized(text: str) -> str:
    """Lower the case and drop ASCII punctuation, English articles and extra white space (Rajpurkar et al. 2016)."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split())


def exact_match(predicted: str, gold: Sequence[str]) -> float:
    """Return 1.0 when the prediction equals any gold answer after normalisation; no gold answer means ""."""
    return max(float(normalized(predicted) == answer) for answer in _accepted(gold))


def f1(predicted: str, gold: Sequence[str]) -> float:
    """Return the best token F1 over the gold answers; with nothing on either side, 1.0 if both are empty."""
    return max(_token_f1(normalized(predicted).split(), answer.split()) for answer in _accepted(gold))


def is_right(predicted: str, gold: Sequence[str]) -> bool:
    """Return whether a prediction counts as right: exact (whose F1 is 1) or with an F1 of at least ``RIGHT_F1``."""
    return f1(predicted, gold) >= RIGHT_F1


def in_place(predicted: str, start: int, gold: Sequence[str], starts: Sequence[int | None]) -> bool:
    """Return whether a span equals a gold answer after normalisation and shares a code point with that answer's place.

    The right words at another place are wrong: they may say it of somebody else.
    """
    return any(
        at is not None
        and start < at + len(answer)
        and at < start + len(predicted)
        and normalized(predicted) == normalized(answer)
        for answer, at in zip(gold, starts, strict=True)
    )


def _accepted(gold: Sequence[str]) -> list[str]:
    """Return the gold answers, normalised; as in the official script one of which nothing is left does not count."""
    return [left for answer in gold if (left := normalized(answer))] or [""]


def _token_f1(predicted: list[str], gold: list[str]) -> float:
    if not predicted or not gold:
        return float(predicted == gold)
    shared = sum((Counter(predicted) & Counter(gold)).values())
    return 2 * shared / (len(predicted) + len(gold))
