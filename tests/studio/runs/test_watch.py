"""A run as the page shows it: read on and not anew, thinned for curves, and the same after the run went back."""

import dataclasses
import json
import math
from itertools import pairwise

import pytest

from gan.errors import StudioError
from gan.field_metadata import to_values
from gan.store.run_folder import Run
from gan.store.run_settings import RunSettings
from gan.studio.runs.watch import POINTS, Curves, Watches
from gan.training.config import TrainConfig
from gan.training.records import ChangeRecord, SignalRecord, StepRecord

ID = "20260101-000000-aa"


def step(i: int, loss: float = 1.0, real: float = 0.6, fake: float = 0.6) -> StepRecord:
    return StepRecord(i, i * 4, loss, loss, real, fake, 0.1, 1.0, 1.0)


def signal(i: int, diversity: float = 0.9, apart: float = 0.1) -> SignalRecord:
    return SignalRecord(i, diversity, 1.0, apart, 0.0, "")


@pytest.fixture
def run(tmp_path):
    settings = RunSettings("data.npz", None, "cats", "mlp", {}, {}, (), to_values(TrainConfig()))
    return Run.create(tmp_path / ID, settings)


@pytest.fixture
def watches(run):
    return Watches(run.path.parent)


def test_a_view_is_plain_and_grows(run, watches):
    view = watches.view(ID)
    assert view["curves"]["step"] == [] and view["last"] is None and view["diagnosis"]["verdict"] == "learning"
    for i in range(1, 4):
        run.write(step(i))
    run.write(signal(3))
    run.write(ChangeRecord(3, {"g_lr": 0.1}, "because"))
    view = watches.view(ID)
    assert view["curves"]["step"] == [1, 2, 3] and view["signals"]["diversity"] == [0.9]
    assert view["changes"] == [{"step": 3, "changes": {"g_lr": 0.1}, "reason": "because"}]
    assert view["last"]["step"] == 3 and (view["base"], view["family"]) == ("cats", "mlp")
    assert view["pixel_art"] is False
    assert json.loads(json.dumps(view, allow_nan=False)) == view


def test_what_was_read_is_not_read_again(run, watches):
    run.write(step(1))
    watches.view(ID)
    text = (run.path / "events.jsonl").read_bytes()
    (run.path / "events.jsonl").write_bytes(b"#" * len(text))  # the same file, longer below
    run.write(step(2))
    assert watches.view(ID)["curves"]["step"] == [1, 2]


def test_half_a_line_waits_for_its_end(run, watches):
    run.write(step(1))
    run.write(step(2))
    whole = (run.path / "events.jsonl").read_bytes()
    file = run.path / "events.jsonl"
    file.write_bytes(whole[:-10])
    assert watches.view(ID)["curves"]["step"] == [1]
    with file.open("ab") as end:
        end.write(whole[-10:])
    assert watches.view(ID)["curves"]["step"] == [1, 2]


def test_a_run_that_went_back_is_read_anew(run, watches):
    for i in range(1, 6):
        run.write(step(i, loss=9.0))
    watches.view(ID)
    fresh = run.path / "new"
    kept = (run.path / "events.jsonl").read_bytes().splitlines(keepends=True)[:2]
    fresh.write_bytes(b"".join(kept))
    fresh.replace(run.path / "events.jsonl")
    run.write(step(3, loss=2.0))
    assert watches.view(ID)["curves"] | {} and watches.view(ID)["curves"]["loss_d"] == [9.0, 9.0, 2.0]


def test_numbers_that_are_none_become_gaps(run, watches):
    run.write(step(1, loss=math.nan))
    run.write(step(2))
    assert watches.view(ID)["curves"]["loss_d"] == [None, 1.0]


def test_a_path_length_stays_until_the_next_one_and_is_a_gap_where_none_is_asked_for(run, watches):
    def lengths(*values: float) -> list[float | None]:
        for value in values:
            run.write(dataclasses.replace(step(len(run.steps()) + 1), path_length=value, augment_p=0.25))
        curves = watches.view(ID)["curves"]
        assert set(curves["augment_p"]) == {0.25}
        return curves["path_length"]

    assert lengths(0.0) == [None]
    run.write(ChangeRecord(1, {"path_length": 2.0}))
    assert lengths(0.0, 0.5, 0.0, 0.75) == [None, None, 0.5, 0.5, 0.75]
    run.write(ChangeRecord(5, {"path_length": 0.0}))
    assert lengths(0.0) == [None, None, 0.5, 0.5, 0.75, None]


def test_field_metadata_that_do_nothing_without_styles_are_named(run, watches, tmp_path):
    assert watches.view(ID)["idle"] == ["style_mixing", "path_length", "path_every"]
    Run.create(tmp_path / "styled", dataclasses.replace(run.settings, family="stylegan2"))
    assert watches.view("styled")["idle"] == []


def test_long_curves_are_thinned_and_keep_their_means():
    curves = Curves(("loss_d",))
    for i in range(1, 5001):
        curves.add(step(i, loss=float(i)))
    plain = curves.plain()
    assert POINTS / 2 <= len(plain["step"]) <= POINTS
    width = plain["step"][1] - plain["step"][0]
    assert all(b - a == width for a, b in pairwise(plain["step"]))
    for at, mean in zip(plain["step"], plain["loss_d"], strict=True):
        assert mean == pytest.approx(at - (width - 1) / 2)


def test_what_was_handed_out_does_not_grow():
    curves = Curves(("loss_d",))
    curves.add(step(1))
    plain = curves.plain()
    curves.add(step(2))
    assert plain["step"] == [1] and len(plain["loss_d"]) == 1


def test_the_doctor_speaks_from_the_same_records(run, watches):
    for i in range(10, 400, 10):
        run.write(step(i, loss=0.001, real=1.0, fake=1.0))
        if i % 100 == 0:
            run.write(signal(i, apart=0.7))
    told = watches.view(ID)["diagnosis"]
    assert told["verdict"] == "d_wins" == run.diagnosis().verdict
    assert told["sentence"] == run.diagnosis().sentence and told["remedy"]["changes"] == dict(
        run.diagnosis().remedy.changes
    )


def test_runs_that_are_not_there_or_have_not_begun(run, watches):
    (run.path.parent / "waits").mkdir()
    (run.path.parent / "waits" / "job.json").write_text("{}")
    assert watches.view("waits") is None
    for id in ("gone", "../" + ID, "", None):
        with pytest.raises(StudioError, match="There is no run called"):
            watches.view(id)
    watches.view(ID)
    (run.path / "config.json").unlink()
    (run.path / "job.json").write_text("{}")
    assert watches.view(ID) is None
