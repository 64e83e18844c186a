"""Work that only so many may do at once, each in a thread of its own: the others wait, and are told so.

Not for everything that waits: runs wait for a device in files, which outlive the app (runs/queue.py); scores in a table
that says who is next and lets one step out (scores/queue.py); and of a visitor's questions what a run would cost only
the newest is answered at all (runs/budget_cache.py).
"""

import contextlib
import threading
from collections.abc import Callable, Iterator

from gan.errors import StudioError


class Turns:
    """`at_once` work at a time. `waiting` is told to those who wait; of these there are at most `most`, the next one is
    told the error `full`."""

    def __init__(self, at_once: int, waiting: str, most: int | None = None, full: StudioError | None = None):
        self._free, self._waiting, self._most, self._full = threading.Semaphore(at_once), waiting, most, full
        self._line, self._lock = 0, threading.Lock()

    @contextlib.contextmanager
    def turn(self, tell: Callable[[str], None]) -> Iterator[None]:
        """In this block it is one's turn; `tell` hears so where one has to wait for it. Raises StudioError where the
        line is full."""
        if not self._free.acquire(blocking=False):
            self._wait(tell)
        try:
            yield
        finally:
            self._free.release()

    def _wait(self, tell: Callable[[str], None]) -> None:
        with self._lock:
            if self._full is not None and self._most is not None and self._line >= self._most:
                raise self._full
            self._line += 1
        try:
            tell(self._waiting)
            self._free.acquire()
        finally:
            with self._lock:
                self._line -= 1
