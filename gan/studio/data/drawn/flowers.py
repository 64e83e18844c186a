"""Flowers: one blossom on a stem with two leaves, drawn from named factors.

The blossom's middle lies above the picture's; sizes are in halves of a picture, y grows downwards.
"""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from gan.field_metadata import knob
from gan.studio.data.drawn.canvas import Canvas, plane
from gan.studio.data.drawn.colours import ink, mix, oklch, ramp
from gan.studio.data.drawn.drawer import Drawer, Factor, either_way, in_steps, mostly_low, mostly_middle, one_way
from gan.studio.data.drawn.shapes import disc, ellipse

FEWEST, MOST = 5, 12  # petals
_TOP = np.float32(-0.16)  # where the middle of the blossom is
_GROUND = ("fbd9cf", "fbe5c6", "f7efc6", "ddeecb", "c9ebdd", "c8e6f5", "d2dbfb", "e3d8f8", "f7d6ea")
_PETAL = ("f4b63f", "f28a4b", "ee6a5f", "e9678f", "c66ac4", "8f78de", "5f8fe6", "4fb0d8")
_HEART = ("f9d65c", "f0a53a", "a5642f", "5b3a2e")


@dataclass(frozen=True)
class Factors:
    """One flower. None depends on another: any combination can be drawn."""

    petals: float = knob(
        8.0, "How many petals; halfway to the next number the last one is small.", low=FEWEST, high=MOST, step=0.1
    )
    size: float = one_way(0.6, "Blossom: small to large.")
    width: float = one_way(0.5, "Petals: slim to broad.")
    point: float = one_way(0.4, "Petals: broad at the end, or pointed.")
    curl: float = either_way(0.0, "Petals: straight, or turned to one side.")
    inner: float = one_way(0.5, "A second ring of petals: none to large.")
    hue: float = one_way(0.5, "Colour of the petals: yellow, red, violet, blue.")
    pale: float = one_way(0.3, "Petals: in full colour, or almost white.")
    blaze: float = one_way(0.5, "How dark the petals are near the middle.")
    centre: float = one_way(0.4, "The middle: small to large.")
    centre_dark: float = one_way(0.3, "The middle: yellow to brown.")
    stem: float = either_way(0.2, "The stem bends to the left or to the right.")
    leaves: float = one_way(0.5, "Leaves: small to large.")
    background: float = one_way(0.6, "Colour of the background, along the rainbow.")


def _layout(f: SimpleNamespace) -> dict[str, np.ndarray]:
    """Where things are and how large, (count,) each."""
    length = 0.44 + 0.22 * f.size
    return dict(
        petals=f.petals,
        length=length,
        width=length * (0.15 + 0.16 * f.width),
        taper=0.9 * f.point - 0.35,
        turn=0.75 * f.curl,
        inner=0.2 + 0.48 * f.inner,
        centre=0.10 + 0.10 * f.centre,
        lean=0.30 * f.stem,
        leaf=0.16 + 0.14 * f.leaves,
    )


def _palette(f: SimpleNamespace) -> dict[str, np.ndarray]:
    """The colours, (count, 3) each."""
    full, ground, heart = ramp(_PETAL, f.hue), ramp(_GROUND, f.background), ramp(_HEART, f.centre_dark)
    petal = mix(full, np.ones(3), 0.82 * f.pale)
    deep = mix(full * [0.70, 0.44, 0.62], petal, 0.1)
    stem = oklch(np.full_like(f.hue, 0.60), 0.115, 148)
    return dict(
        ground=ground,
        glow=mix(ground, np.ones(3), 0.45),
        petal=petal,
        rim=mix(petal, deep, 0.36),
        deep=deep,
        inner=mix(petal, np.ones(3), 0.2),
        heart=heart,
        heart_rim=heart * [0.86, 0.74, 0.66],
        seed=mix(heart, np.ones(3), 0.35),
        stem=stem,
        vein=stem * 0.82,
        leaf=oklch(np.full_like(f.hue, 0.68), 0.13, 145),
    )


def paint(factors: Factor, canvas: Canvas) -> None:
    """Paint a flower for each value of the factors, from the background to the seeds."""
    canvas = canvas.zoomed(1.12, up=-0.015)
    f = SimpleNamespace(**factors)
    layout = _layout(f)
    at = SimpleNamespace(**{name: plane(values) for name, values in layout.items()})
    colours = SimpleNamespace(**{name: ink(colour) for name, colour in _palette(f).items()})
    canvas.pixels[:] = colours.ground
    canvas.paint(colours.glow, canvas.cover(disc(canvas.x, canvas.y, np.float32(0.80))))
    _stem(canvas, at, colours)
    blossom = canvas.window(-0.8, 0.8, -0.95, 0.62)
    covered = _ring(blossom, layout, 1.0, 0.0, (colours.rim, colours.petal))
    _blaze(blossom, at.length * 0.8, covered, plane(f.blaze), colours)
    covered = _ring(blossom, layout, layout["inner"], 0.5, (colours.rim, colours.inner))
    _blaze(blossom, at.length * at.inner * 0.8, covered, plane(f.blaze), colours)
    _heart(canvas.window(-0.3, 0.3, -0.46, 0.14), at, colours)


def _ring(canvas: Canvas, layout: dict, scale, offset: float, inks: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Petals around the middle, each with a rim in the first colour; how much of each pixel they cover is returned."""
    covered = np.zeros(canvas.pixels.shape[1:], np.float32)
    for i in range(MOST):
        grown = np.clip(layout["petals"] - i, 0, 1)  # the last of 7.3 petals is small
        angle = 2 * np.pi * (i + offset) / layout["petals"] + np.pi / 2
        # Rounded, since a cosine's last bit differs between machines.
        across, down = (plane(np.round(wave(angle), 6)) for wave in (np.cos, np.sin))
        length = plane(layout["length"] * scale * np.maximum(grown, 0.05))
        width = plane(layout["width"] * (0.35 + 0.65 * scale) * np.maximum(grown, 0.05))
        petal = _petal(canvas, across, down, length, width, plane(layout["taper"]), plane(layout["turn"]))
        shown = plane(np.clip(grown * 5, 0, 1))
        canvas.paint(inks[0], canvas.cover(petal - 0.014) * shown)
        inside = canvas.cover(petal) * shown
        canvas.paint(inks[1], inside)
        np.maximum(covered, inside, out=covered)
    return covered


def _petal(canvas: Canvas, across, down, length, width, taper, turn) -> np.ndarray:
    """Distance to one petal, which reaches from the middle in the direction (across, down)."""
    x, y = canvas.x, canvas.y - _TOP
    along, aside = x * across + y * down, y * across - x * down
    aside = aside - turn * along * along
    half = length * 0.5
    share = np.clip((along - half) / half, -1, 1)
    return ellipse(along - half, aside * (1 + taper * share * np.float32(0.8)), half, width)


def _blaze(canvas: Canvas, reach, covered: np.ndarray, strength: np.ndarray, colours: SimpleNamespace) -> None:
    """Darken petals towards the middle, softly over `reach`."""
    near = np.clip(1 - disc(canvas.x, canvas.y - _TOP, 0) / reach, 0, 1)
    canvas.paint(colours.deep, near * covered * (np.float32(0.1) + np.float32(0.9) * strength))


def _stem(canvas: Canvas, at: SimpleNamespace, colours: SimpleNamespace) -> None:
    """A bent stem from the blossom down, with a leaf on either side."""
    low = canvas.window(-1, 1, -0.2, 1)
    x, y = low.x, low.y
    fall = np.clip((y - _TOP) / (1 - _TOP), 0, 1)
    aside = x - at.lean * fall * (2 - fall) * np.float32(0.6)  # straight up at the ground
    for side, height in ((-1, 0.62), (1, 0.74)):
        u, v = side * aside - 0.01, y - np.float32(height)
        along, over = u * np.float32(0.87) - v * np.float32(0.5), u * np.float32(0.5) + v * np.float32(0.87)
        over = over + along * along * np.float32(0.7)
        share = np.clip((along - at.leaf) / at.leaf, -1, 1)  # -1 at the stem, 1 at the tip, which is the slimmer
        leaf = ellipse(along - at.leaf, over * (1 + share * np.float32(0.45)), at.leaf, at.leaf * np.float32(0.42))
        inside = low.cover(leaf)
        low.paint(colours.leaf, inside)
        low.paint(colours.stem, inside * low.cover(-over))
    low.paint(colours.vein, low.cover(np.maximum(np.abs(aside) - np.float32(0.026), _TOP - y)))


def _heart(canvas: Canvas, at: SimpleNamespace, colours: SimpleNamespace) -> None:
    """The middle of the blossom, with seeds in a spiral."""
    x, y = canvas.x, canvas.y - _TOP
    canvas.paint(colours.heart_rim, canvas.cover(disc(x, y, at.centre)))
    canvas.paint(colours.heart, canvas.cover(disc(x + 0.006, y + 0.010, at.centre * 0.86)))
    golden = np.pi * (3 - np.sqrt(5))  # the angle between one seed and the next of a sunflower
    for i in range(1, 14):
        reach = 0.72 * np.sqrt(i / 14)
        across, down = (np.float32(np.round(reach * wave(i * golden), 6)) for wave in (np.cos, np.sin))
        canvas.paint(colours.seed, canvas.cover(disc(x - at.centre * across, y - at.centre * down, at.centre * 0.085)))


FLOWERS = Drawer(
    Factors,
    paint,
    {
        "petals": in_steps(MOST - FEWEST + 1),
        "size": mostly_middle,
        "width": mostly_middle,
        "point": mostly_middle,
        "curl": mostly_middle,
        "pale": mostly_low,
        "centre": mostly_middle,
        "stem": mostly_middle,
    },
)
