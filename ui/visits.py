"""What programs add: kept under a handle that nobody can guess, and released when it was not used for long."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from threading import RLock, Timer
from typing import TYPE_CHECKING

from qa import UsageError
from ui.page import IDLE_SECONDS
from ui.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.desk import Desk

MAX_VISITS = 1000  # beyond, the one that was not used for longest is released


@dataclass(eq=False, slots=True)
class _Visit:
    session: Session
    used: float
    callers: set[str] = field(default_factory=set)


class Visits:
    """The articles that programs added, each program's by its handle.

    A caller that has a session with the server need not name the handle again: it is remembered.

    Args:
        desk: What all visitors share.
        idle: Seconds after which a visit that was not used is released.
        clock: What tells the seconds.
    """

    def __init__(self, desk: Desk, idle: float = IDLE_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._desk, self._idle, self._clock = desk, idle, clock
        self._lock = RLock()
        self._visits: dict[str, _Visit] = {}  # by handle, the one used last at the end
        self._handles: dict[str, str] = {}  # by session with the server
        self._timer: Timer | None = None

    def __len__(self) -> int:
        return len(self._visits)

    def find(self, handle: str, caller: str | None) -> Session | None:
        """Return a visit; None where no handle is given and the caller has not added anything yet.

        Args:
            handle: What ``begin`` returned; empty for the caller's own.
            caller: Its session with the server, if it has one.

        Raises:
            UsageError: The handle is unknown, or was not used for too long.
        """
        with self._lock:
            self.release_idle()
            handle = handle or self._handles.get(caller or "", "")
            if not handle:
                return None
            visit = self._visits.pop(handle, None)
            if visit is None:
                raise UsageError(
                    f"There is no library {handle!r} (any more): add the articles again, and use the one then returned."
                )
            visit.used = self._clock()
            self._visits[handle] = visit
            return visit.session

    def begin(self, handle: str, caller: str | None) -> tuple[str, Session]:
        """Return a visit and its handle, a new one where no handle is given and the caller has none.

        Raises:
            UsageError: The handle is unknown, or was not used for too long.
        """
        with self._lock:
            session = self.find(handle, caller)
            handle = handle or self._handles.get(caller or "", "")
            if session is None:
                handle, session = secrets.token_urlsafe(16), Session(self._desk)
                self._visits[handle] = _Visit(session, self._clock())
                self._watch()
            if caller:
                self._handles[caller] = handle
                self._visits[handle].callers.add(caller)
            while len(self._visits) > MAX_VISITS:
                self._release(next(iter(self._visits)))
            return handle, session

    def release_idle(self) -> None:
        """Release what was not used for too long."""
        with self._lock:
            until = self._clock() - self._idle
            for handle in [handle for handle, visit in self._visits.items() if visit.used <= until]:
                self._release(handle)

    def close(self) -> None:
        """Release everything."""
        with self._lock:
            for handle in list(self._visits):
                self._release(handle)
            if self._timer is not None:
                self._timer.cancel()

    def _release(self, handle: str) -> None:
        visit = self._visits.pop(handle)
        for caller in visit.callers:
            if self._handles.get(caller) == handle:
                del self._handles[caller]
        visit.session.close()

    def _watch(self) -> None:
        """Release what becomes idle while nobody asks for anything."""
        if self._timer is None:
            self._timer = Timer(self._idle, self._look)
            self._timer.daemon = True
            self._timer.start()

    def _look(self) -> None:
        with self._lock:
            self._timer = None
            self.release_idle()
            if self._visits:
                self._watch()
