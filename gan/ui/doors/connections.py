"""Connections before anything of them is read: one that is opened and broken off costs nearly as much as a request, and
the door does not see it until it has sent one. Who opens too many is told so.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable

from uvicorn import Server

from gan.messages import say
from gan.studio.visitors import AT_HOME
from gan.ui.doors.lines import Lines
from gan.ui.doors.listener import Listener
from gan.ui.doors.shares import Pace, household

MOST, SECONDS = 400, 10  # connections of one address: so many at once, and that many again in so many seconds
_TOLD, _TOLD_IN_ALL = 20, 100  # of one address and of all, who are told at once why they are sent away,
_TOLD_AGAIN = 1.0  # and that many again in so many seconds
_MOMENT = 1.0  # seconds for which each of them is heard out
_TOO_MANY = say(
    "Your address opened too many connections, or broke off too many requests. Wait a moment, then ask again."
)


def limit_connections(server: Server, broken_off: Pace, lines: Lines, most: int = MOST) -> None:
    """From now on an address that opens more than `most` connections at once is answered 429 at once, unread, until
    `SECONDS` later it may open as many again; likewise one that has `most` of them open, or breaks off more requests
    than `broken_off` lets it. This computer itself may open as many as it likes, as whoever sits at it, and a proxy
    that is not told of here. `lines`: all that are open; those on which nothing happens are closed. `server` has
    started, in another thread."""
    config, steps = server.config, _Steps(most, broken_off, lines)
    usual = config.http_protocol_class

    def first(address: str = "", **given) -> asyncio.Protocol:
        return _Doorstep(steps, lambda: usual(**given), address)

    def second(address: str) -> asyncio.Protocol:
        return first(address, config=config, server_state=server.server_state, app_state=server.lifespan.state)

    async def take_over() -> None:
        listening = [one.dup() for old in server.servers for one in old.sockets]
        for old in server.servers:
            old.close()
        server.servers = [Listener(one, second, steps) for one in listening]

    config.http_protocol_class = first  # asked for each connection anew
    loop = server.servers[0].get_loop()
    loop.call_soon_threadsafe(lines.watch)
    if isinstance(loop, asyncio.SelectorEventLoop) and not config.is_ssl:  # others accept in ways of their own
        asyncio.run_coroutine_threadsafe(take_over(), loop).result(10)


class _Steps:
    """How many connections each address opened, has and broke off, and how many were told that these are too many."""

    def __init__(self, most: int, broken_off: Pace, lines: Lines):
        self.most, self.lines, self._opened, self._broken_off = most, lines, Pace(most, SECONDS), broken_off
        self._told, self._told_in_all = Pace(_TOLD, _TOLD_AGAIN), Pace(_TOLD_IN_ALL, _TOLD_AGAIN)

    def is_too_much(self, address: str) -> bool:
        if address in AT_HOME:
            return False
        left = self._opened.left(address) or self._broken_off.left(address)
        return bool(left) or self.lines.are_more(address, self.most)

    def count(self, address: str) -> None:
        """One was opened."""
        self._opened.count(address)

    def is_flood(self, address: str) -> bool:
        """Whether it is too much, and enough of those who opened too many were told so."""
        return self.are_told_enough(address) and self.is_too_much(address)

    def are_told_enough(self, address: str) -> bool:
        return bool(self._told.left(address) or self._told_in_all.left(""))

    def tell(self, address: str) -> None:
        """One more is told."""
        self._told.count(address)
        self._told_in_all.count("")


class _Doorstep(asyncio.Protocol):
    """Lets a connection in to the protocol that reads it, or sends it away."""

    def __init__(self, steps: _Steps, usual: Callable[[], asyncio.Protocol], address: str):
        self._steps, self._usual, self._address = steps, usual, address

    def connection_made(self, transport) -> None:
        peer = transport.get_extra_info("peername")
        address = self._address or household((peer or AT_HOME)[0])
        if self._steps.is_too_much(address):
            self._refuse(transport, address)
            return
        self._steps.count(address)
        if peer is None:  # it was broken off already, and would be nobody's
            transport.abort()
            return
        self._steps.lines.add(transport, address)
        inside = self._usual()
        transport.set_protocol(inside)
        inside.connection_made(transport)

    def _refuse(self, transport, address: str) -> None:
        """Answer. A connection that is closed while more comes in takes its answer back, so the first few of those who
        are sent away may go on for a moment, unheard (data_received of a plain protocol forgets what comes)."""
        if transport.get_extra_info("peername") is None:  # it was broken off already
            transport.abort()
            return
        transport.write(_REFUSAL)
        if self._steps.are_told_enough(address):
            transport.close()
            return
        self._steps.tell(address)
        asyncio.get_running_loop().call_later(_MOMENT, transport.close)
        with contextlib.suppress(OSError):  # it was broken off meanwhile
            transport.write_eof()


def _whole_answer() -> bytes:
    """In English: nobody was heard who could have named another language."""
    body = json.dumps({"error": str(_TOO_MANY), "detail": str(_TOO_MANY)}).encode()
    head = f"HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
    return head.encode() + b"retry-after: 1\r\nconnection: close\r\n\r\n" + body


_REFUSAL = _whole_answer()
