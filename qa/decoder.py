"""From a window's logits to scored spans: the joint argmax over start and end, and its runners-up.

For a window of n tokens with start logits s and end logits e, every span (i, j) that lies in the context and has
i <= j < i + max_answer_tokens is scored

    score(i, j) = s[i] + e[j]          null = s[cls] + e[cls]          margin(i, j) = score(i, j) - null

(Devlin et al. 2019, section 4.3, for SQuAD 2.0). Scores stay raw logits: a softmax normalises each window on its
own, after which windows cannot be compared. The margin can be: it says how much more a window believes in this span
than in "not here", so the best margin over all windows wins and windows without the answer have no say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, order=True)
class TokenSpan:
    """A scored span of tokens ``first..last`` (both included) of one window; sorts by margin."""

    margin: float
    score: float
    first: int
    last: int


def decode_window(
    start_logits: NDArray[np.float32],  # (n,)
    end_logits: NDArray[np.float32],  # (n,)
    in_context: NDArray[np.bool_],  # (n,) True where a token belongs to the context
    *,
    cls: int = 0,
    max_answer_tokens: int = 60,
    n_best: int = 20,
) -> list[TokenSpan]:
    """Return the best spans of one window by margin, best first; ties go to the earlier, shorter span.

    Args:
        start_logits: Start logit of each token, shape (n,).
        end_logits: End logit of each token, shape (n,).
        in_context: Which tokens may be part of an answer, shape (n,).
        cls: Index of the token whose logits stand for "no answer here".
        max_answer_tokens: Longest span, in tokens.
        n_best: How many spans to return at most.
    """
    null = float(start_logits[cls] + end_logits[cls])
    tokens = np.flatnonzero(in_context)  # (m,)
    if not tokens.size or n_best < 1:
        return []
    scores = start_logits[tokens][:, None] + end_logits[tokens][None, :]  # (m, m): row starts, column ends
    length = tokens[None, :] - tokens[:, None]  # (m, m) tokens after the first
    scores = np.where((length >= 0) & (length < max_answer_tokens) & np.isfinite(scores), scores, -np.inf).ravel()
    keep = min(n_best, int(np.count_nonzero(scores > -np.inf)))
    if not keep:
        return []
    # A partition finds the n best without sorting m * m scores; all ties of the last one are kept until sorted.
    bar = np.partition(scores, scores.size - keep)[scores.size - keep]
    best = np.flatnonzero(scores >= bar)
    best = best[np.argsort(-scores[best], kind="stable")][:keep]
    rows, columns = np.divmod(best, tokens.size)
    return [
        TokenSpan(float(scores[at]) - null, float(scores[at]), int(tokens[row]), int(tokens[column]))
        for at, row, column in zip(best, rows, columns, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of an article that some window proposed, ``[start, end)`` in code points.

    Attributes:
        margin: Span score minus the null score of the window that gave the best margin, in logits.
        score: Start logit plus end logit in that window.
        passage: Index of the passage that the window was cut from.
    """

    article_id: str
    start: int
    end: int
    margin: float
    score: float
    passage: int


def merge(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return one candidate for each place, the one with the best margin, best first.

    A place that two overlapping windows propose is one candidate; margins are never added up.
    """
    best: dict[tuple[str, int, int], Candidate] = {}
    for candidate in candidates:
        place = (candidate.article_id, candidate.start, candidate.end)
        if place not in best or candidate.margin > best[place].margin:
            best[place] = candidate
    return sorted(best.values(), key=lambda c: (-c.margin, c.passage, c.start, c.end))
