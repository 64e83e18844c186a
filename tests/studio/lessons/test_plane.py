"""What is in z: the small generator that the browser paints, and what the lesson says of it."""

import math

import numpy as np
import pytest
import torch

from gan.networks.registry import build_generator
from gan.store.shipped import shipped_weights
from gan.store.weights import load_weights
from gan.studio.data.drawn.drawers import drawn_set
from gan.studio.lessons.plane import FILE, SETTINGS, plane_generator

FOLDER = shipped_weights() / "plane"


def painted(z: np.ndarray) -> np.ndarray:
    """Pictures (n, 784) in [-1, 1] from what the browser gets."""
    widths, data = plane_generator()
    numbers, h = np.frombuffer(data, "<f4"), z
    for inputs, outputs in zip(widths, widths[1:], strict=False):
        weight, bias, numbers = np.split(numbers, [inputs * outputs, (inputs + 1) * outputs])
        h = h @ weight.reshape(outputs, inputs).T + bias
        h = np.maximum(h, 0) if len(numbers) else np.tanh(h)
    return h


def test_the_browser_gets_the_generator_itself():
    generator = load_weights(lambda device="cpu": build_generator("mlp", SETTINGS, device), FOLDER / FILE, "plane")
    z = np.random.RandomState(0).randn(40, 2).astype(np.float32)
    with torch.no_grad():
        assert painted(z) == pytest.approx(generator(torch.from_numpy(z)).flatten(1).numpy(), abs=1e-5)


def test_what_it_makes_looks_like_drawn_digits_of_all_kinds():
    """Nearest neighbours among drawn digits: near enough, and all ten kinds are among them."""
    drawn, factors, _ = drawn_set(300, 28, 1, "digits")
    real = drawn[..., 0].reshape(300, -1).astype(np.float64)
    made = (painted(np.random.RandomState(1).randn(100, 2)) + 1) * 127.5
    squares = (made**2).sum(axis=1)[:, None] + (real**2).sum(axis=1) - 2 * made @ real.T
    apart = np.sqrt(np.maximum(squares, 0) / real.shape[1])
    assert len(set(factors[apart.argmin(axis=1), 0].round())) == 10 and np.median(apart.min(axis=1)) < 60


def test_how_many_samples_fall_within_the_circles():
    """Two in five within 1, six in seven within 2: the Rayleigh distribution."""
    assert 1 - math.exp(-1 / 2) == pytest.approx(2 / 5, abs=0.01)
    assert 1 - math.exp(-4 / 2) == pytest.approx(6 / 7, abs=0.01)


def test_it_is_small_and_has_a_card_and_is_no_model():
    assert (FOLDER / FILE).stat().st_size < 500_000 and not (FOLDER / "config.json").exists()
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "CC0" in card and "python -m gan train" in card
