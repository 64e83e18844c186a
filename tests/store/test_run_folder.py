"""A run's folder: what is written can be read again, and what is broken says so."""

import json
import math

import numpy as np
import pytest
import torch
from kept_runs import settings
from PIL import Image
from training import games

from gan.errors import StudioError
from gan.store.events import lines_until, read_events, read_lines
from gan.store.files import MISSING, UNREADABLE
from gan.store.model_folder import load_discriminator, load_generator, read_config
from gan.store.run_folder import Run
from gan.store.run_reading import is_run
from gan.training.records import GridRecord, StepRecord


@pytest.fixture
def run(tmp_path):
    return Run.create(tmp_path / "runs" / "one", settings())


def test_what_a_run_was_started_with_is_kept(tmp_path):
    made = settings(classes=3, label="folder", base="cats", about={"title": "Ünï", "psi": 0.7})
    Run.create(tmp_path / "deep" / "er", made)
    assert Run.open(tmp_path / "deep" / "er").settings == made
    assert json.loads((tmp_path / "deep/er/config.json").read_text(encoding="utf-8"))["studio"] == 1


def test_a_run_is_not_written_over(run):
    with pytest.raises(StudioError, match="There already is a run at .*Add --resume"):
        Run.create(run.path, run.settings)
    with pytest.raises(StudioError, match="is a file"):
        Run.create(run.path / "config.json", run.settings)
    with pytest.raises(StudioError, match="cannot be written"):
        Run.create(run.path / "config.json" / "below", run.settings)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "{}", '{"data": "x"}', b"\xff\xfe", '{"studio": 2}'])
def test_settings_that_cannot_be_read_are_named(tmp_path, text):
    (tmp_path / "config.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(StudioError, match=f"config.json of {tmp_path.name} cannot be read: it ") as told:
        Run.open(tmp_path)
    assert told.value.code == UNREADABLE and is_run(tmp_path)


def test_a_folder_that_is_no_run(tmp_path):
    with pytest.raises(StudioError, match="There is no run at") as told:
        Run.open(tmp_path)
    assert told.value.code == MISSING and not is_run(tmp_path)


def test_lines_that_are_no_events_cost_themselves_only(run):
    first, second, third = list(games.trainer("mlp").run(3))[:3]
    run.write(first)
    with (run.path / "events.jsonl").open("ab") as file:
        file.write(
            b'5\nnull\n[]\n{"kind": "mood", "step": 2}\n{"kind": "change", "step": 2, "changes": {"wings": 3}}\n'
        )
        file.write(b'{"step": "two"}\n\xff\xfe\n{"kind": []}\n{"kind": "change", "step": 1, "changes": 5}\n{"st')
    run.write(second)  # after half a line of a process that was killed
    run.write(third)
    assert run.events() == [first, second, third]
    assert read_events(read_lines(run.path / "events.jsonl")) == ([first, second, third], 10)
    assert run.diagnosis() and run.config()
    newer = lines_until(read_lines(run.path / "events.jsonl"), second.step)
    assert b"mood" in newer and b"wings" in newer and newer.count(b"\n") == 12  # what a newer version wrote is kept


def test_events_come_back_in_order(run):
    records = list(games.trainer("mlp").run(4))
    for record in records:
        run.write(record)
    assert run.events() == records == Run.open(run.path).events()
    assert Run.create(run.path.parent / "two", run.settings).events() == []


def test_numbers_that_are_none_are_written_as_json_and_read_as_nan(run):
    run.write(StepRecord(1, 6, math.nan, math.inf, 0.5, 0.5, 0.0, 1.0, 1.0))
    line = (run.path / "events.jsonl").read_text()
    assert "NaN" not in line and "Infinity" not in line
    (event,) = run.events()
    assert math.isnan(event.loss_d) and math.isnan(event.loss_g) and event.accuracy_real == 0.5


def test_a_line_cut_short_by_a_crash_is_left_out(run):
    records = list(games.trainer("mlp").run(3))
    for record in records:
        run.write(record)
    path = run.path / "events.jsonl"
    path.write_bytes(path.read_bytes()[:-30])
    assert run.events() == records[:2]


@pytest.mark.parametrize("name", ["mlp", "stylegan2"])
def test_a_grid_becomes_a_picture(tmp_path, name):
    """Four samples: two rows of two, every pixel as the generator made it."""
    run, trainer = Run.create(tmp_path / name, settings(name)), games.trainer(name)
    record = trainer.grid()
    run.write(record)
    picture = np.asarray(Image.open(run.path / "grids" / "0000000.webp").convert("RGB")).astype(int)
    pixels = np.clip(np.floor(record.samples * 127.5 + 128), 0, 255).transpose(0, 2, 3, 1).astype(int)
    np.testing.assert_array_equal(picture[:8, :8], np.broadcast_to(pixels[0], (8, 8, 3)))
    np.testing.assert_array_equal(picture[-8:, -8:], np.broadcast_to(pixels[3], (8, 8, 3)))


def test_large_pictures_are_small_in_a_grid(run):
    """Each cell keeps its shape and is the mean of the areas; so many at full size are wider than a WebP may be."""
    samples = np.zeros((64, 1, 64, 2048), np.float32)
    samples[63, :, :, 1024:] = 1
    run.write(GridRecord(3, samples))
    picture = np.asarray(Image.open(run.grid_path(3)).convert("RGB"))
    assert picture.shape == (8 * 8, 8 * 256, 3)
    assert (picture[-8:, -128:] == 255).all() and (picture[-8:, -256:-128] == 128).all() and (picture[:8] == 128).all()


def test_grids_and_snapshots_by_step(run):
    """Sorted as numbers, also past seven digits; halves and strangers are not counted."""
    assert run.grids() == run.snapshots() == []
    trainer = games.trainer("mlp")
    for step in (10_000_000, 9_999_999, 0):
        trainer.step = step
        run.write(trainer.grid())
        run.snapshot(trainer, {})
    (run.path / "grids" / "notes.webp").write_text("mine")
    (run.path / "grids" / ".0000007.webp.0123abcd.part").write_text("half")
    (run.path / "snapshots" / "0000005").mkdir()
    (run.path / "snapshots" / "0000005" / "model.safetensors").write_text("half")
    (run.path / "snapshots" / "best").mkdir()
    (run.path / "snapshots" / "best" / "config.json").write_text("{}")
    assert run.grids() == run.snapshots() == [0, 9_999_999, 10_000_000]
    assert all(run.grid_path(step).is_file() for step in run.grids())
    assert all((run.snapshot_path(step) / "config.json").is_file() for step in run.snapshots())


def test_points_have_no_grid(tmp_path):
    run = Run.create(tmp_path / "run", settings("points"))
    run.write(GridRecord(5, np.zeros((4, 2), np.float32)))
    assert not (run.path / "grids").exists()


def test_a_snapshot_is_a_model_folder(tmp_path):
    run = Run.create(
        tmp_path / "run", settings(classes=3, about=dict(title="Tiny", licence="CC0", psi=0.5, pixel_art=True))
    )
    trainer = games.trainer("mlp", 3)
    list(trainer.run(3))
    folder = run.snapshot(trainer, dict(steps=3))
    assert folder == run.path / "snapshots" / "0000003"
    config = read_config(folder)
    assert (config.family, config.title, config.licence, config.psi, config.pixel_art) == (
        "mlp",
        "Tiny",
        "CC0",
        0.5,
        True,
    )
    assert config.classes == ("0", "1", "2") and config.trained == {"steps": 3}
    for mine, theirs in (
        (trainer.ema.average, load_generator(folder, config)),
        (trainer.discriminator, load_discriminator(folder, config)),
    ):
        assert all(
            torch.equal(a, b) for a, b in zip(mine.state_dict().values(), theirs.state_dict().values(), strict=True)
        )
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert card.startswith("# Tiny\n")
    assert all(words in card for words in ("Licence: CC0", "trained from scratch", "| batch_size | 6 |"))


def test_restoring_forgets_what_came_after_the_save_and_happens_again(run):
    whole = games.trainer("mlp")
    records = list(whole.run(7))
    first = games.trainer("mlp")
    assert not run.is_saved()
    for record in first.run(5):
        run.write(record)
        if record.step == 3:
            run.save(first)
        if record.step in (0, 3, 5):
            run.write(first.grid())
    assert run.is_saved() and run.grids() == [3, 5]
    second = games.trainer("mlp")
    run.restore(second)
    assert second.step == 3 and run.events() == records[:3] and run.grids() == [3]
    for record in second.run(7):
        run.write(record)
    assert run.events() == records
    assert all(
        torch.equal(a, b) for a, b in zip(whole.ema.average.parameters(), second.ema.average.parameters(), strict=True)
    )


def test_states_that_cannot_be_resumed(run):
    with pytest.raises(StudioError, match="state.safetensors of .* is (missing|broken|damaged)"):
        run.restore(games.trainer("mlp"))
    run.save(games.trainer("mlp"))
    with pytest.raises(StudioError, match="does not fit the networks of its config.json"):
        run.restore(games.trainer("points"))
