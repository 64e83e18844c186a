"""Of a cartoon face: the hair, behind the head and in front of it."""

from types import SimpleNamespace

import numpy as np

from gan.studio.data.drawn.canvas import Canvas
from gan.studio.data.drawn.shapes import both, ellipse, scallops


def silhouette(canvas: Canvas, at: SimpleNamespace) -> np.ndarray:
    """Distance to all of the hair as seen from behind: a cap that goes on as a curtain down to where the hair ends."""
    x, y = np.abs(canvas.x), canvas.y - at.middle + 0.06
    across, up = at.across + at.volume, at.down - 0.06 + 0.055 + at.volume
    cap = ellipse(x, np.minimum(y, 0), across, up)
    curtain = x - across - 0.10 * np.maximum(y, 0)
    outline = np.where(y < 0, cap, curtain)
    # How far along the outline, from the crown (0) by the temples (1) down: corners of a diamond stand for angles.
    along = x / (x - np.minimum(y, 0) + np.float32(1e-6))
    along = along + np.float32(0.363) * along * (1 - along) * (2 * along - 1)  # evens out their steps
    along = np.where(y < 0, along, 1 + y * np.float32(1.4))
    outline = outline - 0.062 * _curls(along * 3.5 + 0.5, at.curl)
    end = y - (at.hair_end - at.middle + 0.06) - 0.05 * _curls(canvas.x * 5, at.curl)
    return both(outline, end, 0.16)


def _curls(along: np.ndarray, curl: np.ndarray) -> np.ndarray:
    """How far hair stands out, 0 to `curl`: soft waves where it curls little, round locks where it curls much."""
    bumps = scallops(along)
    return curl * bumps * (bumps + curl * (1 - bumps))


def behind(canvas: Canvas, hair: np.ndarray, colours: SimpleNamespace) -> None:
    """The hair at the back, in the shade."""
    canvas.paint(colours.hair_back, canvas.cover(hair))


def front(canvas: Canvas, hair: np.ndarray, at: SimpleNamespace) -> tuple[np.ndarray, np.ndarray]:
    """Distance to the hair before the face: all of it but an opening, and two locks that meet at a parting.

    Also how much nearer a place is to the right lock than to the left one: 0 along the parting.
    """
    x, y = canvas.x, canvas.y - at.middle
    opening = ellipse(x, np.minimum(y - 0.10, 0), at.across * 0.94, at.down * 0.94 + 0.04)
    opening = np.where(y < 0.10, opening, np.abs(x) - at.across * 0.94)
    drop = 0.22 * at.fringe
    bumps = 0.04 * _curls(x * 6, at.curl)
    left = ellipse(x + 0.42, y + at.down + 0.02, 0.34, 0.36 + drop)
    right = ellipse(x - 0.22, y + at.down + 0.02, 0.46, 0.26 + drop)
    locks = np.minimum(left, right) - bumps
    return both(hair, np.minimum(-opening, locks), 0.08), left - right


def over(canvas: Canvas, front: np.ndarray, parting: np.ndarray, at: SimpleNamespace, colours: SimpleNamespace) -> None:
    """The hair before the face: the right lock lies on the left one, and a band of light on both, broken by curls."""
    covered = canvas.cover(front)
    canvas.paint(colours.hair, covered)
    beside = np.clip(1 + parting * np.float32(5), 0, 1) * canvas.cover(parting)
    canvas.paint(colours.hair_back, beside * covered * np.float32(0.6))
    x, y = canvas.x + 0.03, canvas.y - at.middle + 0.02
    ring = np.abs(ellipse(x, y, at.across * 0.80, at.down * 0.90)) - 0.022
    band = both(ring, y + at.down * 0.5, 0.05)
    canvas.paint(colours.hair_shine, canvas.cover(band) * covered * (1 - at.curl * (1 - scallops(x * 5 + 0.65))))
