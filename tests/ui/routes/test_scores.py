"""Scores over real HTTP: every route on a running app, and what is sent by mistake or in malice."""

import io
import json
from urllib.parse import quote

import numpy as np
import pytest
from kept_runs import trained
from PIL import Image
from studio_app import finished, running, sentence

from gan.evaluation.intervals import Estimate
from gan.evaluation.report import Report
from gan.studio.runs.jobs import Job, RunSpec, write_job
from gan.studio.visitors import digest

ANN, BOB = ("an" * 16, "bo" * 16)
ROUTES = ("scores", "scores/nearest.png", "scores/start", "scores/stop")
NOTHING = [None, True, 0, -1, 10**400, "x", "", "../x", [], {}, {"a": 1}, float("nan"), "\0", "x" * 10_000, "\ud800"]


@pytest.fixture(scope="module")
def app(weights, tmp_path_factory):
    """An app that several share."""
    with running(weights, runs=tmp_path_factory.mktemp("runs"), shared=True) as app:
        yield app


@pytest.fixture(scope="module")
def ask(app):
    """ask(route, {"run": ...}, visitor) -> (status, body, headers); GET with a query, or POST with a body."""

    def ask(route: str, asked, visitor: str | None = ANN, **headers):
        who = headers | ({} if visitor is None else {"x-visitor": visitor})
        if route in ROUTES[2:]:
            return app.ask(f"studio/{route}", json.dumps(asked).encode(), who)
        query = "&".join(f"{name}={quote(str(value), errors='replace')}" for name, value in asked.items())
        return app.ask(f"studio/{route}?{query}", None, who)

    return ask


@pytest.fixture(scope="module")
def run(app):
    """A run of Ann's with five pictures, whose step 2 was scored, and step 4 was not."""
    made = trained(app.studio.workshop.supervisor.root / "hers", (2, 4))
    np.savez(made.path / "data.npz", images=np.zeros((5, 8, 8, 3), np.uint8))
    told = json.loads((made.path / "config.json").read_text())
    (made.path / "config.json").write_text(json.dumps(told | {"data": str(made.path / "data.npz")}))
    write_job(made.path, Job(RunSpec(base="cats"), str(made.path / "data.npz"), owner=digest(ANN)))
    (made.path / "scores").mkdir()
    table = {"frechet": Estimate(2.0, 0.1), "memorised": Estimate(0.9, 0.02)}
    report = Report(
        "our own features",
        1000,
        2000,
        2000,
        1.0,
        table,
        table | {"memorised": Estimate(0.5, 0.02)},
        1.8,
        [(7, 3, 0.5)] * 6,
    )
    (made.path / "scores" / "0000002.json").write_text(json.dumps(report.to_values()))
    Image.new("RGB", (48, 16)).save(made.path / "scores" / "0000002.png")
    return {"run": "hers"}


def told(ask, asked, visitor: str = ANN) -> dict:
    status, answer, _ = ask("scores", asked, visitor)
    assert status == 200, answer
    return json.loads(answer)


def test_what_was_scored_is_told_to_anybody_and_its_pictures_to_the_owner(ask, run):
    mine, others = (told(ask, run, visitor) for visitor in (ANN, BOB))
    assert (mine["may"], mine["status"], mine["step"], mine["scored"]) == (True, "none", 4, 2)
    assert mine["report"]["ratio"] == 1.8 and mine["report"]["copies"] == 800 and len(mine["report"]["nearest"]) == 6
    assert not others["may"] and others["report"] == mine["report"] | {"nearest": []}
    status, data, headers = ask("scores/nearest.png", run)
    assert (status, headers["content-type"], headers["cache-control"]) == (200, "image/png", "no-store")
    assert Image.open(io.BytesIO(data)).size == (48, 16)
    for route in ROUTES[2:]:
        assert "Only whoever started this run" in sentence(*ask(route, run, BOB))
    assert "Only whoever gave these pictures" in sentence(*ask(ROUTES[1], run, BOB))


def test_scoring_is_asked_for_and_its_failure_told(ask, run):
    """By a real process, which finds too few pictures."""
    assert ask("scores/start", run)[0] == 200
    assert told(ask, run)["status"] in ("waiting", "running")
    finished("scores")
    now = told(ask, run)
    assert now["status"] == "failed" and "Scores cannot be taken from 5 pictures" in now["error"] and now["report"]
    assert ask("scores/start", run)[0] == 200 == ask("scores/stop", run)[0]
    assert "not being scored" in sentence(*ask("scores/stop", run)) and told(ask, run)["status"] == "none"


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_and_pages_of_other_sites_are_refused(ask, run, route):
    assert "who is asking" in sentence(*ask(route, run, None)) and "who is asking" in sentence(*ask(route, run, "x"))
    assert "another site" in sentence(*ask(route, run, ANN, origin="https://example.org"), 403)


@pytest.mark.parametrize("route", ROUTES)
def test_nonsense_is_answered_in_a_sentence(ask, route):
    for value in NOTHING:
        for name in ("run", "model", "rev", "set"):
            asked = {"model": "cats", name: value} if name != "run" else {"run": value}
            status, answer, headers = ask(route, asked)
            assert status == 200 or sentence(status, answer, headers), (name, value)
    assert "cats" not in sentence(*ask(route, {}))


def test_a_body_that_is_no_table(app):
    for body in (b"", b"x", b"[]", b"3"):
        assert "Reload the page" in sentence(*app.ask("studio/scores/start", body, {"x-visitor": ANN}))
