"""How long a run has been played, without its pauses."""

import contextlib
import time
from collections.abc import Iterator


class Clock:
    """Minutes of this piece of a run, and of all its pieces, without its pauses."""

    def __init__(self, earlier: float):
        self._started, self._earlier = time.monotonic(), earlier

    @property
    def minutes(self) -> float:
        return (time.monotonic() - self._started) / 60

    @property
    def all_minutes(self) -> float:
        return self._earlier + self.minutes

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """In this block no time passes on this clock."""
        since = time.monotonic()
        yield
        self._started += time.monotonic() - since
