"""Models that come from one another: which there are, and a picture moved into one of them."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from gan.errors import StudioError
from gan.messages import as_message, say
from gan.studio.engine import Engine
from gan.studio.library.library import Library
from gan.studio.recipes import Recipe
from gan.studio.relatives import check_related, moved, relatives
from gan.studio.runs.workshop import Workshop
from gan.ui.kinds import Kind, OurRoute
from gan.ui.routes.answers import JSONResponse, json_body, our_routes, visitor_of

_MOST_RUNS = 24  # the newest that are looked at
_MOST = 8  # that are offered


def make_relative_routes(library: Library, engine: Engine, workshop: Workshop | None) -> list[OurRoute]:
    """The Starlette routes studio/relatives and studio/move."""
    desk = _Relatives(library, engine, workshop)
    table = ((Kind.OWN, "GET", "relatives", desk.relatives), (Kind.PICTURE, "POST", "move", desk.move))
    return our_routes("/studio/", table)


class _Relatives:
    def __init__(self, library: Library, engine: Engine, workshop: Workshop | None):
        self._library, self._engine, self._shop = library, engine, workshop

    async def relatives(self, request: Request) -> Response:
        """?id=...&rev=... -> {"relatives": [{"id", "title"}]}: open models and runs that come from that one, or from
        the same as that one."""
        query, visitor = request.query_params, visitor_of(request)
        found = await run_in_threadpool(self._found, query.get("id", ""), query.get("rev") or None, visitor)
        return JSONResponse({"relatives": found})

    async def move(self, request: Request) -> Response:
        """{"recipe", "to": a model's id, "rev": its revision or null} -> {"recipe": the same w there}."""
        body = await json_body(request)
        recipe, to, rev = Recipe.from_json(body.get("recipe")), body.get("to"), body.get("rev")
        if not isinstance(to, str) or not isinstance(rev, str | None):
            raise StudioError("It is not said where the picture is to go.", "Reload the page.")
        return JSONResponse({"recipe": (await run_in_threadpool(self._moved, recipe, to, rev)).to_json()})

    def _found(self, id: str, revision: str | None, visitor: str) -> list[dict]:
        model = self._library.get(id, revision)
        runs = [] if self._shop is None else self._shop.runs(visitor)[:_MOST_RUNS]
        titles = {run["id"]: run["title"] or say("Run from {model}", model=run["model"]) for run in runs}
        titles |= {card["id"]: card["title"] for card in self._library.cards()}
        found = relatives(self._library.models, model.id, model.path, titles)
        return [dict(id=one, title=as_message(titles[one])) for one in found[:_MOST]]

    def _moved(self, recipe: Recipe, to: str, rev: str | None) -> Recipe:
        here, there = self._library.get(recipe.model, recipe.revision), self._library.get(to, rev)
        check_related(self._library.models, here, there)
        self._library.prepare([recipe])
        return moved(self._engine, recipe, here, there)
