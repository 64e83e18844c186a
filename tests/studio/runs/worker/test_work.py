"""A worker without a command line: typed jobs in, a run's folder and plain news out."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from run_helpers import pictures, spec

from gan.errors import StudioError
from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model
from gan.store.run_folder import Run
from gan.studio.runs.control import read_status
from gan.studio.runs.jobs import Job, write_job
from gan.studio.runs.watch import Watches
from gan.studio.runs.worker.news import Began, Ended, NewDiscriminator, Progress
from gan.studio.runs.worker.training_job import Limits, NewRun, Resumed, TrainingJob
from gan.studio.runs.worker.work import measured, work, work_in
from gan.training.team import ALONE

TRAIN = dict(batch_size=4, record_every=1, grid_every=0, grid_size=4, signals_every=0, g_lr=1e-3 / 3)


class Paths:
    """Sources for which every name is a path."""

    def folder(self, source: str) -> Path:
        return Path(source)

    def data(self, source: str, run: Path, side: int | None, channels: int | None) -> Path:
        return Path(source)


@pytest.fixture
def data(tmp_path) -> str:
    return str(pictures(tmp_path / "pictures.npz"))


def new(data: str, **more) -> NewRun:
    return NewRun(**dict(data=data, family="mlp", net=dict(hidden=[8], z_dim="4"), train=TRAIN) | more)


def test_the_news_of_a_run_that_begins_and_of_one_that_goes_on(tmp_path, data):
    news = []
    job = TrainingJob(tmp_path / "run", new(data, about=dict(title="Tiny", about_data="")), Limits(steps=3), "cpu")
    work(job, ALONE, Paths(), news.append)
    assert [type(one) for one in news] == [Began, Progress, Progress, Progress, Ended]
    assert [one.record.step for one in news[1:4]] == [1, 2, 3] and news[3].done == 1 and news[3].speed > 0
    assert news[-1] == Ended(job.out, 3, job.out / "snapshots/0000003", stopped=False, finished=True)
    run = Run.open(job.out)
    assert run.settings.train["g_lr"] == 1e-3 / 3 and run.settings.about == dict(title="Tiny")

    work(replace(job, run=Resumed(), limits=Limits(steps=4)), ALONE, Paths(), news.append)
    assert [r.step for r in run.steps()] == [1, 2, 3, 4] and news[-1].step == 4
    with pytest.raises(StudioError, match="started with beta1"):
        work(replace(job, run=Resumed(said=NewRun("", train=dict(beta1=0.25)))), ALONE, Paths(), news.append)


def test_a_run_on_pixel_art_makes_pixel_art(tmp_path):
    """Whatever it begins with, as long as the colours of what it learns from tell."""
    rng = np.random.default_rng(0)
    few = rng.integers(0, 5, (12, 8, 8, 1), dtype=np.uint8)
    sets = dict(art=few * np.uint8([60, 30, 10]), photos=rng.integers(0, 256, (12, 8, 8, 3)), greys=few.repeat(3, 3))
    config = ModelConfig("mlp", dict(image_shape=[3, 8, 8], hidden=[8], z_dim=4), pixel_art=True)
    base = write_model(tmp_path / "base", config, config.build_generator())
    from_base = dict(family="", base=str(base), net={})
    for name, more, told in (
        ("art", {}, True),
        ("photos", {}, False),
        ("greys", {}, False),
        ("photos", from_base, False),
        ("greys", from_base, True),
    ):
        np.savez(tmp_path / "set.npz", images=sets[name].astype(np.uint8))
        start = new(str(tmp_path / "set.npz"), channels=3, **more)
        job = TrainingJob(tmp_path / f"run-{name}{len(more)}", start, Limits(steps=1), "cpu")
        work(job, ALONE, Paths(), lambda _: None)
        config = json.loads((job.out / "snapshots/0000001/config.json").read_text())
        assert config["pixel_art"] is told, (name, more)
        assert watch(job.out) is told


def watch(run: Path) -> bool:
    """What the page is told of it."""
    return Watches(run.parent).view(run.name)["pixel_art"]


def test_a_new_discriminator_is_news(tmp_path, data):
    config = ModelConfig("mlp", dict(image_shape=[1, 8, 8], hidden=[8], z_dim=4))
    base = write_model(tmp_path / "base", config, config.build_generator())
    start = new(data, family="", base=str(base), base_name="Cats", net={}, train=TRAIN | dict(warmup_steps=2))
    news = []
    work(TrainingJob(tmp_path / "run", start, Limits(steps=1), "cpu"), ALONE, Paths(), news.append)
    assert news[0] == NewDiscriminator("Cats", 2) and Run.open(tmp_path / "run").settings.base == "Cats"


def test_a_job_in_a_folder_begins_goes_on_and_begins_anew_where_nothing_was_saved(tmp_path, data):
    news, folder = [], tmp_path / "run"
    folder.mkdir()
    job = Job(spec(2), data)
    write_job(folder, job)
    work_in(folder, ALONE, Paths(), news.append)
    write_job(folder, replace(job, spec=spec(4)))
    work_in(folder, ALONE, Paths(), news.append)
    assert [r.step for r in Run.open(folder).steps()] == [1, 2, 3, 4] and read_status(folder).status == "done"
    (folder / "state.safetensors").unlink()
    with pytest.raises(StudioError, match="state.safetensors of run is missing"):  # over what it kept
        work_in(folder, ALONE, Paths(), news.append)
    shutil.rmtree(folder / "snapshots")  # as a run that was killed before its first save
    (folder / "status.json").unlink()
    (folder / "config.json").write_text("{}")
    work_in(folder, ALONE, Paths(), news.append)
    assert json.loads((folder / "config.json").read_text())["family"] == "mlp" and news[-1].step == 4


def test_a_folder_without_a_job_stays_as_it_is(tmp_path):
    with pytest.raises(StudioError, match="There is no job in"):
        work_in(tmp_path, ALONE, Paths(), pytest.fail)
    assert list(tmp_path.iterdir()) == []


def test_what_is_measured_leaves_nothing(tmp_path, data):
    job = TrainingJob(tmp_path / "run", new(data), device="cpu")
    told = measured(job, 1, ALONE, Paths(), pytest.fail)
    assert told["pictures"] == 12 and told["batch_size"] == 4 and not job.out.exists()
