"""A stack of pictures that are painted together, shape by shape, from back to front.

A shape is a signed distance: an array (count, height, width) that is negative inside, zero on the edge and positive
outside, in units of half a picture. Whoever knows the distance knows how much of a pixel is covered, so edges are
smooth at any size. Only + - * /, square roots and comparisons touch pixels: these are rounded alike everywhere, so that
the pictures are the same on every machine, to the last bit.
"""

import functools
from dataclasses import dataclass

import numpy as np

FINE = 128  # pixels along a side below which pictures are painted larger and then averaged: thin strokes need it


@dataclass(frozen=True)
class Canvas:
    """A window onto the pictures. x runs from -1 (left) to 1, y from -1 (top) to 1, both at the centres of pixels."""

    pixels: np.ndarray  # float32 (3, count, height, width), 0 to 1; painted in place
    x: np.ndarray  # (1, 1, width)
    y: np.ndarray  # (1, height, 1)
    pixel: float  # how wide a pixel is

    def window(self, left: float, right: float, top: float, bottom: float) -> "Canvas":
        """The same pictures, only between these edges: a small shape there is painted sooner."""
        columns, rows = self._span(self.x.ravel(), left, right), self._span(self.y.ravel(), top, bottom)
        return Canvas(self.pixels[:, :, rows, columns], self.x[:, :, columns], self.y[:, rows], self.pixel)

    def zoomed(self, times: float, up: float = 0.0) -> "Canvas":
        """The same pictures in coordinates that make what is painted so much larger, and move it up by `up` of them."""
        scale = np.float32(1 / times)
        return Canvas(self.pixels, self.x * scale, self.y * scale + np.float32(up), self.pixel / times)

    def _span(self, centres: np.ndarray, low: float, high: float) -> slice:
        return slice(*np.searchsorted(centres, [low - self.pixel, high + self.pixel]))

    def cover(self, distance: np.ndarray, soft: float = 0.0) -> np.ndarray:
        """How much of each pixel lies inside, 0 to 1. `soft` widens the edge to a blur of that width."""
        covered = distance * np.float32(-1 / max(soft, self.pixel))
        covered += np.float32(0.5)
        np.clip(covered, 0, 1, out=covered)
        return covered if soft == 0 else covered * covered * (3 - 2 * covered)

    def paint(self, colour: np.ndarray, covered: np.ndarray) -> None:
        """Lay a colour, float32 (3, count, 1, 1), over the pictures where `covered`, (count, height, width), says."""
        layer = colour - self.pixels
        layer *= covered
        np.add(self.pixels, layer, out=self.pixels)


def fine(side: int) -> int:
    """Pixels along a side while it is painted: a whole multiple of `side`, at least FINE."""
    return side * -(-FINE // side)


def blank(count: int, side: int) -> Canvas:
    """Empty pictures, in as many pixels as they are painted in."""
    across = fine(side)
    centres = ((np.arange(across) + 0.5) * 2 / across - 1).astype(np.float32)
    pixels = np.zeros((3, count, across, across), np.float32)
    return Canvas(pixels, centres[None, None, :], centres[None, :, None], 2 / across)


def plane(values: np.ndarray) -> np.ndarray:
    """One number for each picture, (count,), as shapes take it: float32 (count, 1, 1)."""
    return np.asarray(values, np.float32)[:, None, None]


def finished(canvas: Canvas, side: int) -> np.ndarray:
    """The pictures in the size that was asked for: uint8 (count, side, side, 3)."""
    pixels, times = canvas.pixels, canvas.pixels.shape[-1] // side
    # Added one after the other, since the order in which mean() adds depends on the processor.
    rows = functools.reduce(np.add, [pixels[:, :, i::times] for i in range(times)])
    mean = functools.reduce(np.add, [rows[..., i::times] for i in range(times)]) / np.float32(times * times)
    levels = np.clip(mean * 255 + np.float32(0.5), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(levels.transpose(1, 2, 3, 0))
