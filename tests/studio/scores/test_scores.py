"""Scores of small real models, taken by real processes."""

import json
import os
import shutil
import signal

import numpy as np
import pytest
from kept_runs import keep, trained
from PIL import Image
from training import games
from waiting import until

from gan.errors import StudioError
from gan.store.model_folder import keep_facts
from gan.studio.engine import Engine
from gan.studio.library.library import Library
from gan.studio.library.loaded import Models
from gan.studio.recipes import Recipe
from gan.studio.runs.jobs import Job, RunSpec, write_job
from gan.studio.runs.workshop import Workshop
from gan.studio.scores import queue as line
from gan.studio.scores.scores import Scores
from gan.studio.visitors import digest

ANN, BOB, CY = (f"{name}-{name * 6}" for name in ("ann", "bob", "cyd"))
PICTURES = 40


@pytest.fixture(scope="module")
def shop(weights, tmp_path_factory):
    """A workshop that several share."""
    runs = tmp_path_factory.mktemp("runs")
    library = Library(Models((weights,), None, local=False, runs=runs))
    made = Workshop(library, Engine(library), runs, shared=True)
    yield made
    made.close()


@pytest.fixture(scope="module")
def scores(shop):
    made = Scores(shop)
    yield made
    made.close()
    assert list(shop.supervisor.root.glob(".scores/.job-*")) == []  # nothing passing is left


@pytest.fixture(scope="module")
def scored(shop, scores) -> dict:
    """A run of Ann's that was scored."""
    asked = run(shop, "scored")
    assert scores.about(asked, ANN) == dict(may=True, step=2, scored=None, report=None, came=False, status="none")
    scores.start(asked, ANN)
    assert ended(scores, asked)["status"] == "ready"
    return asked


def run(shop, id: str, owner: str = ANN, steps=(2,)) -> dict:
    """A run of the owner's that kept a model at each step, on random pictures -> what to ask about it."""
    made = trained(shop.supervisor.root / id, steps)
    side = made.settings.generator["side"]
    np.savez(
        made.path / "data.npz", images=np.random.default_rng(0).integers(0, 256, (PICTURES, side, side, 3), np.uint8)
    )
    told = json.loads((made.path / "config.json").read_text())
    (made.path / "config.json").write_text(json.dumps(told | {"data": str(made.path / "data.npz")}))
    write_job(made.path, Job(RunSpec(base="cats"), str(made.path / "data.npz"), owner=digest(owner)))
    return {"run": id}


def ended(scores: Scores, asked: dict, visitor: str = ANN) -> dict:
    """What is said once it is neither waited for nor worked on."""
    return until(lambda: (told := scores.about(asked, visitor))["status"] not in ("waiting", "running") and told)


def held(scores: Scores, asked: dict, visitor: str = ANN) -> int:
    """Have it scored by a process that stands still -> its id."""
    scores.start(asked, visitor)
    until(lambda: scores.about(asked, visitor)["status"] == "running")
    pid = _job(scores, asked, visitor).child.pid
    os.kill(pid, signal.SIGSTOP)
    return pid


def _job(scores, asked, visitor):
    return scores.line._jobs[scores._subject(asked, visitor).place]


# Runs


def test_a_run_is_scored_once_and_its_scores_stay_with_it(shop, scores, scored):
    told = scores.about(scored, ANN)
    assert (told["step"], told["scored"]) == (2, 2)
    report = told["report"]
    assert (report["samples"], report["pictures"], report["shaky"], report["own"]) == (
        PICTURES // 2,
        PICTURES,
        True,
        True,
    )
    crowds = {"frechet", "kernel", "precision", "recall", "density", "coverage", "diversity"}
    assert {row["name"] for row in report["rows"]} == crowds | {"memorised", "nearer"}
    assert len(report["nearest"]) == 6
    folder = shop.supervisor.root / "scored" / "scores"
    assert sorted(path.name for path in folder.iterdir()) == ["0000002.json", "0000002.png"]
    assert Scores(shop).about(scored, ANN) == told  # after a restart
    scores.start(scored, ANN)
    assert scores.about(scored, ANN)["status"] == "ready" and scores.line._thread is None


def test_the_pictures_are_what_is_said_of_them(shop, scores, scored):
    cells = np.asarray(Image.open(scores.nearest(scored, ANN)))
    side, data = cells.shape[0] // 2, np.load(shop.supervisor.root / "scored" / "data.npz")["images"]
    for i, pair in enumerate(scores.about(scored, ANN)["report"]["nearest"]):
        sample, picture = cells[:side, i * side : (i + 1) * side], cells[side:, i * side : (i + 1) * side]
        painted = shop.engine.render([Recipe("scored", "0000002", seed=pair["seed"], psi=1.0)])[0]
        assert np.abs(sample.astype(int) - painted).max() <= 1
        assert (data == picture).all(axis=(1, 2, 3)).any()


def test_only_the_owner_acts_and_sees_the_training_pictures(scores, scored):
    for act in (scores.start, scores.stop):
        with pytest.raises(StudioError, match="Only whoever started this run"):
            act(scored, BOB)
    with pytest.raises(StudioError, match="Only whoever gave these pictures can see them"):
        scores.nearest(scored, BOB)
    mine, others = scores.about(scored, ANN), scores.about(scored, BOB)
    assert mine["may"] and not others["may"] and others["report"]["rows"] == mine["report"]["rows"]
    assert mine["report"]["nearest"] and others["report"]["nearest"] == []


def test_a_newer_snapshot_has_no_scores_yet_and_other_weights_have_none(shop, scores, scored):
    shutil.copytree(shop.supervisor.root / "scored", shop.supervisor.root / "older")  # with its times
    asked, opened = {"run": "older"}, shop.supervisor.run("older")
    keep(opened, games.trainer("stylegan2"), (3,))
    told = scores.about(asked, ANN)
    assert (told["status"], told["step"], told["scored"]) == ("none", 3, 2) and told["report"]
    os.utime(opened.snapshot_path(2) / "model.safetensors")  # the run went back and came to other weights
    assert scores.about(asked, ANN)["report"] is None


def test_runs_that_cannot_be_scored(shop, scores):
    with pytest.raises(StudioError, match="There is no run called"):
        scores.about({"run": "nobody"}, ANN)
    early = run(shop, "early", steps=())
    assert scores.about(early, ANN) == dict(may=True, step=None, scored=None, report=None, came=False, status="none")
    with pytest.raises(StudioError, match="has kept no model yet"):
        scores.start(early, ANN)
    bare = run(shop, "bare")
    (shop.supervisor.root / "bare" / "data.npz").unlink()
    with pytest.raises(StudioError, match="training pictures of this run are no longer there"):
        scores.start(bare, ANN)


def test_a_snapshot_that_is_torn_is_named_and_no_other_network_is_scored_for_it(shop, scores):
    """Its layout is never guessed, as that of strangers' files is: a score of another network would be filed here."""
    asked = run(shop, "torn")
    config = shop.supervisor.root / "torn" / "snapshots" / "0000002" / "config.json"
    whole = config.read_text()
    config.write_text(whole[: len(whole) // 2])
    with pytest.raises(StudioError, match="The config.json of 0000002 cannot be read"):
        scores.start(asked, ANN)
    assert scores.about(asked, ANN)["status"] == "none"
    assert not (shop.supervisor.root / "torn" / "scores").exists() and config.read_text() == whole[: len(whole) // 2]
    config.write_text(whole)
    scores.start(asked, ANN)
    assert ended(scores, asked)["status"] == "ready"


def test_a_run_that_is_deleted_meanwhile_stays_so(shop, scores):
    asked = run(shop, "gone")
    pid, place = held(scores, asked), scores._subject(asked, ANN).place
    shop.supervisor.delete("gone", ANN)
    os.kill(pid, signal.SIGCONT)  # it has its own links to all that it needs
    until(lambda: scores.line.state(place)["status"] == "failed")
    assert scores.line.state(place)["error"] == "What was scored has been deleted meanwhile."
    assert not (shop.supervisor.root / "gone").exists()


def test_a_process_that_is_killed_is_told_and_can_be_asked_again(shop, scores):
    asked = run(shop, "killed")
    os.kill(held(scores, asked), signal.SIGKILL)
    told = ended(scores, asked)
    assert told["status"] == "failed" and "was killed" in told["error"] and told["error"].endswith("again.")
    assert scores.about(asked, BOB)["status"] == "none"  # why is the owner's to know
    held(scores, asked)
    scores.stop(asked, ANN)
    assert scores.about(asked, ANN)["status"] == "none"


def test_where_others_wait_it_may_not_take_for_ever(shop):
    scores = Scores(shop)
    scores.line._seconds = 1e-9
    asked = run(shop, "slow")
    scores.start(asked, ANN)
    assert "took longer than" in ended(scores, asked)["error"]


# The line


def test_one_at_a_time_and_each_may_leave(shop, scores):
    first, second, third = (run(shop, owner[:3], owner) for owner in (ANN, BOB, CY))
    pid = held(scores, first)
    scores.start(second, BOB)
    scores.start(second, BOB)  # twice is once
    scores.start(third, CY)
    assert [scores.about(asked, ANN).get("position") for asked in (first, second, third)] == [None, 1, 2]
    with pytest.raises(StudioError, match="Another model is being scored for you already"):
        scores.start(run(shop, "bob2", BOB), BOB)
    scores.stop(second, BOB)
    assert scores.about(second, BOB)["status"] == "none" and scores.about(third, CY)["position"] == 1
    scores.stop(first, ANN)
    assert scores.about(first, ANN)["status"] == "none"
    until(lambda: scores.about(third, CY)["status"] == "running")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    scores.stop(third, CY)
    with pytest.raises(StudioError, match="not being scored"):
        scores.stop(first, ANN)


def test_the_line_is_bounded_and_closing_ends_all(shop, monkeypatch):
    monkeypatch.setattr(line, "MOST_WAITING", 2)
    scores = Scores(shop)
    first, second, third = (run(shop, id, id * 20) for id in "abc")
    pid = held(scores, first, "a" * 20)
    scores.start(second, "b" * 20)
    with pytest.raises(StudioError, match="2 models are waiting to be scored already"):
        scores.start(third, "c" * 20)
    scores.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert list((shop.supervisor.root / ".scores").glob(".job-*")) == []


# Models of the library


def given(shop, visitor: str = ANN, count: int = 24) -> str:
    """A set of pictures of the visitor's, which digits makes, read for cats."""
    id = shop.set_from_model(visitor, "digits", count, "cats", 16)
    until(lambda: shop.about_set(id, visitor)["status"] == "ready")
    return id


def test_a_model_is_scored_against_pictures_that_somebody_gives(cold_starts, shop, scores):
    model = {"model": "cats", "rev": ""}
    asked = model | {"set": given(shop)}
    assert scores.about(model, ANN)["report"] is None
    with pytest.raises(StudioError, match="no pictures to compare it with"):
        scores.start(model, ANN)
    scores.start(asked, ANN)
    told = ended(scores, asked)
    assert told["status"] == "ready" and told["report"]["pictures"] == 24 and len(told["report"]["nearest"]) == 6
    assert Image.open(scores.nearest(asked, ANN)).size == (6 * 16, 2 * 16)
    assert scores.about(model, ANN)["report"] == told["report"]  # the newest, where no set is said
    assert scores.about(model, BOB)["report"] is None and scores.about({"model": "digits"}, ANN)["report"] is None
    with pytest.raises(StudioError, match="somebody else's pictures"):
        scores.about(asked, BOB)
    with pytest.raises(StudioError, match="no longer kept"):
        scores.about(model | {"set": "0" * 24}, ANN)


def test_too_few_pictures_are_told_at_once(shop, scores):
    with pytest.raises(StudioError, match="Scores cannot be taken from 3 pictures"):
        scores.start({"model": "cats", "set": given(shop, count=3)}, ANN)


def test_scores_that_come_with_a_model_need_no_computing(weights, tmp_path):
    table = {"frechet": {"value": 1.5, "margin": 0.1}}
    values = dict(
        features="our own features",
        samples=5000,
        pictures=10000,
        training=40000,
        psi=1.0,
        ratio=1.4,
        scores=table,
        real=table,
        nearest=[[1, 2, 0.5]],
    )
    for given, shown in (
        (values, True),
        ({"scores": 3}, False),
        ({**values, "scores": []}, False),
        ({**values, "ratio": "x"}, False),
    ):
        source = tmp_path / "models" / "cats"
        source.mkdir(parents=True, exist_ok=True)
        for file in (weights / "cats").iterdir():
            (source / file.name).write_bytes(file.read_bytes())
        keep_facts(source, scores=given)
        library = Library(Models((tmp_path / "models",), None, local=False))
        told = Scores(Workshop(library, Engine(library), tmp_path / "runs")).about({"model": "cats"}, ANN)
        assert told["status"] == "none" and bool(told["report"]) == shown == told["came"]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"run": 3},
        {"run": ["x"]},
        {"model": {}},
        {"model": "nobody"},
        {"model": "cats", "set": 7},
        {"model": "cats", "set": "../.."},
        {"run": "../.sets"},
        {"model": "cats", "rev": "\ud800"},
    ],
)
def test_whatever_is_asked_about_ends_in_a_sentence(scores, asked):
    for act in (scores.about, scores.start, scores.stop, scores.nearest):
        with pytest.raises(StudioError):
            act(asked, ANN)
