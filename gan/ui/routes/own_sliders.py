"""Sliders of people's own: made, kept with the model on one's own computer, and read from small files.

Where several people use a studio nothing is kept here: each visitor's browser keeps theirs, and nobody's model changes.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import say
from gan.store.own_sliders import MOST_BYTES, OwnSlider, read_sliders, sliders_of
from gan.store.slider_moves import from_move
from gan.studio.engine import Engine
from gan.studio.library.library import Library
from gan.studio.library.own_sliders import MOST_PICTURES, OwnSliders, made_of
from gan.studio.recipes import Recipe
from gan.ui.kinds import Kind, OurRoute
from gan.ui.routes.answers import JSONResponse, body_of, json_body, our_routes


def make_own_slider_routes(library: Library, engine: Engine, kept: OwnSliders) -> list[OurRoute]:
    """The Starlette routes below studio/own/."""
    desk = _Desk(library, engine, kept)
    table = (
        (Kind.FACTS, "GET", "sliders", desk.sliders),
        (Kind.PICTURE, "POST", "make", desk.make),
        (Kind.ACT, "POST", "keep", desk.keep),
        (Kind.PICTURE, "POST", "file", desk.file),
    )
    return our_routes("/studio/own/", table)


class _Desk:
    def __init__(self, library: Library, engine: Engine, kept: OwnSliders):
        self.library, self.engine, self.kept = library, engine, kept

    async def sliders(self, request: Request) -> Response:
        """?id=... -> {"here": whether this app keeps them, "sliders": [{"name", "move"}]}."""
        name = request.query_params.get("id", "")
        here = not self.library.shared
        found = await run_in_threadpool(self.kept.of, name) if here else []
        return JSONResponse({"here": here, "sliders": _rows(found)})

    async def make(self, request: Request) -> Response:
        """{"having": [recipes], "lacking": [recipes], "name"} of one model -> {"slider": {"name", "move"}}."""
        body = await json_body(request)
        having, lacking = _recipes(body.get("having")), _recipes(body.get("lacking"))
        name = body.get("name")
        if not isinstance(name, str):
            raise StudioError("A slider needs a name.", "Say in a word what the pictures have.")
        recipes = having + lacking
        if len({(recipe.model, recipe.revision) for recipe in recipes}) > 1:
            raise StudioError("These are pictures of several models.", "Choose pictures of one.")
        self.library.check(recipes)

        def work() -> OwnSlider:
            self.library.prepare(recipes)
            model = self.library.get(recipes[0].model, recipes[0].revision) if recipes else None
            return made_of(model, self.engine, having, lacking, name)

        return JSONResponse({"slider": _rows([await run_in_threadpool(work)])[0]})

    async def keep(self, request: Request) -> Response:
        """{"id", "sliders": [{"name", "move"}]} -> {}: from now on the model has these."""
        body = await json_body(request)
        if self.library.shared:
            raise StudioError("Several people use this studio.", "Your browser keeps your sliders.")
        model, sliders = await self._fitting(body.get("id"), None, sliders_of(body.get("sliders")))
        await run_in_threadpool(self.kept.keep, model, sliders)
        return JSONResponse({})

    async def file(self, request: Request) -> Response:
        """?id=...&rev=..., and the bytes of a file -> {"sliders": those in it}, which fit that model."""
        data = await body_of(request, MOST_BYTES)
        query = request.query_params
        _, sliders = await self._fitting(query.get("id"), query.get("rev") or None, read_sliders(data))
        return JSONResponse({"sliders": _rows(sliders)})

    async def _fitting(self, id, revision: str | None, sliders: list[OwnSlider]) -> tuple[str, list[OwnSlider]]:
        """The id of an open model and the sliders, all of which are made for it. Raises StudioError."""
        model = await run_in_threadpool(self.library.get, str(id), revision)
        for slider in sliders:
            from_move(slider.move, model.generator)
        return model.id, sliders


def _rows(sliders: list[OwnSlider]) -> list[dict[str, str]]:
    return [{"name": str(slider.name), "move": slider.move} for slider in sliders]


def _recipes(values) -> list[Recipe]:
    if not isinstance(values, list) or len(values) > MOST_PICTURES:
        raise StudioError(say("{values} is no list of pictures.", values=show(values)), "Reload the page.")
    return [Recipe.from_json(value) for value in values]
