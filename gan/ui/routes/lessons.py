"""What the Learn tab asks for: its lessons, in the visitor's language. The games are played in the browser."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from gan.studio.lessons.lessons import in_words, lessons
from gan.ui.kinds import Kind, OurRoute
from gan.ui.routes.answers import JSONResponse, our_routes


def make_lesson_routes() -> list[OurRoute]:
    """The routes below studio/learn/."""

    async def listed(request: Request) -> Response:
        """{"lessons": all of them, in their order}."""
        return JSONResponse({"lessons": [in_words(lesson) for lesson in await run_in_threadpool(lessons)]})

    return our_routes("/studio/learn/", ((Kind.PAGE, "GET", "lessons", listed),))
