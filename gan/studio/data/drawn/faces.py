"""Cartoon faces: flat, friendly heads and shoulders, drawn from named factors.

The head's middle lies just above the picture's; sizes are in halves of a picture, y grows downwards.
"""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from gan.studio.data.drawn import face_features, face_hair, face_head
from gan.studio.data.drawn.canvas import Canvas, plane
from gan.studio.data.drawn.colours import ink, mix, oklch, ramp
from gan.studio.data.drawn.drawer import (
    Drawer,
    Factor,
    either_way,
    mostly_high,
    mostly_low,
    mostly_middle,
    none_or_some,
    one_way,
)

_GROUND = ("fbc8bf", "fbd8b4", "f5e6b0", "cfe7ba", "b5e3cf", "b3dcf2", "c0cefa", "d8c8f6", "f4c6e2")
_SHIRT = ("e5655f", "ef8f4f", "efb94c", "7fb762", "33a691", "3f97cf", "5f7fdd", "8a70d0", "c56bb4")
_HAIR_AT = (0, 0.3, 0.6, 0.8, 1)
_SKIN = ("fcdcc8", "f8cfae", "e8b184", "c98a5b", "9c6240", "754832")


@dataclass(frozen=True)
class Factors:
    """One face. None depends on another: any combination can be drawn."""

    head: float = one_way(0.4, "Shape of the head: round, or long and narrow.")
    skin: float = one_way(0.3, "Skin: fair to deep.")
    hair_length: float = one_way(0.4, "Hair: above the ears, or down to the shoulders.")
    hair_curl: float = one_way(0.2, "Hair: smooth, or in curls.")
    hair_light: float = one_way(0.3, "Hair: dark to light.")
    hair_hue: float = one_way(0.4, "Hair: golden, brown, red, plum.")
    fringe: float = one_way(0.4, "Hair over the forehead: swept back, or down to the brows.")
    eye_size: float = one_way(0.5, "Eyes: small to large.")
    eye_spacing: float = one_way(0.5, "Eyes: close together, or wide apart.")
    gaze: float = either_way(0.0, "Looks to the left or to the right of the picture.")
    brow_height: float = one_way(0.5, "Brows: low, or raised.")
    brow_angle: float = either_way(0.0, "Brows: worried, or stern.")
    nose: float = one_way(0.4, "Nose: small to large.")
    smile: float = either_way(0.5, "Mouth: sad, or smiling.")
    mouth_open: float = one_way(0.2, "Mouth: closed, or wide open.")
    glasses: float = one_way(0.0, "Glasses: none, thin, or bold.")
    blush: float = one_way(0.3, "Rosy cheeks.")
    shirt: float = one_way(0.6, "Colour of the shirt, along the rainbow.")
    background: float = one_way(0.5, "Colour of the background, along the rainbow.")


def _layout(f: SimpleNamespace) -> dict[str, np.ndarray]:
    """Where things are and how large, (count,) each."""
    across, down, middle = 0.43 - 0.055 * f.head, 0.44 + 0.08 * f.head, -0.05 - 0.02 * f.head
    eye = 0.056 + 0.050 * f.eye_size
    return dict(
        across=across,
        down=down,
        middle=middle,
        volume=0.055 + 0.042 * f.hair_curl,
        curl=f.hair_curl * (0.3 + 0.7 * f.hair_curl),
        hair_end=-0.02 + 0.86 * f.hair_length,
        fringe=f.fringe,
        eye=eye,
        eye_x=0.142 + 0.072 * f.eye_spacing,
        eye_y=middle + 0.05,
        gaze=f.gaze * eye * 0.4,
        brow_y=middle - 0.095 - 0.10 * f.brow_height,
        brow_tilt=f.brow_angle * 0.34,
        nose=0.032 + 0.048 * f.nose,
        nose_y=middle + 0.48 * down,
        mouth_y=middle + 0.63 * down,
        sag=0.062 * f.smile,
        depth=0.115 * f.mouth_open,
        rim=0.006 + 0.016 * f.glasses,
    )


def _palette(f: SimpleNamespace) -> dict[str, np.ndarray]:
    """The colours, (count, 3) each."""
    skin = ramp(_SKIN, f.skin)
    shirt, ground = ramp(_SHIRT, f.shirt), ramp(_GROUND, f.background)
    # Fair hair of a natural hue is golden, whatever its hue when dark.
    hair_hue = np.interp(f.hair_hue, _HAIR_AT, (66, 62, 46, 8, -45)) + 20 * f.hair_light * (1 - f.hair_hue)
    chroma = np.interp(f.hair_hue, _HAIR_AT, (0.016, 0.042, 0.085, 0.085, 0.075)) + 0.06 * f.hair_light
    light = 0.27 + 0.54 * f.hair_light
    hair = oklch(light, chroma, hair_hue)
    return dict(
        ground=ground,
        glow=mix(ground, np.ones(3), 0.42),
        skin=skin,
        skin_shade=mix(skin * [0.90, 0.77, 0.74], skin, 0.1),
        nose_tone=skin * [0.91, 0.755, 0.715],
        blush_tone=mix(skin, ramp(("f0596a", "d8434f"), f.skin), 0.62),
        line=mix(skin * [0.46, 0.22, 0.24], ramp(("4a1f2a", "2a1218"), f.skin), 0.5),
        hair=hair,
        hair_back=oklch(light * 0.80, chroma * 0.95, hair_hue),
        hair_shine=oklch(light + 0.085, chroma * 1.05, hair_hue),
        brow=oklch(0.24 + 0.30 * f.hair_light, chroma * 0.9, hair_hue),
        shirt=shirt,
        shirt_shade=shirt * [0.86, 0.82, 0.88],
        collar=mix(shirt, np.ones(3), 0.28),
        frame=mix(ramp(("6a5a55", "2b2a33"), f.glasses), skin * 0.35, 0.1),
    )


def paint(factors: Factor, canvas: Canvas) -> None:
    """Paint a face for each value of the factors, from the background to the glasses."""
    canvas = canvas.zoomed(1.21, up=0.022)
    f = SimpleNamespace(**factors)
    at = SimpleNamespace(**{name: plane(values) for name, values in _layout(f).items()})
    colours = SimpleNamespace(**{name: ink(colour) for name, colour in _palette(f).items()})
    shown = SimpleNamespace(blush=plane(f.blush * 0.85), glasses=plane(np.clip(f.glasses / 0.3, 0, 1)))
    face_head.ground(canvas, colours)
    hair = face_hair.silhouette(canvas, at)
    face_hair.behind(canvas, hair, colours)
    face_head.shoulders(canvas, at, colours)
    face_head.ears(canvas, at, colours)
    face = face_head.head(canvas, at, colours)
    front, parting = face_hair.front(canvas, hair, at)
    face_head.shade(canvas, face, front, colours)
    face_features.cheeks(canvas, at, colours, shown.blush)
    face_hair.over(canvas, front, parting, at, colours)
    for part in (face_features.nose, face_features.mouth, face_features.eyes, face_features.brows):
        part(canvas, at, colours)
    face_features.glasses(canvas, at, colours, shown.glasses)


FACES = Drawer(
    Factors,
    paint,
    {
        "head": mostly_middle,
        "hair_length": mostly_low,
        "hair_curl": mostly_low,
        "hair_light": mostly_low,
        "fringe": mostly_middle,
        "eye_size": mostly_middle,
        "eye_spacing": mostly_middle,
        "gaze": mostly_middle,
        "brow_angle": mostly_middle,
        "nose": mostly_middle,
        "smile": mostly_high,
        "mouth_open": mostly_low,
        "blush": mostly_low,
        "glasses": none_or_some(0.35),
    },
)
FACTORS = FACES.names
draw, sample, drawn_set = FACES.draw, FACES.sample, FACES.drawn_set
