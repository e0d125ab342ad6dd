"""The learning rate over a run that ends after so many steps, after so much time, or when it is told to."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from qa.training.course import Course

WARM_SHARE = 0.1  # of the run, the most that warming up takes
LAST_STEPS = 300  # the most that a run still takes when it is told to end


@dataclass(frozen=True, slots=True)
class Ending:
    """A decay that began early: at which step, over how many, and from what share of the learning rate."""

    begin: int
    steps: int
    height: float


@dataclass(frozen=True, slots=True)
class Position:
    """How far a run is.

    Attributes:
        step: How many steps were taken.
        seconds: That were spent, on steps that were taken back too.
        ending: Of a run that was told to end.
        scale: What the learning rate is multiplied by, for it was too high.
        course: The loss so far.
    """

    step: int = 0
    seconds: float = 0.0
    ending: Ending | None = None
    scale: float = 1.0
    course: Course = field(default_factory=Course)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Linear warm-up, a constant part, and a linear decay to zero over the last share of the run.

    Attributes:
        steps, seconds: Limits; the first that is reached ends the run, and at least one is given.
    """

    learning_rate: float
    warmup: int
    decay: float
    steps: int | None
    seconds: float | None

    def done(self, position: Position) -> float:
        """Return the share of the run that is over, from 0 to 1."""
        by_steps = position.step / self.steps if self.steps else 0.0
        by_time = position.seconds / self.seconds if self.seconds else 0.0
        return min(1.0, max(by_steps, by_time))

    def rate(self, position: Position) -> float:
        """Return the learning rate of the next step."""
        return self.learning_rate * position.scale * self._height(position)

    def ended(self, position: Position) -> bool:
        """Return whether no step is left."""
        ending = position.ending
        return self.done(position) >= 1 or (ending is not None and position.step >= ending.begin + ending.steps)

    def told_to_end(self, position: Position) -> Position:
        """Return the position from which the decay begins now, as long as its share of the steps so far."""
        if position.ending:
            return position
        steps = min(LAST_STEPS, max(1, round(self.decay * position.step)))
        return replace(position, ending=Ending(position.step, steps, self._height(position)))

    def seconds_left(self, position: Position, seconds_per_step: float) -> float:
        """Estimate how long the rest takes."""
        ending, left = position.ending, [math.inf]
        if self.steps:
            left.append((self.steps - position.step) * seconds_per_step)
        if self.seconds:
            left.append(self.seconds - position.seconds)
        if ending:
            left.append((ending.begin + ending.steps - position.step) * seconds_per_step)
        return max(0.0, min(left))

    def _height(self, position: Position) -> float:
        if ending := position.ending:
            return ending.height * max(0.0, 1 - (position.step - ending.begin) / ending.steps)
        done = self.done(position)
        warm = max((position.step + 1) / self.warmup if self.warmup else 1.0, done / WARM_SHARE)
        cool = (1 - done) / self.decay if self.decay else 1.0
        return min(1.0, warm, cool)
