"""How a run is doing: a bar on a terminal, a line now and then elsewhere; on standard error, both."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

LINE_SECONDS = 30.0  # between two lines
SMOOTHING = 0.98  # of the loss that is shown, which jumps from batch to batch


class Report:
    """Shows the loss, the tokens per second and the time left; use as a context manager."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._loss: float | None = None
        self._tokens = 0
        self._began = self._line = monotonic()

    def __enter__(self) -> Self:
        self._began = monotonic()
        self._line = self._began - LINE_SECONDS  # the first line comes with the first step
        if sys.stderr is not None and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn

            columns = (TextColumn("Training"), BarColumn(), TextColumn("{task.fields[line]}"))
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("", total=1.0, line="")
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def say(self, line: str) -> None:
        """Write a line."""
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False)
        elif sys.stderr is not None:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()

    def step(self, number: int, loss: float, tokens: int, seconds: float, seconds_left: float) -> None:
        """Show a step.

        Args:
            number: Of the step, from 1.
            loss: Of its batch.
            tokens: Of its batch, padding included.
            seconds: That the run has taken.
            seconds_left: That it will still take.
        """
        self._loss = loss if self._loss is None else SMOOTHING * self._loss + (1 - SMOOTHING) * loss
        self._tokens += tokens
        now = monotonic()
        speed = self._tokens / max(now - self._began, 1e-9)
        line = f"step {number:,}  loss {self._loss:.3f}  {speed:,.0f} tokens/s  {duration(seconds_left)} left"
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=seconds / max(seconds + seconds_left, 1e-9), line=line)
        elif now - self._line >= LINE_SECONDS:
            self._line = now
            self.say(line)


def duration(seconds: float) -> str:
    """Return a duration for people: 45 s, 12 min, 3 h 05 min."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
