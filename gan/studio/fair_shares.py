"""Each address has the same share of the painter's time, however much it asks for: start-time fair queueing (Goyal, Vin
and Cheng 1996), with pictures as the cost."""

import time
from collections import OrderedDict
from collections.abc import Callable

ABOUT = 1.0  # seconds for which one is about, after they were seen last


class About:
    """Which addresses were seen lately."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._seen: OrderedDict[str, float] = OrderedDict()  # address -> when, the latest last
        self._clock = clock

    def see(self, address: str) -> None:
        """This one is about."""
        self._seen[address] = self._clock()
        self._seen.move_to_end(address)

    def is_alone(self, address: str) -> bool:
        """Whether nobody else is about."""
        while self._seen and next(iter(self._seen.values())) < self._clock() - ABOUT:
            self._seen.popitem(last=False)
        return len(self._seen) == (address in self._seen)


class FairShares:
    """What each address has had of the painter. The clock of start-time fair queueing: `now` is where the one who was
    served last began, and an address begins where it ended, or now where that is past."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._ends: dict[str, float] = {}
        self._now = 0.0
        self._about = About(clock)

    def begin(self, origin: str) -> float:
        """Where the next turn of an address begins: the smallest is next."""
        return max(self._ends.get(origin, 0.0), self._now)

    def serve(self, origin: str) -> None:
        """It is this one's turn."""
        self._now = self.begin(origin)
        self._ends = {other: end for other, end in self._ends.items() if end > self._now}

    def count(self, origin: str, pictures: int) -> None:
        """An address is given so many pictures."""
        self._ends[origin] = self.begin(origin) + pictures

    def see(self, origin: str) -> None:
        """An address was served."""
        self._about.see(origin)

    def is_alone(self, origin: str) -> bool:
        """Whether nobody else was served lately."""
        return self._about.is_alone(origin)
