"""Connections that are open, and what happens on each: those on which nothing is asked end, and those whose answers
nobody takes. A browser opens six at once, which share one link: how much is taken counts for all of a household.

Each would hold one of the process's files, and maybe an answer, for as long as whoever opened it likes. When a request
begins and ends the door says; how much of an answer was not taken yet the transport knows.
"""

import asyncio
import contextlib
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

if sys.platform == "linux":
    import fcntl
    import termios

AT_ONCE = struct.pack("ii", 1, 0)  # of SO_LINGER: broken off when it is closed, and nothing of it is kept
_LOOKS = 5.0  # seconds between two looks at all of them; one on which nothing was asked at two of them ends
_WINDOW = 24  # looks in a row at which some of an answer waits here: two minutes, in which they must be taken at
_SLOWEST = 2_000  # bytes a second at least, by its household; a fraction of what the worst of mobile networks carries
_FULL = 1.0  # seconds for which a household that had too many is not looked at again

_Way = tuple[tuple[str, int], tuple[str, int]]  # (address, port) of both ends


@dataclass
class _Household:
    """ways: its connections. taken: bytes of answers so far, on those where more of them waited all the time."""

    ways: set[_Way] = field(default_factory=set)
    taken: int = 0


@dataclass
class _Line:
    """One connection. asking: requests that are being answered. begun: requests so far. seen: of those, at the last
    look, -1 where one was being answered. given: bytes of all answers so far. taken: of those, at the last look.
    looks: how many ago its window began, at which its household had taken `before`."""

    transport: asyncio.Transport
    of: _Household
    asking: int = 0
    begun: int = 0
    seen: int = -1
    given: int = 0
    taken: int = 0
    looks: int = 0
    before: int = 0

    @property
    def is_gone(self) -> bool:
        """Whether it holds nothing any more, or will not in a moment."""
        return self.transport.is_closing() and not self.transport.get_write_buffer_size()

    def give(self, count: int) -> None:
        """So many bytes of an answer are sent."""
        self.given += count

    def look(self) -> None:
        """End it where nothing happened since the last look, or where an answer is hardly taken."""
        if self._is_hardly_taken():
            with contextlib.suppress(OSError):  # macOS: it was broken off already
                self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            self.transport.abort()  # to close would be to wait until it is taken
        elif not self.asking and self.seen == self.begun:
            self.transport.close()
        self.seen = -1 if self.asking else self.begun

    def _is_hardly_taken(self) -> bool:
        """Whether a window is over in which some of it waited all the time, and its household took too little."""
        here = self.transport.get_write_buffer_size()
        if not here:
            self.looks = 0
            return False
        taken = self.given - here - _on_its_way(self.transport.get_extra_info("socket"))
        if self.looks:
            self.of.taken += taken - self.taken
        self.taken = taken
        self.looks += 1
        if 1 < self.looks <= _WINDOW:
            return False
        little = self.looks > 1 and self.of.taken - self.before < _SLOWEST * _LOOKS * _WINDOW
        self.looks, self.before = 1, self.of.taken
        return little


def _on_its_way(connection: socket.socket) -> int:
    """Bytes that the system took, up to some megabytes, and whose arrival was not confirmed. It asks for more only once
    a third of them is gone, for which who takes 16 KB a second needs more than a minute. 0 where it does not tell."""
    if sys.platform == "linux" and connection.fileno() >= 0:
        with contextlib.suppress(OSError):
            return struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)))[0]
    return 0


class Lines:
    """All open connections, by both their ends: one port may have come to several addresses of this computer. Used from
    one event loop only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._lines: dict[_Way, _Line] = {}
        self._of: dict[str, _Household] = {}  # by household, see shares.py
        self._full: dict[tuple[str, int], float] = {}  # households that had so many, and when that was looked at
        self._clock = clock

    def add(self, transport: asyncio.Transport, household: str) -> None:
        """One that was let in."""
        way = transport.get_extra_info("peername")[:2], transport.get_extra_info("sockname")[:2]
        of = self._of.setdefault(household, _Household())
        of.ways.add(way)
        self._lines[way] = _Line(transport, of)

    def are_more(self, household: str, most: int) -> bool:
        """Whether that household has `most` open, or more. Whoever had is looked at again once a second: it is asked
        for each connection of a flood."""
        looked = self._full.get((household, most))
        if looked is not None and self._clock() - looked < _FULL:
            return True
        self._full.pop((household, most), None)
        if self._open(household) >= most:
            self._forget(household)
            if self._open(household) >= most:
                self._full[household, most] = self._clock()
        return (household, most) in self._full

    @contextlib.contextmanager
    def asking(self, client: tuple[str, int] | None, server: tuple[str, int] | None) -> Iterator[Callable[[int], None]]:
        """While the block lasts a request from the one to the other is being answered. What it gives is to be told of
        each part of the answer how many bytes it has."""
        line = self._lines.get((client, server)) if client and server else None
        if line is None:  # it came through a proxy, or is gone
            yield lambda count: None
            return
        line.asking += 1
        line.begun += 1
        try:
            yield line.give
        finally:
            line.asking -= 1

    def look(self) -> None:
        """Look at each of them, now."""
        for line in list(self._lines.values()):
            line.look()
        self._full.clear()
        for household in list(self._of):
            self._forget(household)

    def watch(self) -> None:
        """Look again and again, in the running loop."""
        asyncio.get_running_loop().call_later(_LOOKS, self.watch)
        self.look()

    def _open(self, household: str) -> int:
        return len(self._of[household].ways) if household in self._of else 0

    def _forget(self, household: str) -> None:
        """Those of that household that are gone."""
        ways = self._of[household].ways
        for way in [way for way in ways if self._lines[way].is_gone]:
            ways.discard(way)
            del self._lines[way]
        if not ways:
            self._of.pop(household, None)
