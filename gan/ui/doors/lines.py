"""Connections that are open, and what happens on each: those on which nothing is asked end, and those whose answers
nobody takes.

Each would hold one of the process's files, and maybe an answer, for as long as whoever opened it likes. When a request
begins and ends the door says; how much of an answer was not taken yet the transport knows.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass

AT_ONCE = struct.pack("ii", 1, 0)  # of SO_LINGER: broken off when it is closed, and nothing of it is kept
_LOOKS = 5.0  # seconds between two looks at all of them; one on which nothing was asked at two of them ends
_UNTAKEN = 12  # looks in a row at which as much of an answer is left


@dataclass
class _Line:
    """One connection. asking: requests that are being answered. begun: requests so far. seen: of those, at the last
    look, -1 where one was being answered. left: bytes of answers that were not taken at the last look, and `stuck`: for
    how many looks so many."""

    transport: asyncio.Transport
    asking: int = 0
    begun: int = 0
    seen: int = -1
    left: int = 0
    stuck: int = 0

    @property
    def is_gone(self) -> bool:
        """Whether it holds nothing any more, or will not in a moment."""
        return self.transport.is_closing() and not self.transport.get_write_buffer_size()

    def look(self) -> None:
        """End it where nothing happened since the last look."""
        left = self.transport.get_write_buffer_size()
        self.stuck = self.stuck + 1 if left and left == self.left else 0
        if self.stuck >= _UNTAKEN:
            with contextlib.suppress(OSError):  # macOS: it was broken off already
                self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            self.transport.abort()  # to close would be to wait until it is taken
        elif not self.asking and self.seen == self.begun:
            self.transport.close()
        self.left, self.seen = left, -1 if self.asking else self.begun


class Lines:
    """All open connections, by who is at their other end: (address, port). Used from one event loop only."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, int], _Line] = {}
        self._of: dict[str, set[tuple[str, int]]] = {}  # by household, see shares.py
        self._full: set[tuple[str, int]] = set()  # households that had so many when they were looked at

    def add(self, transport: asyncio.Transport, household: str) -> None:
        """One that was let in."""
        peer = transport.get_extra_info("peername")[:2]
        self._lines[peer] = _Line(transport)
        self._of.setdefault(household, set()).add(peer)

    def are_more(self, household: str, most: int) -> bool:
        """Whether that household has `most` open, or more. Whoever had is not looked at again before the next look at
        all: it is asked for each connection of a flood."""
        if (household, most) not in self._full and len(self._of.get(household, ())) >= most:
            self._forget(household)
            if len(self._of.get(household, ())) >= most:
                self._full.add((household, most))
        return (household, most) in self._full

    @contextlib.contextmanager
    def asking(self, client: tuple[str, int] | None) -> Iterator[None]:
        """While the block lasts a request of that one is being answered."""
        line = self._lines.get(client) if client else None
        if line is None:  # it came through a proxy, or is gone
            yield
            return
        line.asking += 1
        line.begun += 1
        try:
            yield
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

    def _forget(self, household: str) -> None:
        """Those of that household that are gone."""
        peers = self._of.get(household, set())
        for peer in [peer for peer in peers if self._lines[peer].is_gone]:
            peers.discard(peer)
            del self._lines[peer]
        if not peers:
            self._of.pop(household, None)
