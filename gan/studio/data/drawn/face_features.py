"""Of a cartoon face: cheeks, nose, mouth, eyes, brows and glasses. What comes in pairs is drawn once, over |x|."""

from types import SimpleNamespace

import numpy as np

from gan.studio.data.drawn.canvas import Canvas
from gan.studio.data.drawn.colours import ink
from gan.studio.data.drawn.shapes import disc, ellipse, smile

_PEN = np.float32(0.0125)  # half the width of a drawn line
_WHITE, _TEETH, _THROAT, _TONGUE, _IRIS, _PUPIL = (
    ink(np.array(colour))
    for colour in (
        (1, 1, 0.985),
        (1, 0.985, 0.96),
        (0.47, 0.12, 0.17),
        (0.93, 0.45, 0.45),
        (0.31, 0.19, 0.17),
        (0.13, 0.09, 0.12),
    )
)


def cheeks(canvas: Canvas, at: SimpleNamespace, colours: SimpleNamespace, strength: np.ndarray) -> None:
    """A soft rosy spot on each cheek."""
    part = canvas.window(-0.42, 0.42, 0.0, 0.42)
    spot = ellipse(np.abs(part.x) - at.across * 0.6, part.y - at.middle - at.down * 0.45, 0.082, 0.060)
    part.paint(colours.blush_tone, part.cover(spot, 0.06) * strength)


def nose(canvas: Canvas, at: SimpleNamespace, colours: SimpleNamespace) -> None:
    """A rounded tip, a little darker than the skin."""
    part = canvas.window(-0.15, 0.15, 0.0, 0.35)
    x, y = part.x, part.y - at.nose_y
    tip = ellipse(x, y + 0.01, at.nose, at.nose * 0.74)
    part.paint(colours.nose_tone, part.cover(tip))


def mouth(canvas: Canvas, at: SimpleNamespace, colours: SimpleNamespace) -> None:
    """A line with round ends that opens: teeth above, a tongue below."""
    part = canvas.window(-0.25, 0.25, 0.1, 0.62)
    x, y = part.x, part.y - at.mouth_y + at.depth * 0.3
    half = np.float32(0.125)
    gap = smile(x, y + at.sag * 0.5, half, at.sag, at.depth)
    part.paint(colours.line, part.cover(gap - _PEN))
    inside = part.cover(gap + np.float32(0.008))
    part.paint(_THROAT, inside)
    inside = inside * np.clip(at.depth * 30 - np.float32(0.5), 0, 1)  # lips that hardly part show no teeth
    part.paint(_TONGUE, inside * part.cover(ellipse(x, y - at.sag * 0.5 - at.depth, 0.075, at.depth * 0.36 + 0.003)))
    teeth = smile(x, y + at.sag * 0.5, half, at.sag, at.depth * 0.34)
    part.paint(_TEETH, inside * part.cover(teeth))


def eyes(canvas: Canvas, at: SimpleNamespace, colours: SimpleNamespace) -> None:
    """Whites with a heavy upper lid, and dark irises that look where the gaze says, each with a glint."""
    part = canvas.window(-0.35, 0.35, -0.2, 0.18)
    x, y = np.abs(part.x) - at.eye_x, part.y - at.eye_y
    part.paint(colours.line, part.cover(ellipse(x, y + 0.016, at.eye * 1.1, at.eye * 1.08)))
    white = part.cover(ellipse(x, y, at.eye, at.eye * 1.02))
    part.paint(_WHITE, white)
    look = np.where(part.x < 0, -at.gaze, at.gaze)  # |x| turns the left half around
    iris = disc(x - look, y, at.eye * 0.74)
    part.paint(_IRIS, white * part.cover(iris))
    part.paint(_PUPIL, white * part.cover(iris + at.eye * 0.2))
    glint = np.where(part.x < 0, np.float32(-1), np.float32(1)) * at.eye * np.float32(-0.24)
    part.paint(_WHITE, white * part.cover(disc(x - look - glint, y + at.eye * 0.28, at.eye * 0.23)))


def brows(canvas: Canvas, at: SimpleNamespace, colours: SimpleNamespace) -> None:
    """Two arched strokes in the colour of the hair, lower at the nose where they are stern."""
    part = canvas.window(-0.4, 0.4, -0.45, 0.05)
    x, y = np.abs(part.x) - at.eye_x - 0.005, part.y - at.brow_y
    stroke = smile(x, y + at.brow_tilt * x, np.float32(0.08), np.float32(-0.026), np.float32(0))
    part.paint(colours.brow, part.cover(stroke - np.float32(0.018)))


def glasses(canvas: Canvas, at: SimpleNamespace, colours: SimpleNamespace, strength: np.ndarray) -> None:
    """Round frames, a bridge over the nose, and temples to the ears: from a thin wire to bold ones."""
    part = canvas.window(-0.5, 0.5, -0.25, 0.25)
    x, y = np.abs(part.x), part.y - at.eye_y
    lens = ellipse(x - at.eye_x - 0.01, y - 0.008, np.float32(0.150), np.float32(0.146))
    part.paint(_WHITE, part.cover(lens) * strength * np.float32(0.09))
    bridge = np.maximum(np.abs(y + 0.03) - at.rim, x - at.eye_x + 0.12)
    temple = np.maximum(np.abs(y + 0.03) - at.rim, np.maximum(at.eye_x + 0.14 - x, x - at.across))
    frame = np.minimum(np.abs(lens) - at.rim, np.minimum(bridge, temple))
    part.paint(colours.frame, part.cover(frame) * strength)
