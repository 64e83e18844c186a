"""A point of a visitor's picture pulled elsewhere: told as it moves, as recipes that the page paints."""

import math
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import StreamingResponse

from gan.errors import StudioError
from gan.messages import say
from gan.studio.dragging import DraggedPicture, Drags, Point
from gan.studio.library.library import Library
from gan.studio.recipes import Recipe
from gan.ui.kinds import Kind, OurRoute
from gan.ui.routes.answers import json_body, our_routes, visitor_of
from gan.ui.routes.narration import Tell
from gan.ui.routes.pursuits import Pursuits

_FARTHEST = 1e6  # pixels
_TOLD = 2  # steps between two recipes that are told
_WAITING = say("Somebody else is dragging a point; yours waits in line.")
_FULL = StudioError("Many points are being dragged at the moment.", "Try again in a minute.")
_STOPPED = say("The drag was stopped.")


def make_drag_routes(library: Library) -> list[OurRoute]:
    """The Starlette route studio/drag."""
    return our_routes("/studio/", [(Kind.SEARCH, "POST", "drag", _Desk(library).drag)])


class _Desk:
    def __init__(self, library: Library):
        self._drags, self._pursuits = Drags(library), Pursuits(_WAITING, _FULL, _STOPPED)

    async def drag(self, request: Request) -> StreamingResponse:
        """{"recipe", "handle": [x, y], "target": [x, y], "radius": pixels or null} -> lines with a "recipe" and where
        the "handle" is, at the end {"dragged": {"recipe", "handle", "far", "steps", "reached", "words"}}.

        Points are in pixels of the picture as the model makes it. A newer drag of a visitor ends the one before, as
        going away does.
        """
        visitor, body = visitor_of(request), await json_body(request)
        recipe = Recipe.from_json(body.get("recipe"))
        handle, target = (_point(body.get(name)) for name in ("handle", "target"))
        radius = None if body.get("radius") is None else _number(body["radius"])

        def work(tell: Tell, still: Callable[[], None]) -> dict:
            last: DraggedPicture | None = None
            for last in self._drags.drag(recipe, handle, target, radius):
                still()
                if last.steps % _TOLD == 0:
                    tell(last.done, last.news, recipe=last.recipe.to_json(), handle=last.handle)
            assert last is not None
            about = dict(handle=last.handle, far=last.far, steps=last.steps, reached=last.reached, words=last.verdict)
            return {"dragged": {"recipe": last.recipe.to_json(), **about}}

        return self._pursuits.follow(visitor, work)


def _point(value: object) -> Point:
    if not isinstance(value, list) or len(value) != 2:
        raise StudioError("A point has two numbers, x and y.", "Reload the page.")
    return _number(value[0]), _number(value[1])


def _number(value: object) -> float:
    """Any number, as far as it matters: what lies outside the picture is said by `check`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise StudioError("A point has two numbers, x and y.", "Reload the page.")
    return float(value) if abs(value) < _FARTHEST else math.inf
