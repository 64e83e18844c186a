"""Distances to shapes: zero on the edge, negative inside, and true near the edge; coverage and painting."""

import numpy as np
import pytest

from gan.studio.data.drawn.canvas import FINE, blank, finished
from gan.studio.data.drawn.colours import ink, mix, oklch, ramp
from gan.studio.data.drawn.shapes import both, disc, ellipse, scallops, smile

GRID = np.linspace(-1, 1, 401)
X, Y = GRID[None, None, :], GRID[None, :, None]


def area(distance) -> float:
    """Share of the square [-1, 1]² inside, times its area."""
    return 4 * float((distance < 0).mean())


def test_an_ellipse_has_its_area_and_a_round_one_is_a_disc():
    assert area(ellipse(X, Y, 0.6, 0.3)) == pytest.approx(np.pi * 0.6 * 0.3, rel=0.01)
    off_centre = X + 0.001  # in the very middle the direction is unknown; inside is enough there
    assert np.allclose(ellipse(off_centre, Y, 0.5, 0.5), disc(off_centre, Y, 0.5), atol=1e-6)
    assert ellipse(X, Y, 0.5, 0.5).min() <= -0.49 and (ellipse(X, Y, 0.5, 0.5)[0, 200, 200] < -0.4)


@pytest.mark.parametrize("depth", [0.0, 0.2])
def test_a_smile_lies_between_its_curves(depth):
    gap = smile(X, Y, 0.5, 0.2, depth)
    assert area(gap) == pytest.approx(depth * 1.6 * 0.5, abs=0.01)  # the integral of depth * (1 - u⁴)
    at = gap[0, :, 200]  # straight through the middle
    assert at[np.abs(GRID - 0.2 - depth - 0.1).argmin()] == pytest.approx(0.1, abs=0.01)


def test_rounded_corners_take_away():
    a, b = disc(X - 0.2, Y, 0.5), disc(X + 0.2, Y, 0.5)
    assert 0.9 * area(np.maximum(a, b)) < area(both(a, b, 0.2)) < area(np.maximum(a, b))


def test_scallops_touch_zero_between_bumps():
    assert scallops(np.array([0.0, 0.5, 1.0, 1.5])) == pytest.approx([0, 1, 0, 1])


def test_a_window_paints_the_same_pixels():
    whole, part = blank(1, 32), blank(1, 32)
    red, window = ink(np.array([1.0, 0, 0])), part.window(-0.5, 0.5, -0.5, 0.5)
    whole.paint(red, whole.cover(disc(whole.x, whole.y, 0.4)))
    window.paint(red, window.cover(disc(window.x, window.y, 0.4)))
    assert window.pixels.size < whole.pixels.size and np.array_equal(part.pixels, whole.pixels)


@pytest.mark.parametrize("side", [16, 20, 64, 200])
def test_edges_cover_as_much_as_the_shape_does(side):
    canvas = blank(1, side)
    canvas.paint(ink(np.ones(3)), canvas.cover(disc(canvas.x, canvas.y, 0.5)))
    assert canvas.pixels.shape[-1] >= FINE and canvas.pixels.shape[-1] % side == 0
    picture = finished(canvas, side)
    assert picture.shape == (1, side, side, 3) and picture.dtype == np.uint8
    assert picture.mean() / 255 == pytest.approx(np.pi * 0.25 / 4, rel=0.01)


def test_colours_are_those_of_the_paper():
    assert oklch(1, 0, 0) == pytest.approx([1, 1, 1], abs=1e-3) and oklch(0, 0, 0) == pytest.approx([0, 0, 0])
    assert oklch(0.62796, 0.25768, 29.234) == pytest.approx([1, 0, 0], abs=2e-3)  # sRGB's red
    grey = oklch(np.linspace(0.1, 0.9, 9), 0, 0)
    assert grey.shape == (9, 3) and (np.diff(grey[:, 0]) > 0).all()


def test_a_ramp_meets_its_stops():
    stops = ("000000", "ff0000", "ffffff")
    assert ramp(stops, np.array([0, 0.25, 0.5, 1])) == pytest.approx(
        np.array([[0, 0, 0], [0.5, 0, 0], [1, 0, 0], [1, 1, 1]])
    )
    assert mix(np.zeros((2, 3)), np.ones(3), np.array([0, 0.5])) == pytest.approx(np.array([[0] * 3, [0.5] * 3]))
