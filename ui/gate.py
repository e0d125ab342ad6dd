"""How many read at once, and how many may wait for it, where Gradio's queue is not passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import qa

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Gate:
    """Lets a few do their work at once, each in a thread, and some wait.

    Args:
        at_once: How many.
        waiting: How many more may wait.
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        import anyio

        self._limiter = anyio.CapacityLimiter(at_once)
        self._most = at_once + waiting
        self._inside = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Do some work when it is its turn.

        Raises:
            UsageError: Too many are waiting.
        """
        from anyio import to_thread

        if self._inside >= self._most:
            raise qa.UsageError(f"The server is busy: {self._inside} questions are waiting. Try again in a moment.")
        self._inside += 1
        try:
            return await to_thread.run_sync(work, limiter=self._limiter)
        finally:
            self._inside -= 1
