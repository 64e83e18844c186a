"""A picture of a visitor's own, found in a model: told as it gets closer, as a recipe that the page paints."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import StreamingResponse

from gan.errors import StudioError
from gan.messages import say
from gan.studio.inversion import MOST_BYTES, Inversions
from gan.studio.library.library import Library
from gan.ui.kinds import Kind, OurRoute
from gan.ui.routes.answers import body_of, class_number, our_routes, visitor_of
from gan.ui.routes.narration import Tell
from gan.ui.routes.pursuits import Pursuits

_TOLD = 0.03  # of the search between two recipes that are told
_WAITING = say("Another picture is being looked for; yours is next in line.")
_FULL = StudioError("Many pictures are being looked for at the moment.", "Try again in a minute.")
_STOPPED = say("The search was stopped.")


def make_inversion_routes(library: Library) -> list[OurRoute]:
    """The Starlette route studio/invert."""
    return our_routes("/studio/", [(Kind.SEARCH, "POST", "invert", _Desk(library).invert)])


class _Desk:
    def __init__(self, library: Library):
        self._inversions, self._searches = Inversions(library), Pursuits(_WAITING, _FULL, _STOPPED)

    async def invert(self, request: Request) -> StreamingResponse:
        """?id=...&rev=...&class=..., and a picture's file -> lines with a "recipe" each, at the end {"found":
        {"recipe", "apart", "begun", "negative", "words"}}.

        A newer search of a visitor ends the one before, as going away does.
        """
        visitor, query = visitor_of(request), request.query_params
        data = await body_of(request, MOST_BYTES)
        name, revision, label = query.get("id", ""), query.get("rev") or None, class_number(query.get("class", ""))

        def work(tell: Tell, still: Callable[[], None]) -> dict:
            told = -1.0
            tell(None, say("Looking for it in the model."))
            for found in self._inversions.seek(name, revision, data, say("The picture"), label):
                still()
                if found.done - told >= _TOLD:
                    told = found.done
                    tell(told, found.news, recipe=found.recipe.to_json())
            about = dict(apart=found.apart, begun=found.begun, negative=found.negative, words=found.verdict)
            return {"found": {"recipe": found.recipe.to_json(), **about}}

        return self._searches.follow(visitor, work)
