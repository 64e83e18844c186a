"""Many people, one generator: requests that wait at the same time go through it together, and long ones in pieces.

    batcher = Batcher(engine)
    pictures = batcher.submit([recipe], size=256).result()

A batch of 16 takes a generator much less time than 16 batches of one, so a class that drags its sliders at once is
served several times faster. While one batch is painted, the requests of the next one gather.

Whose turn it is, is asked twice. First of addresses: each has the same share of the painter's time, however much it
asks for (start-time fair queueing, Goyal et al. 1996, with pictures as the cost); what others leave goes to whoever
wants it. While somebody else is about, that is in smaller pieces, and after each piece of long work all long work of
that address rests for as long as the piece took, so that the processor is free when somebody drags. Many behind one
address share that rest: their grids take up to twice as long, and what they drag does not. About is who is painted,
who waits in the line, and whose pictures were done a moment ago. Then of the requests from there: next is the one with
the fewest pictures left, of equal ones that of the model and size that was served longest ago. Whenever this passed the
oldest request over, that one has the turn after: nobody waits behind more than one piece of a longer request of their
own address, and none waits forever.

Films are painted here too, a few frames at a turn (`film`), so that they take no more than their share.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from gan.errors import StudioError
from gan.messages import say
from gan.studio.batches import Part, assemble
from gan.studio.engine import Film
from gan.studio.fair_shares import FairShares
from gan.studio.picture_sizes import check_side
from gan.studio.recipes import Recipe
from gan.studio.visitors import address

LONGEST_LINE = 256  # requests; what has begun already goes on past it
SHARED_PIECE = 2  # pictures of a request at a turn while somebody else is about,
SHARED_BATCH = 4  # and of all requests of one address: what more of them at once save is little
LONGEST_REST = 1.0  # seconds: a piece may have loaded its model
FILM_PIECE = 8  # frames at a turn, between the pictures of others of that address; fewer of a large model


@dataclass(eq=False)
class _Request:
    """piece: how many of its pictures are painted at once, 0 while unknown. left: those that no batch has taken yet.
    origin: the address that it comes from."""

    recipes: Sequence[Recipe]
    size: int | None
    future: Future = field(default_factory=Future)
    piece: int = 0
    origin: str = field(default_factory=address)
    left: int = field(init=False)
    parts: list[Part] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = len(self.recipes)

    @property
    def is_long(self) -> bool:
        """Whether it takes several turns while somebody else is about."""
        return len(self.recipes) > SHARED_PIECE

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
        begin = sum(len(rows) for rows, _ in self.parts)
        end = begin + len(pictures)
        self.parts.append((range(begin, end), pictures))
        if end == len(self.recipes):
            whole = assemble(self.parts, end)  # before the future runs: one that does can no longer be told of an error
            if self.future.set_running_or_notify_cancel():
                self.future.set_result(whole)


@dataclass(eq=False)
class _Deed:
    """Work of another kind that has its turn among the requests, and costs about as much as `left` pictures. is_part:
    whether it is a piece of something that takes several turns."""

    work: Callable[[], Any]
    left: int
    is_part: bool = False
    future: Future = field(default_factory=Future)
    origin: str = field(default_factory=address)

    @property
    def is_long(self) -> bool:
        """Whether it, or what it is a piece of, costs more than a piece of a long request."""
        return self.is_part or self.left > SHARED_PIECE

    @property
    def group(self) -> Hashable:
        return self

    def do(self) -> None:
        if self.future.set_running_or_notify_cancel():
            try:
                self.future.set_result(self.work())
            except Exception as error:  # whatever went wrong belongs to who asked
                self.future.set_exception(error)


@dataclass(frozen=True, eq=False)
class _Piece:
    """Pictures of one request that are painted together."""

    request: _Request
    recipes: Sequence[Recipe]


class Batcher:
    """Renders in a thread of its own. Close it when done, or use it in a `with`.

    A model is loaded by the first request for it while all others wait: load models beforehand where that can be slow.
    """

    def __init__(self, engine, clock: Callable[[], float] = time.monotonic) -> None:
        """engine: what `render`s recipes, and says by `at_once` how many of them should be in one batch."""
        self._engine = engine
        self._line: deque[_Request | _Deed] = deque()  # the oldest first; who has pieces left stays in it
        self._clock = clock
        self._shares = FairShares(clock)
        self._painted: set[str] = set()  # addresses for which something is painted now
        self._served: dict[Hashable, int] = {}  # the turn at which a group in the line was served last
        self._rests: dict[str, float] = {}  # address -> until when its long work rests
        self._turn = 0
        self._owed: set[str] = set()  # addresses whose oldest request was passed over at their last turn
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
        return self._add(_Request(tuple(recipes), size))

    def do(self, work: Callable[[], Any], pictures: int, is_part: bool = False) -> Future:
        """Have something else done in the painter's thread, such as the next sounds: a future of what it returns, or
        of its error. `pictures`: about how many it costs. `is_part`: whether it is a piece of something long.
        StudioError at once where too many are waiting.
        """
        return self._add(_Deed(work, pictures, is_part))

    def film(self, film: Film) -> Future:
        """Have the next frames of a film painted, few of them while somebody else is about: a future of what
        `Film.take` gives. StudioError as of `do` where it has not begun; half a film is of no use to anybody."""
        with self._changed:
            count = self._piece(min(film.piece, FILM_PIECE), address())
        return self._add(_Deed(lambda: film.take(count), count, is_part=True), has_begun=film.has_begun)

    def whole_film(self, film: Film) -> Iterator[np.ndarray]:
        """All frames of a film, each few of them painted in a turn of their own. For threads, which wait for them."""
        while (some := self.film(film).result()) is not None:
            yield some

    def _piece(self, most: int, origin: str) -> int:
        """How many of its pictures an address may have painted at a turn. Only under the lock."""
        return most if self._is_alone(origin) else min(most, SHARED_PIECE)

    def _is_alone(self, origin: str) -> bool:
        """Whether nobody else is about. Only under the lock."""
        if not self._shares.is_alone(origin):
            return False
        return self._painted | {request.origin for request in self._line} <= {origin}

    def _add(self, request: "_Request | _Deed", has_begun: bool = False) -> Future:
        """has_begun: what it is a piece of. That has one piece at most in the line, and so is let in past its end."""
        with self._changed:
            if self._closed:
                raise StudioError("The studio is closing and makes no more pictures.", "Start it again.")
            if len(self._line) >= LONGEST_LINE:
                self._leave_out_cancelled()
            if len(self._line) >= LONGEST_LINE and not has_begun:
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
            began = self._clock()
            self._do(request)
            self._end(request, self._clock() - began)

    def _do(self, request: "_Request | _Deed") -> None:
        if isinstance(request, _Deed):
            request.do()
            return
        try:
            request.piece = request.piece or self._engine.at_once(request.recipes, request.size)
        except Exception as error:  # as in _serve
            self._fail(request, error)
        else:
            self._serve(self._next_batch(request))

    def _end(self, request: "_Request | _Deed", seconds: float) -> None:
        """A piece of this was painted, which took so long. Where somebody else is about, long work of its address rests
        for as long."""
        with self._changed:
            for origin in self._painted:
                self._shares.see(origin)
            self._painted = set()
            if request.is_long and not self._is_alone(request.origin):
                self._rests[request.origin] = self._clock() + min(seconds, LONGEST_REST)

    def _next_request(self) -> "_Request | _Deed | None":
        """Wait until there are requests, and choose whose turn it is. None when closed."""
        with self._changed:
            while not self._closed:
                self._leave_out_cancelled()
                if ready := self._rested():
                    return self._choose(ready)
                self._changed.wait(min(self._rests.values()) - self._clock() if self._line else None)
        return None

    def _rested(self) -> list["_Request | _Deed"]:
        """Those in the line that do not rest."""
        now = self._clock()
        self._rests = {origin: until for origin, until in self._rests.items() if until > now}
        return [request for request in self._line if not (request.is_long and request.origin in self._rests)]

    def _choose(self, ready: list["_Request | _Deed"]) -> "_Request | _Deed":
        groups = {request.group for request in self._line}
        self._served = {group: turn for group, turn in self._served.items() if group in groups}
        begins = [self._shares.begin(request.origin) for request in ready]
        first = min(begins)
        candidates = [request for request, begin in zip(ready, begins, strict=True) if begin == first]
        chosen = min(candidates, key=lambda request: (request.left, self._served.get(request.group, 0)))
        oldest = {request.origin: request for request in reversed(candidates)}[chosen.origin]
        if chosen.origin in self._owed:
            chosen = oldest
        self._remember(chosen, oldest)
        self._shares.serve(chosen.origin)
        if isinstance(chosen, _Deed):
            self._shares.count(chosen.origin, chosen.left)
            self._painted = {chosen.origin}
            self._line.remove(chosen)
        return chosen

    def _remember(self, chosen: "_Request | _Deed", oldest: "_Request | _Deed") -> None:
        """It is this one's turn; where it is not the oldest of its address, that one has the next there."""
        self._turn += 1
        self._served[chosen.group] = self._turn
        self._owed &= {request.origin for request in self._line}
        if chosen is oldest:
            self._owed.discard(chosen.origin)
        else:
            self._owed.add(chosen.origin)

    def _next_batch(self, first: _Request) -> list[_Piece]:
        """A piece of this request, and what else of its group fits in beside it as a whole."""
        with self._changed:
            most = self._piece(first.piece, first.origin)
            batch = [first.take(most)]  # of one request; short ones of many fill up the rest
            room = first.piece - len(batch[0].recipes)
            alone, taken = self._is_alone(first.origin), Counter({first.origin: len(batch[0].recipes)})
            for request in sorted(self._line, key=lambda request: self._shares.begin(request.origin)):
                if (
                    request is not first
                    and isinstance(request, _Request)
                    and request.left <= min(room, most)
                    and (alone or taken[request.origin] + request.left <= SHARED_BATCH)
                    and request.group == first.group
                    and not request.future.cancelled()
                ):
                    batch.append(request.take(room))
                    room -= len(batch[-1].recipes)
                    taken[request.origin] += len(batch[-1].recipes)
            for piece in batch:
                self._shares.count(piece.request.origin, len(piece.recipes))
            self._painted = set(taken)
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
        self._hand_out(batch, pictures)

    def _hand_out(self, batch: list[_Piece], pictures: np.ndarray) -> None:
        at = 0
        for piece in batch:
            try:
                piece.request.add(pictures[at : at + len(piece.recipes)])
            except Exception as error:  # as in _serve: there may be no memory for all pictures of a request
                self._fail(piece.request, error)
            at += len(piece.recipes)

    def _fail(self, request: _Request, error: Exception) -> None:
        """Tell who asked, and paint no more of it."""
        with self._changed:
            self._line = deque(other for other in self._line if other is not request)
        request.fail(error)
