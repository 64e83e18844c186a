"""`python -m gan runs`: what a person and a program see of the runs below a folder."""

import json
from pathlib import Path

import numpy as np
import pytest

from gan.studio.runs.jobs import Job, RunSpec, write_job
from gan.studio.runs.locks import RunLock
from gan.studio.runs.queue import RunQueue

SMALL = "--family mlp --net hidden=8 --net z_dim=4 --batch-size 4 --record-every 1 --grid-every 0 --grid-size 4"


@pytest.fixture
def digits(tmp_path):
    """Twelve grey pictures of 8 pixels."""
    path = tmp_path / "digits.npz"
    np.savez(path, images=np.random.RandomState(0).randint(0, 256, (12, 8, 8), dtype=np.uint8))
    return path


def waiting(name: str, created: float, **spec) -> None:
    folder = Path("runs") / name
    folder.mkdir(parents=True)
    write_job(folder, Job(RunSpec(**spec), "pictures.npz", created=created))
    RunQueue(Path("runs")).join(name)


def test_runs_as_a_person_sees_them(gan, digits):
    assert gan(f"train --data {digits} {SMALL} --steps 3 --out runs/one --title Tiny").status == 0
    waiting("first", 1.0, family="mlp", steps=7)
    waiting("second", 2.0, base="cats", title="Ünï\n\x9b31mred")
    done = gan("runs")
    assert done.status == 0 and done.err == ""
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines] == ["ID", "one", "second", "first"]
    assert lines[0].split() == ["ID", "STATUS", "STEP", "MODEL", "MINUTES", "SAYS"]
    assert "done" in lines[1] and "3 of 3" in lines[1] and "Tiny" in lines[1] and lines[1].endswith("Done at step 3.")
    assert "waiting (2)" in lines[2] and "It comes after 1 other." in lines[2] and "\x9b" not in done.out
    assert "waiting (1)" in lines[3] and "0 of 7" in lines[3] and "It is next in line." in lines[3]


def test_runs_as_a_program_sees_them(gan, digits):
    assert gan(f"train --data {digits} {SMALL} --steps 3 --out mine/one --g-lr 0.001").status == 0
    (one,) = json.loads(gan("runs --root mine --json").out)
    assert (one["id"], one["status"], one["step"], one["saved"], one["until"], one["model"]) == (
        "one",
        "done",
        3,
        3,
        3,
        "mlp",
    )
    assert one["train"]["g_lr"] == 0.001 and one["pid"] is None and one["position"] == 0 and one["created"] > 0


def test_states_of_runs_that_nobody_works_on(gan, digits):
    assert gan(f"train --data {digits} {SMALL} --steps 3 --out runs/one").status == 0
    status = Path("runs/one/status.json")
    told = json.loads(status.read_text())
    status.write_text(json.dumps({**told, "status": "running", "step": 9, "sentence": ""}))
    assert "interrupted" in gan("runs").out and "cut off after step 9; all up to step 3 is saved" in gan("runs").out
    status.unlink()  # an earlier version wrote none
    assert "stopped" in gan("runs").out
    lock = RunLock.take(Path("runs/one"))
    assert "running" in gan("runs").out and "Starting." in gan("runs").out
    lock.release()


def test_a_run_that_another_process_works_on_is_left_alone(gan, digits):
    assert gan(f"train --data {digits} {SMALL} --steps 3 --out runs/one").status == 0
    lock, before = RunLock.take(Path("runs/one")), Path("runs/one/events.jsonl").read_bytes()
    done = gan("train --resume --steps 5 --out runs/one")
    assert done.status == 2 and done.err.startswith("Another process is working on the run one.")
    assert Path("runs/one/events.jsonl").read_bytes() == before
    lock.release()
    assert gan("train --resume --steps 5 --out runs/one").status == 0


def test_no_runs(gan):
    done = gan("runs")
    assert done.status == 2 and "There is no folder runs" in done.err
    Path("runs/empty").mkdir(parents=True)
    assert gan("runs").out == "There are no runs in runs yet.\n"
    assert json.loads(gan("runs --json").out) == []
