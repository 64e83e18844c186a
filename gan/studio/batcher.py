"""Many people, one generator: requests that wait at the same time go through it together, and long ones in pieces.

    batcher = Batcher(engine)
    pictures = batcher.submit([recipe], size=256).result()

A batch of 16 takes a generator much less time than 16 batches of one, so a class that drags its sliders at once is
served several times faster. While one batch is painted, the requests of the next one gather.

One picture of a large model takes a second, so whose turn it is matters more there. Next is the request with the fewest
pictures left, of equal ones that of the model and size that was served longest ago. Whenever this passed the oldest
request over, that one has the turn after: nobody waits behind more than one piece of a longer request, and none waits
forever.
"""

import threading
from collections import deque
from collections.abc import Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from gan.errors import StudioError
from gan.messages import say
from gan.studio.engine import check_side
from gan.studio.recipes import Recipe

LONGEST_LINE = 256  # requests


@dataclass(eq=False)
class _Request:
    """piece: how many of its pictures are painted at once, 0 while unknown. left: those that no batch has taken yet."""

    recipes: Sequence[Recipe]
    size: int | None
    future: Future = field(default_factory=Future)
    piece: int = 0
    left: int = field(init=False)
    parts: list[np.ndarray] = field(default_factory=list)

    def __post_init__(self):
        self.left = len(self.recipes)

    @cached_property
    def group(self) -> Hashable:
        """Requests of one group may share a batch. One that mixes models shares with nobody."""
        models = {(recipe.model, recipe.revision) for recipe in self.recipes}
        return (self.size, models.pop()) if len(models) == 1 else self

    def take(self, most: int) -> "_Piece":
        """The next of its pictures, at most so many, which are not left from now on."""
        begin = len(self.recipes) - self.left
        self.left -= min(most, self.left)
        return _Piece(self, self.recipes[begin : len(self.recipes) - self.left])

    def fail(self, error: Exception) -> None:
        if self.future.set_running_or_notify_cancel():
            self.future.set_exception(error)

    def add(self, pictures: np.ndarray) -> None:
        """Pictures of it that were painted; the last ones complete it."""
        self.parts.append(pictures)
        if sum(map(len, self.parts)) == len(self.recipes) and self.future.set_running_or_notify_cancel():
            self.future.set_result(self.parts[0] if len(self.parts) == 1 else np.concatenate(self.parts))


@dataclass(frozen=True, eq=False)
class _Piece:
    """Pictures of one request that are painted together."""

    request: _Request
    recipes: Sequence[Recipe]


class Batcher:
    """Renders in a thread of its own. Close it when done, or use it in a `with`.

    A model is loaded by the first request for it while all others wait: load models beforehand where that can be slow.
    """

    def __init__(self, engine):
        """engine: what `render`s recipes, and says by `at_once` how many of them should be in one batch."""
        self._engine = engine
        self._line: deque[_Request] = deque()  # the oldest first; who has pieces left stays in it
        self._served: dict[Hashable, int] = {}  # the turn at which a group in the line was served last
        self._turn, self._owed = 0, False  # owed: the oldest request was passed over at the last turn
        self._closed = False
        self._changed = threading.Condition()  # guards all of these
        self._painter = threading.Thread(target=self._work, name="batcher", daemon=True)
        self._painter.start()

    def submit(self, recipes: Sequence[Recipe], size: int | None = None) -> Future:
        """Ask for pictures: a future of what `Engine.render` gives, or of its error.

        Cancelling the future saves the pieces that have not begun. StudioError at once where too many are waiting,
        and for what cannot be a size.
        """
        if not recipes:
            raise StudioError("There is no picture to make.", "Ask for at least one.")
        check_side(size)
        request = _Request(tuple(recipes), size)
        with self._changed:
            if self._closed:
                raise StudioError("The studio is closing and makes no more pictures.", "Start it again.")
            if len(self._line) >= LONGEST_LINE:
                self._leave_out_cancelled()
            if len(self._line) >= LONGEST_LINE:
                raise StudioError(
                    say("The studio is busy: {longest_line} requests are waiting.", longest_line=LONGEST_LINE),
                    "Try again in a moment.",
                )
            self._line.append(request)
            self._changed.notify()
        return request.future

    @property
    def waiting(self) -> int:
        """How many requests have pictures left that no batch has taken yet."""
        return len(self._line)

    def close(self) -> None:
        """Finish the batch at hand, cancel whatever still waits for a piece and end the thread."""
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
        while request := self._next_request():
            try:
                request.piece = request.piece or self._engine.at_once(request.recipes, request.size)
            except Exception as error:  # as in _serve
                self._fail(request, error)
            else:
                self._serve(self._next_batch(request))

    def _next_request(self) -> _Request | None:
        """Wait until there are requests, and choose whose turn it is. None when closed."""
        with self._changed:
            while not self._closed:
                self._leave_out_cancelled()
                if self._line:
                    return self._choose()
                self._changed.wait()
        return None

    def _choose(self) -> _Request:
        groups = {request.group for request in self._line}
        self._served = {group: turn for group, turn in self._served.items() if group in groups}
        oldest, chosen = self._line[0], self._line[0]
        if not self._owed:
            chosen = min(self._line, key=lambda request: (request.left, self._served.get(request.group, 0)))
        self._turn, self._owed = self._turn + 1, chosen is not oldest
        self._served[chosen.group] = self._turn
        return chosen

    def _next_batch(self, first: _Request) -> list[_Piece]:
        """A piece of this request, and what else of its group fits in beside it as a whole."""
        with self._changed:
            batch = [first.take(first.piece)]
            room = first.piece - len(batch[0].recipes)
            for request in self._line:
                if (
                    request is not first
                    and request.left <= room
                    and request.group == first.group
                    and not request.future.cancelled()
                ):
                    batch.append(request.take(room))
                    room -= len(batch[-1].recipes)
            self._line = deque(request for request in self._line if request.left)
            return batch

    def _leave_out_cancelled(self) -> None:
        self._line = deque(request for request in self._line if not request.future.cancelled())

    def _serve(self, batch: list[_Piece]) -> None:
        try:
            pictures = self._engine.render(
                [recipe for piece in batch for recipe in piece.recipes], batch[0].request.size
            )
        except Exception as error:  # whatever went wrong belongs to those who asked, and this thread goes on
            if len(batch) == 1:
                self._fail(batch[0].request, error)
            else:
                for piece in batch:
                    self._serve([piece])
            return
        _hand_out(batch, pictures)

    def _fail(self, request: _Request, error: Exception) -> None:
        """Tell who asked, and paint no more of it."""
        with self._changed:
            self._line = deque(other for other in self._line if other is not request)
        request.fail(error)


def _hand_out(batch: list[_Piece], pictures: np.ndarray) -> None:
    at = 0
    for piece in batch:
        piece.request.add(pictures[at : at + len(piece.recipes)])
        at += len(piece.recipes)
