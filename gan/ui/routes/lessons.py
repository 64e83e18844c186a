"""What the Learn tab asks for: its lessons, in the visitor's language. The games themselves are played in the
browser."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gan.studio.lessons.lessons import in_words, lessons
from gan.ui.routes.answers import JSONResponse, sentences


def make_lesson_routes() -> list[Route]:
    """The routes below /studio/learn."""

    async def listed(request: Request) -> Response:
        """{"lessons": all of them, in their order}."""
        return JSONResponse({"lessons": [in_words(lesson) for lesson in await run_in_threadpool(lessons)]})

    return [Route("/studio/learn/lessons", sentences(listed))]
