"""A turn at work that takes a core, such as reading pictures: one at a time, each for a while, then the next one.

with turns.of(address):
    for picture in pictures:
        read(picture)
        turns.rest()          # where its slice is over and others wait, it goes on after them

Addresses take turns, and of each address its works: who begins fifty waits for the fifty, and nobody else does.
"""

import contextlib
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator

SLICE = 5.0  # seconds of one turn while others wait


class SharedTurn:
    """Those who wait are served in the order in which they came, address by address."""

    def __init__(self, seconds: float = SLICE, clock: Callable[[], float] = time.monotonic):
        self._seconds, self._clock = seconds, clock
        # By address; the first work of the first one has the turn. Each sleeps on a lock of its own: if all woke up to
        # look whose turn it is, every end of a short work would hold up the app as many times as somebody waits.
        self._lines: OrderedDict[str, deque[threading.Event]] = OrderedDict()
        self._since, self._lock = 0.0, threading.Lock()

    @property
    def is_free(self) -> bool:
        """Whether nobody has the turn."""
        return not self._lines

    @contextlib.contextmanager
    def of(self, address: str) -> Iterator[None]:
        """In this block it is the turn of somebody there, but for while they `rest`."""
        mine = threading.Event()
        with self._lock:
            free = self.is_free
            self._lines.setdefault(address, deque()).append(mine)
            if free:
                self._call()
        mine.wait()
        try:
            yield
        finally:
            with self._lock:
                self._first().popleft()
                self._next()

    def rest(self) -> None:
        """Let the others work, where whoever has the turn has worked for a slice; at once where nobody waits."""
        with self._lock:
            if sum(map(len, self._lines.values())) == 1 or self._clock() - self._since < self._seconds:
                return
            line = self._first()
            mine = line[0]
            mine.clear()
            line.rotate(-1)
            self._next()
        mine.wait()

    def _first(self) -> deque[threading.Event]:
        return next(iter(self._lines.values()))

    def _next(self) -> None:
        """The first address has had its turn."""
        address, line = self._lines.popitem(last=False)
        if line:
            self._lines[address] = line
        if self._lines:
            self._call()

    def _call(self) -> None:
        """It is the turn of the first one from now on."""
        self._since = self._clock()
        self._first()[0].set()
