"""Connections before anything of them is read: one that is opened and broken off costs nearly as much as a request, and
the door does not see it until it has sent one."""

import asyncio
import json
from collections.abc import Callable

from uvicorn import Server

from gan.messages import say
from gan.studio.visitors import AT_HOME
from gan.ui.doors.shares import Pace, household

MOST, SECONDS = 400, 10  # connections of one address: so many at once, and that many again in so many seconds
_HEARD_OUT, _MOMENT = 100, 1.0  # connections at a time, and seconds
_TOO_MANY = say("Your address opened too many connections. Wait a moment, then ask again.")


def limit_connections(server: Server, most: int = MOST) -> None:
    """From now on an address that opens more than `most` connections at once is answered 429 at once, unread, until
    `SECONDS` later it may open as many again. This computer itself may open as many as it likes, as whoever sits at it,
    and a proxy that is not told of here."""
    config, pace = server.config, Pace(most, SECONDS)
    usual = config.http_protocol_class
    sent_away: set[_Doorstep] = set()

    def first(**given) -> asyncio.Protocol:
        return _Doorstep(pace, lambda: usual(**given), sent_away)

    config.http_protocol_class = first  # asked for each connection anew


class _Doorstep(asyncio.Protocol):
    """Lets a connection in to the protocol that reads it, or sends it away."""

    def __init__(self, pace: Pace, usual: Callable[[], asyncio.Protocol], sent_away: set["_Doorstep"]):
        self._pace, self._usual, self._sent_away = pace, usual, sent_away

    def connection_made(self, transport) -> None:
        peer = transport.get_extra_info("peername")
        address = household(peer[0]) if peer else AT_HOME[0]
        if address not in AT_HOME and self._pace.left(address) > 0:
            self._refuse(transport)
            return
        self._pace.count(address)
        inside = self._usual()
        transport.set_protocol(inside)
        inside.connection_made(transport)

    def _refuse(self, transport) -> None:
        """Answer. A connection that is closed while more comes in takes its answer back, so the first few of those who
        are sent away may go on for a moment, unheard (data_received of a plain protocol forgets what comes)."""
        transport.write(_REFUSAL)
        if len(self._sent_away) >= _HEARD_OUT:
            transport.close()
            return
        self._sent_away.add(self)
        transport.write_eof()
        asyncio.get_running_loop().call_later(_MOMENT, transport.close)

    def connection_lost(self, error: Exception | None) -> None:
        self._sent_away.discard(self)


def _whole_answer() -> bytes:
    """In English: nobody was heard who could have named another language."""
    body = json.dumps({"error": str(_TOO_MANY), "detail": str(_TOO_MANY)}).encode()
    head = f"HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
    return head.encode() + b"retry-after: 1\r\nconnection: close\r\n\r\n" + body


_REFUSAL = _whole_answer()
