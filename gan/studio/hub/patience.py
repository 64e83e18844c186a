"""Work that may hang, such as that of somebody else's client on a network, done by threads that can be given up."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, wait
from queue import Empty, SimpleQueue

from gan.messages import say

Work = Callable[[Callable[[], None]], object]
"""Is given `moved`, to be called whenever something moves."""


class GivenUp(Exception):
    """What `moved` raises in a thread that nobody waits for any more, so that it ends."""


def patiently(
    works: Sequence[Work], patience: float, tick: Callable[[], None] = lambda: None, at_once: int = 4
) -> list:
    """What all `works` return, done by at most `at_once` threads; the first error of any of them ends all.

    TimeoutError once `patience` seconds pass in which nothing moves and nothing is done. `tick` runs on this thread
    several times a second, and may end all by raising. However it ends, no further work is begun.
    """
    crew = _Crew(works)
    try:
        for _ in range(min(at_once, len(works))):
            threading.Thread(target=crew.work, daemon=True, name="patience").start()
        while not crew.failed and wait(crew.results, timeout=0.1, return_when=FIRST_EXCEPTION).not_done:
            tick()
            if not crew.failed and time.monotonic() - crew.last > patience:
                raise TimeoutError(say("nothing moved for {patience} seconds", patience=patience))
        return [result.result() for result in crew.failed or crew.results]
    finally:
        crew.over = True


class _Crew:
    """Threads that take one work after the other."""

    def __init__(self, works: Sequence[Work]):
        self.results: list[Future] = [Future() for _ in works]
        self.failed: list[Future] = []
        self.over = False
        self.last = time.monotonic()
        self._left: SimpleQueue[tuple[Work, Future]] = SimpleQueue()
        for job in zip(works, self.results, strict=True):
            self._left.put(job)

    def moved(self) -> None:
        if self.over:
            raise GivenUp
        self.last = time.monotonic()

    def work(self) -> None:
        while not self.over and not self.failed:
            try:
                work, result = self._left.get_nowait()
            except Empty:
                return
            try:
                result.set_result(work(self.moved))
                self.last = time.monotonic()
            except Exception as error:
                self.failed.append(result)  # before its waiter wakes
                result.set_exception(error)
