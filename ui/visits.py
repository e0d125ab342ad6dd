"""What programs add: kept under a handle that nobody can guess, and released when it was not used for long."""

from __future__ import annotations

import secrets
import time
from contextlib import ExitStack
from dataclasses import dataclass
from threading import RLock, Timer
from typing import TYPE_CHECKING, TypeVar

from qa import UsageError
from ui.page import IDLE_SECONDS
from ui.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.desk import Desk

T = TypeVar("T")
MAX_VISITS = 1000  # beyond, the one that was not used for longest is released
MAX_CALLERS = 10_000  # beyond, the one that was not heard of for longest is forgotten


@dataclass(eq=False, slots=True)
class _Visit:
    session: Session
    used: float


class Visits:
    """The articles that programs added, each program's by its handle.

    A caller that has a session with the server need not name the handle again: it is remembered, also when its visit
    was released, for nobody's questions are to be answered from other articles than those meant.

    Args:
        desk: What all visitors share.
        idle: Seconds after which a visit that was not used is released.
        clock: What tells the seconds.
    """

    def __init__(self, desk: Desk, idle: float = IDLE_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._desk, self._idle, self._clock = desk, idle, clock
        self._lock = RLock()
        self._visits: dict[str, _Visit] = {}  # by handle, the one used last at the end
        self._handles: dict[str, str] = {}  # by session with the server, the one heard of last at the end
        self._timer: Timer | None = None

    def __len__(self) -> int:
        return len(self._visits)

    def find(self, handle: str, caller: str | None) -> Session | None:
        """Return a visit; None where no handle is given and the caller has not added anything yet.

        Args:
            handle: What ``add`` returned; empty for the caller's own.
            caller: Its session with the server, if it has one.

        Raises:
            UsageError: The handle is unknown, or was not used for too long.
        """
        with self._lock:
            self.release_idle()
            handle = handle or self._own(caller)
            return self._used(handle) if handle else None

    def add(self, handle: str, caller: str | None, work: Callable[[Session], T]) -> tuple[str, T]:
        """Do what adds something to a visit, and return the handle of the visit and what was made.

        Where no handle is given and the caller has no visit (any more), one begins; but only when the work is done, so
        that what is refused takes nobody's room.

        Raises:
            UsageError: The handle is unknown, or was not used for too long.
        """
        with self._lock:
            self.release_idle()
            own = self._own(caller)
            handle = handle or (own if own in self._visits else "")
            session = self._used(handle) if handle else None
        if session is not None:
            made = work(session)
            self._remember(caller, handle)
            return handle, made
        with ExitStack() as undo:
            undo.callback((new := Session(self._desk)).close)
            made = work(new)
            handle = self._begin(new, caller)
            if handle:
                undo.pop_all()
                return handle, made
        return self.add("", caller, work)  # the caller's other call was faster, and what it adds belongs together

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

    def _begin(self, session: Session, caller: str | None) -> str:
        """Return the handle of a new visit; empty where the caller has got one meanwhile."""
        with self._lock:
            if self._own(caller) in self._visits:
                return ""
            handle = secrets.token_urlsafe(16)
            self._visits[handle] = _Visit(session, self._clock())
            self._remember(caller, handle)
            self._watch()
            while len(self._visits) > MAX_VISITS:
                self._release(next(iter(self._visits)))
            return handle

    def _used(self, handle: str) -> Session:
        """Return a visit, which is used now."""
        visit = self._visits.pop(handle, None)
        if visit is None:
            raise UsageError(
                f"There is no library {handle!r} (any more): add the articles again, and use the one then returned."
            )
        visit.used = self._clock()
        self._visits[handle] = visit
        return visit.session

    def _own(self, caller: str | None) -> str:
        """Return the handle of what a caller added, released or not; empty where it has not added anything."""
        handle = self._handles.get(caller or "", "")
        self._remember(caller, handle)
        return handle

    def _remember(self, caller: str | None, handle: str) -> None:
        if not caller or not handle:
            return
        with self._lock:
            self._handles.pop(caller, None)
            self._handles[caller] = handle
            if len(self._handles) > MAX_CALLERS:
                del self._handles[next(iter(self._handles))]

    def _release(self, handle: str) -> None:
        self._visits.pop(handle).session.close()

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
