"""What a route is: the one thing that it says of itself. Who may come in, and how often, follows from it: see
doors/door.py."""

from collections.abc import Iterable
from enum import Enum

from starlette.routing import Route


class Kind(Enum):
    """Each route of the running app is one of these; what is none of them is closed."""

    PAGE = "the page's scripts, styles and words"
    WHOLE = "the whole page and its description, which take a while to write"
    FACTS = "what everybody may know of models and runs"
    PICTURE = "pictures of an open model, painted for whoever asks"
    FILM = "a film of an open model"
    OWN = "what belongs to one visitor, who sends a secret"
    ACT = "a deed: something is another way afterwards"
    WORK = "a deed that takes long"
    SEARCH = "a search for a latent, which takes seconds and waits in a line of its own"
    ARRIVAL = "a file that is sent"
    CALL = "a call of the API, which waits in Gradio's queue"
    ANSWER = "what came of such a call, told while it is awaited"
    START = "what the app asks of itself when it starts"
    ENTER = "saying who one is, where the studio has a key"


class OurRoute(Route):
    """A route of the studio's own."""

    def __init__(self, kind: Kind, method: str, path: str, handler):
        super().__init__(path, handler, methods=[method])
        self.kind = kind


def ways(routes: Iterable[OurRoute]) -> list[tuple[str, str, Kind]]:
    """(method, path, kind) of routes of our own."""
    return [(method, route.path, route.kind) for route in routes for method in sorted(route.methods or ())]
