"""The official SQuAD measures of an answer's text, and averages of them under their official names."""

from __future__ import annotations

import re
import string
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RIGHT_F1 = 0.8  # an answer counts as right when it is exact or overlaps this much

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalized(text: str) -> str:
    """Lower the case and drop ASCII punctuation, English articles and extra white space (Rajpurkar et al. 2016)."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split())


def exact_match(predicted: str, gold: Sequence[str]) -> float:
    """Return 1.0 when the prediction equals any gold answer after normalisation; no gold answer means ""."""
    return max(float(normalized(predicted) == normalized(answer)) for answer in gold or ("",))


def f1(predicted: str, gold: Sequence[str]) -> float:
    """Return the best token F1 over the gold answers; with nothing on either side, 1.0 if both are empty."""
    return max(_token_f1(normalized(predicted).split(), normalized(answer).split()) for answer in gold or ("",))


def is_right(predicted: str, gold: Sequence[str]) -> bool:
    """Return whether a prediction counts as right: exact (whose F1 is 1) or with an F1 of at least ``RIGHT_F1``."""
    return f1(predicted, gold) >= RIGHT_F1


def _token_f1(predicted: list[str], gold: list[str]) -> float:
    if not predicted or not gold:
        return float(predicted == gold)
    shared = sum((Counter(predicted) & Counter(gold)).values())
    return 2 * shared / (len(predicted) + len(gold))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question.

    Attributes:
        id: Of the question.
        gold: Accepted answers; empty when the text does not say.
        predicted: The answer given; empty when declined.
        best: The best span, given or not; empty when there was nothing to read.
        confidence: Calibrated probability that ``best`` is right; None without a calibrator.
        margin: Its margin in logits; None when there was nothing to read.
        milliseconds: What the question took.
    """

    id: str
    question: str
    gold: tuple[str, ...]
    predicted: str
    best: str
    confidence: float | None
    margin: float | None
    milliseconds: float

    @property
    def right(self) -> bool:
        """Whether the answer given is exact or overlaps enough; for unanswerable questions, whether it declined."""
        return is_right(self.predicted, self.gold)


def summary(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return averages in percent under the official SQuAD 2.0 names, and ours beside them.

    ``best_span_*`` score the best span of answerable questions without declining; ``HasAns_right`` is the share of them
    that were answered exactly or with an F1 of at least 0.8; ``answered`` is the share of all questions answered and
    ``answered_wrong`` the share of the answers given that were not right. Groups that are empty are left out.
    """
    has = [outcome for outcome in outcomes if outcome.gold]
    lacks = [outcome for outcome in outcomes if not outcome.gold]
    given = [outcome for outcome in outcomes if outcome.predicted]
    metrics: dict[str, float] = {"total": len(outcomes)}
    for prefix, group in (("", outcomes), ("HasAns_", has), ("NoAns_", lacks)):
        if group:
            metrics[prefix + "exact"] = _percent(exact_match(o.predicted, o.gold) for o in group)
            metrics[prefix + "f1"] = _percent(f1(o.predicted, o.gold) for o in group)
            metrics[prefix + "total"] = len(group)
    if has:
        metrics["HasAns_right"] = _percent(o.right for o in has)
        metrics["best_span_exact"] = _percent(exact_match(o.best, o.gold) for o in has)
        metrics["best_span_f1"] = _percent(f1(o.best, o.gold) for o in has)
    if outcomes:
        metrics["answered"] = _percent(bool(o.predicted) for o in outcomes)
        metrics["milliseconds"] = round(sum(o.milliseconds for o in outcomes) / len(outcomes), 2)
    if given:
        metrics["answered_wrong"] = _percent(not o.right for o in given)
    return metrics


def _percent(values: Iterable[float]) -> float:
    listed = list(values)
    return round(100 * sum(listed) / len(listed), 2)
