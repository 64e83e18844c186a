"""Work that only so many may do at once, each in a thread of its own: the others wait, and are told so.

Not for everything that waits: runs wait for a device in files, which outlive the app (runs/queue.py); scores in a table
that says who is next and lets one step out (scores/queue.py); and of a visitor's questions what a run would cost only
the newest is answered at all (runs/budget_cache.py).
"""

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator

from gan.errors import StudioError

_LOOKS = 0.2  # seconds between two looks of those who wait whether they still want to


class Turns:
    """`at_once` work at a time. `waiting` is told to those who wait; of these there are at most `most`, the next one is
    told the error `full`. Whose turn it is next was told so first."""

    def __init__(self, at_once: int, waiting: str, most: int | None = None, full: StudioError | None = None):
        self._free, self._waiting, self._most, self._full = at_once, waiting, most, full
        self._line: deque[object] = deque()
        self._changed = threading.Condition()  # guards both, and is told when one of them changes

    @contextlib.contextmanager
    def turn(self, tell: Callable[[str], None], still: Callable[[], None] = lambda: None) -> Iterator[None]:
        """In this block it is one's turn; `tell` hears so where one has to wait for it. `still` raises once nobody
        wants it any more: the line is left then, and the block not begun. Raises StudioError where the line is full."""
        still()
        self._take(tell, still)
        try:
            yield
        finally:
            self._give(1)

    def _take(self, tell: Callable[[str], None], still: Callable[[], None]) -> None:
        me = object()
        with self._changed:
            if self._free and not self._line:
                self._free -= 1
                return
            if self._full is not None and self._most is not None and len(self._line) >= self._most:
                raise self._full
            self._line.append(me)
        try:
            tell(self._waiting)
            with self._changed:
                while not self._free or self._line[0] is not me:
                    self._changed.wait(_LOOKS)
                    still()
                self._free -= 1
        finally:
            with self._changed:
                self._line.remove(me)
            self._give(0)

    def _give(self, turns: int) -> None:
        with self._changed:
            self._free += turns
            self._changed.notify_all()
