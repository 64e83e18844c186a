"""Make a thing once, however many threads ask for it at the same time, and keep the most recently used few."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any


class SingleFlight:
    """A table of things by key. The first thread that asks makes the thing while the others wait for it.

    A failure is told to everyone who waited and then forgotten, so that the next one to ask tries again.
    """

    def __init__(self, keep: int, room: int | None = None, size: Callable[[Any], int] = lambda thing: 1):
        """keep: how many things stay in any case. More stay while all together have at most the size `room`, if
        given."""
        self._keep, self._room, self._size = keep, room, size
        self._things: OrderedDict[Hashable, Future] = OrderedDict()
        self._sizes: dict[Hashable, int] = {}  # of those that are made
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable, again: bool = False):
        """The thing of that key, from `make()` where there is none; `again` makes it anew unless it is being made."""
        with self._lock:
            future = self._things.get(key)
            mine = future is None or (again and future.done())
            if future is None or mine:
                future = self._things[key] = Future()
            self._things.move_to_end(key)
        if mine:
            self._make(key, future, make)
        return future.result()

    def at_hand(self, key: Hashable) -> Any:
        """The thing of that key where it is made, which counts as a use of it, else None. Never waits."""
        with self._lock:
            future = self._things.get(key)
            if future is None or not future.done():
                return None
            self._things.move_to_end(key)
        return future.result()

    def made(self) -> list[Any]:
        """The keys of the things that are there now."""
        with self._lock:
            return list(self._sizes)

    def _make(self, key: Hashable, future: Future, make: Callable) -> None:
        try:
            thing = make()
            size = self._size(thing)
        except Exception as error:
            with self._lock:
                self._things.pop(key)
                self._sizes.pop(key, None)
            future.set_exception(error)
            return
        with self._lock:
            self._sizes[key] = size
        future.set_result(thing)
        with self._lock:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        """Forget what has not been used for longest; what is still being made stays."""
        for key in [k for k, future in self._things.items() if future.done()]:
            if len(self._things) <= self._keep or (self._room is not None and sum(self._sizes.values()) <= self._room):
                break
            del self._things[key]
            self._sizes.pop(key, None)
