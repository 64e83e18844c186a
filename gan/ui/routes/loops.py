"""The moving pictures on a model's card."""

import asyncio

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from gan.studio.batcher import Batcher
from gan.studio.library.library import Library
from gan.studio.loops import Loops
from gan.ui.kinds import Kind, OurRoute
from gan.ui.routes.answers import our_routes

_AT_ONCE = 2  # loops that are painted


def make_loop_routes(library: Library, batcher: Batcher) -> list[OurRoute]:
    """The Starlette route studio/library/loop.webp."""
    loops, turns = Loops(library), asyncio.Semaphore(_AT_ONCE)

    async def loop(request: Request) -> Response:
        """?id=...&rev=... -> the file of Loops.of, painted in pieces between what others ask for."""
        source, revision = request.query_params.get("id", ""), request.query_params.get("rev") or None
        async with turns:
            if await request.is_disconnected():  # while it waited
                return Response(status_code=204)
            file = await run_in_threadpool(
                loops.of, source, revision, lambda recipes, side: batcher.submit(recipes, side).result()
            )
        return Response(file, media_type="image/webp")

    return our_routes("/studio/library/", [(Kind.PICTURE, "GET", "loop.webp", loop)])
