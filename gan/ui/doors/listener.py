"""Where the app listens, in the place of asyncio's Server: of a flood of connections most are closed as soon as they
are accepted, and those that were broken off already are never let in, since the loop's own way of taking one in, with
its transport and its task, costs ten times as much. Whoever goes on is shut out for a moment by the system itself.

Where the system waits for the first byte (Linux, TCP_DEFER_ACCEPT), connections on which nothing is sent stand in its
SYN queue for these seconds: a flood of them fills that, which is as long as the listener's backlog, and not the app's
files. Once it is full the system makes new ones with SYN cookies, or none where these are off (see
net.ipv4.tcp_syncookies).
"""

import asyncio
import contextlib
import errno
import logging
import socket
from collections import Counter
from collections.abc import Callable
from typing import Protocol

from gan.ui.doors.lines import AT_ONCE
from gan.ui.doors.shares import household
from gan.ui.doors.shut_out import shut_out

_ACCEPTED = 512  # connections at once
_REST = 0.01  # seconds after a flood's
_MANY = 32  # of one address at once that are too many: from here on the system turns it away,
_SHUT_OUT = 1.0  # for so many seconds
_LONG_REST = 1.0  # seconds where none can be taken in
_NO_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_WORDLESS = 5  # seconds for which the system keeps a connection to itself on which nothing was sent
_log = logging.getLogger(__name__)


class Limits(Protocol):
    """How many connections each address may open."""

    def is_too_much(self, address: str) -> bool:
        """Whether one more is too much."""

    def is_flood(self, address: str) -> bool:
        """Whether one more is closed at once, without a word."""

    def count(self, address: str) -> None:
        """One was opened."""


class Listener:
    """A socket at which the app listens. After each handful of a flood it rests for a moment, so that the loop is woken
    a hundred times a second and not thousands of times; who else comes then waits that long."""

    def __init__(self, listening: socket.socket, protocol: Callable[[str], asyncio.Protocol], limits: Limits):
        """`listening` becomes its own. `protocol`: for a connection of an address, which counts it."""
        self._socket, self._protocol, self._limits = listening, protocol, limits
        self._loop = asyncio.get_running_loop()
        self._coming: set[asyncio.Task] = set()  # a loop does not keep its tasks
        self._out: list[str] = []  # who is shut out
        self._can_shut_out = True
        if hasattr(socket, "TCP_DEFER_ACCEPT"):  # Linux: those broken off before a byte was sent never come here
            with contextlib.suppress(OSError):  # some containers' systems do not know it: those come here then
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, _WORDLESS)
        self._listen()

    def close(self) -> None:
        """Nobody else comes in."""
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
            self._socket.close()

    async def wait_closed(self) -> None:
        """Connections that came in are uvicorn's to end."""

    def _listen(self) -> None:
        if self._socket.fileno() >= 0:
            self._loop.add_reader(self._socket, self._accept)

    def _rest(self, seconds: float) -> None:
        self._loop.remove_reader(self._socket)
        self._loop.call_later(seconds, self._listen)

    def _shut_out(self, addresses: list[str]) -> None:
        """Turn these away as well, for a moment: they send anew, and so do others behind the same address."""
        if not addresses or not self._can_shut_out:
            return
        if not self._out:
            self._loop.call_later(_SHUT_OUT, self._let_all)
        self._out = sorted({*self._out, *addresses})
        self._can_shut_out = shut_out(self._socket, self._out)

    def _let_all(self) -> None:
        self._out = []
        if self._socket.fileno() >= 0 and self._can_shut_out:
            shut_out(self._socket, [])

    def _accept(self) -> None:
        floods: Counter[str] = Counter()  # address -> how many of it were closed
        for _ in range(_ACCEPTED):
            try:
                connection, peer = self._socket.accept()
            except (BlockingIOError, InterruptedError):
                break
            except OSError as error:
                if error.errno in _NO_ROOM:  # the socket would wake the loop at once
                    _log.warning("Nobody new can be let in for a moment: %s", error)
                    return self._rest(_LONG_REST)
                _log.info("A connection failed before it was let in: %s", error)  # its own, not the next one's
                continue
            address = household(peer[0])
            if self._take(connection, address):
                floods[address] += 1
        if floods:
            self._shut_out([address for address, count in floods.items() if count >= _MANY])
            self._rest(_REST)

    def _take(self, connection: socket.socket, address: str) -> bool:
        """Let one in, or close it. Whether it is of a flood."""
        if self._limits.is_flood(address):
            with contextlib.suppress(OSError):  # macOS: it was broken off already
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            connection.close()
            return True
        connection.setblocking(False)
        if _is_gone(connection):
            connection.close()
            if self._limits.is_too_much(address):  # and is not counted, or it would be for hours
                return True
            self._limits.count(address)
            return False
        task = self._loop.create_task(self._let_in(connection, address))
        self._coming.add(task)
        task.add_done_callback(self._coming.discard)
        return False

    async def _let_in(self, connection: socket.socket, address: str) -> None:
        try:
            await self._loop.connect_accepted_socket(lambda: self._protocol(address), connection)
        except OSError:  # it was broken off meanwhile
            connection.close()


def _is_gone(connection: socket.socket) -> bool:
    """Whether it was broken off, or ended without a word: there is nobody to be answered."""
    try:
        connection.getpeername()  # has none once it was broken off, though what was sent before can still be read
        return not connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True
