"""Of a cartoon face: what is behind it, its shoulders, neck, ears, and the head itself."""

from types import SimpleNamespace

import numpy as np

from gan.studio.data.drawn.canvas import Canvas
from gan.studio.data.drawn.shapes import both, disc, ellipse

_NECK, _NECKLINE = 0.135, 0.60


def ground(canvas: Canvas, colours: SimpleNamespace) -> None:
    """A flat background with a paler disc behind the head."""
    canvas.pixels[:] = colours.ground
    canvas.paint(colours.glow, canvas.cover(disc(canvas.x, canvas.y + 0.02, np.float32(0.73))))


def shoulders(canvas: Canvas, at: SimpleNamespace, colours: SimpleNamespace) -> None:
    """A shirt with a collar, the neck, and the chin's shadow on it."""
    low = canvas.window(-1, 1, 0.3, 1)
    x, y = low.x, low.y
    shirt = low.cover(both(ellipse(x, y - 1.14, 0.78, 0.58), np.abs(x) - 0.71, 0.2))
    low.paint(colours.shirt, shirt)
    sleeve = ellipse(np.abs(x) - 0.80, y - 1.16, 0.30, 0.36)
    low.paint(colours.shirt_shade, low.cover(sleeve) * shirt)
    neckline = ellipse(x, y - _NECKLINE, 0.19, 0.10)
    low.paint(colours.collar, low.cover(neckline - 0.042) * shirt)
    neck = np.maximum(np.abs(x) - _NECK, np.abs(y - _NECKLINE / 2) - _NECKLINE / 2)
    bare = np.maximum(low.cover(neck), low.cover(neckline) * shirt)
    low.paint(colours.skin, bare)
    chin = ellipse(x, y - at.middle - 0.085, at.across, at.down)
    low.paint(colours.skin_shade, low.cover(chin) * bare)


def ears(canvas: Canvas, at: SimpleNamespace, colours: SimpleNamespace) -> None:
    """Two ears, level with the eyes, each with a darker hollow."""
    part = canvas.window(-0.6, 0.6, -0.2, 0.25)
    x, y = np.abs(part.x) - at.across, part.y - at.middle - 0.09
    part.paint(colours.skin, part.cover(ellipse(x, y, 0.075, 0.092)))
    part.paint(colours.nose_tone, part.cover(ellipse(x - 0.018, y - 0.005, 0.036, 0.05)))


def head(canvas: Canvas, at: SimpleNamespace, colours: SimpleNamespace) -> np.ndarray:
    """The head, narrower at the jaw, with a crescent of shade away from the light; how much of each pixel it covers."""
    x, y = canvas.x * (1 + 0.10 * (canvas.y - at.middle) / at.down), canvas.y - at.middle
    face = canvas.cover(ellipse(x, y, at.across, at.down))
    canvas.paint(colours.skin, face)
    lit = canvas.cover(ellipse(x + 0.05, y + 0.03, at.across + 0.005, at.down), 0.05)
    canvas.paint(colours.skin_shade, (1 - lit) * face * np.float32(0.38))
    return face


def shade(canvas: Canvas, face: np.ndarray, front: np.ndarray, colours: SimpleNamespace) -> None:
    """The shadow of the hair, whose distance is `front`, on the face."""
    hair = canvas.cover(front - 0.035)
    canvas.paint(colours.skin_shade, hair * face * np.float32(0.75))
