"""Publishing on the Hub, past Gradio's queue: what there is to choose, and the push, told line by line (narration.py).

On one's own computer the token comes with the request, and is in nobody's memory when that is answered; without one the
person who is signed in there publishes. Where several people share the studio, each publishes as who they signed in as
on the Hub, where a Space lets them (oauth.py), and never as the owner of the computer. Mistakes are answered with
{"error": sentence} and status 400.
"""

from huggingface_hub import get_token
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gan.errors import StudioError
from gan.export.space import publish_space
from gan.messages import say
from gan.studio.hub.publish import Publisher
from gan.studio.library.library import Library
from gan.studio.publishing.publish import Order, about, publish
from gan.studio.recipes import Recipe
from gan.studio.runs.workshop import Workshop
from gan.studio.turns import Turns
from gan.ui.kinds import Kind, OurRoute
from gan.ui.oauth import can_sign_in, signed_in
from gan.ui.routes.answers import JSONResponse, json_body, our_routes, visitor_of
from gan.ui.routes.narration import Tell, narrated

_AT_ONCE, _IN_LINE = 2, 8  # pushes at once, and that wait
_WAITING = say("Two other models are being published; this one is next in line.")
_FULL = StudioError("Many models are being published at the moment.", "Try again in a minute.")


def can_publish(shared: bool) -> bool:
    """Whether there is anybody that a visitor could publish as."""
    return not shared or can_sign_in()


def make_publish_routes(library: Library, workshop: Workshop | None) -> list[OurRoute]:
    """The Starlette routes below studio/publish/."""
    desk = _PublishHandlers(library, workshop)
    return our_routes(
        "/studio/publish/", ((Kind.OWN, "GET", "about", desk.about), (Kind.WORK, "POST", "push", desk.push))
    )


class _PublishHandlers:
    def __init__(self, library: Library, workshop: Workshop | None):
        self.library, self.workshop = library, workshop
        self._turns = Turns(_AT_ONCE, _WAITING, _IN_LINE, _FULL)

    async def about(self, request: Request) -> Response:
        """?model=...&rev=... -> see gan.studio.publishing.publish.about, and "who": "token" where one is to be typed,
        "here" where somebody is signed in on this computer, so that none need be, and otherwise the visitor's name on
        the Hub, "" where they have to sign in first."""
        query = request.query_params
        source, revision = query.get("model", ""), query.get("rev") or None
        await run_in_threadpool(self._check, source, revision, visitor_of(request))
        told = await run_in_threadpool(about, self.library.models, source, revision)
        return JSONResponse(told | {"shared": self.library.shared, "who": self._who(request)})

    async def push(self, request: Request) -> StreamingResponse:
        """{"model", "rev", "repo": user/repo, "public", "licence", "space": whether its page is pushed and not
        the model itself, "token": typed, or ""} -> lines, at the end
        {"published": {"url", "created"}}."""
        visitor, body = visitor_of(request), await json_body(request)
        order = _order(body)
        await run_in_threadpool(self._check, order.source, order.revision, visitor)
        publisher = Publisher(self._token(request, body), self.library.models.hub.endpoint)

        def work(tell: Tell) -> dict:
            pushed = (publish_space if body.get("space") is True else publish)(
                self.library.models, order, publisher, tell
            )
            return {"published": {"url": pushed.url, "created": pushed.created}}

        return narrated(work, self._turns)

    def _check(self, source: str, revision: str | None, visitor: str) -> None:
        """Raise StudioError unless the model is open, and, where it is a run's of a shared studio, the visitor's."""
        self.library.check([Recipe(source, revision)])
        run = self.library.models.places.find(source, revision).run
        if run and self.library.shared and not (self.workshop and self.workshop.supervisor.owns(source, visitor)):
            raise StudioError("This run is somebody else's.", "Publish a model that you trained yourself.")

    def _who(self, request: Request) -> str:
        if self.library.shared:
            person = signed_in(request)
            return person.name if person else ""
        return "here" if get_token() else "token"

    def _token(self, request: Request, body: dict) -> str | None:
        """Whose push it is; None for whoever is signed in on this computer. Raises StudioError."""
        typed = body.get("token") or None
        if not self.library.shared:
            if typed is not None and not isinstance(typed, str):
                raise StudioError("The token is no text.", "Reload the page.")
            return typed
        if typed is not None:
            raise StudioError(
                "Several people use this studio, and a token typed here could be seen by others.",
                "Sign in to the Hub where this studio offers it, or use `python -m gan push` on your own computer.",
            )
        person = signed_in(request)
        if person is None:
            raise StudioError("You have not signed in to the Hub here.", "Sign in, and come back to publish it.")
        return person.token


def _order(body: dict) -> Order:
    """Raises StudioError where a value is of another kind than it must be."""
    texts = {name: body.get(name) or "" for name in ("model", "rev", "repo", "licence")}
    if not all(isinstance(text, str) for text in texts.values()) or not isinstance(body.get("public", False), bool):
        raise StudioError("What was sent does not say what is to be published.", "Reload the page.")
    return Order(
        texts["model"], texts["rev"] or None, texts["repo"].strip(), body.get("public", False), texts["licence"]
    )
