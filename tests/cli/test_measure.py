"""--measure: what a few steps tell, with nothing written."""

import json
from pathlib import Path

import numpy as np
import pytest

from gan.studio.runs.jobs import Job, RunSpec, write_job

KEYS = {
    "steps_per_second",
    "pictures_per_second",
    "memory",
    "pictures",
    "batch_size",
    "accumulate",
    "device",
    "parameters_g",
    "parameters_d",
    "bfloat16_gain",
}


@pytest.fixture
def digits(tmp_path):
    path = tmp_path / "digits.npz"
    np.savez(
        path, images=np.random.RandomState(0).randint(0, 256, (12, 8, 8), dtype=np.uint8), labels=np.arange(12) % 3
    )
    return path


@pytest.mark.parametrize("start", ["--family mlp --net hidden=8", "--base digits"])
def test_one_line_of_json_and_nothing_written(gan, digits, start):
    done = gan(f"train --data {digits} {start} --batch-size 4 --measure 3")
    assert done.status == 0, done.err
    told = json.loads(done.out)
    assert done.out.count("\n") == 1 and told.keys() == KEYS and list(gan.folder.rglob("*")) == []
    assert (told["pictures"], told["batch_size"], told["accumulate"]) == (12, 4, 1) and "CPU" in told["device"]
    assert told["pictures_per_second"] == pytest.approx(4 * told["steps_per_second"])
    assert told["steps_per_second"] > 1 and told["memory"] > 2**26 and told["parameters_g"] > 100 < told["parameters_d"]


def test_bfloat16_is_tried_and_said(gan, digits, monkeypatch):
    """Where it costs more than it brings that is said, before a run and beside its price."""
    monkeypatch.setattr("gan.studio.runs.worker.build.processor_gain", lambda: 0.05)
    monkeypatch.setattr("gan.studio.runs.half_precision.processor_gain", lambda: 0.05)
    done = gan(f"train --data {digits} --family mlp --net hidden=8 --batch-size 4 --precision bfloat16 --measure 1")
    assert json.loads(done.out)["bfloat16_gain"] > 0
    assert done.err == (
        "bfloat16 is 20.0 times slower than float32 here: this processor has no units for it. Choose float32.\n"
    )


def test_a_folder_that_is_given_stays_as_it_is(gan, digits):
    assert gan(f"train --data {digits} --base digits --steps 1 --out run").status == 0
    before = {path: path.stat().st_mtime_ns for path in Path("run").rglob("*")}
    assert gan(f"train --data {digits} --base digits --measure 1 --out run").status == 2  # there already is a run
    assert {path: path.stat().st_mtime_ns for path in Path("run").rglob("*")} == before
    assert gan(f"train --data {digits} --base digits --measure 1 --out new").status == 0 and not Path("new").exists()


def test_a_job_that_has_begun_is_not_measured(gan, digits):
    Path("run").mkdir()
    write_job(Path("run"), Job(RunSpec("mlp", steps=1, train=dict(batch_size=4), net=dict(hidden=[8])), str(digits)))
    assert gan("train --job run").status == 0
    done = gan("train --job run --measure 1")
    assert done.status == 2 and done.err.startswith("The run in run has begun, and only new ones are measured.")


def test_what_cannot_be_measured_is_said(refused, digits):
    assert "--measure cannot be 0" in refused(f"train --data {digits} --family mlp --measure 0")
    assert "A new run needs --data" in refused("train --family mlp --measure 2")
    assert "There is nothing at nowhere" in refused("train --data nowhere --family mlp --measure 2")
