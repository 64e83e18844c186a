"""A fair share for every visitor: so many requests at once of each address, taken by turns of the visitors behind it.

A visitor's secret is made up by the visitor, and costs nothing; an address does. Whoever asks for more waits, past a
bound is refused, and neither takes anything from others.
"""

import asyncio
import contextlib
import functools
import ipaddress
import math
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from gan.errors import StudioError
from gan.messages import say
from gan.studio.fair_shares import About
from gan.studio.visitors import AT_HOME

_REMEMBERED = 10_000  # addresses whose last requests are counted
_NEIGHBOURS = 64  # bits of an IPv6 address that one household shares


@dataclass(frozen=True)
class Share:
    """What one address may have: requests at once, of them of one visitor, those that wait, and those in a minute
    (0: as many as it likes)."""

    at_once: int
    each: int
    waiting: int
    a_minute: int = 0


@functools.lru_cache(_REMEMBERED)
def household(address: str) -> str:
    """The address that counts as one: of IPv6 the network, of which everybody has 2^64 addresses."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    mapped = getattr(parsed, "ipv4_mapped", None)
    if parsed.version == 4 or mapped:
        return str(mapped or parsed)
    return str(ipaddress.ip_network((parsed, _NEIGHBOURS), strict=False).network_address)


@dataclass
class _Visits:
    """Those of one address who are inside, and who waits, by visitor in the order of their turns."""

    inside: int = 0
    of_each: dict[str, int] = field(default_factory=dict)
    line: OrderedDict[str, deque[asyncio.Future]] = field(default_factory=OrderedDict)

    @property
    def waiting(self) -> int:
        return sum(map(len, self.line.values()))


class Gate:
    """Lets requests of one kind in, by their share. Used from one event loop only."""

    def __init__(self, share: Share):
        self.share = share
        self._addresses: dict[str, _Visits] = {}

    @property
    def is_busy(self) -> bool:
        """Whether anybody is inside, or waits."""
        return bool(self._addresses)

    @contextlib.asynccontextmanager
    async def enter(self, address: str, visitor: str) -> AsyncIterator[None]:
        """Inside while the block lasts. Raises StudioError where too many of this address wait already."""
        visits = self._addresses.setdefault(address, _Visits())
        if not self._has_room(visits, visitor) or visits.line:
            await self._wait(visits, address, visitor)
        else:
            self._let_in(visits, visitor)
        try:
            yield
        finally:
            self._leave(visits, address, visitor)

    async def _wait(self, visits: _Visits, address: str, visitor: str) -> None:
        if visits.waiting >= self.share.waiting:
            raise StudioError("Too much was asked for at once from your address.", "Wait a moment, then ask again.")
        turn = asyncio.get_running_loop().create_future()
        visits.line.setdefault(visitor, deque()).append(turn)
        self._call(visits)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was let in just now
                self._leave(visits, address, visitor)
            else:
                self._strike(visits, visitor, turn)
            raise

    def _has_room(self, visits: _Visits, visitor: str) -> bool:
        each = self.share.each if visitor else self.share.at_once  # programs have no secret: their address counts alone
        return visits.inside < self.share.at_once and visits.of_each.get(visitor, 0) < each

    def _let_in(self, visits: _Visits, visitor: str) -> None:
        visits.inside += 1
        visits.of_each[visitor] = visits.of_each.get(visitor, 0) + 1

    def _leave(self, visits: _Visits, address: str, visitor: str) -> None:
        visits.inside -= 1
        visits.of_each[visitor] -= 1
        if not visits.of_each[visitor]:
            del visits.of_each[visitor]
        self._call(visits)
        if not visits.inside and not visits.line:
            self._addresses.pop(address, None)

    def _call(self, visits: _Visits) -> None:
        """Let in who is next: each visitor in turn, those who have their share already later."""
        for visitor in list(visits.line):
            if visits.inside >= self.share.at_once:
                return
            if self._has_room(visits, visitor):
                turn = visits.line[visitor][0]
                self._strike(visits, visitor, turn)
                if visitor in visits.line:
                    visits.line.move_to_end(visitor)
                self._let_in(visits, visitor)
                turn.set_result(None)

    def _strike(self, visits: _Visits, visitor: str, turn: asyncio.Future) -> None:
        turns = visits.line.get(visitor, deque())
        with contextlib.suppress(ValueError):
            turns.remove(turn)
        if not turns:
            visits.line.pop(visitor, None)


class Patience:
    """Whoever asks for the same again and again waits longer and longer: so much at once, then so much a second.

    Floods come from programs that ask anew as soon as they are answered, and cost most while they are answered fast.
    This computer itself never waits: who sits at it may do as they like, and a proxy that is not believed is everybody.
    """

    def __init__(self, at_once: int, a_second: float, longest: float = 2, clock: Callable[[], float] = time.monotonic):
        self._pace, self._longest = Pace(at_once, at_once / a_second, clock), longest

    def seconds(self, address: str) -> float:
        """How long this one waits; it counts."""
        if address in AT_HOME:
            return 0.0
        wait = min(self._pace.left(address), self._longest)
        self._pace.count(address)
        return wait


class Crowd:
    """While somebody else is about, whoever asks very often waits, as `Patience` has it; alone one may ask as often as
    one likes, and what was asked then is not held against them when somebody comes."""

    def __init__(self, patience: Patience, about: About):
        """about: all who ask for anything."""
        self._patience, self._about = patience, about

    def seconds(self, address: str) -> float:
        """How long this one waits; it counts where somebody else is about."""
        self._about.see(address)
        return 0.0 if self._about.is_alone(address) else self._patience.seconds(address)


class Pace:
    """How often something may happen from one address: `most` times within `seconds`. Safe from several threads."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic):
        self.most, self.seconds, self._clock = most, seconds, clock
        self._spent: OrderedDict[str, tuple[float, float]] = OrderedDict()  # address -> (how much, when)

    def left(self, address: str) -> float:
        """Seconds until it may happen once more; 0 for now."""
        return max(0.0, (self._now(address) + 1 - self.most) * self.seconds / self.most)

    def count(self, address: str, times: float = 1) -> None:
        """It has happened, so many times."""
        self._spent[address] = (self._now(address) + times, self._clock())
        self._spent.move_to_end(address)
        while len(self._spent) > _REMEMBERED:
            self._spent.popitem(last=False)

    def _now(self, address: str) -> float:
        spent, when = self._spent.get(address, (0.0, 0.0))
        return max(0.0, spent - (self._clock() - when) * self.most / self.seconds)


def wait_sentence(seconds: float) -> StudioError:
    """For who has asked too often."""
    minutes = max(1, math.ceil(seconds / 60))
    if minutes == 1:
        return StudioError("This was asked too often from your address.", "Wait a minute, then ask again.")
    return StudioError(
        "This was asked too often from your address.", say("Wait {minutes} minutes, then ask again.", minutes=minutes)
    )
