"""Data as a person names it: `python -m gan train --data hub:user/name`."""

import json
from pathlib import Path

import numpy as np
import pytest
from hostile import encoded, picture

from gan.cli.sources import CommandSources
from gan.store.run_folder import Run
from gan.studio.data.datasets import read_dataset
from gan.studio.hub.client import Hub
from gan.studio.library.loaded import Models
from gan.studio.runs.worker.build import rebuilt
from gan.studio.runs.worker.training_job import NewRun, TrainingJob
from gan.training.team import Team

PICTURES = {f"{i}.png": encoded(picture(i)) for i in range(5)}
START = "--family mlp --net hidden=8 --net z_dim=4 --batch-size 4 --grid-every 0 --grid-size 4 --side 8 --out runs/one"


@pytest.fixture
def online(hub_server, weights, tmp_path):
    """Models whose Hub has a dataset ada/cats."""
    hub_server.add_repo("datasets/ada/cats", {**PICTURES, "broken.png": b"?", "more.parquet": b"PAR1"})
    return Models((weights,), Hub(hub_server.url, tmp_path / "cache"))


def test_a_dataset_of_the_hub_becomes_the_runs_own(gan, online, hub_server):
    done = gan(f"train --data hub:ada/cats --steps 2 {START}", online)
    assert done.status == 0, done.err
    assert "1 file was left out, being parquet tables: more.parquet." in done.err and "5 different pictures" in done.err
    assert "1 file could not be read and was left out: broken.png." in done.err
    run = Run.open("runs/one")
    assert run.settings.data == str(Path("runs/one/data/data.npz").absolute())
    assert [path.name for path in Path("runs").iterdir()] == ["one"]
    pixels = read_dataset(Path(run.settings.data)).samples.x
    assert pixels.shape == (5, 3, 8, 8) and len(np.unique(pixels)) > 9
    hub_server.go_offline()
    assert gan("train --resume --steps 3 --out runs/one", online).status == 0


def test_it_has_the_size_that_a_base_makes(gan, online):
    for start in (f"{START} --channels 1", "--base runs/one --batch-size 4 --grid-every 0 --grid-size 4 --out run"):
        done = gan(f"train --data hub:https://huggingface.co/datasets/ada/cats --steps 1 {start}", online)
        assert done.status == 0, done.err
    assert read_dataset(Path("run/data/data.npz")).samples.shape == (1, 8, 8)


@pytest.mark.parametrize("out", ["", " --out runs/one"])
def test_to_measure_leaves_nothing_of_it_behind(gan, online, out):
    start = START.removesuffix(" --out runs/one") + out
    done = gan(f"train --data hub:ada/cats --measure 1 {start}", online)
    assert done.status == 0, done.err
    assert json.loads(done.out)["pictures"] == 5 and list(gan.folder.rglob("*")) == []


def test_only_the_lead_of_a_team_fetches(gan, online, hub_server, monkeypatch):
    """A follower gets what the lead has put into the run's folder, given the very words that the lead was given."""
    assert gan(f"train --data hub:ada/cats --steps 1 {START}", online).status == 0
    hub_server.go_offline()
    monkeypatch.setenv("LOCAL_RANK", "1")  # as torchrun tells it
    job = TrainingJob(Path("runs/one"), NewRun("hub:ada/cats", "mlp"), device="cpu")
    assert len(rebuilt(Run.open("runs/one"), job, Team(1, 2), CommandSources(online)).data) == 5


@pytest.mark.parametrize(
    "data, words",
    [
        ("hub:ada/dogs", "The Hub has no dataset ada/dogs that is open to this app."),
        ("hub:../cats", "'../cats' is not the id of a dataset on the Hub."),
        ("ada/cats", "There is nothing at ada/cats."),
    ],
)
def test_what_is_no_dataset(gan, online, data, words):
    done = gan(f"train --data {data} --steps 1 {START}", online)
    assert done.status == 2 and done.err.startswith(words) and done.err.count("\n") == 1
    assert not list(gan.folder.rglob("*/*"))
