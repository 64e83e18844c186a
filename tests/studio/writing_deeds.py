"""What people and programs do that writes: a function for each, which raises Refused with what they are told."""

import contextlib
import io
import itertools
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hub_server import HubServer
from PIL import Image
from run_helpers import NET, TRAIN
from studio_app import finished
from waiting import until

from gan.cli.main import main
from gan.errors import StudioError
from gan.evaluation.drags import Drag
from gan.export.forms import FORMS
from gan.export.space import publish_space
from gan.store.wav_file import wav_bytes
from gan.studio import atlas, dragging, inversion
from gan.studio.dragging import DraggedPicture
from gan.studio.hub.client import Hub
from gan.studio.inversion import FoundPicture
from gan.studio.library.drag_table import TimedDrag, keep_drags, strips
from gan.studio.library.film_strips import film_strips
from gan.studio.library.loaded import Models
from gan.studio.library.slider_table import write_table
from gan.studio.library.sliders import Kept, keep_sliders
from gan.studio.publishing.publish import Order
from gan.studio.recipes import Recipe
from gan.studio.remote.jobs import HubJobs, RemoteJob, keep_note
from gan.studio.remote.parcel import Parcel
from gan.studio.runs.control import touch_watched
from gan.ui.page import Studio

ME = {"X-Visitor": "0123456789abcdef-me"}
FULL = "No space left on device"


def small_png(i: int) -> bytes:
    """8 x 8 pixels of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8), (80 * i, 0, 0)).save(file, "PNG")
    return file.getvalue()


class Refused(Exception):
    """What a person is told."""


class World:
    """The app with a folder of runs, and the command line in a folder of its own."""

    def __init__(self, app, hub: HubServer, home: Path):
        self.app, self.hub, self.home = app, hub, home
        self.root = app.studio.workshop.supervisor.root
        self.models = Models((home / "weights",), Hub(hub.url, home / "cache"), converted=home / "read")
        self.kept, self.visitors = {}, itertools.count()

    def post(self, path: str, body: dict | bytes | None = None):
        gives = path in ("studio/train/set", "studio/train/drawn")  # of one visitor only the newest sets are kept
        who = {"X-Visitor": f"0123456789abcdef-{next(self.visitors)}"} if gives else ME
        return self._told(*self.app.ask(path, {} if body is None else body, who, seconds=60))

    def get(self, path: str):
        return self._told(*self.app.ask(path, None, ME, seconds=60))

    @contextlib.contextmanager
    def tidied(self) -> Iterator[None]:
        """After the block the app has removed what it wrote for the answer, which it does when that is sent."""
        offered = self.home / "gradio"
        before = set(offered.glob("*"))
        yield
        until(lambda: set(offered.glob("*")) <= before)

    def gan(self, words: str | list[str]) -> None:
        said, out = io.StringIO(), io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(out):
            status = main(words.split() if isinstance(words, str) else words, self.models)
        said = said.getvalue()
        if status:
            assert status == 2 and "Traceback" not in said, said
            raise Refused(said.splitlines()[-1])

    @staticmethod
    def _told(status: int, data: bytes, headers: dict):
        if "json" not in headers.get("content-type", "") and status == 200:
            return data
        lines = [json.loads(line) for line in data.splitlines() if line.strip()]
        told = lines[-1] if isinstance(lines[-1], dict) else {}
        if status != 200 or "error" in told:
            assert status in (200, 400), (status, data)
            raise Refused(told["error"])
        return told

    def ready_set(self) -> str:
        """A set of pictures that were read."""
        id = self.post("studio/train/set")["id"]
        for i in range(3):
            png = io.BytesIO()
            Image.new("RGB", (8, 8), (80 * i, 0, 0)).save(png, "PNG")
            self.post(f"studio/train/set/{id}/file?name=a{i}.png", png.getvalue())
        self.post(f"studio/train/set/{id}/read", {"side": 8})
        return self.read(id)

    def read(self, id: str) -> str:
        finished("pictures")
        told = self.get(f"studio/train/set/{id}")
        if told["status"] == "failed":
            raise Refused(told["error"])
        assert told["status"] == "ready", told
        return id

    def check_begun(self, id: str) -> None:
        """A run that could not be started says why."""
        if FULL in (said := self.get(f"studio/train/run/{id}")["state"]["sentence"]):
            raise Refused(said)

    def order(self) -> dict:
        """A pair from scratch."""
        return dict(set=self.kept["set"], base="", family="mlp", preset="quick", steps=3, train=TRAIN)

    def of_cats(self) -> dict:
        """One that starts from a model."""
        pins = [{"model": "cats", "seed": 7}]
        return self.order() | {"base": "cats", "family": "", "set": self.kept["set16"], "pins": pins}


# What people do, each a function that raises Refused


def give_pictures(world: World) -> None:
    world.kept["set"] = world.ready_set()


def drawn_pictures(world: World) -> None:
    world.read(world.post("studio/train/drawn", {"dataset": "ada/pictures", "side": 8})["id"])


def run_on_the_page(world: World) -> None:
    """Its whole life but the training itself."""
    id = world.post("studio/train/start", world.of_cats())["id"]
    try:
        world.check_begun(id)
        world.post(f"studio/train/run/{id}/change", {"g_lr": 0.01})
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(world.app.studio.workshop.supervisor, "_move_on", lambda: None)
            world.post(f"studio/train/run/{id}/continue", {"steps": 9})
            world.post(f"studio/train/run/{id}/stop")
    finally:
        world.post(f"studio/train/run/{id}/delete")


def branch(world: World) -> None:
    id = world.post("studio/train/run/done/branch", {"step": 2})["id"]
    try:
        world.check_begun(id)
    finally:
        world.post(f"studio/train/run/{id}/delete")


def watch(world: World) -> None:
    (world.root / "done" / "watched").unlink(missing_ok=True)
    touch_watched(world.root / "done")
    with world.tidied():
        world.get("studio/train/run/done/model.zip")


def price(world: World) -> None:
    world.app.studio.workshop._prices._kept.clear()
    world.post("studio/train/budget", world.order())
    world.post("studio/train/budget", world.of_cats())


def bring_a_model(world: World) -> None:
    ours = io.BytesIO()
    with zipfile.ZipFile(ours, "w") as archive:
        for file in (world.home / "weights" / "cats").iterdir():
            archive.write(file, file.name)
    for id in world.app.studio.uploads.kept.list():
        world.app.studio.uploads.kept.remove(id)
    world.post("studio/library/file?name=a.zip", ours.getvalue())


def open_the_studio(world: World) -> None:
    shutil.rmtree(world.home / "new", ignore_errors=True)
    try:
        Studio.open(world.home / "new", (world.home / "weights",)).close()
    except StudioError as error:
        raise Refused(str(error)) from error


def open_from_the_hub(world: World) -> None:
    world.post("studio/library/open", {"source": "ada/foreign", "file": "550000.pt"})
    world.post("studio/library/open", {"source": "ada/stack", "file": None})
    asked = {"id": "ada/stack", "rev": None, "values": {"7": {"kind": "sigmoid"}}}
    world.post("studio/library/layout/save", asked)


def score_on_the_page(world: World) -> None:
    shutil.rmtree(world.root / "done" / "scores", ignore_errors=True)
    world.post("studio/scores/start", {"run": "done"})
    finished("scores")
    told = world.get("studio/scores?run=done")
    if told["status"] == "failed":
        raise Refused(told["error"])
    assert told["status"] == "ready", told


def call(name: str, *data) -> Callable[[World], None]:
    """A program's call of an endpoint."""

    def act(world: World) -> None:
        event = world.post(f"gradio_api/call/{name}", {"data": data})["event_id"]
        status, answer, _ = world.app.ask(f"gradio_api/call/{name}/{event}")
        assert status == 200
        if b"event: error" in answer:
            raise Refused(json.loads(answer.partition(b"data: ")[2])["error"])

    act.__name__ = f"call {name}"
    return act


def train_by_hand(world: World) -> None:
    net = [f"--net={name}={','.join(map(str, v)) if isinstance(v, list) else v}" for name, v in NET.items()]
    knobs = [f"--{name.replace('_', '-')}={value}" for name, value in (TRAIN | {"grid_every": 2}).items()]
    shutil.rmtree(world.home / "run", ignore_errors=True)
    words = ["train", f"--out={world.home / 'run'}", "--threads=1"]
    world.gan([*words, f"--data={world.home / 'data.npz'}", "--family=mlp", "--steps=2", *knobs, *net])
    world.gan([*words, "--resume", "--steps=3"])


def train_from_pins(world: World) -> None:
    shutil.rmtree(world.home / "pinned", ignore_errors=True)
    (world.home / "pins.json").write_text(json.dumps([{"model": "cats", "seed": 3}]))
    words = f"train --out={world.home / 'pinned'} --data=hub:ada/pictures --base=cats --steps=1 --batch-size=4"
    words += f" --grid-every=0 --grid-size=4 --signals-every=0 --threads=1 --pins={world.home / 'pins.json'}"
    world.gan(words)


def measure(world: World) -> None:
    world.gan(f"train --data={world.home / 'data.npz'} --base=cats --batch-size=4 --measure=1 --threads=1")


def paint(world: World) -> None:
    out = world.home / "painted"
    for folder in (out, world.home / "read"):
        shutil.rmtree(folder, ignore_errors=True)
    world.gan(f"generate --model cats --seeds 0-1 --out {out}/sheet.png")
    world.gan(f"generate --model cats --seeds 0-1 --out {out}/each")
    world.gan(f"generate --model cats --seeds 0-1 --out {out}/all.zip")
    world.gan(f"generate --model {world.home / 'foreign'} --out {out}/foreign.webp")


def film(name: str) -> Callable[[World], None]:
    """A film under that name; without an ending it is a folder of pictures."""

    def act(world: World) -> None:
        shutil.rmtree(world.home / "films", ignore_errors=True)
        world.gan(f"interpolate --model cats --seeds 1,2 --steps 3 --out {world.home / 'films' / name}")

    act.__name__ = name
    return act


def convert(world: World) -> None:
    shutil.rmtree(world.home / "converted", ignore_errors=True)
    world.gan(f"convert {world.home / 'foreign'} --out {world.home / 'converted'}")


def score_by_hand(world: World) -> None:
    out = world.home / "scores"
    words = f"evaluate --model {world.home / 'scored'} --data {world.home / 'digits.npz'} --samples 24 --threads 1"
    words += f" --features {world.home / 'features.safetensors'}"
    world.gan(f"{words} --keep --out {out}.json --nearest {out}.png")


def augment(world: World) -> None:
    """Two seeds of next to nothing."""
    tiny = "--labelled 2 --unlabelled 4 --gan-steps 1 --gan-batch 4 --width 4 --samples 4 --steps 1"
    out = world.home / "augmented"
    world.gan(f"augment --data {world.home / 'digits.npz'} {tiny} --seeds 2 --out {out}.json --samples-out {out}.png")


def export(form: str) -> Callable[[World], None]:
    """A model to take away, in another form."""

    def act(world: World) -> None:
        with world.tidied():
            world.post(f"studio/export/{form}.zip", {"id": "cats"})

    act.__name__ = f"export {form}"
    return act


def words(world: World) -> None:
    """A list on the page and by hand, the run of it, and what that reads."""
    listed = "\n".join(f"{a}{b}{c}" for a in "bcdf" for b in "aeiou" for c in "lmnr")
    (world.home / "list.txt").write_text(listed)
    shutil.rmtree(world.home / "worded", ignore_errors=True)
    small = "--net channels=8 --net blocks=1 --net z_dim=4 --steps 1 --grid-every 1 --grid-size 4 --batch-size 4"
    run = f"--out={world.home / 'worded'} --data={world.home / 'list.txt'}"
    world.gan(f"train {run} --family=words {small} --signals-every 0 --threads 1")
    world.gan(f"generate --model {world.home / 'worded'} --seeds 0-1 --out {world.home / 'read.txt'}")
    world.gan(f"interpolate --model {world.home / 'worded'} --seeds 0,1 --steps 2 --out {world.home / 'ladder.txt'}")
    id = world.post("studio/train/set")["id"]
    world.post(f"studio/train/set/{id}/file?name=list.txt", listed.encode())
    world.post(f"studio/train/set/{id}/read", {"side": 0, "channels": 0})
    world.read(id)


def sounds(world: World) -> None:
    """WAV files to learn from, on the page and by command, and WAV files that come of it."""
    tones = [np.sin(np.arange(1600) * (0.1 + 0.01 * number)) * 0.5 for number in range(4)]
    folder = world.home / "hits"
    folder.mkdir(exist_ok=True)
    for number, tone in enumerate(tones):
        (folder / f"{number}.wav").write_bytes(wav_bytes(tone))
    shutil.rmtree(world.home / "drummed", ignore_errors=True)
    run, model = f"--out={world.home / 'drummed'} --data={folder} --side=16", f"--model {world.home / 'drummed'}"
    small = "--net width=4 --net z_dim=4 --steps 1 --batch-size 4 --grid-every 1 --grid-size 4"
    world.gan(f"train {run} --family=sounds {small} --signals-every 0 --threads 1")
    world.gan(f"generate {model} --seeds 0-1 --out {world.home / 'hits.wav'}")
    world.gan(f"generate {model} --seeds 0-1 --out {world.home / 'heard'}/")
    world.gan(f"interpolate {model} --seeds 0,1 --steps 2 --out {world.home / 'morph.wav'}")
    id = world.post("studio/train/set")["id"]
    world.post(f"studio/train/set/{id}/file?name=a.wav", wav_bytes(tones[0]))
    world.post(f"studio/train/set/{id}/read", {"side": 16})
    world.read(id)


def sliders_of_ones_own(world: World) -> None:
    sides = {name: [{"model": "cats", "seed": seed}] for seed, name in enumerate(("having", "lacking"))}
    made = world.post("studio/own/make", {**sides, "name": "hat"})["slider"]
    shutil.rmtree(world.root / ".sliders", ignore_errors=True)
    world.post("studio/own/keep", {"id": "cats", "sliders": [made]})


def a_slider_as_a_file(world: World) -> None:
    sides = "--with 0-2 --without 3-5 --names hat"
    world.gan(f"directions --model cats {sides} --count 1 --sliders {world.home / 'hat.json'}")


def find_a_picture(world: World) -> None:
    """As far as it is kept, without the search."""
    found = FoundPicture(Recipe("cats", seed=3), 0.1, 0.2, 1.0, False)
    (world.home / "a.png").write_bytes(small_png(1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inversion.Inversions, "seek", lambda *_: iter([found]))
        world.gan(f"invert {world.home / 'a.png'} --model cats --out {world.home / 'found.png'}")


def pull_a_point(world: World) -> None:
    """Likewise."""
    pulled = DraggedPicture(Recipe("cats", seed=3), (9.0, 9.0), 0.0, 3, 1.0, True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dragging.Drags, "drag", lambda *_: iter([pulled]))
        world.gan(f"drag --model cats --from 4,4 --to 9,9 --out {world.home / 'pulled.png'}")


def look_around(world: World) -> None:
    """An atlas of few pictures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(atlas, "MOST_SIDE", 4)
        paint = world.app.studio.engine.render
        atlas.Atlases(world.app.studio.library, world.home / "atlases").of("cats", None, None, paint)
        shutil.rmtree(world.home / "atlases", ignore_errors=True)


def publish_a_page(world: World) -> None:
    """As far as it is written, to nobody."""
    publisher = SimpleNamespace(push=lambda *_: None)
    try:
        publish_space(world.models, Order("cats", repo="ada/page", licence="cc0-1.0"), publisher)
    except StudioError as error:
        raise Refused(str(error)) from error


def find_sliders(world: World) -> None:
    """As `gan directions` keeps what it found, without the minutes of looking for it."""
    found = world.models.get("cats").directions().each()[0]
    try:
        film_strips(world.models.get("cats"), Kept(found, ("fur",), []), world.home / "strips.png")
        keep_sliders(world.home / "slid", Kept(found, ("fur",), []))
        write_table(world.home / "slid", Kept(found, ("fur",), []), {}, "python -m gan directions")
    except StudioError as error:
        raise Refused(str(error)) from error


def measure_drags(world: World) -> None:
    """As `gan drag` keeps what it measured, without the drags."""
    x, place = torch.zeros(3, 16, 16), (4.0, 4.0)
    row = TimedDrag(Drag(place, place, place, x, x, 1.0, 1.0, 0.0, 0.1, 0.1, 3), 0.1)
    try:
        strips([row], world.home / "drags.png")
        keep_drags(world.home / "slid", [row], "python -m gan drag")
    except StudioError as error:
        raise Refused(str(error)) from error


def send_a_run(world: World) -> None:
    """As far as it is written here: what goes along, what is remembered, and what comes back."""
    job = RemoteJob("1", "ada", "ada/run", world.hub.url)
    jobs = HubJobs("hf_of_the_tests", world.hub.url)

    def downloaded(repo: str, local_dir: Path, **how) -> None:
        (local_dir / "run").mkdir()
        (local_dir / "run" / "config.json").write_text("{}")

    jobs._publisher = SimpleNamespace(push=lambda *_, **how: None)
    jobs._api = SimpleNamespace(
        whoami=lambda: {"name": "ada"},
        run_job=lambda **how: SimpleNamespace(id="1", url=world.hub.url),
        snapshot_download=downloaded,
    )
    try:
        jobs.submit(Parcel({}, {"data": world.home / "data.npz"}), "sent", "cpu-basic", 1.0)
        keep_note(world.home / "sent", job)
        assert jobs.bring(job, world.home / "sent")
    except StudioError as error:
        raise Refused(str(error)) from error


DEEDS: tuple[Callable[[World], None], ...] = (
    give_pictures,
    drawn_pictures,
    run_on_the_page,
    branch,
    watch,
    price,
    bring_a_model,
    open_from_the_hub,
    open_the_studio,
    score_on_the_page,
    call("generate", "cats", "1", None, None, None, 0, 1),
    call("contact_sheet", "cats", "1-2", None, None, "zip", ""),
    call("interpolate", "cats", "1,2", 2, "linear", False),
    train_by_hand,
    train_from_pins,
    measure,
    paint,
    *map(film, ("film.webp", "film.gif", "film.mp4", "film.zip", "frames")),
    convert,
    score_by_hand,
    augment,
    find_sliders,
    measure_drags,
    find_a_picture,
    pull_a_point,
    look_around,
    publish_a_page,
    *map(export, FORMS),
    sliders_of_ones_own,
    a_slider_as_a_file,
    send_a_run,
    words,
    sounds,
)
