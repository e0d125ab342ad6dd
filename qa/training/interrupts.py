"""Being told to stop without losing anything."""

from __future__ import annotations

import signal
import threading
from typing import Any, Self


class Interrupts:
    """Counts SIGINT and SIGTERM while it is entered, instead of being ended by them.

    Outside the main thread, where Python allows no handlers, it counts nothing.

    Attributes:
        count: How many came.
    """

    def __init__(self) -> None:
        self.count = 0
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = {kind: signal.signal(kind, self._note) for kind in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for kind, handler in self._before.items():
            signal.signal(kind, handler)

    def _note(self, *_: object) -> None:
        self.count += 1
