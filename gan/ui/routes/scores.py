"""Scores, past Gradio's queue: what there is, having a model scored, and the samples most like a training picture;
likewise whether a GAN's samples help a classifier of a set's pictures.

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

    async def more_about(request: Request) -> Response:
        """?set=... -> see MoreData.about."""
        asked = request.query_params.get("set", ""), visitor_of(request)
        return JSONResponse(await run_in_threadpool(scores.more_data.about, *asked))

    async def more_start(request: Request) -> Response:
        """{"set", "labelled": pictures of each class, or nothing for the usual} -> {}; ask again to see how it goes."""
        visitor, body = visitor_of(request), await json_body(request)
        await run_in_threadpool(scores.more_data.start, str(body.get("set")), body.get("labelled"), visitor)
        return JSONResponse({})

    async def more_stop(request: Request) -> Response:
        """{"set"} -> {}."""
        visitor, body = visitor_of(request), await json_body(request)
        await run_in_threadpool(scores.more_data.stop, str(body.get("set")), visitor)
        return JSONResponse({})

    async def more_samples(request: Request) -> Response:
        """?set=... -> a PNG."""
        asked = request.query_params.get("set", ""), visitor_of(request)
        path = await run_in_threadpool(scores.more_data.samples, *asked)
        return FileResponse(path, media_type="image/png", headers={"Cache-Control": "no-store"})

    table = (
        (Kind.OWN, "GET", "scores", about),
        (Kind.ACT, "POST", "scores/start", start),
        (Kind.ACT, "POST", "scores/stop", stop),
        (Kind.OWN, "GET", "scores/nearest.png", nearest),
        (Kind.OWN, "GET", "more-data", more_about),
        (Kind.ACT, "POST", "more-data/start", more_start),
        (Kind.ACT, "POST", "more-data/stop", more_stop),
        (Kind.OWN, "GET", "more-data/samples.png", more_samples),
    )
    return our_routes("/studio/", table)
