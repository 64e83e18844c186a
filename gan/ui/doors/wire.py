"""What comes of a request and what leaves of an answer, as ASGI's messages.

Whoever is refused is heard out first, so that the sentence arrives; an answer of status 500 and above is kept back.
"""

import asyncio
import contextlib
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from gan.errors import StudioError
from gan.messages import say
from gan.studio.visitors import AT_HOME
from gan.ui.doors.headers import guarded
from gan.ui.doors.shares import Pace, Patience

# Bytes and seconds for which whoever is refused is heard out: before the door, and of those who were let in, who may
# have sent too large a file. And seconds in which nothing comes.
_OUTSIDE, _INSIDE, _SILENCE = (4_000_000, 10), (100_000_000, 60), 1
HEARD = (40_000_000, 40)  # bytes of one address that are heard and forgotten: at once, and again in so many seconds


class Hearing:
    """The ASGI `receive` of a request, which knows whether all of it has come."""

    def __init__(self, receive, scope) -> None:
        headers = dict(scope["headers"])
        self._receive, self._limits = receive, _OUTSIDE
        self._over = b"expect" in headers or not (b"transfer-encoding" in headers or b"content-length" in headers)

    async def __call__(self):
        message = await self._receive()
        self._over = not message.get("more_body", False)
        return message

    def let_in(self) -> None:
        """From here on there is more patience."""
        self._limits = _INSIDE

    async def out(self, address: str, heard: Pace) -> None:
        """Hear more, and forget it: a refusal closes the connection, and who is still sending would see that instead
        of the sentence. `heard`: bytes of each address, so that one who sends on and on is not."""
        came, (most, seconds) = 0, self._limits
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        with contextlib.suppress(asyncio.TimeoutError):  # the built-in one only from Python 3.11 on, as asyncio.timeout
            while not self._over and came <= most and not (heard.left(address) and address not in AT_HOME):
                count = len((await asyncio.wait_for(self(), min(_SILENCE, end - clock()))).get("body", b""))
                heard.count(address, count)
                came += count


class Answer:
    """What is sent. An answer of status 500 and above is kept back: `instead` gives one with a sentence.

    patience: with refusals. heard: see `Hearing.out`. waited: whether it stood in line before it was let in."""

    def __init__(self, send, headers, nonce: str, head: bool, hearing: Hearing, patience: Patience, heard: Pace):
        self._send, self._headers, self.nonce, self._head, self.hearing = send, headers, nonce, head, hearing
        self._patience, self._heard, self.address = patience, heard, ""
        self.started, self.waited, self.broken = False, False, 0

    async def send(self, message) -> None:
        if message["type"] == "http.response.start":
            if message["status"] >= 500 and message["status"] != 503:
                self.broken = message["status"]
                return
            self.started = True
            if message["status"] >= 400:
                await self._before_a_refusal()
            message = dict(message, headers=guarded(message.get("headers", ()), self._headers))
        if not self.broken:
            await self._send(message)

    async def _before_a_refusal(self) -> None:
        wait = self._patience.seconds(self.address)
        if not wait:  # a flood is not heard out
            await self.hearing.out(self.address, self._heard)
        await asyncio.sleep(wait)

    async def instead(self, response: Response, scope, receive) -> None:
        """Another answer, where none has begun."""
        if self.started:
            return
        self.started = True

        async def send(message):
            if message["type"] == "http.response.start":
                message = dict(message, headers=guarded(message.get("headers", ()), self._headers))
            elif self._head:
                message = dict(message, body=b"")
            await self._send(message)

        with contextlib.suppress(OSError):  # whoever asked went away
            await self._before_a_refusal()
            await response(scope, receive, send)


def counted(send, give: Callable[[int], None]):
    """An ASGI `send` that tells `give` how many bytes of an answer's body there are."""

    async def send_on(message):
        give(len(message.get("body", b"")))
        await send(message)

    return send_on


async def read_body(request: Request, most: int) -> bytes:
    """What was sent, of at most so many bytes."""
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > most:
            raise StudioError(say("What was sent is larger than {most} bytes.", most=most), "Send less.")
    return bytes(data)


def replay(body: bytes, receive):
    """An ASGI `receive` that gives a body which was read already, and after it what comes then."""
    given = False

    async def again():
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
