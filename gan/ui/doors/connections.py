"""Connections before anything of them is read: one that is opened and broken off costs nearly as much as a request, and
the door does not see it until it has sent one.

Who opens too many is told so, and of a flood most are closed as soon as they are accepted (`Listener`): the loop's own
way of taking a connection in, with its transport and its task, costs ten times as much.
"""

import asyncio
import contextlib
import errno
import json
import logging
import socket
from collections import Counter
from collections.abc import Callable

from uvicorn import Server

from gan.messages import say
from gan.studio.visitors import AT_HOME
from gan.ui.doors.shares import Pace, household

MOST, SECONDS = 400, 10  # connections of one address: so many at once, and that many again in so many seconds
_HEARD_OUT = 20  # of one address who are told why they are sent away, at a time
_HEARD_OUT_IN_ALL = 100  # and of all addresses
_MOMENT = 1.0  # seconds for which each of them is heard out
_SILENCE = 5.0  # seconds: a connection on which no request begins ends after one to two times as long
_ACCEPTED = 64  # connections at once
_REST = 0.02  # seconds after a flood's
_LONG_REST = 1.0  # seconds where none can be taken in
_NO_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_TOO_MANY = say(
    "Your address opened too many connections, or broke off too many requests. Wait a moment, then ask again."
)
_log = logging.getLogger(__name__)


def limit_connections(server: Server, broken_off: Pace, most: int = MOST) -> None:
    """From now on an address that opens more than `most` connections at once is answered 429 at once, unread, until
    `SECONDS` later it may open as many again; likewise one that breaks off more requests than `broken_off` lets it.
    This computer itself may open as many as it likes, as whoever sits at it, and a proxy that is not told of here.
    Connections on which nothing is asked are closed. `server` has started, in another thread."""
    config, steps = server.config, _Steps(Pace(most, SECONDS), broken_off)
    usual = config.http_protocol_class

    def first(address: str = "", **given) -> asyncio.Protocol:
        return _Doorstep(steps, lambda: usual(**given), address)

    def second(address: str) -> asyncio.Protocol:
        return first(address, config=config, server_state=server.server_state, app_state=server.lifespan.state)

    async def take_over() -> None:
        listening = [one.dup() for old in server.servers for one in old.sockets]
        for old in server.servers:
            old.close()
        server.servers = [Listener(one, second, steps.is_flood) for one in listening]

    config.http_protocol_class = first  # asked for each connection anew
    loop = server.servers[0].get_loop()
    loop.call_soon_threadsafe(_end_silent, server.server_state.connections, {}, _SILENCE)
    if isinstance(loop, asyncio.SelectorEventLoop) and not config.is_ssl:  # others accept in ways of their own
        asyncio.run_coroutine_threadsafe(take_over(), loop).result(10)


def _end_silent(connections: set, silent: dict, seconds: float) -> None:
    """Close those of uvicorn's connections that are as they were when this was done last: without a request, or with
    the same one that was answered then. Each would hold one of the process's files for as long as it likes.

    silent: last time's, with the request of each (uvicorn's `cycle`, None before the first). seconds: until this is
    done again."""
    still = {}
    for one in connections:
        cycle = getattr(one, "cycle", one)  # a websocket's has none, and is closed at the door
        if cycle is None or (cycle is not one and cycle.response_complete):
            still[one] = cycle
    for one, cycle in still.items():
        if one in silent and silent[one] is cycle:
            one.transport.close()
    asyncio.get_running_loop().call_later(seconds, _end_silent, connections, still, seconds)


class _Steps:
    """How many connections each address opened and broke off, and who is being told that these were too many."""

    def __init__(self, opened: Pace, broken_off: Pace):
        self.opened, self._paces = opened, (opened, broken_off)
        self.sent_away: Counter[str] = Counter()  # address -> how many of it are being told so

    def is_too_much(self, address: str) -> bool:
        return address not in AT_HOME and any(pace.left(address) for pace in self._paces)

    def is_flood(self, address: str) -> bool:
        """Whether it is too much, and enough of those who opened too many are being told so."""
        return self.is_told_enough(address) and self.is_too_much(address)

    def is_told_enough(self, address: str) -> bool:
        return self.sent_away[address] >= _HEARD_OUT or self.sent_away.total() >= _HEARD_OUT_IN_ALL


class _Doorstep(asyncio.Protocol):
    """Lets a connection in to the protocol that reads it, or sends it away."""

    def __init__(self, steps: _Steps, usual: Callable[[], asyncio.Protocol], address: str):
        self._steps, self._usual, self._address = steps, usual, address
        self._is_told = False

    def connection_made(self, transport) -> None:
        peer = transport.get_extra_info("peername")
        address = self._address or household((peer or AT_HOME)[0])
        if peer is not None and self._steps.is_too_much(address):
            self._refuse(transport, address)
            return
        self._steps.opened.count(address)
        if peer is None:  # it was broken off already, and would be nobody's
            transport.abort()
            return
        inside = self._usual()
        transport.set_protocol(inside)
        inside.connection_made(transport)

    def _refuse(self, transport, address: str) -> None:
        """Answer. A connection that is closed while more comes in takes its answer back, so the first few of those who
        are sent away may go on for a moment, unheard (data_received of a plain protocol forgets what comes)."""
        transport.write(_REFUSAL)
        if self._steps.is_told_enough(address):
            transport.close()
            return
        self._address, self._is_told = address, True
        self._steps.sent_away[address] += 1
        asyncio.get_running_loop().call_later(_MOMENT, transport.close)
        with contextlib.suppress(OSError):  # it was broken off meanwhile
            transport.write_eof()

    def connection_lost(self, error: Exception | None) -> None:
        if self._is_told:
            self._steps.sent_away[self._address] -= 1
            self._steps.sent_away += Counter()  # forgets those of whom there is none


class Listener:
    """A socket at which the app listens, in the place of asyncio's Server. After each handful of a flood it rests for a
    moment, so that the loop is woken fifty times a second and not thousands of times; who else comes then waits that
    long."""

    def __init__(
        self,
        listening: socket.socket,
        protocol: Callable[[str], asyncio.Protocol],
        is_flood: Callable[[str], bool],
    ):
        """`listening` becomes its own. `protocol`: for a connection of an address. `is_flood`: whether one more of that
        address is closed at once."""
        self._socket, self._protocol, self._is_flood = listening, protocol, is_flood
        self._loop = asyncio.get_running_loop()
        self._coming: set[asyncio.Task] = set()  # a loop does not keep its tasks
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

    def _accept(self) -> None:
        flooded = False
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
            if self._is_flood(address):
                connection.close()
                flooded = True
            else:
                task = self._loop.create_task(self._let_in(connection, address))
                self._coming.add(task)
                task.add_done_callback(self._coming.discard)
        if flooded:
            self._rest(_REST)

    async def _let_in(self, connection: socket.socket, address: str) -> None:
        connection.setblocking(False)
        try:
            await self._loop.connect_accepted_socket(lambda: self._protocol(address), connection)
        except OSError:  # it was broken off meanwhile
            connection.close()


def _whole_answer() -> bytes:
    """In English: nobody was heard who could have named another language."""
    body = json.dumps({"error": str(_TOO_MANY), "detail": str(_TOO_MANY)}).encode()
    head = f"HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
    return head.encode() + b"retry-after: 1\r\nconnection: close\r\n\r\n" + body


_REFUSAL = _whole_answer()
