"""A turn at work that takes a core, such as reading pictures: one at a time, each for a while, then the next one.

with turns:
    for picture in pictures:
        read(picture)
        turn.rest()          # where its slice is over and others wait, it goes on after them
"""

import threading
import time
from collections import deque
from collections.abc import Callable

SLICE = 5.0  # seconds of one turn while others wait


class SharedTurn:
    """Those who wait are served in the order in which they came. Each thread has one turn at most."""

    def __init__(self, seconds: float = SLICE, clock: Callable[[], float] = time.monotonic):
        self._seconds, self._clock = seconds, clock
        self._line: deque[int] = deque()  # threads, the one whose turn it is first
        self._since, self._moved = 0.0, threading.Condition()

    @property
    def is_free(self) -> bool:
        """Whether nobody has the turn."""
        return not self._line

    def __enter__(self) -> "SharedTurn":
        with self._moved:
            self._line.append(threading.get_ident())
            self._wait()
        return self

    def __exit__(self, *_) -> None:
        with self._moved:
            self._line.popleft()
            self._moved.notify_all()

    def rest(self) -> None:
        """Let the others work, where one has worked for a slice; at once where nobody waits."""
        with self._moved:
            if len(self._line) > 1 and self._clock() - self._since >= self._seconds:
                self._line.rotate(-1)
                self._moved.notify_all()
                self._wait()

    def _wait(self) -> None:
        me = threading.get_ident()
        self._moved.wait_for(lambda: self._line[0] == me)
        self._since = self._clock()
