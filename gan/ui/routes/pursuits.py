"""Searches of visitors, one at a time and told as they go: a newer one of a visitor ends the one before, as going away
does."""

import threading
from collections.abc import Callable

from starlette.responses import StreamingResponse

from gan.errors import StudioError
from gan.messages import Message
from gan.studio.turns import Turns
from gan.ui.routes.narration import Tell, narrated

_AT_ONCE, _IN_LINE = 1, 8


class Pursuits:
    """Searches of one kind. waiting: what is said to those in line; full: what is raised for who finds no place in it;
    stopped: what is said of a search that was ended."""

    def __init__(self, waiting: Message, full: StudioError, stopped: Message):
        self._turns, self._stopped = Turns(_AT_ONCE, waiting, _IN_LINE, full), stopped
        self._going: dict[str, threading.Event] = {}  # of each visitor the one that goes on

    def follow(self, visitor: str, work: Callable[[Tell, Callable[[], None]], dict]) -> StreamingResponse:
        """The answer that tells of `work` (see narration.py), which is given what it tells lines with, and what it asks
        again and again whether it is still wanted: that raises StudioError, with the code "stopped", where not."""
        over = threading.Event()
        self._going.pop(visitor, over).set()
        over.clear()
        self._going[visitor] = over

        def still() -> None:
            if over.is_set():
                raise StudioError(self._stopped, code="stopped")

        def ended() -> None:
            if self._going.get(visitor) is over:
                del self._going[visitor]

        return narrated(lambda tell: work(tell, still), self._turns, ended, over.set, still)
