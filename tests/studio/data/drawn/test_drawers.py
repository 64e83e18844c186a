"""What holds of everything that is drawn: the same again, any size, independent factors, errors a person can read."""

import os
import subprocess
import sys

import numpy as np
import pytest

from gan.errors import StudioError
from gan.field_metadata import table
from gan.studio.data.drawn.canvas import Canvas
from gan.studio.data.drawn.drawer import mostly_high, mostly_low, mostly_middle, none_or_some
from gan.studio.data.drawn.drawers import DRAWERS, drawer, drawn_set


@pytest.fixture(params=DRAWERS)
def artist(request):
    return drawer(request.param)


def corners(artist, count: int) -> np.ndarray:
    """Factors all at one of their ends: the hardest to draw."""
    low, high = (np.array([getattr(row, end) for row in table(artist.factors).values()]) for end in ("low", "high"))
    return low + (high - low) * np.random.RandomState(0).randint(0, 2, (count, len(low)))


@pytest.mark.parametrize("side", [16, 31, 64, 256])
def test_pictures_have_the_size_that_was_asked_for(artist, side):
    pictures, values, names = artist.drawn_set(3, side, 5)
    assert pictures.shape == (3, side, side, 3) and pictures.dtype == np.uint8
    assert values.shape == (3, len(names)) and values.dtype == np.float32 and names == tuple(table(artist.factors))
    assert pictures.std() > 20 and artist.draw(artist.factors(), side).shape == (side, side, 3)


def test_a_seed_gives_the_same_again_and_another_others(artist):
    one, again, other = (artist.drawn_set(9, 32, seed) for seed in (1, 1, 2))
    assert np.array_equal(one[0], again[0]) and np.array_equal(one[1], again[1])
    assert not np.array_equal(one[1], other[1]) and (one[0] != other[0]).any(axis=(1, 2, 3)).all()


def test_a_picture_does_not_depend_on_its_company(artist):
    pictures, values, names = artist.drawn_set(11, 64, 3)
    shorter = artist.drawn_set(2, 64, 3)
    assert np.array_equal(shorter[0], pictures[:2]) and np.array_equal(shorter[1], values[:2])
    alone = artist.draw(artist.factors(**dict(zip(names, map(float, values[10]), strict=True))), 64)
    assert np.array_equal(alone, pictures[10])


def test_another_processor_draws_the_same(artist):
    """numpy without its vector units stands for it; it adds and takes cosines in other ways then."""
    inside = pytest.importorskip("numpy._core._multiarray_umath")
    code = """
import sys, zlib
from gan.studio.data.drawn.drawers import drawn_set
print([zlib.crc32(drawn_set(60, side, 9, sys.argv[1])[0].tobytes()) for side in (32, 100)])
"""
    name = next(name for name, other in DRAWERS.items() if other is artist)
    told = []
    for without in ("", " ".join(unit for unit in inside.__cpu_dispatch__ if inside.__cpu_features__[unit])):
        env = {**os.environ, "NPY_DISABLE_CPU_FEATURES": without, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run([sys.executable, "-c", code, name], env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        told.append(done.stdout)
    assert told[0] == told[1]


def test_windows_cut_nothing_off(artist, monkeypatch):
    values = np.concatenate([corners(artist, 40), artist.sample(0, 20)])
    cut = artist.draw_many(values, 64)
    monkeypatch.setattr(Canvas, "window", lambda canvas, *edges: canvas)
    assert np.array_equal(artist.draw_many(values, 64), cut)


def test_a_size_twice_as_large_shows_the_same(artist):
    small, large = (artist.draw_many(artist.sample(4, 6), side).astype(float) for side in (64, 128))
    halved = large.reshape(6, 64, 2, 64, 2, 3).mean(axis=(2, 4))
    assert np.abs(halved - small).max() <= 1  # one is rounded twice
    larger = artist.draw_many(artist.sample(4, 6), 256).reshape(6, 64, 4, 64, 4, 3)
    assert np.abs(larger.mean(axis=(2, 4)) - small).mean() < 1


def test_factors_are_independent_and_reach_their_ends(artist):
    values = artist.sample(0, 4000)
    between = np.corrcoef(values.T) - np.eye(values.shape[1])
    assert np.abs(between).max() < 0.07
    for row, column in zip(table(artist.factors).values(), values.T, strict=True):
        wide = row.high - row.low
        assert row.low <= column.min() < row.low + 0.1 * wide and row.high - 0.1 * wide < column.max() <= row.high


def test_every_factor_is_seen(artist):
    plain = artist.draw(artist.factors(), 64)
    for row in table(artist.factors).values():
        for end in (row.low, row.high):
            if abs(end - row.default) > 0.2 * (row.high - row.low):
                changed = artist.draw(artist.factors(**{row.name: float(end)}), 64)
                assert (np.abs(changed.astype(int) - plain) > 12).any(axis=2).sum() >= 3, (row.name, end)


def test_a_small_step_changes_pixels_little(artist):
    values = np.concatenate([artist.sample(6, 12), corners(artist, 12)]).astype(float)
    before = artist.draw_many(values, 64).astype(int)
    for i, row in enumerate(table(artist.factors).values()):
        moved, step = values.copy(), 0.0002 * (row.high - row.low)
        moved[:, i] += np.where(moved[:, i] + step > row.high, -step, step)
        assert np.abs(artist.draw_many(moved, 64) - before).max() <= 16, row.name


def test_what_cannot_be_drawn_is_said(artist):
    name, row = next(iter(table(artist.factors).items()))
    with pytest.raises(StudioError, match=f"{name} must lie between {row.low} and {row.high}, not 99"):
        artist.draw(artist.factors(**{name: 99.0}), 64)
    with pytest.raises(StudioError, match=f"{name} must lie between {row.low} and {row.high}, not nan"):
        artist.draw_many(np.full((2, len(artist.names)), np.nan), 64)
    with pytest.raises(StudioError, match="factors, but the table's shape is"):
        artist.draw_many(np.zeros((2, 3)), 64)
    for side in (15, 1025, 64.0, True, None):
        with pytest.raises(StudioError, match="side must be a whole number between 16 and 1024"):
            artist.drawn_set(1, side)
    with pytest.raises(StudioError, match="seed must be a whole number"):
        artist.sample(-1, 3)
    with pytest.raises(StudioError, match="number of pictures must be a whole number"):
        artist.sample(0, 10**9)


def test_too_much_is_said_before_it_is_drawn(artist):
    with pytest.raises(StudioError, match="5000 pictures of 1024 x 1024 pixels would take 16 GB. Draw fewer"):
        artist.drawn_set(5000, 1024)


def test_batches_are_the_set_a_few_at_a_time(artist):
    pictures, values, _ = artist.drawn_set(20, 64, 2)
    parts = list(artist.batches(values, 64))
    assert len(parts) > 1 and np.array_equal(np.concatenate(parts), pictures)
    with pytest.raises(StudioError):
        artist.batches(values, 7)  # before the first is asked for


def test_nothing_asked_for_is_nothing_drawn(artist):
    pictures, values, _ = artist.drawn_set(0, 32)
    assert pictures.shape == (0, 32, 32, 3) and len(values) == 0


def test_a_set_is_found_by_its_name():
    assert np.array_equal(drawn_set(2, 16, 8)[0], DRAWERS["faces"].drawn_set(2, 16, 8)[0])
    with pytest.raises(StudioError, match="Nobody here can draw 'horses'"):
        drawn_set(2, 16, 8, "horses")


def test_spreads_stay_between_0_and_1():
    chances = np.random.RandomState(0).random_sample((2000, 2))
    for spread, mean in ((mostly_low, 1 / 3), (mostly_middle, 1 / 2), (mostly_high, 2 / 3), (none_or_some(0.4), 0.35)):
        shares = spread(chances)
        assert shares.min() >= 0 and shares.max() <= 1 and shares.mean() == pytest.approx(mean, abs=0.02)
