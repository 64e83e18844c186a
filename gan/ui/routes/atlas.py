"""The map of a model's pictures, and where on it a picture is."""

import asyncio

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from gan.studio.atlas import Atlases, check_label
from gan.studio.batcher import Batcher
from gan.studio.library.library import Library
from gan.studio.recipes import Recipe
from gan.ui.kinds import Kind, OurRoute
from gan.ui.routes.answers import JSONResponse, class_number, json_body, our_routes

_AT_ONCE = 2  # maps that are made


def make_atlas_routes(library: Library, batcher: Batcher, atlases: Atlases) -> list[OurRoute]:
    """The Starlette routes studio/atlas and studio/atlas/here."""
    desk = _Desk(library, batcher, atlases)
    return our_routes(
        "/studio/", [(Kind.PICTURE, "GET", "atlas", desk.atlas), (Kind.PICTURE, "POST", "atlas/here", desk.here)]
    )


class _Desk:
    def __init__(self, library: Library, batcher: Batcher, atlases: Atlases):
        self._library, self._batcher, self._atlases = library, batcher, atlases
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def atlas(self, request: Request) -> Response:
        """?id=...&rev=...&class=... -> {"side": cells, "seeds": row by row}, of pictures as the model opens with."""
        query = request.query_params
        name, revision, label = query.get("id", ""), query.get("rev") or None, class_number(query.get("class", ""))
        found = await self._found(name, revision, label)
        return JSONResponse({"side": found.side, "seeds": found.seeds})

    async def here(self, request: Request) -> Response:
        """{"recipe": ...} -> {"x", "y"}: where its picture would be, in cells, on the map of its class."""
        recipe = Recipe.from_json((await json_body(request)).get("recipe"))
        self._library.check([recipe])
        found = await self._found(recipe.model, recipe.revision, recipe.label)
        await run_in_threadpool(self._library.prepare, [recipe])
        x, y = found.place(await asyncio.wrap_future(self._batcher.submit([recipe])))
        return JSONResponse({"x": round(x, 3), "y": round(y, 3)})

    async def _found(self, name: str, revision: str | None, label: int | None):
        def work():
            check_label(self._library.get(name, revision), label)
            return self._atlases.of(name, revision, label, self._paint)

        async with self._turns:
            return await run_in_threadpool(work)

    def _paint(self, recipes: list[Recipe]) -> np.ndarray:
        """In pieces, between what others ask for."""
        return self._batcher.submit(recipes).result()
