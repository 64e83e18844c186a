"""What the Train tab asks for, past Gradio's queue: sets of pictures, plans, runs to watch and to act on.

Each visitor sends a secret of their own making in the header X-Visitor. Mistakes are answered with {"error": sentence,
"code"} and status 400.
"""

import io
from pathlib import Path

from PIL import Image
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from gan.errors import StudioError
from gan.field_metadata import from_values, show
from gan.messages import say
from gan.studio.data.examples import EXAMPLES, sample_of
from gan.studio.runs.workshop import Workshop
from gan.training.config import TrainConfig
from gan.ui.kinds import Kind, OurRoute
from gan.ui.routes.answers import JSONResponse, json_body, our_routes, plain_name, visitor_of
from gan.ui.temporary_files import new_folder, remove

_SHEET = 600  # pixels of a contact sheet's shorter side at the least: small pictures are enlarged, with hard edges


def make_train_routes(workshop: Workshop) -> list[OurRoute]:
    """The Starlette routes below studio/train/."""
    desk = _TrainingHandlers(workshop)
    table = (
        (Kind.FACTS, "GET", "bases", desk.bases),
        (Kind.FACTS, "GET", "examples", desk.examples),
        (Kind.FACTS, "GET", "example/{name}.webp", desk.example),
        (Kind.OWN, "GET", "runs", desk.runs),
        (Kind.OWN, "GET", "set/{set}", desk.about_set),
        (Kind.OWN, "GET", "set/{set}/sheet.webp", desk.sheet),
        (Kind.OWN, "GET", "run/{run}", desk.run),
        (Kind.FACTS, "GET", "run/{run}/grid/{step}.webp", desk.grid),
        (Kind.FACTS, "GET", "run/{run}/grid/{step}.txt", desk.grid_text),
        (Kind.FACTS, "GET", "run/{run}/model.zip", desk.pack),
        (Kind.ACT, "POST", "set", desk.new_set),
        (Kind.ARRIVAL, "POST", "set/{set}/file", desk.receive),
        (Kind.ACT, "POST", "set/{set}/read", desk.read_set),
        (Kind.ACT, "POST", "drawn", desk.drawn),
        (Kind.FACTS, "POST", "plan", desk.plan),
        (Kind.WORK, "POST", "budget", desk.budget),
        (Kind.ACT, "POST", "start", desk.start),
        (Kind.ACT, "POST", "run/{run}/{act}", desk.act),
    )
    return our_routes("/studio/train/", table)


class _TrainingHandlers:
    def __init__(self, workshop: Workshop):
        self.shop = workshop

    async def bases(self, request: Request) -> Response:
        """What one can start from."""
        return JSONResponse({"bases": await run_in_threadpool(self.shop.bases)})

    async def examples(self, request: Request) -> Response:
        """Sets for whoever has no pictures at hand."""
        rows = [{"name": name, "title": say(one.title), "starts": one.starts} for name, one in EXAMPLES.items()]
        return JSONResponse({"examples": rows})

    async def example(self, request: Request) -> Response:
        """A few pictures of one, side by side."""
        picture = await run_in_threadpool(sample_of, request.path_params["name"])
        return Response(_encoded(picture, 80), media_type="image/webp", headers={"Cache-Control": "max-age=86400"})

    async def new_set(self, request: Request) -> Response:
        """-> {"id": an empty set}."""
        return JSONResponse({"id": await run_in_threadpool(self.shop.new_set, visitor_of(request))})

    async def receive(self, request: Request) -> Response:
        """?name=... and a file's bytes -> {"files": how many there are}."""
        visitor = visitor_of(request)
        owner = visitor if self.shop.shared else None
        name = request.query_params.get("name", "picture")
        return JSONResponse(
            {"files": await self.shop.sets.receive(request.path_params["set"], owner, name, request.stream())}
        )

    async def read_set(self, request: Request) -> Response:
        """{"base": id or "", "side": pixels, "channels"} -> {}; ask for the set to see how it goes."""
        body = await json_body(request)
        await run_in_threadpool(self.shop.read_set, request.path_params["set"], visitor_of(request), *_shape(body))
        return JSONResponse({})

    async def drawn(self, request: Request) -> Response:
        """{"dataset": id on the Hub}, {"example": name} or {"model": id, "count": n}, and base and side -> {"id": a set
        that is being read}."""
        body, visitor = await json_body(request), visitor_of(request)
        if body.get("dataset"):
            id = await run_in_threadpool(self.shop.set_from_hub, visitor, str(body["dataset"]), *_shape(body))
        elif body.get("example"):
            id = await run_in_threadpool(self.shop.set_from_example, visitor, str(body["example"]), *_shape(body))
        else:
            source, count = str(body.get("model")), body.get("count")
            id = await run_in_threadpool(self.shop.set_from_model, visitor, source, count, *_shape(body))
        return JSONResponse({"id": id})

    async def about_set(self, request: Request) -> Response:
        """See PictureSets.about."""
        return JSONResponse(
            await run_in_threadpool(self.shop.about_set, request.path_params["set"], visitor_of(request))
        )

    async def sheet(self, request: Request) -> Response:
        """?augment=a,b&p=...&mirror=... -> what the networks will see, as a picture for whoever gave
        them."""
        query = request.query_params
        asked = from_values(
            TrainConfig,
            {
                "augment": query.get("augment", ""),
                "augment_p": query.get("p", "1"),
                "mirror": query.get("mirror", "off"),
            },
        )
        picture = await run_in_threadpool(
            self.shop.sheet,
            request.path_params["set"],
            visitor_of(request),
            asked.augment,
            asked.augment_p,
            asked.mirror,
        )
        return Response(
            await run_in_threadpool(_webp, picture), media_type="image/webp", headers={"Cache-Control": "no-store"}
        )

    async def plan(self, request: Request) -> Response:
        """{"base" or "family" (and "classic"), "pictures", "classes" where that is known} -> see Workshop.plan."""
        body = await json_body(request)
        classes = None if body.get("classes") is None else _whole(body, "classes", 0)
        return JSONResponse(
            await run_in_threadpool(
                self.shop.plan,
                str(body.get("base") or ""),
                str(body.get("family") or ""),
                _whole(body, "pictures", 0),
                str(body.get("classic") or ""),
                classes,
            )
        )

    async def budget(self, request: Request) -> Response:
        """An order -> what it would cost."""
        return JSONResponse(await run_in_threadpool(self.shop.budget, await json_body(request), visitor_of(request)))

    async def start(self, request: Request) -> Response:
        """An order -> {"id": the run}."""
        return JSONResponse(
            {"id": await run_in_threadpool(self.shop.start, await json_body(request), visitor_of(request))}
        )

    async def runs(self, request: Request) -> Response:
        """All runs, and whether several people share this studio."""
        rows = await run_in_threadpool(self.shop.runs, visitor_of(request))
        return JSONResponse({"runs": rows, "shared": self.shop.shared})

    async def run(self, request: Request) -> Response:
        """?watch=1 where somebody sees it -> see Workshop.view."""
        watched = request.query_params.get("watch") == "1"
        return JSONResponse(
            await run_in_threadpool(self.shop.view, request.path_params["run"], visitor_of(request), watched)
        )

    async def act(self, request: Request) -> Response:
        """Values -> {}: see ACTS of the workshop."""
        what = request.path_params["act"]
        body = await json_body(request)
        return JSONResponse(
            await run_in_threadpool(self.shop.act, request.path_params["run"], what, body, visitor_of(request))
        )

    async def grid(self, request: Request) -> Response:
        """A grid's picture."""
        path = await run_in_threadpool(self.shop.grid, request.path_params["run"], _step(request.path_params["step"]))
        return FileResponse(path, media_type="image/webp", headers={"Cache-Control": "no-cache"})

    async def grid_text(self, request: Request) -> Response:
        """What the samples of a grid read, one a line, where they are words."""
        run, step = request.path_params["run"], _step(request.path_params["step"])
        path = await run_in_threadpool(self.shop.grid_text, run, step)
        return FileResponse(path, media_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})

    async def pack(self, request: Request) -> Response:
        """?step=... -> the model of that moment, or the newest, as a zip."""
        text = request.query_params.get("step")
        step = _step(text) if text else None
        folder = await run_in_threadpool(new_folder, "model")
        try:
            path: Path = await run_in_threadpool(self.shop.pack, request.path_params["run"], step, folder)
        except BaseException:  # also where whoever asked went away
            remove(folder)
            raise
        return FileResponse(
            path,
            media_type="application/zip",
            filename=plain_name(path.name),
            background=BackgroundTask(remove, folder),
        )


def _shape(body: dict) -> tuple[str, int, int]:
    """What pictures are read for: the base, or where there is none side and channels."""
    return str(body.get("base") or ""), _whole(body, "side", 64), _whole(body, "channels", 3)


def _whole(body: dict, name: str, usual: int) -> int:
    """A whole number of a request. Raises StudioError for anything else."""
    value = body.get(name)
    if value is not None and type(value) is not int:
        raise StudioError(say("{name} cannot be {value}.", name=name, value=show(value)), "Give a whole number.")
    return usual if value is None else value


def _step(text: str) -> int:
    """A step in an address. Raises StudioError for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise StudioError(say("A step cannot be {text}.", text=show(text)), "Give a whole number.")
    return int(text)


def _webp(picture) -> bytes:
    times = max(1, round(_SHEET / min(picture.shape[:2])))
    return _encoded(picture.repeat(times, axis=0).repeat(times, axis=1), 90)


def _encoded(picture, quality: int) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "WEBP", quality=quality)
    return file.getvalue()
