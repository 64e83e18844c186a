"""Scores, past Gradio's queue: what there is, having a model scored, and the samples most like a training picture.

What is asked about is {"run": id} or {"model": id, "rev", "set"}, in the address or in the body: see
gan.studio.scores.scores. Each visitor sends their secret as in training.py. Mistakes are answered with {"error":
sentence} and status 400.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from gan.studio.scores.scores import Scores
from gan.ui.kinds import Kind, OurRoute
from gan.ui.routes.answers import JSONResponse, json_body, our_routes, visitor_of


def make_score_routes(scores: Scores) -> list[OurRoute]:
    """The Starlette routes below studio/."""

    async def about(request: Request) -> Response:
        """-> see Scores.about."""
        return JSONResponse(await run_in_threadpool(scores.about, dict(request.query_params), visitor_of(request)))

    async def start(request: Request) -> Response:
        """-> {}; ask for it again to see how it goes."""
        visitor = visitor_of(request)
        await run_in_threadpool(scores.start, await json_body(request), visitor)
        return JSONResponse({})

    async def stop(request: Request) -> Response:
        """-> {}."""
        visitor = visitor_of(request)
        await run_in_threadpool(scores.stop, await json_body(request), visitor)
        return JSONResponse({})

    async def nearest(request: Request) -> Response:
        """-> a PNG."""
        path = await run_in_threadpool(scores.nearest, dict(request.query_params), visitor_of(request))
        return FileResponse(path, media_type="image/png", headers={"Cache-Control": "no-store"})

    table = (
        (Kind.OWN, "GET", "scores", about),
        (Kind.ACT, "POST", "scores/start", start),
        (Kind.ACT, "POST", "scores/stop", stop),
        (Kind.OWN, "GET", "scores/nearest.png", nearest),
    )
    return our_routes("/studio/", table)
