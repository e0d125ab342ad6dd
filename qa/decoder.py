"""From a window's logits to scored spans: the joint argmax over start and end, and its runners-up.

For a window of n tokens with start logits s and end logits e, every span (i, j) that lies in the context and has
i <= j < i + max_answer_tokens is scored

    score(i, j) = s[i] + e[j]          null = s[cls] + e[cls]          margin(i, j) = score(i, j) - null

(Devlin et al. 2019, section 4.3, for SQuAD 2.0). Scores stay raw logits: a softmax normalises each window on its
own, after which windows cannot be compared. The margin can be: it says how much more a window believes in this span
than in "not here", so the best margin over all windows wins and windows without the answer have no say. Of passages
that were retrieved, the later ones are less likely to be the right ones, and their margins count for less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A scored span of tokens ``first..last`` (both included) of one window.

    Attributes:
        margin: Score minus the null score of the window, in logits.
        score: Start logit plus end logit.
        focus: Log of its share in a softmax over all spans of the window: near 0 when the window is sure of the edges.
            It says how sure one window is within itself and is never compared between windows.
    """

    margin: float
    score: float
    focus: float
    first: int
    last: int


def decode_window(
    start_logits: NDArray[np.float32],  # (n,)
    end_logits: NDArray[np.float32],  # (n,)
    in_context: NDArray[np.bool_],  # (n,) True where a token belongs to the context
    *,
    cls: int = 0,
    max_answer_tokens: int = 60,
    n_best: int = 8,
) -> list[TokenSpan]:
    """Return the best spans of one window that do not overlap, best first.

    The first is the best of all spans, each further one the best of those that share no token with the ones before, so
    that variants of one answer do not crowd out other answers and other places. Ties go to the earlier, shorter span.

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
    if not tokens.size:
        return []
    scores = start_logits[tokens][:, None] + end_logits[tokens][None, :]  # (m, m): row starts, column ends
    length = tokens[None, :] - tokens[:, None]  # (m, m) tokens after the first
    scores = np.where((length >= 0) & (length < max_answer_tokens) & np.isfinite(scores), scores, -np.inf)
    best = float(scores.max())
    total = best + np.log(np.exp(scores - best).sum()) if np.isfinite(best) else 0.0  # log of the softmax's denominator
    spans: list[TokenSpan] = []
    while len(spans) < n_best:
        row, column = divmod(int(scores.argmax()), tokens.size)
        score = float(scores[row, column])
        if score == -np.inf:
            break
        spans.append(TokenSpan(score - null, score, float(score - total), int(tokens[row]), int(tokens[column])))
        scores[
            : column + 1, row:
        ] = -np.inf  # all spans that start no later than its end and end no earlier than its start
    return spans


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of an article that some window proposed, ``[start, end)`` in code points.

    Attributes:
        margin: Span score minus the null score of the window that gave the best margin, in logits.
        score: Start logit plus end logit in that window.
        focus: Log of its share among all spans of that window.
        passage: Index of the passage that the window was cut from.
        prior: Log of how likely the passage is to be the right one, compared with the first that retrieval found, at
            most 0; 0 for all passages of an article that was read whole.
        pronoun: Where the text says it of a pronoun that stands for the span, ``[start, end)``.
    """

    article_id: str
    start: int
    end: int
    margin: float
    score: float
    focus: float
    passage: int
    prior: float = 0.0
    pronoun: tuple[int, int] | None = None

    @property
    def belief(self) -> float:
        """What candidates are compared by, in logits: margins say where in a passage, the prior in which passage."""
        return self.margin + self.prior


def merge(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return one candidate for each place, the one that is believed most, best first.

    A place that two overlapping windows propose is one candidate; margins are never added up.
    """
    best: dict[tuple[str, int, int], Candidate] = {}
    for candidate in candidates:
        place = (candidate.article_id, candidate.start, candidate.end)
        if place not in best or candidate.belief > best[place].belief:
            best[place] = candidate
    return sorted(best.values(), key=lambda c: (-c.belief, c.passage, c.start, c.end))
