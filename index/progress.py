"""A progress bar for what takes long, on the terminal only."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 1.0  # seconds before a bar appears


def progress(items: Iterable[T], description: str, total: int | None = None) -> Iterator[T]:
    """Yield the items, with a bar on standard error from the second second on, if that is a terminal.

    The bar goes when the items end, so that nothing is left on the screen; standard output is never written.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield from items
        return
    began, bar, task = monotonic(), None, None
    try:
        for done, item in enumerate(items):
            if bar is None and monotonic() - began > PATIENCE:
                from rich.console import Console
                from rich.progress import Progress

                bar = Progress(console=Console(stderr=True), transient=True)
                task = bar.add_task(description, total=total)
                bar.start()
            if bar is not None and task is not None:
                bar.update(task, completed=done)
            yield item
    finally:
        if bar is not None:
            bar.stop()
