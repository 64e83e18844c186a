"""What the page's scripts ask for: pictures as raw pixels, without Gradio's queue in between.

Every route takes and gives plain values, keeps no state, and answers a mistake with {"error": sentence} and status 400.
They only read; a model must have been opened (`Library.open`) before pictures of it can be asked for.
"""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from gan.errors import StudioError
from gan.studio.batcher import Batcher
from gan.studio.engine import Engine
from gan.studio.library import Library, about
from gan.studio.media import png_bytes, read_recipe
from gan.studio.recipes import PathRecipe, Recipe
from gan.ui.words import for_scripts

_STATIC = Path(__file__).parent / "static"
_MOST_BODY = 20_000_000     # bytes: a saved PNG; recipes are far smaller
_MOST_PICTURES = 64         # in one request
_FILM_SIDE = 256            # pixels of the longer edge of a film in the page


def make_routes(library: Library, engine: Engine, batcher: Batcher) -> list:
    """The Starlette routes below studio/."""
    pictures = _Pictures(library, engine, batcher)
    return [
        Route("/studio/render", _sentences(pictures.render), methods=["POST"]),
        Route("/studio/latents", _sentences(pictures.latents), methods=["POST"]),
        Route("/studio/film", _sentences(pictures.film), methods=["POST"]),
        Route("/studio/open", _sentences(pictures.open), methods=["POST"]),
        Route("/studio/recipe", _sentences(pictures.recipe), methods=["GET"]),
        Route("/studio/models", _sentences(pictures.models), methods=["GET"]),
        Route("/studio/model", _sentences(pictures.model), methods=["GET"]),
        Route("/studio/order", _sentences(pictures.order), methods=["GET"]),
        Route("/studio/picture.png", _sentences(pictures.png), methods=["GET"]),
        Route("/studio/words.json", _words, methods=["GET"]),
        Mount("/studio/static", StaticFiles(directory=_STATIC)),
    ]


class _Pictures:
    def __init__(self, library: Library, engine: Engine, batcher: Batcher):
        self.library, self.engine, self.batcher = library, engine, batcher

    async def render(self, request: Request) -> Response:
        """{"recipes": [...], "size": pixels or null} -> the pictures' RGBA bytes one after the other."""
        body = await _json(request)
        recipes = _recipes(body.get("recipes"))
        self.library.check(recipes)
        pictures = await asyncio.wrap_future(self.batcher.submit(recipes, body.get("size")))
        return Response(_rgba(pictures).tobytes(), media_type="application/octet-stream", headers=_about(pictures))

    async def latents(self, request: Request) -> Response:
        """{"recipe": ...} -> {"z": the latent values of its seed and walk, without overrides}."""
        body = await _json(request)
        recipe = Recipe.from_json(body.get("recipe"))
        self.library.check([recipe])
        return JSONResponse({"z": await run_in_threadpool(self.engine.z, recipe)})

    async def film(self, request: Request) -> Response:
        """A path -> its frames' RGBA bytes, sent as they are painted."""
        path = PathRecipe.from_json(await _json(request))
        self.library.check(list(path.keyframes))
        frames = await run_in_threadpool(self._frames, path)
        first = await run_in_threadpool(next, frames)
        headers = _about(first) | {"X-Count": str(path.frame_count)}
        return StreamingResponse(_stream(first, frames), media_type="application/octet-stream", headers=headers)

    def _frames(self, path: PathRecipe) -> Iterator[np.ndarray]:
        shape = self.library.get(path.keyframes[0].model, path.keyframes[0].revision).generator.image_shape
        return iter(self.engine.frames(path, _FILM_SIDE if max(shape[1:]) > _FILM_SIDE else None))

    async def open(self, request: Request) -> Response:
        """The bytes of a saved PNG -> its recipe."""
        data = await _body(request)
        return JSONResponse((await run_in_threadpool(read_recipe, data)).to_json())

    async def recipe(self, request: Request) -> Response:
        """A link's query -> the recipe in it."""
        recipe = Recipe.from_query(dict(request.query_params), self.library.first)
        return JSONResponse({key: value for key, value in recipe.to_json().items() if key != "studio"})

    async def models(self, request: Request) -> Response:
        """The names of the open models."""
        return JSONResponse({"names": self.library.names()})

    async def model(self, request: Request) -> Response:
        """?id=...&rev=... -> what the page needs to know of that model; without an id the first one."""
        name = request.query_params.get("id") or self.library.first
        model = await run_in_threadpool(self.library.get, name, request.query_params.get("rev") or None)
        return JSONResponse(await run_in_threadpool(about, model))

    async def order(self, request: Request) -> Response:
        """?id=...&rev=... -> {"order": the numbers of the latent values, those first that change the picture most}."""
        query = request.query_params
        model = await run_in_threadpool(self.library.get, query.get("id", ""), query.get("rev") or None)
        return JSONResponse({"order": await run_in_threadpool(model.effect_order)})

    async def png(self, request: Request) -> Response:
        """A recipe's query (and size=...) -> the picture as a PNG file that carries the recipe."""
        query = dict(request.query_params)
        size = query.pop("size", "")
        if size and not (size.isascii() and size.isdigit() and len(size) < 6):
            raise StudioError(f"A picture cannot be {size[:20]!r} pixels wide.", "Give a whole number.")
        recipe = Recipe.from_query(query)
        self.library.check([recipe])
        pictures = await asyncio.wrap_future(self.batcher.submit([recipe], int(size) if size else None))
        name = f"{recipe.model.replace('/', '-')}-seed{recipe.seed}.png"
        return Response(await run_in_threadpool(png_bytes, pictures[0], recipe), media_type="image/png",
                        headers={"Content-Disposition": f'attachment; filename="{_plain(name)}"'})


async def _words(request: Request) -> Response:
    return JSONResponse(for_scripts())


def _sentences(handler):
    """Turn a StudioError into its sentence."""
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except StudioError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
    return answer


async def _body(request: Request) -> bytes:
    """The request's body, which may be as large as a saved picture and no larger.

    What is too large is not kept, but taken in for a while: most senders hear an answer only when they have finished.
    """
    data, size = bytearray(), 0
    async for part in request.stream():
        size += len(part)
        if size <= _MOST_BODY:
            data += part
        elif size > 5 * _MOST_BODY:
            break
    if size > _MOST_BODY:
        raise StudioError(f"What was sent is larger than {_MOST_BODY // 1_000_000} MB.", "Send a smaller file.")
    return bytes(data)


async def _json(request: Request) -> dict:
    try:
        value = json.loads(await _body(request))
    except (ValueError, RecursionError):
        raise StudioError("What was sent is not JSON.", "Reload the page.") from None
    if not isinstance(value, dict):
        raise StudioError("What was sent is not a table of names and values.", "Reload the page.")
    return value


def _recipes(values) -> list[Recipe]:
    if not isinstance(values, list) or not 0 < len(values) <= _MOST_PICTURES:
        raise StudioError(f"One request may ask for 1 to {_MOST_PICTURES} pictures.", "Reload the page.")
    return [Recipe.from_json(value) for value in values]


def _rgba(pictures: np.ndarray) -> np.ndarray:
    """uint8 (n, height, width, 4), as a canvas takes it."""
    if pictures.shape[3] == 4:
        return pictures
    whole = np.full((*pictures.shape[:3], 4), 255, np.uint8)
    whole[..., :3] = pictures
    return whole


def _about(pictures: np.ndarray) -> dict[str, str]:
    n, height, width, _ = pictures.shape
    return {"X-Count": str(n), "X-Height": str(height), "X-Width": str(width), "Cache-Control": "no-store"}


def _stream(first: np.ndarray, rest: Iterator[np.ndarray]) -> Iterator[bytes]:
    yield _rgba(first).tobytes()
    for batch in rest:
        yield _rgba(batch).tobytes()


def _plain(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name)
