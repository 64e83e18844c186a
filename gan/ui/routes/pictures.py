"""What the page's scripts ask for: pictures as raw pixels, without Gradio's queue in between.

Every route takes and gives plain values, keeps no state, and answers a mistake with {"error": sentence, "code"} and
status 400.
They only read; a model must have been opened (`Library.open`) before pictures of it can be asked for.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from typing import Any

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gan.errors import StudioError
from gan.export.network import network_size
from gan.kinds.table import canvas_of, is_pictures
from gan.messages import say
from gan.studio.batcher import FILM_PIECE, Batcher
from gan.studio.contact_sheets import sheet_png, sheet_zip
from gan.studio.engine import Engine, Film
from gan.studio.ladders import ladder
from gan.studio.library.library import Library, about
from gan.studio.midpoints import midpoint
from gan.studio.path_recipes import PathRecipe
from gan.studio.png_recipes import png_bytes, read_recipe
from gan.studio.recipes import Recipe
from gan.ui.kinds import Kind, OurRoute
from gan.ui.language import spoken
from gan.ui.routes.answers import JSONResponse, body_of, json_body, our_routes, pixels, plain_name, rgba, shape_of
from gan.ui.routes.scripts import OwnScripts
from gan.ui.schema import schema
from gan.ui.words import for_scripts

_MOST_PNG = 20_000_000  # bytes of a saved picture
_MOST_PICTURES = 64  # in one request
_MOST_MODELS = 8  # of which these are: so many stay in memory however large they are
_MOST_PIXELS = 2**22  # of all of them: 16 of 512 x 512
_LONG_LINE = 2  # requests that wait: pictures that can be done without are not painted then
_SHEETS = {"png": "image/png", "zip": "application/zip"}
_LONGEST_ADDRESS = 2000  # letters
_FILM_SIDE = 256  # pixels of the longer edge of a film in the page
_FILMS_WAITING = 24  # have not begun yet


def make_routes(library: Library, engine: Engine, batcher: Batcher) -> list[OurRoute]:
    """The Starlette routes below studio/."""
    pictures = _Pictures(library, engine, batcher)
    table = (
        (Kind.PICTURE, "POST", "render", pictures.render),
        (Kind.PICTURE, "POST", "latents", pictures.latents),
        (Kind.FILM, "POST", "film", pictures.film),
        (Kind.PICTURE, "POST", "midpoint", pictures.midpoint),
        (Kind.PICTURE, "POST", "texts", pictures.texts),
        (Kind.PICTURE, "POST", "ladder", pictures.ladder),
        (Kind.FACTS, "POST", "open", pictures.open),
        (Kind.FACTS, "GET", "recipe", pictures.recipe),
        (Kind.FACTS, "GET", "models", pictures.models),
        (Kind.FACTS, "GET", "model", pictures.model),
        (Kind.FACTS, "GET", "order", pictures.order),
        (Kind.PICTURE, "GET", "picture.png", pictures.png),
        (Kind.PICTURE, "POST", "sheet.{kind}", pictures.sheet),
        (Kind.PAGE, "GET", "schema.json", _schema),
        (Kind.PAGE, "GET", "words.json", _words),
        (Kind.PAGE, "GET", "static/{path:path}", OwnScripts().answer),
    )
    return our_routes("/studio/", table)


class _Pictures:
    def __init__(self, library: Library, engine: Engine, batcher: Batcher):
        self.library, self.engine, self.batcher = library, engine, batcher
        self._films_asked = 0

    async def _paint(self, recipes: list[Recipe], size: int | None) -> np.ndarray:
        """The pictures, painted together with whatever else waits."""
        return await asyncio.wrap_future(await self._asked(recipes, size))

    async def _asked(self, recipes: list[Recipe], size: int | None) -> Future:
        """What will become the pictures."""
        await self._made_ready(recipes)
        return self.batcher.submit(recipes, size)

    async def _made_ready(self, recipes: list[Recipe]) -> None:
        """Load what they need, off the painter's thread; also what made room for others since they were last asked
        for."""
        self.library.check(recipes)
        if not self.library.is_prepared(recipes):
            await run_in_threadpool(self.library.prepare, recipes)

    async def render(self, request: Request) -> Response:
        """{"recipes": [...], "size": pixels or null} -> the pictures' RGBA bytes one after the other.

        "spare": true for pictures that can be done without: they are refused with the code "busy" where others wait,
        and given up when whoever asked does not listen any more.
        """
        body = await json_body(request)
        recipes, size, spare = _recipes(body.get("recipes")), body.get("size"), bool(body.get("spare"))
        if spare and self.batcher.waiting > _LONG_LINE:
            raise StudioError("The studio is busy.", "The small pictures come later.", code="busy")
        if len(recipes) > 1:
            _check_pixels(len(recipes), *await run_in_threadpool(self.engine.picture_size, recipes, size))
        if not spare:
            return pixels(await self._paint(recipes, size))
        pictures = await _while_heard(request, await self._asked(recipes, size))
        return Response(status_code=204) if pictures is None else pixels(pictures)

    async def texts(self, request: Request) -> Response:
        """{"recipes": [...]}, of models of words -> {"texts": what each reads}."""
        recipes = _recipes((await json_body(request)).get("recipes"))
        await self._made_ready(recipes)
        piece = await run_in_threadpool(self._piece, recipes[0])
        pieces = (self.engine.texts(recipes[at : at + piece]) for at in range(0, len(recipes), piece))
        return _told("texts", await self._read(request, pieces, piece))

    async def ladder(self, request: Request) -> Response:
        """A path through words -> {"rungs": the words on the way}: see gan.studio.ladders."""
        path = PathRecipe.from_json(await json_body(request))
        await self._made_ready(list(path.keyframes))
        piece = await run_in_threadpool(self._piece, path.keyframes[0])
        pieces = await run_in_threadpool(self.engine.frame_texts, path, piece)
        texts = await self._read(request, pieces, piece)
        return _told("rungs", None if texts is None else ladder(texts))

    async def _read(self, request: Request, pieces: Iterator[list[str]], piece: int) -> list[str] | None:
        """All that is in the pieces, each made by the painter's thread in a turn of its own; None, and no more of them
        is made, where whoever asked goes away."""
        texts: list[str] = []
        gone = asyncio.ensure_future(_gone(request))
        try:
            while not gone.done():
                some = await self._next(pieces, piece)
                if some is None:
                    return texts
                texts += some
            return None
        finally:
            gone.cancel()

    async def latents(self, request: Request) -> Response:
        """{"recipe": ...} -> {"z": the latent values of its seed and walk, without overrides}."""
        body = await json_body(request)
        recipe = Recipe.from_json(body.get("recipe"))
        self.library.check([recipe])
        return JSONResponse({"z": await run_in_threadpool(self.engine.z, recipe)})

    async def film(self, request: Request) -> Response:
        """A path -> its frames' RGBA bytes, sent as they are painted."""
        path = PathRecipe.from_json(await json_body(request))
        self.library.check(list(path.keyframes))
        with self._asked_for_a_film():
            film = await run_in_threadpool(self._film, path)
            first = await asyncio.wrap_future(self.batcher.film(film))
        assert first is not None, "a film has two frames at least"
        headers = shape_of(first) | {"X-Count": str(path.frame_count)}
        return StreamingResponse(self._stream(first, film), media_type="application/octet-stream", headers=headers)

    async def midpoint(self, request: Request) -> Response:
        """A path -> how far the middle between its first two keyframes is from that of the latent space: see
        gan.studio.midpoints."""
        first, second, *_ = keyframes = PathRecipe.from_json(await json_body(request)).keyframes
        self.library.check(list(keyframes))
        await run_in_threadpool(self.library.prepare, [first, second])
        model = await run_in_threadpool(self.library.get, first.model, first.revision)
        return JSONResponse(await run_in_threadpool(midpoint, self.engine, model, first, second))

    @contextlib.contextmanager
    def _asked_for_a_film(self) -> Iterator[None]:
        """Raises StudioError where many films have not begun yet: who waits for one waits for all of them."""
        if self._films_asked >= _FILMS_WAITING:
            raise StudioError("Many films are being painted at the moment.", "Try again in a minute.")
        self._films_asked += 1
        try:
            yield
        finally:
            self._films_asked -= 1

    def _film(self, path: PathRecipe) -> Film:
        first = path.keyframes[0]
        generator = self.library.get(first.model, first.revision).generator
        canvas = canvas_of(generator)
        large = is_pictures(generator) and max(canvas.height, canvas.width) > _FILM_SIDE
        return self.engine.frames(path, _FILM_SIDE if large else None)

    def _piece(self, first: Recipe) -> int:
        """How many texts of that model are made in one turn."""
        return min(FILM_PIECE, self.engine.at_once([first]))

    async def _next(self, pieces: Iterator[list[str]], piece: int) -> list[str] | None:
        """The next texts, in a turn of their own. Whoever waits for it holds no thread meanwhile: all answers share a
        few of them."""
        return await asyncio.wrap_future(self.batcher.do(lambda: next(pieces, None), piece))

    async def _stream(self, batch: np.ndarray | None, film: Film) -> AsyncIterator[bytes]:
        while batch is not None:
            yield rgba(batch).tobytes()
            batch = await asyncio.wrap_future(self.batcher.film(film))

    async def open(self, request: Request) -> Response:
        """The bytes of a saved PNG -> its recipe."""
        data = await body_of(request, _MOST_PNG)
        return JSONResponse((await run_in_threadpool(read_recipe, data)).to_json())

    async def recipe(self, request: Request) -> Response:
        """A link's query -> the recipe in it, and in "left_out" what is wrong with the rest of it, if anything."""
        recipe, left_out = Recipe.from_link(dict(request.query_params), self.library.first)
        told = {key: value for key, value in recipe.to_json().items() if key != "studio"}
        return JSONResponse(told | ({"left_out": left_out} if left_out else {}))

    async def models(self, request: Request) -> Response:
        """The names of the open models."""
        return JSONResponse({"names": self.library.names()})

    async def model(self, request: Request) -> Response:
        """?id=...&rev=... -> what the page needs to know of that model; without an id the first one."""
        name = request.query_params.get("id") or self.library.first
        model = await run_in_threadpool(self.library.get, name, request.query_params.get("rev") or None)
        told = await run_in_threadpool(about, model)
        return JSONResponse(told | {"network": network_size(model.config, model.generator)})

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
            raise StudioError(say("A picture cannot be {size!r} pixels wide.", size=size[:20]), "Give a whole number.")
        recipe = Recipe.from_query(query)
        pictures = await self._paint([recipe], int(size) if size else None)
        name = f"{recipe.model.replace('/', '-')}-seed{recipe.seed}.png"
        return Response(
            await run_in_threadpool(png_bytes, pictures[0], recipe),
            media_type="image/png",
            headers={"Content-Disposition": f'attachment; filename="{plain_name(name)}"'},
        )

    async def sheet(self, request: Request) -> Response:
        """{"recipes": [...], "address": what links begin with} -> their pictures side by side as a PNG, or a zip of
        them with their recipes and links."""
        body, kind = await json_body(request), request.path_params["kind"]
        if kind not in _SHEETS:
            raise StudioError("A sheet is a png or a zip.", "Reload the page.")
        recipes, address = _recipes(body.get("recipes")), str(body.get("address") or "")[:_LONGEST_ADDRESS]
        pictures = await self._paint(recipes, None)
        data = await run_in_threadpool(
            lambda: sheet_zip(pictures, recipes, address) if kind == "zip" else sheet_png(pictures)
        )
        return Response(
            data, media_type=_SHEETS[kind], headers={"Content-Disposition": f'attachment; filename="sheet.{kind}"'}
        )


async def _while_heard(request: Request, asked: Future) -> np.ndarray | None:
    """What was asked for; None, and no more of it is painted, where whoever asked goes away meanwhile."""
    painted, gone = asyncio.wrap_future(asked), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((painted, gone), return_when=asyncio.FIRST_COMPLETED)
        return await painted if painted.done() else None
    finally:
        painted.cancel()
        gone.cancel()


def _told(name: str, value: Any) -> Response:
    """{name: value}; nothing for whoever does not listen any more."""
    return Response(status_code=204) if value is None else JSONResponse({name: value})


async def _gone(request: Request) -> None:
    """Wait until whoever asked has gone away."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _schema(request: Request) -> Response:
    """-> what a picture, a film and a run are made of: see gan/ui/schema.py."""
    return JSONResponse(schema())


async def _words(request: Request) -> Response:
    """?lang=... -> the page's words in that language, or in the visitor's."""
    return JSONResponse(for_scripts(spoken()))


def _check_pixels(count: int, width: int, height: int) -> None:
    """Raise StudioError for more than one answer holds beside those of all who ask at the same time."""
    if count * width * height > _MOST_PIXELS:
        raise StudioError(
            say(
                "{count} pictures of {width} x {height} pixels are too much for one request.",
                count=count,
                width=width,
                height=height,
            ),
            "Ask for fewer or for smaller ones.",
        )


def _recipes(values) -> list[Recipe]:
    if not isinstance(values, list) or not 0 < len(values) <= _MOST_PICTURES:
        raise StudioError(
            say("One request may ask for 1 to {most_pictures} pictures.", most_pictures=_MOST_PICTURES),
            "Reload the page.",
        )
    recipes = [Recipe.from_json(value) for value in values]
    if len({(recipe.model, recipe.revision) for recipe in recipes}) > _MOST_MODELS:
        raise StudioError(
            say("One request may ask for pictures of {most_models} models or steps at most.", most_models=_MOST_MODELS),
            "Ask for fewer at a time.",
        )
    return recipes
