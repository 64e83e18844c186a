"""Every file that the app writes, damaged in every way: the lists go on with the others whole, the damaged one is
named, nothing is deleted or written over, and mending the file mends what it belongs to."""

import errno
import io
import json
import os
import time
from pathlib import Path

import pytest
from run_helpers import NET, TRAIN, pictures
from studio_app import finished, running, small_weights

from gan.cli.main import main
from gan.store import files
from gan.store.events import read_events, read_lines
from gan.studio.runs.jobs import Job, RunSpec, write_job
from gan.studio.runs.queue import RunQueue

ME = {"X-Visitor": "0123456789abcdef-me"}
OTHER = {"X-Visitor": "0123456789abcdef-other"}
WELL, HURT = "20260101-000000-aaaaaaaa", "20260101-000001-bbbbbbbb"

WAYS = {
    "empty": lambda data: b"",
    "cut": lambda data: data[: len(data) // 2],
    "flipped": lambda data: data[:-2] + bytes([data[-2] ^ 8]) + data[-1:] if len(data) > 1 else b"\x08",
    "random": lambda data: bytes((7 * i * i + 131) % 251 for i in range(500)),
    "wrong kind": lambda data: b"[5]",
    "newer": lambda data: b'{"studio": 2}',
    "missing": lambda data: None,
}
# How each file is named where it is needed: by the list of runs, or by what a person does with the run or the set.
LISTED = ("job.json", "config.json", "status.json", "control.json")
NAMED = {
    "state.safetensors": ("POST", "studio/train/run/{run}/continue", {"steps": 9}),
    "snapshots/0000003/config.json": ("GET", "studio/model?id={run}&rev=3", None),
    "snapshots/0000003/model.safetensors": ("GET", "studio/model?id={run}&rev=3", None),
    "snapshots/0000003/discriminator.safetensors": ("GET", "studio/train/run/{run}/model.zip", None),
    "grids/0000003.webp": ("GET", "studio/train/run/{run}/grid/3.webp", None),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    home = tmp_path_factory.mktemp("damage")
    data, root = pictures(home / "data.npz"), home / "runs"
    train = [f"--{name.replace('_', '-')}={value}" for name, value in TRAIN.items()]
    net = [f"--net={name}={','.join(map(str, v)) if isinstance(v, list) else v}" for name, v in NET.items()]
    for id in (WELL, HURT):
        job = Job(RunSpec(family="mlp", steps=3, train=TRAIN, net=NET), str(data), created=time.time())
        (root / id).mkdir(parents=True)
        write_job(root / id, job)
        words = ["train", f"--out={root / id}", f"--data={data}", "--family=mlp", "--steps=3", "--threads=1"]
        assert main([*words, *train, *net]) == 0
        (root / id / "control.json").write_text('{"want": "run", "since": 0.0, "changes": []}\n')
    with running(small_weights(home / "weights"), runs=root) as app:
        app.studio.workshop.supervisor._closed.set()  # nobody moves the line: these runs are looked at only
        yield app


@pytest.fixture
def ask(app):
    def ask(method: str, path: str, body: dict | None = None, headers: dict = ME) -> tuple[int, bytes]:
        status, data, _ = app.ask(path, (body or {}) if method == "POST" else None, headers, seconds=60)
        return status, data

    return ask


@pytest.fixture
def root(app) -> Path:
    return app.studio.workshop.supervisor.root


@pytest.fixture(autouse=True)
def mended(app, root):
    """Whatever a test that fails leaves damaged is whole for the next."""
    before = contents(root / HURT)
    yield
    for name, whole in before.items():
        (root / HURT / name).write_bytes(whole)
    RunQueue(root).leave(HURT)


def rows(ask) -> dict[str, dict]:
    status, data = ask("GET", "studio/train/runs")
    assert status == 200, data
    return {row["id"]: row for row in json.loads(data)["runs"]}


def all_well(ask) -> None:
    """Everybody else goes on."""
    assert rows(ask)[WELL]["status"] == "done"
    assert ask("GET", f"studio/train/run/{WELL}")[0] == ask("GET", "studio/library/list")[0] == 200
    assert ask("POST", "studio/train/set", {}, OTHER)[0] == 200


def contents(folder: Path) -> dict[str, bytes]:
    """All files but locks and what only says that somebody looked."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("watched", ".lock")
    }


def damage(file: Path, way: str) -> None:
    after = WAYS[way](file.read_bytes())
    file.unlink() if after is None else file.write_bytes(after)


@pytest.mark.parametrize("way", WAYS)
def test_every_file_of_a_run(ask, root, way):
    folder = root / HURT
    before, view = contents(folder), json.loads(ask("GET", f"studio/train/run/{HURT}")[1])
    for name in before:
        file, whole = folder / name, before[name]
        damage(file, way)
        hurt = contents(folder)
        all_well(ask)
        row = rows(ask)[HURT]  # it is shown, whatever it lost
        if name in LISTED and (way not in ("missing", "newer", "flipped") or (name, way) == ("config.json", "missing")):
            assert row["status"] == "unreadable" and f"{name} of {HURT}" in row["sentence"], (name, row["sentence"])
            status, said = ask("POST", f"studio/train/run/{HURT}/continue", {"steps": 9})
            assert status == 400 and name in said.decode(), said
        if name == "events.jsonl":
            assert ask("GET", f"studio/train/run/{HURT}?watch=1")[0] == 200
            assert (read_events(read_lines(file))[1] > 0) == (way not in ("missing", "empty")), way
        if name in NAMED and (name, way) != ("grids/0000003.webp", "flipped"):  # WebP has no checksum
            method, path, body = NAMED[name]
            status, said = ask(method, path.format(run=HURT), body)
            named = (
                Path(name).name in said.decode()
                or "was not kept" in said.decode()
                or "no grid of step 3" in said.decode()
            )
            assert status == 400 and named, (name, said)
        assert contents(folder) == hurt, name  # nothing was deleted, mended in secret, or written over
        file.write_bytes(whole)
    assert contents(folder) == before
    again = json.loads(ask("GET", f"studio/train/run/{HURT}")[1])
    assert again == view, "mending the files mends the run"


def test_lines_that_are_no_events_are_counted_on_the_page(ask, root):
    with (root / HURT / "events.jsonl").open("ab") as file:
        file.write(b'5\n{"kind": "mood", "step": 3}\n\xff\n')
    notes = json.loads(ask("GET", f"studio/train/run/{HURT}")[1])["notes"]
    assert notes == ["3 lines of events.jsonl cannot be read, and are left out here."]


@pytest.mark.parametrize(
    "name, values",
    [
        ("job.json", {"created": None}),
        ("job.json", {"spec": 5}),
        ("job.json", {"spec": {"family": "mlp", "train": None}}),
        ("job.json", {"data": ["x"]}),
        ("status.json", {"train": None}),
        ("status.json", {"step": "many"}),
        ("status.json", {"heartbeat": "now"}),
        ("control.json", {"changes": [5]}),
        ("control.json", {"want": 5}),
        ("config.json", {"about": 5}),
        ("config.json", {"train": {"wings": 2}}),
        ("config.json", {"classes": "none"}),
        ("config.json", {"studio": 2}),
    ],
)
def test_values_of_a_wrong_kind(ask, root, name, values):
    file = root / HURT / name
    whole = file.read_bytes()
    file.write_text(json.dumps({**json.loads(whole), **values}))
    try:
        all_well(ask)
        row = rows(ask)[HURT]
        assert row["status"] == "unreadable" and f"{name} of {HURT} cannot be read" in row["sentence"]
    finally:
        file.write_bytes(whole)
    assert rows(ask)[HURT]["status"] == "done"


def test_unknown_keys_are_kept_where_a_run_goes_on(ask, root, app):
    file = root / HURT / "job.json"
    whole = file.read_bytes()
    told = json.loads(whole)
    file.write_text(json.dumps({**told, "colour": "red", "spec": {**told["spec"], "mood": "fine", "title": "Mine"}}))
    try:
        assert rows(ask)[HURT]["title"] == "Mine"
        supervisor = app.studio.workshop.supervisor
        supervisor._move_on, kept = (lambda: None), supervisor._move_on
        try:
            assert ask("POST", f"studio/train/run/{HURT}/continue", {"steps": 9})[0] == 200
        finally:
            supervisor._move_on = kept
        now = json.loads(file.read_text())
        assert (now["colour"], now["spec"]["mood"], now["spec"]["title"], now["spec"]["steps"]) == (
            "red",
            "fine",
            "Mine",
            9,
        )
        assert now["created"] == told["created"] and RunQueue(root).leave(HURT)
    finally:
        file.write_bytes(whole)


@pytest.mark.parametrize("way", WAYS)
def test_every_file_of_a_set(ask, root, way):
    id = json.loads(ask("POST", "studio/train/set")[1])["id"]
    set = root / ".sets" / id
    from PIL import Image

    for i in range(3):
        png = io.BytesIO()
        Image.new("RGB", (8, 8), (80 * i, 0, 0)).save(png, "PNG")
        app_ask = ask.__closure__[0].cell_contents
        assert app_ask.ask(f"studio/train/set/{id}/file?name=a{i}.png", png.getvalue(), ME)[0] == 200
    ask("POST", f"studio/train/set/{id}/read", {"side": 8})
    finished("pictures")
    before, well = contents(set), json.loads(ask("GET", f"studio/train/set/{id}")[1])
    assert well["status"] == "ready"
    for name, whole in before.items():
        damage(set / name, way)
        hurt = contents(set)
        all_well(ask)
        status, said = ask("GET", f"studio/train/set/{id}")
        if name == "set.json" and way != "flipped":
            assert status == 400 and ("set.json" in said.decode() or way == "missing"), said
        if name == "report.json" and way not in ("missing", "flipped"):
            assert "report.json" in said.decode(), said
        if name == "data.npz":
            status, said = ask("GET", f"studio/train/set/{id}/sheet.webp")
            assert status == 400 or way == "flipped", (status, said)
        assert contents(set) == hurt, name
        (set / name).write_bytes(whole)
    assert json.loads(ask("GET", f"studio/train/set/{id}")[1]) == well


@pytest.mark.parametrize("name", ["job.json", "config.json", "status.json", ".lock", "."])
def test_a_file_that_nobody_here_may_read(ask, root, monkeypatch, name):
    """Permissions do not bite the root of a container, so the system's answer is made up where files are opened."""
    out_of_reach, really, really_os, really_stat = root / HURT / name, io.open, os.open, os.stat

    def refused(path) -> bool:
        path = Path(os.fspath(path)) if isinstance(path, (str, os.PathLike)) else Path()
        return path.parent == out_of_reach if name == "." else path == out_of_reach

    def guard(call):
        def guarded(path, *args, **keywords):
            if refused(path):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            return call(path, *args, **keywords)

        return guarded

    monkeypatch.setattr(io, "open", guard(really))
    monkeypatch.setattr(os, "open", guard(really_os))
    if name == ".":
        monkeypatch.setattr(os, "stat", guard(really_stat))
    all_well(ask)
    row = rows(ask)[HURT]
    assert row["status"] == "unreadable" and "Permission denied" in row["sentence"], row
    assert str(root) not in row["sentence"]
    monkeypatch.undo()
    assert rows(ask)[HURT]["status"] == "done"


def test_looking_never_needs_the_right_to_write(ask, root, monkeypatch):
    really = os.open

    def read_only(path, flags, *args, **keywords):
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and str(path).startswith(str(root)):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return really(path, flags, *args, **keywords)

    monkeypatch.setattr(os, "open", read_only)
    assert {row["status"] for row in rows(ask).values()} == {"done"}
    for path in (
        f"train/run/{HURT}?watch=1",
        f"model?id={HURT}&rev=3",
        f"train/run/{HURT}/grid/3.webp",
        "library/list",
    ):
        status, data = ask("GET", f"studio/{path}")
        assert status == 200, (path, data)
    for act, body in (("continue", {"steps": 9}), ("branch", {"step": 3}), ("delete", {})):
        status, said = ask("POST", f"studio/train/run/{HURT}/{act}", body)
        assert status == 400 and "Read-only file system" in said.decode(), (act, said)
    monkeypatch.undo()
    assert not RunQueue(root).tickets() and rows(ask).keys() == {WELL, HURT}


def test_a_refused_start_is_not_in_the_line(ask, root, monkeypatch):
    def full(path, flags, mode=0o666):
        if ".line" in str(path):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return os.open(path, flags, mode)

    monkeypatch.setattr(files, "open_to_write", full)
    status, said = ask("POST", f"studio/train/run/{HURT}/branch", {"step": 3})
    assert status == 400 and "No space left" in said.decode()
    assert rows(ask).keys() == {WELL, HURT}


def test_a_status_that_could_not_be_written_is_told_from_the_log(ask, root):
    """The disk was full: what ended the run stands in its log alone. How far it was is no reason."""
    status, log = root / HURT / "status.json", root / HURT / "log.txt"
    whole = status.read_bytes()
    status.write_text(json.dumps({**json.loads(whole), "status": "running", "heartbeat": time.time() - 60}))
    try:
        for words, told in (("state.safetensors cannot be written: No space left on device.", True), ("", False)):
            log.write_text(f"[##########          ]  50 %  step 12\n{words}\n")
            row = rows(ask)[HURT]
            assert row["status"] == "interrupted" and "cut off" in row["sentence"]
            assert ("No space left on device" in row["sentence"]) == told and "50 %" not in row["sentence"]
    finally:
        status.write_bytes(whole)
        log.unlink()
    assert rows(ask)[HURT]["status"] == "done"


def test_strangers_in_the_line(ask, root):
    line = root / ".line"
    line.mkdir(exist_ok=True)
    for name in ("README", ".DS_Store", "5", "x.y"):
        (line / name).touch()
    all_well(ask)
    assert sorted(path.name for path in line.iterdir()) == [".DS_Store", "5", "README", "x.y"]


def test_the_folder_of_the_runs_is_away(ask, root):
    away = root.with_name("away")
    root.rename(away)
    try:
        status, said = ask("GET", "studio/train/runs")
        assert status == 400 and "The folder of the runs, runs, cannot be read" in said.decode()
    finally:
        away.rename(root)
    assert rows(ask)[WELL]["status"] == "done"
