"""Made-up outcomes, for tests that need no model."""

from __future__ import annotations

from itertools import count

import pytest

from eval.outcome import Outcome
from eval.system import System

_numbers = count()


@pytest.fixture(scope="session")
def made():
    """Make an outcome; by default it was asked of a text read whole, and what its best span is, is answered."""

    def make(best, gold=(), *, answered=True, starts=None, start=0, confidence=0.5, margin=0.0, key=None, **details):
        values = {"question": "What?", "article_id": "a", "milliseconds": {"read": 8.0, "decode": 2.0}} | details
        return Outcome(
            key=key or f"key{next(_numbers)}",
            id=details.pop("id", "1"),
            gold=tuple(gold),
            starts=tuple(starts) if starts is not None else (None,) * len(gold),
            best=best,
            start=start if best else None,
            confidence=confidence,
            margin=margin if best else None,
            answered_in=("strict", "balanced", "eager") if answered and best else (),
            **{name: value for name, value in values.items() if name != "id"},
        )

    return make


@pytest.fixture(scope="session")
def system():
    """Describe a system that is not there."""
    thresholds = {"strict": 0.7, "balanced": 0.5, "eager": 0.2}
    return System("toy", "f00", "ca1", thresholds, "embedder", "e00", "1", "c0de", {"numpy": "2"})
