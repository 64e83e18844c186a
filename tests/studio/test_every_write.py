"""Every place of the app that writes, on a disk that is full just there: a sentence, nothing torn, and all well as soon
as there is room."""

import ast
import contextlib
import io
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from full_disk import GAN, WRITERS, FullDisk, all_places
from hub_server import HubServer
from kept_runs import trained
from PIL import Image
from repositories import REPOSITORIES
from run_helpers import NET, TRAIN, pictures
from studio_app import finished, running, small_weights, write_stack

from gan.cli.main import main
from gan.errors import StudioError
from gan.evaluation.features import FeatureNet
from gan.evaluation.intervals import Estimate
from gan.evaluation.report import Report
from gan.export.folder import SAMPLES
from gan.export.forms import FORMS
from gan.store import files, passing
from gan.store.events import read_events, read_lines
from gan.store.model_folder import check_model, read_config
from gan.store.saved_state import load_state
from gan.studio.hub.client import Hub
from gan.studio.library.loaded import Models
from gan.studio.library.sliders import Kept, film_strips, keep_sliders
from gan.studio.runs import budget, spawn
from gan.studio.runs.control import touch_watched
from gan.studio.runs.jobs import Job, RunSpec, write_job
from gan.studio.scores import job as score_job
from gan.studio.scores.feature_networks import save_features
from gan.ui.page import Studio

pytestmark = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
ME = {"X-Visitor": "0123456789abcdef-me"}
FULL = "No space left on device"
# Where the app goes on without what it could not note down: places, by module and function, each with its reason.
QUIET = {
    ("studio/library/recent.py", "_write"): "the list of opened models is a convenience; the log says so",
    ("studio/data/hub_data.py", "_note"): "costs a question to the Hub the next time",
    ("studio/runs/control.py", "touch_watched"): "looking needs no right to write",
}


LEFT_OVER = (".part-", ".converting-", ".fetched-", ".trial-", ".job-", "gan-trial-", "gan-studio-tmp")


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
    world.get("studio/train/run/done/model.zip")


def price(world: World) -> None:
    world.app.studio.workshop._prices._kept.clear()
    world.post("studio/train/budget", world.order())
    world.post("studio/train/budget", world.of_cats())


def place_of(place) -> tuple[str, str]:
    """The module and the function of a place."""
    name, line = place
    functions = [
        node
        for node in ast.walk(ast.parse((GAN / name).read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.lineno <= line <= node.end_lineno
    ]
    return name, max(functions, key=lambda node: node.lineno).name


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


def export(form: str) -> Callable[[World], None]:
    """A model to take away, in another form."""

    def act(world: World) -> None:
        world.post(f"studio/export/{form}.zip", {"id": "cats"})

    act.__name__ = f"export {form}"
    return act


def sliders_of_ones_own(world: World) -> None:
    sides = {name: [{"model": "cats", "seed": seed}] for seed, name in enumerate(("having", "lacking"))}
    made = world.post("studio/own/make", {**sides, "name": "hat"})["slider"]
    shutil.rmtree(world.root / ".sliders", ignore_errors=True)
    world.post("studio/own/keep", {"id": "cats", "sliders": [made]})


def a_slider_as_a_file(world: World) -> None:
    sides = "--with 0-2 --without 3-5 --names hat"
    world.gan(f"directions --model cats {sides} --count 1 --sliders {world.home / 'hat.json'}")


def find_sliders(world: World) -> None:
    """As `gan directions` keeps what it found, without the minutes of looking for it."""
    found = world.models.get("cats").directions().each()[0]
    try:
        film_strips(world.models.get("cats"), Kept(found, ("fur",), []), world.home / "strips.png")
        keep_sliders(world.home / "slid", Kept(found, ("fur",), []))
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
    call("interpolate", "cats", "1,2", 2, "linear", False),
    train_by_hand,
    train_from_pins,
    measure,
    paint,
    *map(film, ("film.webp", "film.gif", "film.mp4", "film.zip", "frames")),
    convert,
    score_by_hand,
    find_sliders,
    *map(export, FORMS),
    sliders_of_ones_own,
    a_slider_as_a_file,
)


PRICE = dict(steps_per_second=1.0, pictures_per_second=4.0, memory=1, pictures=3, batch_size=4, accumulate=1)
PRICE |= dict(device="cpu", parameters_g=1, parameters_d=1)
SCORES = Report("our own features", 5, 5, 5, 1.0, {"frechet": Estimate(2.0, 0.1)}, {}, 1.8, [(7, 3, 0.5)] * 6)


def _child(words: list[str], env: dict, pass_fds=(), **streams) -> subprocess.Popen:
    """In place of a worker: ends at once."""
    return subprocess.Popen(["true"], pass_fds=pass_fds, **streams)


def _scorer(words: list[str], env: dict, **streams) -> subprocess.Popen:
    """In place of the process that takes scores."""
    given = dict(word[2:].split("=", 1) for word in words if "=" in word)
    Path(given["out"]).write_text(json.dumps(SCORES.to_values()))
    Path(given["nearest"]).write_bytes(_png(1))
    return _child(words, env, **streams)


def _png(i: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), (80 * i, 0, 0)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def home(tmp_path_factory, hub):
    home = tmp_path_factory.mktemp("full")
    pictures(home / "data.npz")
    numbers, labels = np.random.default_rng(0), dict(labels=np.arange(40) % 3, label_names=["digit"])
    np.savez(home / "digits.npz", images=numbers.integers(0, 256, (40, 12, 12, 1), np.uint8), **labels)
    hub.add_repo("ada/stack", write_stack(home / "stack"))
    hub.add_repo("datasets/ada/pictures", {f"{i}.png": _png(i) for i in range(3)})
    for folder in ("foreign", "tmp"):
        (home / folder).mkdir()
    for name, data in REPOSITORIES["rosinality"].make(home / "tmp").items():
        (home / "foreign" / name).write_bytes(data)
    hub.add_repo("ada/foreign", home / "foreign")
    small_weights(home / "weights")
    (home / "weights" / "cats" / SAMPLES).write_bytes(_png(1))
    for name in ("slid", "scored"):
        shutil.copytree(home / "weights" / ("cats" if name == "slid" else "digits"), home / name)
    save_features(FeatureNet(), home / "features.safetensors")
    return home


@pytest.fixture(scope="module")
def world(home, hub):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(home / "tmp"))
        patch.setenv("GRADIO_TEMP_DIR", str(home / "gradio"))
        patch.setattr(spawn, "start_quietly", _child)
        patch.setattr(budget, "_play", lambda words, *_: (0, json.dumps(PRICE), ""))
        patch.setattr(score_job, "start_quietly", _scorer)
        with running(home / "weights", Hub(hub.url, home / "cache"), runs=home / "runs") as app:
            app.studio.workshop.supervisor._closed.set()  # nobody moves the line but who is asked to
            world = World(app, hub, home)
            trained(world.root / "done", (2, 4))
            told = json.loads((world.root / "done" / "config.json").read_text())
            (world.root / "done" / "config.json").write_text(json.dumps(told | {"data": str(home / "data.npz")}))
            write_job(world.root / "done", Job(RunSpec(base="cats"), str(home / "data.npz")))
            world.kept["set"] = world.ready_set()
            drawn = world.post("studio/train/drawn", {"model": "cats", "count": 8, "base": "cats"})
            world.kept["set16"] = world.read(drawn["id"])
            yield world


@pytest.fixture(scope="module")
def places(world):
    """The places at which each deed is the first to write, where there is room; films are written by many programs."""
    found: dict = {}
    for deed in DEEDS:
        with FullDisk() as disk, contextlib.suppress(Refused):  # its own test tells of that
            deed(world)
        before = set().union(*found.values()) - {place for place in disk.seen if place[0].endswith("film_formats.py")}
        found[deed] = [place for place in disk.seen if place not in before]
    return found


def torn(world: World) -> list[str]:
    """What is not whole, or is left over, in all folders."""
    found = []
    for path in (path for path in world.home.rglob("*") if not path.is_relative_to(world.home / "cache")):
        name, left = str(path.relative_to(world.home)), path.name.endswith(".part") or path.name.startswith(LEFT_OVER)
        if path.is_symlink() or left or (path.name == "events.jsonl" and read_events(read_lines(path))[1]):
            found.append(name)
        elif path.suffix in (".json", ".jsonl") and path.is_file():
            for text in path.read_text().splitlines() if path.suffix == ".jsonl" else [path.read_text()]:
                try:
                    json.loads(text)
                except ValueError:
                    found.append(name)
        elif path.name == "state.safetensors":
            load_state(path)
        elif path.name == "model.safetensors" and (path.parent / "config.json").exists():
            check_model(path.parent, read_config(path.parent))
        elif path.suffix in (".webp", ".png", ".gif") and path.is_file():
            Image.open(path).verify()
        elif path.suffix in (".npz", ".zip") and zipfile.ZipFile(path).testzip():
            found.append(name)
    return found


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_a_disk_that_is_full_at_each_write(world, places, deed):
    for place in places[deed]:
        waiting = {path.name for path in (world.home / "gradio").glob("*")}
        with FullDisk() as disk, disk.full_at(place):
            try:
                deed(world)
                said = ""
            except Refused as refused:
                said = str(refused)
        if not disk.fired or place_of(place) in QUIET:
            assert not said, (place, said)
        else:
            assert FULL in said and str(world.home) not in said and ".part" not in said, (place, said)
        assert torn(world) == [], place
        assert said == "" or {path.name for path in (world.home / "gradio").glob("*")} <= waiting, place
        for path in ("train/runs", "library/list", "models"):
            world.get(f"studio/{path}")
    if places[deed]:
        deed(world)  # there is room again


def test_every_place_that_writes_was_among_them(places):
    seen = {place for deed in DEEDS for place in places[deed]}
    missed = [
        (name, line, called)
        for (name, line), (called, lines) in all_places().items()
        if not any(name == other and at in lines for other, at in seen)
    ]
    assert not missed, missed


def test_all_that_writes_is_watched():
    """What gan.store.files and gan.store.passing offer for writing stands in WRITERS."""
    written = set()
    for module in (files, passing):
        for node in ast.parse(Path(module.__file__).read_text()).body:
            makes = isinstance(node, ast.FunctionDef) and {"mkdir", "mkdtemp", *WRITERS} & _calls(node)
            if makes and node.name[0] != "_":
                written.add(node.name)
    assert written | {"open_to_write", "write_all"} == set(WRITERS)


def _calls(node: ast.AST) -> set[str]:
    named = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
    return {ast.unparse(func).rpartition(".")[2] for func in named}
