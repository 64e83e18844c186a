"""Handwritten digits, white on black: strokes along curves through a few points, drawn from named factors.

Every digit is written in two ways, and `style` goes from one to the other. Sizes are in halves of a picture, y grows
downwards.
"""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from gan.field_metadata import knob
from gan.studio.data.drawn.canvas import Canvas, plane
from gan.studio.data.drawn.drawer import Drawer, Factor, either_way, in_steps, mostly_middle, one_way

_SEGMENTS = 24  # straight pieces that a digit is drawn in
# Both ways of each digit: its strokes, and the points (x y, in hundredths) that each goes through. Both have as many.
_WAYS = (
    # 0: wide, slim
    (
        "5 -62, -34 -38, -40 10, -20 54, 12 60, 38 30, 38 -20, 5 -62",
        "20 -56, -12 -50, -30 0, -20 50, 5 60, 25 25, 28 -20, 10 -62",
    ),
    # 1: a bar, with a flag
    (
        "1 -60, 2 -62, 0 0, -2 62",
        "-26 -30, 8 -62, 8 0, 8 62",
    ),
    # 2: straight foot, swung foot
    (
        "-34 -36, -10 -61, 26 -50, 28 -15, -5 25, -36 59, 2 59, 40 59",
        "-32 -46, 2 -62, 33 -42, 18 2, -18 44, -34 50, 4 50, 42 62",
    ),
    # 3: round, with a corner
    (
        "-32 -50, 2 -62, 30 -40, 16 -10, -8 -3, 26 10, 36 36, 8 62, -34 48",
        "-34 -58, 2 -60, 32 -56, 12 -28, -4 -10, 28 6, 34 34, 6 60, -34 54",
    ),
    # 4: open, closed
    (
        "-22 -60, -30 -20, -34 8, 38 8 / 20 -56, 17 0, 14 62",
        "14 -62, -12 -25, -40 18, 42 18 / 14 -62, 14 0, 14 62",
    ),
    # 5: with a corner, round
    (
        "36 -60, -22 -58, -28 -6, 6 -14, 34 12, 28 46, 0 62, -34 50",
        "34 -52, -8 -50, -24 -10, 10 -6, 28 20, 18 50, -8 60, -30 56",
    ),
    # 6: bowed, steep
    (
        "28 -60, -12 -34, -34 10, -22 52, 8 61, 32 36, 18 8, -10 8, -30 30",
        "2 -64, -18 -30, -28 16, -18 50, 4 58, 24 38, 12 18, -10 20, -24 36",
    ),
    # 7: plain, with a bar
    (
        "-36 -54, 0 -57, 36 -57, 12 0, -8 62 / 11 2, 12 0",
        "-36 -58, 0 -58, 34 -56, 10 0, -2 62 / -16 2, 32 0",
    ),
    # 8: even, with a small head
    (
        "26 -44, 0 -61, -26 -40, 0 -6, 32 30, 2 61, -32 32, 2 -4, 26 -44",
        "20 -50, 0 -62, -20 -44, -2 -18, 30 22, 0 60, -30 26, 4 -16, 24 -50",
    ),
    # 9: straight tail, bowed tail
    (
        "28 -38, 2 -61, -30 -38, -18 -8, 12 -10, 28 -38, 26 10, 20 62",
        "30 -42, 0 -60, -28 -40, -14 -14, 16 -16, 30 -42, 24 20, -14 60",
    ),
)


@dataclass(frozen=True)
class Factors:
    """One digit. None depends on another: any combination can be drawn."""

    digit: float = knob(0.0, "Which digit it is.", low=0, high=9, step=1)
    style: float = one_way(0.5, "From one way of writing this digit to another one.")
    weight: float = one_way(0.5, "Strokes: thin to thick.")
    slant: float = either_way(0.2, "Leaning to the left, or to the right.")
    width: float = one_way(0.5, "Slim to wide.")
    size: float = one_way(0.6, "Small to large.")
    turn: float = either_way(0.0, "Turned against the clock, or with it.")
    head: float = one_way(0.5, "Upper half: small to large.")


def _read(way: str) -> list[np.ndarray]:
    """Its strokes, (points, 2) each."""
    return [np.array([point.split() for point in stroke.split(",")], np.float64) / 100 for stroke in way.split("/")]


def _sampled(strokes: list[np.ndarray]) -> np.ndarray:
    """The straight pieces of these strokes, (_SEGMENTS, 2 ends, 2), along smooth curves through their points (Catmull
    and Rom 1974). Each stroke has its share by how many points it has."""
    spans = [len(stroke) - 1 for stroke in strokes]
    shares = [max(1, _SEGMENTS * span // sum(spans)) for span in spans]
    shares[0] += _SEGMENTS - sum(shares)
    pieces = []
    for stroke, count in zip(strokes, shares, strict=True):
        points = np.stack([stroke[0], *stroke, stroke[-1]])
        at = np.linspace(0, len(stroke) - 1, count + 1)
        first = np.minimum(at.astype(int), len(stroke) - 2)
        t = (at - first)[:, None]
        a, b, c, d = (points[first + i] for i in range(4))
        curve = b + t * (c - a) / 2 + t**2 * (a - 2.5 * b + 2 * c - d / 2) + t**3 * (1.5 * (b - c) + (d - a) / 2)
        pieces += list(np.stack([curve[:-1], curve[1:]], axis=1))
    return np.array(pieces)


def _pieces(f: SimpleNamespace) -> np.ndarray:
    """The ends of the pieces of each picture's digit, (_SEGMENTS, 2 ends, 2, count)."""
    ways = np.array([[_sampled(_read(way)) for way in both] for both in _WAYS])  # (10, 2, segments, ends, 2)
    plain, other = (ways[np.rint(f.digit).astype(int), way].transpose(1, 2, 3, 0) for way in (0, 1))
    x, y = np.moveaxis(plain + f.style * (other - plain), 2, 0)
    size = 0.98 + 0.22 * f.size
    upper = np.where(y < 0, 1 + 0.3 * (f.head - 0.5), 1 - 0.1 * (f.head - 0.5))
    x = x * size * (0.72 + 0.42 * f.width) * upper
    y = y * size
    x = x - 0.3 * f.slant * y
    lean = 0.22 * f.turn
    return np.stack([x - lean * y, y + lean * x], axis=2)


def paint(factors: Factor, canvas: Canvas) -> None:
    """Paint a digit for each value of the factors: everything within a pen's radius of its strokes."""
    f = SimpleNamespace(**factors)
    pen = plane(0.05 + 0.065 * f.weight)
    nearest = np.full(canvas.pixels.shape[1:], 9, np.float32)
    for (ax, ay), (bx, by) in _pieces(f):
        x, y = canvas.x - plane(ax), canvas.y - plane(ay)
        dx, dy = plane(bx - ax), plane(by - ay)
        along = (x * dx + y * dy) / np.maximum(dx * dx + dy * dy, np.float32(1e-8))
        np.clip(along, 0, 1, out=along)
        x, y = x - along * dx, y - along * dy
        np.minimum(nearest, x * x + y * y, out=nearest)
    canvas.paint(np.ones((3, 1, 1, 1), np.float32), canvas.cover(np.sqrt(nearest) - pen))


DIGITS = Drawer(
    Factors,
    paint,
    {
        "digit": in_steps(10),
        "weight": mostly_middle,
        "slant": mostly_middle,
        "width": mostly_middle,
        "size": mostly_middle,
        "turn": mostly_middle,
        "head": mostly_middle,
    },
)
