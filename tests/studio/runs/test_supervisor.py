"""Runs by real worker processes: queues, wishes, kills and restarts. Nothing here waits for a fixed time."""

import contextlib
import contextvars
import dataclasses
import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import run_helpers as small
import torch
from run_helpers import ENDLESS, kill, pictures, spec, wait, wait_for
from safetensors.torch import load_file

from gan.cli.main import main
from gan.errors import StudioError
from gan.store.model_config import ModelConfig
from gan.store.model_folder import read_config, write_model
from gan.store.run_folder import Run
from gan.store.run_settings import RunSettings
from gan.studio.runs import line, spawn
from gan.studio.runs.control import Status, write_status
from gan.studio.runs.jobs import Job, RunSpec, read_job, spec_from_values, write_job
from gan.studio.runs.line import MOST_OF_ADDRESS
from gan.studio.runs.locks import RunLock
from gan.studio.runs.pins import kept_fixed
from gan.studio.runs.spawn import train_words
from gan.studio.runs.supervisor import Supervisor
from gan.studio.runs.watch import Watches
from gan.studio.visitors import comes_from
from gan.training.records import ChangeRecord

ROOT = Path(__file__).resolve().parents[3]
ONE = "20260101-000000-00000000"


@pytest.fixture
def data(tmp_path):
    return pictures(tmp_path / "pictures.npz")


@pytest.fixture
def workers(tmp_path):
    made = Supervisor(tmp_path / "runs")
    yield made
    small.end_all(made)


def played_alone(job, out: Path, steps: int) -> Run:
    """The same run by the command line, never interrupted."""
    out.mkdir()
    write_job(out, dataclasses.replace(job, spec=dataclasses.replace(job.spec, steps=steps)))
    assert main(["train", f"--job={out}"]) == 0
    return Run.open(out)


def same(first: Path, second: Path) -> None:
    one, two = (load_file(folder / "state.safetensors") for folder in (first, second))
    assert one.keys() == two.keys() and [name for name in one if not torch.equal(one[name], two[name])] == []
    assert (first / "events.jsonl").read_bytes() == (second / "events.jsonl").read_bytes()


# Kills


@pytest.mark.parametrize("family, net", [("mlp", small.NET), ("dcgan", dict(width=1, z_dim=4))])
def test_a_killed_worker_loses_only_steps_and_another_app_finds_the_run(workers, tmp_path, family, net):
    """Pause, which saves; go on; SIGKILL: the run continues from the pause, to the very numbers of a run left alone."""
    data = pictures(tmp_path / "pictures.npz", side=16 if family == "dcgan" else 8)
    id = workers.start(spec(ENDLESS, family=family, net=net, save_minutes=60.0), data)
    wait(workers, id, lambda s: s.step >= 2)
    workers.pause(id)
    paused = wait_for(workers, id, "paused")
    assert paused.saved == paused.step >= 2 and paused.sentence == f"Paused at step {paused.step}."
    workers.resume(id)
    wait(workers, id, lambda s: s.step > paused.step + 2)
    cut = kill(workers, id)
    assert cut.status == "interrupted" and cut.saved == paused.step and cut.pid is None
    assert cut.sentence == f"It was cut off after step {cut.step}; all up to step {cut.saved} is saved."
    events = Run.open(workers.root / id).steps()
    assert events[-1].step > cut.saved  # what is lost happens again

    again = Supervisor(workers.root)
    assert [s.id for s in again.list()] == [id] and again.state(id).status == "interrupted"
    again.continue_(id, steps=events[-1].step + 5)
    done = wait_for(again, id, "done")
    assert done.step == events[-1].step + 5 and done.until == done.step and done.minutes > cut.minutes
    run = played_alone(read_job(again.root / id), tmp_path / "alone", done.step)
    same(again.root / id, run.path)
    assert [r.step for r in run.steps()] == list(range(1, done.step + 1)) and run.steps()[: len(events)] == events


def test_a_killed_app_leaves_its_worker_and_its_line(tmp_path, data):
    """A program starts one run and lines up another, and is killed; the next one takes both over."""
    code = """
import os, signal, sys
from pathlib import Path
import run_helpers as small
from gan.studio.runs.spawn import train_words
from gan.studio.runs.supervisor import Supervisor
workers = Supervisor(Path(sys.argv[1]))
print(*[workers.start(small.spec(steps), Path(sys.argv[2])) for steps in (small.ENDLESS, 3)], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, Path(__file__).parents[1])))}
    app = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "runs", data], env=env, text=True, stdout=subprocess.PIPE
    )
    assert app.returncode == -signal.SIGKILL
    first, second = app.stdout.split()
    workers = Supervisor(tmp_path / "runs").watch(0.05)
    try:
        assert {s.id: s.status for s in workers.list()} == {first: "running", second: "waiting"}
        wait(workers, first, lambda s: s.step > 0)
        workers.stop(first)
        assert wait_for(workers, first, "stopped").sentence.startswith("Stopped at step")
        assert wait_for(workers, second, "done").step == 3
    finally:
        small.end_all(workers)


def test_a_worker_killed_before_it_began_begins_anew(workers, data):
    id = workers.start(spec(3), data)
    cut = kill(workers, id)
    assert (cut.status, cut.step) == ("interrupted", 0)
    settings = RunSettings(str(data), None, None, "mlp", {}, {}, (), {})
    Run.create(workers.root / id, settings)  # killed a little later: before anything was saved
    workers.continue_(id)
    assert wait_for(workers, id, "done").step == 3


def test_a_run_that_broke_at_its_last_step_is_continued_to_its_model(workers, data):
    """As where the disk was full: all is saved, and the final snapshot is missing."""
    run = played_alone(Job(spec(2), str(data)), workers.root / ONE, 2)
    whole, facts = run.snapshot_path(2).rename(workers.root / ".whole"), run.events()
    write_status(run.path, Status(status="failed", step=2, saved=2, until=2))
    with pytest.raises(StudioError, match="is at step 2 already"):
        workers.continue_(ONE, steps=1)
    lock = RunLock.take(busy_run(workers.root, "20260101-000000-00000001"))  # so that it waits, and is made here
    workers.continue_(ONE)
    assert workers.line.leave(ONE)
    lock.release()
    assert main(["train", f"--job={run.path}"]) == 0
    assert workers.state(ONE).status == "done" and run.events() == facts
    for file in ("model.safetensors", "discriminator.safetensors"):
        assert (run.snapshot_path(2) / file).read_bytes() == (whole / file).read_bytes()
    with pytest.raises(StudioError, match="is at step 2 already"):
        workers.continue_(ONE, steps=2)


# The line, wishes and owners


def test_one_at_a_time_and_the_others_wait_in_order(workers, data):
    first = workers.start(spec(ENDLESS, save_minutes=60.0, train=dict(record_every=1000)), data, "ann")
    second, third = (workers.start(spec(3), data, owner) for owner in ("bob", "cy"))
    assert [workers.state(id).position for id in (first, second, third)] == [0, 1, 2]
    assert workers.state(third).sentence == "It comes after 1 other." and workers.state(third).until == 3
    with pytest.raises(StudioError, match="One of your runs is waiting in line already"):
        workers.start(spec(3), data, "bob")
    assert len(workers.list()) == 3
    for act in (workers.stop, workers.pause, workers.resume, workers.continue_, workers.delete):
        with pytest.raises(StudioError, match="Only whoever started this run can do that"):
            act(first, "bob")
    with pytest.raises(StudioError, match="Only whoever"):
        workers.change(first, {"g_lr": 0.1}, "bob")
    assert workers.owns(first, "ann") and not workers.owns(first, "bob") and workers.owns(first, None)
    assert "ann" not in (workers.root / first / "job.json").read_text()

    workers.stop(second, "bob")
    assert workers.state(second).status == "stopped" and workers.state(third).position == 1
    workers.delete(third, "cy")
    assert {s.id for s in workers.list()} == {first, second}
    with pytest.raises(StudioError, match="There is no run called"):
        workers.state(third)
    workers.continue_(second, "bob")
    assert workers.state(second).position == 1

    running = wait(workers, first, lambda s: s.step > 0 and s.speed > 0)
    assert running.status == "running" and running.memory > 2**20 and running.seconds_left > 0
    assert os.getpriority(os.PRIO_PROCESS, running.pid) >= spawn._NICE > 0 and small.USUAL_NICE >= 10
    assert os.getsid(running.pid) == running.pid
    with pytest.raises(StudioError, match="being worked on"):
        workers.delete(first, "ann")
    with pytest.raises(StudioError, match="has not ended"):
        workers.continue_(first, "ann")

    workers.change(first, {"g_lr": 0.01, "loss": "hinge"}, "ann")
    workers.change(first, {"d_lr": 0.02}, "ann")
    changed = wait(workers, first, lambda s: s.applied == 2)
    assert (changed.train["g_lr"], changed.train["loss"], changed.train["d_lr"]) == (0.01, "hinge", 0.02)
    for fields, sentence in (({"g_lr": 7}, "g_lr must lie between"), ({"seed": 3}, "seed of a run"), ({"x": 1}, "x")):
        with pytest.raises(StudioError, match=sentence):
            workers.change(first, fields, "ann")

    kill(workers, first)  # the changes were saved as they were made
    wait_for(workers, second, "done")
    workers.change(first, {"penalty_weight": 2.0}, "ann")  # is made when it goes on
    last = [r for r in Run.open(workers.root / first).events() if isinstance(r, ChangeRecord)][-1].step
    workers.continue_(first, "ann", steps=last + 3)
    wait_for(workers, first, "done")
    changes = [r.changes for r in Run.open(workers.root / first).events() if isinstance(r, ChangeRecord)]
    assert changes == [{"g_lr": 0.01, "loss": "hinge"}, {"d_lr": 0.02}, {"penalty_weight": 2.0}]
    with pytest.raises(StudioError, match="ended already"):
        workers.stop(first, "ann")
    with pytest.raises(StudioError, match="is done"):
        workers.continue_(first, "ann")
    workers.delete(first, "ann")
    assert not (workers.root / first).exists()


def test_a_change_that_is_refused_is_told_until_the_next_one(workers, data):
    first = workers.start(spec(ENDLESS, train=dict(accumulate=2)), data)
    wait(workers, first, lambda s: s.step > 0)
    workers.change(first, {"batch_size": 7})
    refused = wait(workers, first, lambda s: s.applied == 1)
    assert refused.sentence.startswith("Refused: A batch of 7 cannot be cut into 2 equal parts.")
    assert wait(workers, first, lambda s: s.step > refused.step).sentence == refused.sentence
    workers.pause(first)
    paused = wait_for(workers, first, "paused")
    assert paused.sentence == f"Paused at step {paused.step}. {refused.sentence}"
    workers.change(first, {"batch_size": 8})
    assert wait(workers, first, lambda s: s.applied == 2).sentence in ("", f"Paused at step {paused.step}.")


def test_a_long_pause_gives_way_to_those_who_wait(workers, data):
    workers.line.pause_minutes = 0
    first = workers.start(spec(ENDLESS), data)
    wait(workers, first, lambda s: s.step > 0)
    workers.pause(first)
    wait_for(workers, first, "paused")
    workers.tend()
    assert workers.state(first).status == "paused"  # nobody waits
    second = workers.start(spec(2), data)
    wait_for(workers, first, "stopped")
    wait_for(workers, second, "done")


def test_a_branch_starts_from_a_snapshot_with_the_settings_in_force(workers, data):
    first = workers.start(spec(4, snapshot_steps=2, title="Tiny", train=dict(g_lr=0.003)), data)
    wait_for(workers, first, "done")
    with pytest.raises(StudioError, match="Step 3 of this run was not kept"):
        workers.branch(first, 3)
    second = workers.branch(first, 2, steps=1)
    wait_for(workers, second, "done")
    workers.delete(first)
    run = workers.run(second)
    assert run.settings.base == f"{first} at step 2" and run.settings.train["g_lr"] == 0.003
    assert run.settings.about["title"] == "Tiny" and workers.state(second).parent == first
    assert Path(run.settings.data).exists()  # its own, whatever became of the first


def test_a_branch_takes_no_change_that_was_made_after_its_step(workers, data):
    first = workers.start(spec(2, snapshot_steps=2, train=dict(g_lr=0.003)), data)
    wait_for(workers, first, "done")
    workers.change(first, {"g_lr": 0.03})  # at step 2, for what comes after
    workers.continue_(first, steps=4)
    wait_for(workers, first, "done")
    rates = [read_job(workers.root / workers.branch(first, step, steps=1)).spec.train["g_lr"] for step in (2, 4)]
    assert rates == [0.003, 0.03]


def test_who_is_alone_may_line_up_several_runs(tmp_path, data):
    workers = Supervisor(tmp_path / "runs", one_each=False)
    lock = RunLock.take(busy_run(workers.root))
    ids = [workers.start(spec(1), data, "ann") for _ in range(2)]
    assert [workers.state(id).position for id in ids] == [1, 2] and all(workers.owns(id, "ann") for id in ids)
    for id in ids:
        workers.stop(id)
    lock.release()


def test_each_graphics_card_has_a_line_of_its_own(tmp_path, data, monkeypatch):
    """On a machine made up of two cards, whose workers hold their runs and do nothing: "auto" is the one with the
    fewest runs, and of a run by hand that an earlier version left it is the first."""
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda check_available=False: torch.device("cuda"))
    monkeypatch.setattr(torch.accelerator, "device_count", lambda: 2)
    started = []
    monkeypatch.setattr(line, "start_worker", lambda folder: started.append((folder.name, RunLock.take(folder))))
    workers = Supervisor(tmp_path / "runs", one_each=False)
    ids = [workers.start(spec(1, device=device), data) for device in ("auto", "auto", "auto", "cuda:1", "cuda")]
    kinds = [read_job(workers.root / id).kind for id in ids]
    assert kinds == ["cuda:0", "cuda:1", "cuda:0", "cuda:1", "cuda:0"]
    assert [id for id, _ in started] == ids[:2] and [workers.state(id).position for id in ids[2:]] == [1, 1, 2]
    started[1][1].release()  # the second card is free
    workers.tend()
    assert [id for id, _ in started[2:]] == [ids[3]]
    with pytest.raises(StudioError, match="'cuda:2' cannot be used here"):
        workers.start(spec(1, device="cuda:2"), data)
    for _, lock in (started[0], started[2]):
        lock.release()


def test_a_job_of_a_version_that_knew_one_card(tmp_path):
    job = Job(spec(1), "x.npz", kind="cuda")
    write_job(tmp_path, job)
    assert read_job(tmp_path).kind == "cuda:0"


def test_nobody_sees_where_the_base_of_a_run_lies(workers, tmp_path, data):
    base = workers.start(spec(1), data)
    wait_for(workers, base, "done")
    folder = workers.run(base).snapshot_path(1).rename(tmp_path / "secret-place")
    words = [
        f"--base={folder}",
        f"--data={data}",
        "--steps=1",
        "--batch-size=4",
        "--device=cpu",
        f"--out={workers.root / ONE}",
    ]
    assert main(["train", *words]) == 0
    lined = workers.start(RunSpec(base=str(folder), device="cpu", steps=1, train=small.TRAIN), data)
    assert workers.run(ONE).settings.base == str(folder)
    for told in (workers.state(ONE).model, workers.state(lined).model, Watches(workers.root).view(ONE)["base"]):
        assert told == "secret-place"
    wait_for(workers, lined, "done")


def test_pins_go_to_the_worker_and_on_to_branches(workers, data):
    """The base is a run's snapshot, which recipes call by the name that the spec has."""
    first = workers.start(spec(2, snapshot_steps=1), data)
    wait_for(workers, first, "done")
    base = str(workers.run(first).snapshot_path(1))
    tuned = RunSpec(base=base, device="cpu", steps=2, snapshot_steps=1, train=small.TRAIN)
    pins = [dict(model=base, seed=7, psi=0.5), dict(model="another"), dict(model=base, seed=8, directions=[1.0])]
    with pytest.raises(StudioError, match="psi must lie"):
        workers.start(tuned, data, pins=[dict(model=base, psi=9)])
    second = workers.start(tuned, data, pins=pins)
    wait_for(workers, second, "done")
    third = workers.branch(second, 1)
    wait_for(workers, third, "done")
    assert len(kept_fixed(workers.root / second)) == 2 and kept_fixed(workers.root / second).psi.tolist() == [0.5, 1.0]
    mine, theirs = (load_file(workers.root / id / "fixed.safetensors") for id in (second, third))
    assert mine.keys() == theirs.keys() and all(torch.equal(mine[name], theirs[name]) for name in mine)
    mine, theirs = (json.loads((workers.root / id / "pins.json").read_text()) for id in (second, third))
    assert mine == theirs and [pin["seed"] for pin in theirs] == [7, 8]
    assert kept_fixed(workers.root / first) is None


# Going wrong


def test_who_looks_at_a_run_keeps_it_from_nothing(workers, data, monkeypatch):
    """A look holds the lock, too: whoever would start the run, or have the last word on it, waits until it is over."""
    before = RunLock.take(busy_run(workers.root))
    one, two = (workers.root / workers.start(spec(1), data) for _ in range(2))
    monkeypatch.setattr(spawn, "train_words", lambda folder: ["true"])

    @contextlib.contextmanager
    def looked_at(folder: Path):
        """Until somebody waits for it to be over."""
        with (folder / ".lock").open("a+") as file, monkeypatch.context() as patch:
            fcntl.flock(file, fcntl.LOCK_SH)
            patch.setattr("gan.studio.runs.locks.time.sleep", lambda seconds: fcntl.flock(file, fcntl.LOCK_UN))
            yield

    before.release()
    with looked_at(one):
        workers.tend()
    assert (one / ".lock").read_text().strip().isdigit(), "no worker was started"
    with looked_at(two):
        workers.stop(two.name)
    assert workers.state(two.name).sentence == "Taken out of the line."


def test_a_run_that_cannot_be_made_says_why(workers, tmp_path, data):
    id = workers.start(spec(3, family="dcgan", net={}), data)  # 8 pixels are too few for it
    wait(workers, id, lambda s: s.status == "failed")
    assert workers.state(id).sentence.startswith("side must lie between 16 and 128, not 8.")
    (workers.root / id / "status.json").unlink()
    assert workers.state(id).sentence.startswith("side must lie")  # then the log's last line tells it
    with pytest.raises(StudioError, match="no longer there"):
        workers.start(spec(3), tmp_path / "gone.npz")
    assert len(workers.list()) == 1


def test_the_line_is_bounded(tmp_path, data):
    workers = Supervisor(tmp_path / "runs", most_waiting=2)
    lock = RunLock.take(busy_run(workers.root))
    ids = [workers.start(spec(1), data, str(i)) for i in range(2)]
    with pytest.raises(StudioError, match="2 runs are waiting in line already"):
        workers.start(spec(1), data, "late")
    for id in ids:
        workers.stop(id)
    lock.release()


def test_made_up_tokens_of_one_address_leave_room_for_others(tmp_path, data):
    """Many visitors of one address have a part of the line, and whoever must wait hears for how long."""
    workers = Supervisor(tmp_path / "runs")
    folder = busy_run(workers.root)
    lock = RunLock.take(folder)
    write_status(folder, Status(status="running", seconds_left=200.0))
    asking = contextvars.copy_context()
    asking.run(comes_from, "192.0.2.7")
    ids = [asking.run(workers.start, spec(1), data, f"made-up-{i}") for i in range(MOST_OF_ADDRESS)]
    with pytest.raises(StudioError, match="from your address wait in line already. Try again in about 4 minutes"):
        asking.run(workers.start, spec(1), data, "another")
    ids.append(workers.start(spec(1), data, "from elsewhere"))
    for id in ids:
        workers.stop(id)
    lock.release()


def busy_run(root: Path, id: str = ONE) -> Path:
    """A folder that looks like a run of the command line; who locks it works on it."""
    folder = root / id
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    return folder


@pytest.mark.parametrize("id", ["", "..", "../runs", ".line", ".lock", "a/b", "a\0b", "x" * 200, "nobody", None, 3])
def test_ids_that_are_none(workers, id):
    for ask in (workers.state, workers.stop, workers.delete, workers.run, workers.continue_):
        with pytest.raises(StudioError, match="There is no run called"):
            ask(id)


@pytest.mark.parametrize(
    "values, sentence",
    [
        (dict(), "from a family of networks or from a base"),
        (dict(family="mlp", base="cats"), "or from a base"),
        (dict(family="gan"), "family cannot be"),
        (dict(family="mlp", steps=0), "steps must lie"),
        (dict(family="mlp", steps="many"), "whole number"),
        (dict(family="mlp", minutes=-1.0), "minutes must lie"),
        (dict(family="mlp", out="/etc"), "no setting called 'out'"),
        (dict(family="mlp", train={"g_lr": "fast"}), "g_lr must be a number"),
        (dict(family="mlp", train=3), "called 'train'"),
        (dict(family="mlp", train={"--out": 3}), "There is no setting called '--out'"),
        (dict(family="mlp", net={"a b": 3}), "no setting called 'a b'"),
        (dict(base="cats", net={"z_dim": 3}), "base decides"),
        (dict(family="mlp", title="x" * 2000), "title has 2,000 letters"),
        (dict(family="mlp", title="a\0b"), "letters that are"),
        (dict(family="mlp", summary="\ud800"), "letters that are none"),
        (dict(family="mlp", net={"hidden": "\0"}), "letters"),
    ],
)
def test_specs_that_are_refused(values, sentence):
    with pytest.raises(StudioError, match=sentence):
        spec_from_values(values)


def test_words_stay_words(workers, data):
    """No shell, and nothing that a person types becomes an option."""
    evil = "--out=/tmp/x; touch pwned $(touch pwned)\n-x"
    hostile = RunSpec(
        family="mlp", title=evil, grid_seconds=2.5, train=dict(augment=[], mirror=True), net=dict(hidden=[8, 8])
    )
    lock = RunLock.take(busy_run(workers.root))  # so that it waits
    job = read_job(workers.root / workers.start(hostile, data))
    assert job.spec == hostile
    assert train_words(Path("/r"))[1:] == ["-m", "gan", "train", "--job=/r"]
    assert json.loads((workers.root / workers.list()[0].id / "job.json").read_text())["data"].endswith("data/data.npz")
    lock.release()


def test_a_base_that_has_no_discriminator_gets_one_and_a_branch_warms_up_no_longer_than_it_has_to(
    workers, tmp_path, data
):
    torch.manual_seed(0)
    config = ModelConfig("mlp", dict(image_shape=[1, 8, 8], hidden=[8, 16], z_dim=4))
    alone = write_model(tmp_path / "alone", config, config.build_generator())
    train = small.TRAIN | dict(warmup_steps=3)
    id = workers.start(RunSpec(base=str(alone), device="cpu", steps=4, snapshot_steps=2, train=train), data)
    wait_for(workers, id, "done")
    run = workers.run(id)
    assert run.settings.discriminator == dict(image_shape=[1, 8, 8], num_classes=0, hidden=[16, 8])
    assert read_config(run.path / "snapshots" / "0000004").discriminator == run.settings.discriminator
    branch = workers.branch(id, 2, steps=1)
    wait_for(workers, branch, "done")
    assert workers.run(branch).settings.train["warmup_steps"] == 1


def test_a_base_that_is_nowhere(workers, tmp_path, data):
    with pytest.raises(StudioError, match="nowhere"):
        workers.start(RunSpec(base=str(tmp_path / "nowhere")), data)
