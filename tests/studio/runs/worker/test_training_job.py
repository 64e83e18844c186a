"""From the job.json that the page writes to what a worker is to do."""

import dataclasses
from pathlib import Path

import pytest

from gan.errors import StudioError
from gan.studio.runs.control import Status, write_status
from gan.studio.runs.hardware import idle_threads
from gan.studio.runs.jobs import Job, RunSpec, write_job
from gan.studio.runs.worker.training_job import Limits, NewRun, Resumed, job_in

EVIL = "--out=/tmp/x; $(touch pwned)\n-x"
SPEC = RunSpec(
    base="cats",
    steps=7,
    minutes=5.0,
    snapshot_steps=2,
    grid_seconds=2.5,
    title=EVIL,
    label="fur",
    train=dict(g_lr=1e-3 / 3, mirror=True, augment=[], d_steps="2"),
)
JOB = Job(SPEC, "/data", "/weights/cats", kind="cpu")


def test_a_job_that_begins(tmp_path):
    write_job(tmp_path, JOB)
    job = job_in(tmp_path)
    assert job.out == tmp_path and job.device == "cpu" and job.threads == idle_threads()
    assert job.limits == Limits(7, 5.0, 1.0, 2, 2.5)
    about = dict(title=EVIL, summary="", licence="", about_data="")
    train = dict(g_lr=1e-3 / 3, mirror=True, augment=[], d_steps=2)  # every digit, in the knobs' own types
    assert job.run == NewRun("/data", "", "/weights/cats", "cats", "fur", train=train, about=about)


def test_networks_keep_their_types(tmp_path):
    write_job(tmp_path, Job(RunSpec(family="mlp", net=dict(hidden=[8, 4], tanh=False)), "/data"))
    run = job_in(tmp_path).run
    assert (run.family, run.net) == ("mlp", dict(hidden=[8, 4], tanh=False)) and run.base_title is None


def test_pins_are_read_once(tmp_path):
    write_job(tmp_path, JOB)
    (tmp_path / "pins.json").write_text("[]")
    assert job_in(tmp_path).run.pins == tmp_path / "pins.json"
    (tmp_path / "fixed.safetensors").touch()  # a branch's, from its parent
    assert job_in(tmp_path).run.pins is None


@pytest.mark.parametrize(
    "files, resumed",
    [
        ((), False),
        (("config.json",), False),
        (("state.safetensors",), False),
        (("config.json", "state.safetensors"), True),
    ],
)
def test_what_was_saved_goes_on(tmp_path, files, resumed):
    write_job(tmp_path, JOB)
    for name in files:
        (tmp_path / name).touch()
    assert isinstance(job_in(tmp_path).run, Resumed) == resumed
    assert not resumed or job_in(tmp_path).run == Resumed("/data")


@pytest.mark.parametrize("before, left", [(0.0, 5.0), (4.0, 1.0), (6.0, 0.02)])
def test_a_piece_has_the_minutes_that_others_left(tmp_path, before, left):
    write_job(tmp_path, JOB)
    write_status(tmp_path, Status(minutes=before))
    assert job_in(tmp_path).limits.minutes == left
    write_job(tmp_path, dataclasses.replace(JOB, spec=dataclasses.replace(SPEC, minutes=None)))
    assert job_in(tmp_path).limits.minutes is None


@pytest.mark.parametrize(
    "text, words",
    [
        (None, "There is no job in .* that can be read"),
        ("", "job.json of .* cannot be read: it is empty"),
        ("{", "job.json of .* cannot be read: it is not JSON"),
        ("[]", "job.json of .* cannot be read: it holds no table"),
    ],
)
def test_where_there_is_no_job(tmp_path, text, words):
    if text is not None:
        (tmp_path / "job.json").write_text(text)
    with pytest.raises(StudioError, match=words):
        job_in(Path(tmp_path))


def test_what_a_newer_version_says_of_a_job_is_left_alone(tmp_path):
    (tmp_path / "job.json").write_text('{"spec": {"family": "mlp", "colour": 3}, "data": "x"}')
    assert job_in(tmp_path).run.family == "mlp"
