"""Several callers of one reader: whose windows are read when."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.backends import OnnxReader
from qa.reader import DEFAULT_READER


class Window(int):
    """A number that is read as that: of a window, the length is all that the order needs."""

    def __len__(self):
        return int(self)


def test_a_long_reading_lets_others_in_between_and_ends_when_it_fails(monkeypatch):
    reader, read, go_on = OnnxReader(DEFAULT_READER, threads=2), [], threading.Event()

    def run(window):
        assert go_on.wait(60)
        read.append(window)
        if window == 50:
            raise KeyboardInterrupt
        return window, window

    monkeypatch.setattr(reader, "_run", run)
    long, short = [Window(at) for at in range(100, 200)], [Window(1), Window(2)]
    with ThreadPoolExecutor(2) as callers:
        first = callers.submit(reader.logits, long)
        while not reader._pool._work_queue.qsize():
            time.sleep(0.001)
        second = callers.submit(reader.logits, short)
        while reader._pool._work_queue.qsize() < 4:
            time.sleep(0.001)
        go_on.set()
        assert second.result() == [(1, 1), (2, 2)]
        assert first.result() == [(window, window) for window in long]
    assert max(read.index(1), read.index(2)) < 20
    read.clear()
    with pytest.raises(KeyboardInterrupt):
        reader.logits([Window(50)] + [Window(at) for at in range(40)])
    reader._pool.shutdown()
    assert len(read) < 10, "what nobody waits for any more is not read"
