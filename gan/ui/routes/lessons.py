"""What the Learn tab asks for: its lessons in the visitor's language, and what some of them play with.

Games of points are played in the browser. Mistakes are answered with {"error": sentence, "code"} and status 400.
"""

import base64
import dataclasses

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from gan.studio.lessons.critic import PICTURES, CriticGame, Round
from gan.studio.lessons.lessons import in_words, lessons
from gan.studio.lessons.plane import plane_generator
from gan.studio.lessons.recordings import recording, recordings
from gan.studio.lessons.scoreboard import Scoreboard, clean_nickname
from gan.ui.kinds import Kind, OurRoute
from gan.ui.routes.answers import JSONResponse, json_body, our_routes, visitor_of


def make_lesson_routes(shared: bool) -> list[OurRoute]:
    """The routes below studio/learn/. shared: several people use this studio, and see each other's scores."""
    desk = _LessonHandlers(shared)
    table = (
        (Kind.PAGE, "GET", "lessons", desk.lessons),
        (Kind.PAGE, "GET", "plane", desk.plane),
        (Kind.PAGE, "GET", "recordings", desk.recordings),
        (Kind.PAGE, "GET", "recording/{name}.webp", desk.recording),
        (Kind.PICTURE, "POST", "critic/deal", desk.deal),
        (Kind.ACT, "POST", "critic/answer", desk.answer),
        (Kind.FACTS, "GET", "critic/scores", desk.scores),
    )
    return our_routes("/studio/learn/", table)


class _LessonHandlers:
    def __init__(self, shared: bool):
        self._shared, self._critic, self._board = shared, CriticGame(), Scoreboard()

    async def lessons(self, request: Request) -> Response:
        """{"lessons": all of them, in their order}."""
        return JSONResponse({"lessons": [in_words(lesson) for lesson in await run_in_threadpool(lessons)]})

    async def plane(self, request: Request) -> Response:
        """-> the numbers of a small generator as float32, its widths in the header X-Widths: see lessons/plane.py."""
        widths, numbers = await run_in_threadpool(plane_generator)
        headers = {"X-Widths": ",".join(map(str, widths)), "Cache-Control": "no-cache"}
        return Response(numbers, media_type="application/octet-stream", headers=headers)

    async def recordings(self, request: Request) -> Response:
        """-> when the moments of the recorded runs were, and how good the last ones are: see lessons/recordings.py."""
        return JSONResponse(await run_in_threadpool(recordings))

    async def recording(self, request: Request) -> Response:
        """-> the moments of a recorded run, one below the other."""
        data = await run_in_threadpool(recording, request.path_params["name"])
        return Response(data, media_type="image/webp", headers={"Cache-Control": "max-age=3600"})

    async def deal(self, request: Request) -> Response:
        """-> {"round": id, "pictures": [{"letter", "grey": their bytes in base 64}], "side": pixels}."""
        dealt: Round = await run_in_threadpool(self._critic.deal)
        pictures = [{"letter": card.letter, "grey": _base64(card.picture)} for card in dealt.cards]
        return JSONResponse({"round": dealt.id, "side": dealt.cards[0].picture.shape[0], "pictures": pictures})

    async def answer(self, request: Request) -> Response:
        """{"round": id, "guesses": whether each is real, "nickname": "" or who asks to be listed} -> {"real": whether
        each is, "taken": whether the discriminator takes it for real, "sure": how sure it is of that, from 0.5 to 1,
        "right", "its": how many each got right, "scores": see `scores`}."""
        body = await json_body(request)
        guesses, nickname = body.get("guesses"), str(body.get("nickname") or "")
        listed = self._shared and nickname
        nickname = clean_nickname(nickname) if listed else ""  # before the round is over
        dealt = self._critic.answered(str(body.get("round")), guesses if isinstance(guesses, list) else [])
        real, taken = [card.real for card in dealt.cards], [card.logit > 0 for card in dealt.cards]
        right, its = (sum(a == b for a, b in zip(said, real, strict=True)) for said in (guesses, taken))
        if listed:
            self._board.add(visitor_of(request), nickname, right, its, PICTURES)
        sure = [1 / (1 + np.exp(-abs(card.logit))) for card in dealt.cards]
        return JSONResponse(
            {"real": real, "taken": taken, "sure": sure, "right": right, "its": its, "scores": self._scores()}
        )

    async def scores(self, request: Request) -> Response:
        """{"scores": the class's, the best first; null where nobody shares this studio}."""
        return JSONResponse({"scores": self._scores()})

    def _scores(self) -> list[dict] | None:
        return list(map(dataclasses.asdict, self._board.best())) if self._shared else None


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()
