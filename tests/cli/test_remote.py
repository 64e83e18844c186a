"""`gan train --remote hf-jobs` with the real client, against a hub that really runs what it is sent."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hub_routes import Person

from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model
from gan.studio.hub.client import Hub
from gan.studio.library.loaded import Models
from gan.studio.remote.inside import pause
from gan.studio.remote.jobs import HubJobs
from gan.studio.remote.parcel import NEEDS, Parcel

ADA = "hf_secret_of_ada"
WORDS = (
    "train --data own.npz --base square --batch-size 4 --mirror --steps 3 --snapshot-steps 2 --out run --remote hf-jobs"
)


@pytest.fixture
def ada(weights, hub_server, tmp_path, gan, monkeypatch):
    """Ada is signed in, has pictures, and the models of the box."""
    hub_server.people[ADA] = Person("ada")
    monkeypatch.setenv("HF_TOKEN", ADA)
    pictures = np.random.RandomState(0).randint(0, 256, (12, 8, 8, 3), dtype=np.uint8)
    net = {"image_shape": [3, 8, 8], "hidden": [8]}
    config = ModelConfig("mlp", {**net, "z_dim": 4}, net, title="Square")
    write_model(weights / "square", config, config.build_generator(), config.build_discriminator())
    np.savez(gan.folder / "own.npz", images=pictures)
    return Models((weights,), Hub(hub_server.url, tmp_path / "cache", token=None))


def test_a_run_is_made_elsewhere_and_comes_back(gan, ada, hub_server):
    """The same numbers as here; the base, the pictures and this code went along, the token in no file. The Hub's answer
    was lost: the job is found, and no second one is paid for."""
    hub_server.loses_answers = True
    done = gan(f"{WORDS} --flavor l4x1 --most-hours 3", ada)
    assert done.status == 0, done
    assert "Done at step 3" in done.out and "The job is at" in done.out and "The run is in run." in done.out
    (job,) = hub_server.jobs.values()
    assert (job.asked["flavor"], job.asked["timeoutSeconds"]) == ("l4x1", 3 * 3600)
    assert job.asked["secrets"] == {"HF_TOKEN": ADA} and ADA not in json.dumps(job.asked["environment"])
    (id,) = [id for id in hub_server.repos if "gan-run-run-" in id]
    repo = hub_server.repos[id]
    assert repo.private and not any(ADA.encode() in data for data in repo.commits[repo.refs["main"]].values())
    assert json.loads((gan.folder / "run" / "config.json").read_text())["base"] == "square"
    assert not (gan.folder / "run" / "remote.json").exists()
    here = gan(WORDS.replace(" --remote hf-jobs", "").replace("--out run", "--out here"), ada)
    assert here.status == 0, here
    for file in (
        "snapshots/0000002/model.safetensors",
        "snapshots/0000003/model.safetensors",
        "snapshots/0000003/discriminator.safetensors",
    ):
        assert (gan.folder / "run" / file).read_bytes() == (gan.folder / "here" / file).read_bytes()
    assert "No job of the Hub" in gan("train --remote hf-jobs --resume --out here", ada).err


def test_what_ends_early_is_said_and_its_repository_taken_back(gan, ada, hub_server, monkeypatch):
    hub_server.refuses_jobs = 402
    assert "accounts with credit only" in gan(WORDS, ada).err
    hub_server.refuses_jobs = 422
    assert "does not take this job: " in gan(WORDS, ada).err
    assert not any("gan-run" in id for id in hub_server.repos)
    hub_server.refuses_jobs = 0
    done = gan(WORDS.replace("--batch-size 4", "--batch-size 4 --z-dim 3").replace("--z-dim 3", "--net z_dim=3"), ada)
    assert done.status == 2 and "The job ended early: ERROR" in done.err
    hub_server.people[ADA] = Person("ada", "read")
    assert "may only read" in gan(WORDS.replace("--out run", "--out two"), ada).err
    monkeypatch.delenv("HF_TOKEN")
    assert "Nobody is signed in" in gan(WORDS.replace("--out run", "--out two"), ada).err
    assert "neither --job nor --measure" in gan(f"{WORDS} --measure 3", ada).err
    assert not (gan.folder / "two").exists()


def test_who_ends_it_while_it_starts_leaves_no_job_behind(ada, hub_server, monkeypatch):
    started = HubJobs._started

    def interrupted(*about):
        started(*about)
        raise KeyboardInterrupt

    monkeypatch.setattr(HubJobs, "_started", interrupted)
    monkeypatch.setattr("gan.studio.remote.jobs.patiently", lambda works, patience: [work(None) for work in works])
    with pytest.raises(KeyboardInterrupt):
        HubJobs(endpoint=hub_server.url).submit(Parcel({"data": "nowhere"}), "run", "t4-small", 1)
    (job,) = hub_server.jobs.values()
    assert job.process.poll() is not None and not any("gan-run" in id for id in hub_server.repos)


def test_a_day_of_training_is_taken_to_the_hub_some_fifty_times():
    journeys, now = 0, pause(0, 0)
    while now < 24 * 3600:
        journeys, now = journeys + 1, now + pause(now, 20)
    assert 40 < journeys < 60
    assert pause(0, 0) == 120 and pause(600, 100) == 500


def test_what_goes_along(tmp_path):
    (tmp_path / "cats").mkdir()
    (tmp_path / "cats" / "1.png").write_bytes(b"1")
    parcel = Parcel({"steps": "5", "net": ["a=1", "b=2"], "mirror": None}, {"data": tmp_path / "cats"})
    assert parcel.command() == ["--steps=5", "--net=a=1", "--net=b=2", "--mirror", "--data=inputs/data"]
    with zipfile.ZipFile(parcel.write(tmp_path / "parcel.zip")) as archive:
        names = archive.namelist()
    assert {"gan/__main__.py", "gan/locales/en.json", "inputs/data/1.png"} <= set(names)
    assert not any(name.startswith("gan/ui/") for name in names)
    needed = (Path(__file__).parents[2] / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert set(NEEDS.values()) <= set(needed)
