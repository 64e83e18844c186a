"""Many people, one generator: requests that wait at the same time go through it together.

    batcher = Batcher(engine)
    pictures = batcher.submit([recipe], size=256).result()

A batch of 16 takes a generator much less time than 16 batches of one, so a class that drags its sliders at once is
served several times faster. While one batch is painted, the requests of the next one gather.
"""

import threading
from collections import deque
from collections.abc import Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np

from gan.errors import StudioError
from gan.studio.recipes import Recipe

LONGEST_LINE = 256  # requests


@dataclass(frozen=True, eq=False)
class _Request:
    recipes: Sequence[Recipe]
    size: int | None
    future: Future = field(default_factory=Future)

    @property
    def group(self) -> Hashable:
        """Requests of one group may share a batch. One that mixes models shares with nobody."""
        models = {(recipe.model, recipe.revision) for recipe in self.recipes}
        return (self.size, models.pop()) if len(models) == 1 else self


class Batcher:
    """Renders in a thread of its own, oldest request first. Close it when done, or use it in a `with`.

    A model is loaded by the first request for it while all others wait: load models beforehand where that can be slow.
    """

    def __init__(self, engine, most: int = 16):
        """most: how many recipes may share a batch. A single request may hold more."""
        self._engine, self._most = engine, most
        self._line: deque[_Request] = deque()
        self._closed = False
        self._changed = threading.Condition()  # guards the line and `_closed`
        self._painter = threading.Thread(target=self._work, name="batcher", daemon=True)
        self._painter.start()

    def submit(self, recipes: Sequence[Recipe], size: int | None = None) -> Future:
        """Ask for pictures: a future of what `Engine.render` gives, or of its error.

        Cancelling the future before its batch begins saves the work. StudioError at once where too many are waiting.
        """
        if not recipes:
            raise StudioError("There is no picture to make.", "Ask for at least one.")
        request = _Request(tuple(recipes), size)
        with self._changed:
            if self._closed:
                raise StudioError("The studio is closing and makes no more pictures.", "Start it again.")
            if len(self._line) >= LONGEST_LINE:
                self._line = deque(waiting for waiting in self._line if not waiting.future.cancelled())
            if len(self._line) >= LONGEST_LINE:
                raise StudioError(f"The studio is busy: {LONGEST_LINE} requests are waiting.", "Try again in a moment.")
            self._line.append(request)
            self._changed.notify()
        return request.future

    def close(self) -> None:
        """Finish the batch at hand, cancel whatever still waits and end the thread."""
        with self._changed:
            self._closed = True
            waiting, self._line = self._line, deque()
            self._changed.notify()
        for request in waiting:
            request.future.cancel()
        if threading.current_thread() is not self._painter:
            self._painter.join()

    def __enter__(self) -> "Batcher":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _work(self) -> None:
        while batch := self._next_batch():
            # From here on a future can no longer be cancelled; those that were drop out.
            batch = [request for request in batch if request.future.set_running_or_notify_cancel()]
            if batch:
                self._serve(batch)

    def _next_batch(self) -> list[_Request]:
        """Wait for the oldest request and take what can go with it. Empty when closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._line or self._closed)
            if self._closed:
                return []
            first = self._line.popleft()
            batch, room, others = [first], self._most - len(first.recipes), deque()
            group = first.group
            for request in self._line:
                if len(request.recipes) <= room and request.group == group and not request.future.cancelled():
                    batch.append(request)
                    room -= len(request.recipes)
                else:
                    others.append(request)
            self._line = others
            return batch

    def _serve(self, batch: list[_Request]) -> None:
        try:
            pictures = self._engine.render([recipe for request in batch for recipe in request.recipes], batch[0].size)
        except Exception as error:  # whatever went wrong belongs to those who asked, and this thread goes on
            if len(batch) == 1:
                batch[0].future.set_exception(error)
            else:
                for request in batch:
                    self._serve([request])
            return
        _hand_out(batch, pictures)


def _hand_out(batch: list[_Request], pictures: np.ndarray) -> None:
    at = 0
    for request in batch:
        request.future.set_result(pictures[at:at + len(request.recipes)])
        at += len(request.recipes)
