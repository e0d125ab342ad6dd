"""How much of what a person's rewriting of questions gains over the words as typed a conversation gains too."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.bootstrap import RESAMPLES, percentile_interval

if TYPE_CHECKING:
    from collections.abc import Sequence

SYSTEMS = ("literal", "conversation", "person")  # ask the words as typed, what they are taken to mean, a rewriting
LEAST_GAP = 1e-9  # where a person's rewriting gains nothing there is nothing to recover


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of follow-ups that were answered rightly or rightly declined, in percent.

    Attributes:
        total: How many there are.
        right: By system.
        recovered: (conversation - literal) / (person - literal), in percent; None unless the person's are better.
        intervals: 95% of ``right`` and of "recovered", over other dialogues about the same articles; samples of them
            in which the person's are not better are left out of the latter.
    """

    total: int
    right: dict[str, float]
    recovered: float | None
    intervals: dict[str, list[float]]

    def to_dict(self) -> dict[str, Any]:
        """Return the score as JSON-ready values."""
        return asdict(self)


def recovery(right: Sequence[Sequence[bool]], dialogues: Sequence[str], seed: int = 0) -> Score:
    """Score follow-ups, and bootstrap whole dialogues, for what is asked in one is not independent.

    Args:
        right: Whether each system was right, in the order of ``SYSTEMS``, for each follow-up; not empty.
        dialogues: Which dialogue each follow-up is from.
        seed: Of the resampling.
    """
    names, owners = np.unique(dialogues, return_inverse=True)
    table = np.column_stack([np.asarray(right, float), np.ones(len(right))])  # (follow-ups, systems + 1)
    sums = np.zeros((len(names), table.shape[1]))
    np.add.at(sums, owners, table)  # (dialogues, systems + 1)
    drawn = np.random.default_rng(seed).integers(0, len(names), (RESAMPLES, len(names)))
    samples = sums[drawn].sum(axis=1)  # (samples, systems + 1)
    shares = 100 * samples[:, :-1] / samples[:, -1:]
    gained, gap = shares[:, 1] - shares[:, 0], shares[:, 2] - shares[:, 0]
    literal, conversation, person = (float(share) for share in 100 * table[:, :-1].mean(axis=0))
    intervals = {name: percentile_interval(shares[:, at]) for at, name in enumerate(SYSTEMS)}
    recovered = None
    if person - literal > LEAST_GAP:
        recovered = 100 * (conversation - literal) / (person - literal)
        intervals["recovered"] = percentile_interval(100 * gained[gap > LEAST_GAP] / gap[gap > LEAST_GAP])
    return Score(len(right), dict(zip(SYSTEMS, (literal, conversation, person), strict=True)), recovered, intervals)
