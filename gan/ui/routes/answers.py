"""What all routes of our own share: bodies of bounded size, pictures as raw pixels, and mistakes as sentences."""

import json
import re
from collections.abc import Callable, Iterable

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse as PlainJSON
from starlette.responses import Response

from gan.errors import StudioError
from gan.messages import say
from gan.ui.kinds import Kind, OurRoute
from gan.ui.language import speak, spoken

_MOST_JSON = 2_000_000  # bytes of recipes: 64 keyframes with every value of a usual model set by hand
_VISITOR = re.compile(r"[0-9a-zA-Z-]{16,64}")


class JSONResponse(PlainJSON):
    """Plain values, with the messages among them in the visitor's language."""

    def render(self, content) -> bytes:
        text = json.dumps(spoken().translated(content), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")  # it may hold half a letter that somebody sent


def sentences(handler):
    """Turn a StudioError into {"error": its sentence, "code": its code}, and speak the visitor's language."""

    async def answer(request: Request) -> Response:
        speak(request.headers, request.url.query)
        try:
            return await handler(request)
        except StudioError as error:
            return JSONResponse(told(error), status_code=400)

    return answer


def told(error: StudioError) -> dict[str, str]:
    """What the page hears of an error: a sentence for people and a code for its scripts, "" where none needs one."""
    return {"error": error.said, "code": error.code}


def our_routes(prefix: str, table: Iterable[tuple[Kind, str, str, Callable]]) -> list[OurRoute]:
    """Routes below `prefix` from rows of (what it is, method, path, handler). Mistakes are answered with sentences."""
    return [OurRoute(kind, method, f"{prefix}{path}", sentences(handler)) for kind, method, path, handler in table]


def address_of(request: Request) -> str:
    """The address that whoever asks shares with their household: see doors/wire.py."""
    return request.scope.get("studio.address", "")


def visitor_of(request: Request) -> str:
    """The secret of whoever asks. Raises StudioError where a request has none."""
    token = request.headers.get("x-visitor", "")
    if not _VISITOR.fullmatch(token):
        raise StudioError("The page did not say who is asking.", "Reload it.")
    return token


async def body_of(request: Request, most: int) -> bytes:
    """The request's body, of at most so many bytes. Whoever sends more is heard out at the door: see doors/wire.py."""
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > most:
            raise StudioError(
                say("What was sent is larger than {most} MB.", most=most // 1000000), "Send a smaller file."
            )
    return bytes(data)


async def json_body(request: Request) -> dict:
    """The table in the request's body. Raises StudioError for anything else."""
    try:
        value = json.loads(await body_of(request, _MOST_JSON))
    except (ValueError, RecursionError):
        raise StudioError("What was sent is not JSON.", "Reload the page.") from None
    if not isinstance(value, dict):
        raise StudioError("What was sent is not a table of names and values.", "Reload the page.")
    return value


def pixels(pictures: np.ndarray) -> Response:
    """uint8 (n, height, width, 3 or 4) as their RGBA bytes, one picture after the other, as a canvas takes them."""
    return Response(rgba(pictures).tobytes(), media_type="application/octet-stream", headers=shape_of(pictures))


def rgba(pictures: np.ndarray) -> np.ndarray:
    """uint8 (n, height, width, 4)."""
    if pictures.shape[3] == 4:
        return pictures
    whole = np.full((*pictures.shape[:3], 4), 255, np.uint8)
    whole[..., :3] = pictures
    return whole


def shape_of(pictures: np.ndarray) -> dict[str, str]:
    """The headers that say how many pictures of which size follow."""
    n, height, width, _ = pictures.shape
    return {"X-Count": str(n), "X-Height": str(height), "X-Width": str(width), "Cache-Control": "no-store"}


def plain_name(name: str) -> str:
    """A file's name as a header may hold it."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name)


def class_number(text: str) -> int | None:
    """The number of a class in an address, None where it names none. Raises StudioError for anything else."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise StudioError(say("{text!r} is not the number of a class.", text=text[:20]), "Reload the page.")
    return int(text)
