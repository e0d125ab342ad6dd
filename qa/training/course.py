"""Whether a run is on its way: the loss falls and jumps from batch to batch, but it does not climb."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

SLOW, FAST = 0.98, 0.8  # by which the loss is smoothed, over about fifty and five batches
SETTLED = 100  # batches after which the slow mean says more than chance
RISE = 0.25  # above the lowest slow mean, as a share of it, that is no chance any more
LEAST_RISE = 0.3  # nats; where little is left to learn, a large share is a small number


@dataclass(frozen=True, slots=True)
class Course:
    """The loss so far.

    Attributes:
        seen: Number of batches.
        slow, fast: Sums of their losses, of which older ones count less and less.
        lowest: The lowest slow mean once it had settled.
    """

    seen: int = 0
    slow: float = 0.0
    fast: float = 0.0
    lowest: float = math.inf

    def after(self, loss: float) -> Course:
        """Return the course after one more batch."""
        seen = self.seen + 1
        slow, fast = SLOW * self.slow + (1 - SLOW) * loss, FAST * self.fast + (1 - FAST) * loss
        course = replace(self, seen=seen, slow=slow, fast=fast)
        return replace(course, lowest=min(self.lowest, course.mean)) if seen >= SETTLED else course

    @property
    def mean(self) -> float:
        """The slow mean; NaN before the first batch."""
        return self.slow / (1 - SLOW**self.seen) if self.seen else math.nan

    @property
    def lost(self) -> bool:
        """Whether the loss has climbed, or is no number any more."""
        return self.seen > 0 and not (math.isfinite(self.fast) and self.mean <= self._highest)

    @property
    def calm(self) -> bool:
        """Whether not even the last few batches give reason to doubt."""
        return not self.seen or self.fast / (1 - FAST**self.seen) <= self._highest

    @property
    def _highest(self) -> float:
        return self.lowest + max(RISE * self.lowest, LEAST_RISE)
