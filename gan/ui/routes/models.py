"""What the Models tab asks for, past Gradio's queue: what is here, what a repository holds, and bringing models in.

Whatever takes long is told line by line (narration.py). Mistakes are answered with {"error": sentence, "code"} and
status 400.
"""

import asyncio
import contextlib
import dataclasses
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gan.errors import StudioError
from gan.messages import say
from gan.store.archives import clean
from gan.store.files import new_file
from gan.store.model_config import CONFIG
from gan.store.weights import MOST_BYTES
from gan.studio.hub.links import read_source
from gan.studio.library.conversions import read_settings
from gan.studio.library.curated import curated
from gan.studio.library.layouts import Layouts
from gan.studio.library.library import Library, about
from gan.studio.library.uploads import Uploads
from gan.studio.turns import Turns
from gan.ui.kinds import Kind, OurRoute
from gan.ui.routes.answers import JSONResponse, json_body, our_routes, pixels
from gan.ui.routes.narration import Tell, narrated

_AT_ONCE, _IN_LINE = 2, 16  # models that are fetched and converted at once, and that wait for it
_ARRIVING = 3  # files that are received at once
PATIENCE = 60.0  # seconds to wait for the next part of a file
SLOWEST = 5_000  # bytes a second of a file after that time
_TRIALS = 2  # of layouts that are painted at once
_MOST_CONFIG = 2**20  # bytes of a config.json that comes with a file
_WAITING = say("Two other models are being opened; this one is next in line.")
_FULL = StudioError("Many models are being opened at the moment.", "Try again in a minute.")


def make_model_routes(library: Library, uploads: Uploads) -> list[OurRoute]:
    """The Starlette routes below studio/library/."""
    desk = _ModelHandlers(library, uploads)
    table = (
        (Kind.FACTS, "GET", "list", desk.list),
        (Kind.FACTS, "GET", "curated", desk.curated),
        (Kind.FACTS, "GET", "layout", desk.layout),
        (Kind.WORK, "POST", "look", desk.look),
        (Kind.WORK, "POST", "open", desk.open),
        (Kind.WORK, "POST", "file", desk.file),
        (Kind.ACT, "POST", "forget", desk.forget),
        (Kind.WORK, "POST", "layout/preview", desk.preview),
        (Kind.WORK, "POST", "layout/save", desk.save),
    )
    return our_routes("/studio/library/", table)


class _ModelHandlers:
    def __init__(self, library: Library, uploads: Uploads):
        self.library, self.uploads, self.layouts = library, uploads, Layouts(library, uploads)
        self._turns = Turns(_AT_ONCE, _WAITING, _IN_LINE, _FULL)
        self._arriving, self._trials = asyncio.Semaphore(_ARRIVING), asyncio.Semaphore(_TRIALS)

    async def list(self, request: Request) -> Response:
        """-> {"cards": see Library.cards, "most": bytes that a file may have}."""
        return JSONResponse({"cards": await run_in_threadpool(self.library.cards), "most": MOST_BYTES})

    async def curated(self, request: Request) -> Response:
        """-> {"models": see gan.studio.library.curated}."""
        return JSONResponse({"models": await run_in_threadpool(curated)})

    async def look(self, request: Request) -> Response:
        """{"source": an id or a link} -> what the repository holds (Models.look), asked of the Hub now; "usual" is the
        file that is read of itself, "chosen" that or the one to which the link leads."""
        body = await json_body(request)
        source, file = read_source(body.get("source"))
        look = dataclasses.asdict(await run_in_threadpool(self.library.models.look, source))
        readable = {row["name"] for row in look["files"] if row["readable"]}
        return JSONResponse(look | {"usual": look["chosen"], "chosen": file if file in readable else look["chosen"]})

    async def open(self, request: Request) -> Response:
        """{"source": user/repo@revision, "file": one of its files or null} -> lines, at the end {"model": what the
        page needs}."""
        body = await json_body(request)
        source, file = str(body.get("source")), body.get("file")
        if file is not None and not isinstance(file, str):
            raise StudioError("This is not the name of a file.", "Reload the page.")
        return narrated(lambda tell: {"model": about(self.library.take(source, file, tell))}, self._turns)

    async def file(self, request: Request) -> StreamingResponse:
        """?name=...&config=n, and the bytes of a file, before them n bytes of the config.json that belongs to it ->
        lines."""
        name, config = (
            clean(request.query_params.get("name", "The file")),
            _count(request.query_params.get("config", "0")),
        )
        if config > _MOST_CONFIG:
            raise StudioError(
                say("The config.json beside {name} is larger than 1 MiB.", name=name), "A config is a short table."
            )
        if _count(request.headers.get("content-length", "0")) > MOST_BYTES + config:
            raise _too_large(name)
        async with self._arriving:
            with contextlib.ExitStack() as stack:
                folder = stack.enter_context(self.uploads.kept.part())
                await _receive(request, folder, config, name)
                kept = stack.pop_all()

        def work(tell: Tell) -> dict:
            tell(None, say("Reading {name}", name=name))
            id = self.uploads.add(folder / "file", name, read_settings(folder))
            return {"model": about(self.library.open(id))}

        return narrated(work, self._turns, kept.close)

    async def forget(self, request: Request) -> Response:
        """{"id": ...} -> {}."""
        body = await json_body(request)
        await run_in_threadpool(self.library.forget, body.get("id"))
        return JSONResponse({})

    async def layout(self, request: Request) -> Response:
        """?id=...&rev=... -> {"rows": see Layouts.rows}."""
        query = request.query_params
        return JSONResponse(
            {"rows": await run_in_threadpool(self.layouts.rows, query.get("id", ""), query.get("rev") or None)}
        )

    async def preview(self, request: Request) -> Response:
        """{"id", "rev", "values", "seeds"} -> the pictures' RGBA bytes in that layout. Nothing is changed by it."""
        body = await json_body(request)
        async with self._trials:
            return pixels(await run_in_threadpool(self.layouts.preview, *_meant(body), body.get("seeds")))

    async def save(self, request: Request) -> Response:
        """{"id", "rev", "values"} -> {"model": a new one in that layout}."""
        body = await json_body(request)
        async with self._trials:
            return JSONResponse({"model": about(await run_in_threadpool(self.layouts.keep, *_meant(body)))})


def _meant(body: dict) -> tuple[str, Any, Any]:
    """The model and the changes that a request is about."""
    return str(body.get("id")), body.get("rev") or None, body.get("values")


async def _receive(request: Request, folder: Path, config: int, name: str) -> None:
    """Write the first `config` bytes of the body to folder/config.json, the rest to folder/file.

    Raises StudioError where that is too large, nothing, or stops arriving.
    """
    left, size = config, 0
    with new_file(folder / CONFIG) as settings, new_file(folder / "file") as file:
        async for part in _patiently(request, name):
            settings.write(part[:left])
            rest = part[left:]
            left = max(0, left - len(part))
            size += len(rest)
            if size > MOST_BYTES:
                raise _too_large(name)
            if rest:
                await run_in_threadpool(file.write, rest)
    if not size:
        raise StudioError(say("{name} is empty.", name=name), "Choose the file of a generator.")


async def _patiently(request: Request, name: str) -> AsyncIterator[bytes]:
    """The parts of a body. Raises StudioError where none comes for long, or few: others wait for their turn to send."""
    parts, began, came = request.stream(), time.monotonic(), 0
    try:
        while (part := await asyncio.wait_for(anext(parts, None), PATIENCE)) is not None:
            yield part
            came, seconds = came + len(part), time.monotonic() - began
            if seconds > PATIENCE and came < SLOWEST * seconds:
                raise StudioError(say("{name} arrives too slowly.", name=name), "Send it over a faster connection.")
    except asyncio.TimeoutError:
        raise StudioError(say("{name} stopped arriving.", name=name), "Send it again.") from None


def _too_large(name: str) -> StudioError:
    return StudioError(
        say("{name} is larger than {most_bytes} GiB.", name=name, most_bytes=MOST_BYTES // 2**30),
        "Generators are smaller: this is something else.",
    )


def _count(text: str) -> int:
    """A number of bytes in an address or a header. Raises StudioError for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise StudioError(say("{text!r} is not a number of bytes.", text=text[:20]), "Reload the page.")
    return int(text)
