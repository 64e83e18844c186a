"""Signed distances of simple shapes: negative inside, positive outside (Quilez, "2D distance functions").

x, y and what describes a shape are arrays that broadcast to (count, height, width). Distances are exact for discs, and
near the edge, which is all that can be seen, for the others.
"""

import numpy as np


def disc(x, y, radius):
    """A disc around the origin."""
    return np.sqrt(x * x + y * y) - radius


def ellipse(x, y, across, down):
    """An ellipse around the origin with these half axes: its implicit function over the length of its gradient."""
    u, v = x / across, y / down
    one = np.maximum(np.sqrt(u * u + v * v), np.float32(1e-6))  # the very middle lies inside, too
    u, v = u / across, v / down
    slope = np.sqrt(u * u + v * v)
    np.maximum(slope, np.float32(1e-6), out=slope)
    return one * (one - 1) / slope


def smile(x, y, half, sag, depth):
    """The region over [-half, half] between the curve `sag` * (1 - u²) and one `depth` * (1 - u⁴) below it.

    With no depth it is a curve without width, for a pen to follow: take the pen's radius off the distance.
    """
    clamped = np.clip(x, -half, half)
    u = clamped / half
    square = u * u
    upper = sag * (1 - square)
    lower = upper + depth * (1 - square * square)
    tilt = 2 * sag * u / half
    steep = tilt + 4 * depth * u * square / half
    above = (upper - y) / np.sqrt(1 + tilt * tilt)
    below = (y - lower) / np.sqrt(1 + steep * steep)
    gap, beyond = np.maximum(above, below), x - clamped
    return np.sqrt(beyond * beyond + np.maximum(gap, 0) ** 2) + np.minimum(gap, 0)


def both(a, b, round: float):
    """Where both shapes are, with the corner between them rounded off."""
    corner = np.maximum(round - np.abs(a - b), 0)
    return np.maximum(a, b) + corner * corner * np.float32(0.25 / round)


def scallops(along):
    """Round bumps, one a unit: 0 where two of them meet, 1 at their tops."""
    u = along - np.floor(along) - np.float32(0.5)
    return 1 - 4 * u * u
