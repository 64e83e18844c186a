"""Sounds of models of sounds: those of recipes, and a film as one sound, as whole numbers of 16 bits.

Like pictures they are made by the painter's thread, in turns; a film is given up with whoever asked.
"""

import asyncio
from collections.abc import Callable

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from gan.errors import StudioError
from gan.messages import say
from gan.networks.spectrograms import RATE
from gan.store.wav_file import pcm
from gan.studio.batcher import Batcher
from gan.studio.engine import Engine, check_one_length
from gan.studio.library.library import Library
from gan.studio.morphs import BEAT, beats, morph
from gan.studio.path_recipes import PathRecipe
from gan.studio.recipes import Recipe
from gan.ui.kinds import Kind, OurRoute
from gan.ui.routes.answers import json_body, our_routes

_MOST = 16  # sounds in one request
_MOST_BEATS = 480  # two minutes of a film
_PIECE = 8  # sounds that are made in one turn, about a fifth of a second
_SLOWEST, _FASTEST = 1, 60  # frames a second


def make_sound_routes(library: Library, engine: Engine, batcher: Batcher) -> list[OurRoute]:
    """The Starlette routes below studio/."""
    sounds = _Sounds(library, engine, batcher)
    table = ((Kind.PICTURE, "POST", "sounds", sounds.sounds), (Kind.FILM, "POST", "morph", sounds.morph))
    return our_routes("/studio/", table)


class _Sounds:
    def __init__(self, library: Library, engine: Engine, batcher: Batcher):
        self.library, self.engine, self.batcher = library, engine, batcher

    async def sounds(self, request: Request) -> Response:
        """{"recipes": [...]}, of models of sounds -> their samples, one sound after the other; see `_answer`."""
        recipes = _recipes((await json_body(request)).get("recipes"))
        await self._made_ready(recipes)
        pieces = [recipes[at : at + _PIECE] for at in range(0, len(recipes), _PIECE)]
        made = [await self._turn(lambda some=some: self.engine.sounds(some), len(some)) for some in pieces]
        check_one_length(made)
        return _answer(np.concatenate(made))

    async def morph(self, request: Request) -> Response:
        """A path and "fps" -> all of the film as one sound: see gan.studio.morphs."""
        body = await json_body(request)
        fps = body.pop("fps", 24)
        if type(fps) not in (int, float) or not _SLOWEST <= fps <= _FASTEST:
            raise StudioError("A film has 1 to 60 frames a second.", "Reload the page.")
        path = PathRecipe.from_json(body)
        await self._made_ready(list(path.keyframes))
        chosen = beats(path.frame_count, fps)
        if len(chosen) > _MOST_BEATS:
            raise StudioError(
                say("The sound of this film would last for {seconds:.0f} seconds.", seconds=len(chosen) * BEAT),
                "Choose fewer steps or more frames a second: two minutes can be made.",
            )
        once = list(dict.fromkeys(chosen))  # a slow film shows a frame for several beats
        pieces = await run_in_threadpool(self.engine.frame_sounds, path, once, _PIECE)
        made: dict[int, np.ndarray] = {}
        while (some := await self._turn(lambda: next(pieces, None), _PIECE)) is not None:
            if await request.is_disconnected():
                return Response(status_code=204)
            made |= zip(once[len(made) :], some, strict=False)
        return _answer(morph([made[frame] for frame in chosen])[None])

    async def _made_ready(self, recipes: list[Recipe]) -> None:
        """Load what they need, off the painter's thread."""
        self.library.check(recipes)
        await run_in_threadpool(self.library.prepare, recipes)

    async def _turn(self, work: Callable, count: int):
        """What is made by the painter's thread, in a turn among the pictures of others."""
        return await asyncio.wrap_future(self.batcher.do(work, count))


def _answer(sounds: np.ndarray) -> Response:
    """Sounds (n, samples) as 16-bit whole numbers, little-endian, and headers with how many, how long and the rate."""
    count, samples = sounds.shape
    headers = {"X-Count": str(count), "X-Samples": str(samples), "X-Rate": str(RATE), "Cache-Control": "no-store"}
    return Response(pcm(sounds).tobytes(), media_type="application/octet-stream", headers=headers)


def _recipes(values) -> list[Recipe]:
    if not isinstance(values, list) or not 0 < len(values) <= _MOST:
        raise StudioError(say("One request may ask for 1 to {most} sounds.", most=_MOST), "Reload the page.")
    return [Recipe.from_json(value) for value in values]
