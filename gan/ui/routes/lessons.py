"""What the Learn tab asks for: its lessons in the visitor's language, and what some of them play with.

Games of points are played in the browser; only the doctor looks at them here. Mistakes are answered with {"error":
sentence, "code"} and status 400.
"""

import base64
import dataclasses
from collections.abc import Sequence

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from gan.errors import StudioError
from gan.studio.diagnoses import plain_diagnosis
from gan.studio.lessons.clinic import look_at
from gan.studio.lessons.critic import JUDGES, PICTURES, CriticGame, Round
from gan.studio.lessons.lessons import in_words, lessons
from gan.studio.lessons.plane import plane_generator
from gan.studio.lessons.recordings import recording, recordings
from gan.studio.lessons.scoreboard import Scoreboard, clean_nickname
from gan.studio.visitors import AT_HOME
from gan.ui.kinds import Kind, OurRoute
from gan.ui.routes.answers import JSONResponse, address_of, json_body, our_routes, visitor_of


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
        (Kind.ACT, "POST", "critic/clear", desk.clear),
        (Kind.FACTS, "POST", "doctor", desk.doctor),
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
        """{"round": id, "guesses": whether each is real, "judge": which of JUDGES is played against, "nickname": "" or
        who asks to be listed} -> {"real": whether each is, "right": how many were guessed right, "judges": of each
        {"taken": whether it takes each for real, "sure": how sure it is of that, from 0.5 to 1, "right": how many it
        got right}, and what `scores` tells}."""
        body = await json_body(request)
        guesses, nickname = body.get("guesses"), str(body.get("nickname") or "")
        judge = body.get("judge", JUDGES[0])
        if judge not in JUDGES:
            raise StudioError("There is no such discriminator to play against.", "Reload the page.")
        listed = self._shared and nickname
        nickname = clean_nickname(nickname) if listed else ""  # before the round is over
        guesses = guesses if isinstance(guesses, list) else []
        dealt = self._critic.answered(str(body.get("round")), guesses)
        real = [card.real for card in dealt.cards]
        right = _agree(guesses, real)
        judges = {name: _judged(dealt, name) for name in JUDGES}
        if listed:
            self._board.add(visitor_of(request), nickname, right, judges[judge]["right"], PICTURES)
        return JSONResponse({"real": real, "right": right, "judges": judges, **self._scores(request)})

    async def scores(self, request: Request) -> Response:
        """-> {"scores": the class's, the best first, null where nobody shares this studio; "clears": whether whoever
        asks may clear them}."""
        return JSONResponse(self._scores(request))

    async def clear(self, request: Request) -> Response:
        """Forget the class's scores -> see `scores`. Only the computer that the studio runs on may: the teacher's."""
        if address_of(request) not in AT_HOME:
            raise StudioError("Only the computer that the studio runs on can clear the scores.", "Ask whoever runs it.")
        self._board.clear()
        return JSONResponse(self._scores(request))

    async def doctor(self, request: Request) -> Response:
        """{"rules", "steps", "signals": what was recorded of a game, see lessons/clinic.py} -> its diagnosis, see
        studio/diagnoses.py."""
        body = await json_body(request)
        found = await run_in_threadpool(look_at, body.get("rules"), body.get("steps"), body.get("signals"))
        return JSONResponse(plain_diagnosis(found))

    def _scores(self, request: Request) -> dict:
        scores = list(map(dataclasses.asdict, self._board.best())) if self._shared else None
        return {"scores": scores, "clears": address_of(request) in AT_HOME}


def _judged(dealt: Round, judge: str) -> dict:
    """What a discriminator says of a round: see `answer`."""
    logits = np.array([card.logits[judge] for card in dealt.cards])
    taken = [bool(logit > 0) for logit in logits]
    sure = (1 / (1 + np.exp(-np.abs(logits)))).tolist()
    return {"taken": taken, "sure": sure, "right": _agree(taken, [card.real for card in dealt.cards])}


def _agree(said: Sequence[object], real: Sequence[bool]) -> int:
    return sum(a == b for a, b in zip(said, real, strict=True))


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()
