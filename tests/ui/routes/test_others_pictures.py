"""Whose pictures a run learns from is for their owner's eyes only: every route as owner, stranger, and stranger with a
branch."""

import json

import pytest
import run_helpers as small
from hostile import encoded, picture
from run_helpers import wait_for
from studio_app import finished, running, sentence

ANN, BOB, EVE = (name * 16 for name in ("an", "bo", "ev"))
TRAIN = dict(batch_size=4, record_every=1, grid_every=1, grid_size=4, signals_every=0, augment=[], mirror=False)


@pytest.fixture(scope="module")
def app(weights, tmp_path_factory):
    with running(weights, runs=tmp_path_factory.mktemp("runs"), shared=True) as app:
        yield app
        small.end_all(app.studio.workshop.supervisor)


def table(app, path: str, visitor: str, body=None) -> dict:
    return app.table(f"studio/{path}", body, {"x-visitor": visitor})


@pytest.fixture(scope="module")
def set_of_ann(app):
    id = table(app, "train/set", ANN, {})["id"]
    for i in range(60):  # scores need so many
        table(app, f"train/set/{id}/file?name=secret-{i}.png", ANN, encoded(picture(i)))
    table(app, f"train/set/{id}/read", ANN, dict(base="cats", side=16))
    finished("pictures")
    assert table(app, f"train/set/{id}", ANN)["status"] == "ready"
    return id


@pytest.fixture(scope="module")
def run(app, set_of_ann):
    """Ann's, done."""
    order = dict(set=set_of_ann, base="cats", family="", preset="quick", steps=2, title="Ann", train=TRAIN)
    id = table(app, "train/start", ANN, order)["id"]
    wait_for(app.studio.workshop.supervisor, id, "done")
    return id


def branched(app, run: str, visitor: str) -> str:
    step = table(app, f"train/run/{run}", visitor)["snapshots"][-1]
    id = table(app, f"train/run/{run}/branch", visitor, dict(step=step, steps=step + 1))["id"]
    wait_for(app.studio.workshop.supervisor, id, "done")
    return id


@pytest.fixture(scope="module")
def branch(app, run):
    """Bob's, of Ann's run."""
    return branched(app, run, BOB)


@pytest.fixture(scope="module")
def twig(app, branch):
    """Eve's, of Bob's branch."""
    return branched(app, branch, EVE)


def scored(app, id: str, visitor: str) -> dict:
    """The run with its scores, taken by a real process."""
    table(app, "scores/start", visitor, {"run": id})
    finished("scores")
    told = table(app, f"scores?run={id}", visitor)
    assert told["status"] == "ready", told
    return told


def test_a_stranger_with_a_branch_trains_on_unseen(app, run, branch, twig):
    for id, owner in ((run, ANN), (branch, BOB), (twig, EVE)):
        for visitor in (ANN, BOB, EVE):
            state = table(app, f"train/run/{id}", visitor)["state"]
            assert (state["mine"], state["sees"]) == (visitor == owner, visitor == ANN), (id, visitor)


def test_scores_are_told_without_the_pictures(app, branch):
    mine = scored(app, branch, BOB)
    assert mine["may"] and mine["report"]["rows"] and mine["report"]["nearest"] == []
    for visitor in (BOB, EVE):
        asked = app.ask(f"studio/scores/nearest.png?run={branch}", None, {"x-visitor": visitor})
        assert "Only whoever gave these pictures" in sentence(*asked)
    assert table(app, f"scores?run={branch}", ANN)["report"]["nearest"]  # they are hers
    status, png, headers = app.ask(f"studio/scores/nearest.png?run={branch}", None, {"x-visitor": ANN})
    assert status == 200 and headers["content-type"] == "image/png" and png


def test_a_branch_of_a_branch_made_before_givers_were_written_down(app, run, branch, twig):
    supervisor = app.studio.workshop.supervisor
    for id in (branch, twig):
        path = supervisor.root / id / "job.json"
        values = json.loads(path.read_text())
        del values["giver"]
        path.write_text(json.dumps(values))
    assert [supervisor.sees(twig, visitor) for visitor in (ANN, BOB, EVE, None)] == [True, False, False, True]


def test_every_route_of_a_set_is_its_owners(app, set_of_ann):
    for visitor in (BOB, EVE):
        for path, body in (
            (f"set/{set_of_ann}", None),
            (f"set/{set_of_ann}/sheet.webp", None),
            (f"set/{set_of_ann}/read", dict(base="cats")),
            (f"set/{set_of_ann}/file?name=x", b"x"),
            ("start", dict(set=set_of_ann, base="cats")),
            ("budget", dict(set=set_of_ann, base="cats")),
        ):
            assert "somebody else's" in sentence(*app.ask(f"studio/train/{path}", body, {"x-visitor": visitor})), path
    assert "who is asking" in sentence(*app.ask(f"studio/train/set/{set_of_ann}/sheet.webp"))
    asked = {"model": "cats", "set": set_of_ann}
    for path, body in ((f"scores?model=cats&set={set_of_ann}", None), ("scores/start", asked)):
        assert "somebody else's" in sentence(*app.ask(f"studio/{path}", body, {"x-visitor": BOB})), path


def test_no_download_and_no_list_names_them(app, run, branch, set_of_ann):
    for id in (run, branch):
        for path in (f"train/run/{id}/model.zip", f"train/run/{id}", "train/runs", f"scores?run={id}", "library/list"):
            status, answer, _ = app.ask(f"studio/{path}", None, {"x-visitor": BOB})
            assert status == 200 and set_of_ann.encode() not in answer and b"secret-" not in answer, path
            assert b"data.npz" not in answer and str(app.studio.workshop.supervisor.root).encode() not in answer, path


def test_who_deletes_a_run_takes_its_pictures_from_nobody_and_shows_them_to_nobody(app, run, branch, twig):
    supervisor = app.studio.workshop.supervisor
    table(app, f"train/run/{run}/delete", ANN, {})
    assert not supervisor.sees(twig, EVE) and not supervisor.sees(branch, BOB)
    with pytest.raises(AssertionError, match="Only whoever gave"):
        table(app, f"scores/nearest.png?run={branch}", BOB)
