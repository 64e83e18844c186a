"""Connections before anything of them is read: one that is opened and broken off costs nearly as much as a request, and
the door does not see it until it has sent one."""

import asyncio
import json

from uvicorn import Server

from gan.messages import say
from gan.ui.doors.shares import ITSELF, Pace, household

MOST, SECONDS = 400, 10  # connections of one address: so many at once, and that many again in so many seconds
_TOO_MANY = say("Your address opened too many connections. Wait a moment, then ask again.")


def limit_connections(server: Server, most: int = MOST) -> None:
    """From now on an address that opens more than `most` connections at once is answered 429 at once, unread, until
    `SECONDS` later it may open as many again. This computer itself may open as many as it likes, as whoever sits at it,
    and a proxy that is not told of here."""
    config, pace = server.config, Pace(most, SECONDS)
    usual = config.http_protocol_class

    def first(**given) -> asyncio.Protocol:
        return _Doorstep(pace, lambda: usual(**given))

    config.http_protocol_class = first  # asked for each connection anew


class _Doorstep(asyncio.Protocol):
    """Lets a connection in to the protocol that reads it, or sends it away."""

    def __init__(self, pace: Pace, usual):
        self._pace, self._usual = pace, usual

    def connection_made(self, transport) -> None:
        peer = transport.get_extra_info("peername")
        address = household(peer[0]) if peer else ITSELF[0]
        if address not in ITSELF and self._pace.left(address) > 0:
            transport.write(_refusal())
            transport.close()
            return
        self._pace.count(address)
        inside = self._usual()
        transport.set_protocol(inside)
        inside.connection_made(transport)


def _refusal() -> bytes:
    """A whole answer. In English: nobody was heard who could have named another language."""
    body = json.dumps({"error": str(_TOO_MANY), "detail": str(_TOO_MANY)}).encode()
    head = f"HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
    return head.encode() + b"retry-after: 1\r\nconnection: close\r\n\r\n" + body
