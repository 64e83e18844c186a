"""Every place of the app that writes, on a disk that is full just there: a sentence, nothing torn, and all well as soon
as there is room."""

import ast
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from full_disk import GAN, WRITERS, FullDisk, all_places
from kept_runs import trained
from PIL import Image
from repositories import REPOSITORIES
from run_helpers import pictures
from studio_app import running, small_weights, write_stack
from writing_deeds import DEEDS, FULL, Refused, World, small_png

from gan.evaluation.features import FeatureNet
from gan.evaluation.intervals import Estimate
from gan.evaluation.report import Report
from gan.export.folder import SAMPLES
from gan.store import files, passing
from gan.store.events import read_events, read_lines
from gan.store.model_folder import check_model, read_config
from gan.store.saved_state import load_state
from gan.studio.hub.client import Hub
from gan.studio.runs import budget, spawn
from gan.studio.runs.jobs import Job, RunSpec, write_job
from gan.studio.scores import job as score_job
from gan.studio.scores.feature_networks import save_features

pytestmark = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
# Where the app goes on without what it could not note down: places, by module and function, each with its reason.
QUIET = {
    ("studio/library/recent.py", "_write"): "the list of opened models is a convenience; the log says so",
    ("studio/data/hub_data.py", "_note"): "costs a question to the Hub the next time",
    ("studio/runs/control.py", "touch_watched"): "looking needs no right to write",
    ("studio/atlas.py", "_make"): "an atlas that is not kept is made anew the next time; the log says so",
}


# Not walked here: places, by module and function, each with its reason.
ELSEWHERE = {
    ("studio/data/parquet_tables.py", "pictures_of_tables"): "needs pyarrow; another process fills the file",
    ("studio/data/hub_data.py", "fetch_pictures"): "likewise, where the dataset lies in tables",
}
LEFT_OVER = (".part-", ".converting-", ".fetched-", ".trial-", ".job-", "gan-trial-", "gan-studio-tmp")


def place_of(place) -> tuple[str, str]:
    """The module and the function of a place."""
    name, line = place
    functions = [
        node
        for node in ast.walk(ast.parse((GAN / name).read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.lineno <= line <= node.end_lineno
    ]
    return name, max(functions, key=lambda node: node.lineno).name


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
    Path(given["nearest"]).write_bytes(small_png(1))
    return _child(words, env, **streams)


@pytest.fixture(scope="module")
def home(tmp_path_factory, hub):
    home = tmp_path_factory.mktemp("full")
    pictures(home / "data.npz")
    numbers, labels = np.random.default_rng(0), dict(labels=np.arange(40) % 3, label_names=["digit"])
    np.savez(home / "digits.npz", images=numbers.integers(0, 256, (40, 12, 12, 1), np.uint8), **labels)
    hub.add_repo("ada/stack", write_stack(home / "stack"))
    hub.add_repo("datasets/ada/pictures", {f"{i}.png": small_png(i) for i in range(3)})
    for folder in ("foreign", "tmp"):
        (home / folder).mkdir()
    for name, data in REPOSITORIES["rosinality"].make(home / "tmp").items():
        (home / "foreign" / name).write_bytes(data)
    hub.add_repo("ada/foreign", home / "foreign")
    small_weights(home / "weights")
    (home / "weights" / "cats" / SAMPLES).write_bytes(small_png(1))
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
        if not any(name == other and at in lines for other, at in seen) and place_of((name, line)) not in ELSEWHERE
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
