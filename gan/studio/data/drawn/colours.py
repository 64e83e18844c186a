"""Colours, arrays (count, 3) of sRGB, 0 to 1: by lightness, chroma and hue (Ottosson 2020, OKLab), or from ramps."""

import numpy as np

_TO_CONES = np.array(
    [[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728], [1, -0.0894841775, -1.2914855480]]
)
_TO_LIGHT = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def oklch(lightness, chroma, hue) -> np.ndarray:
    """sRGB of lightness 0 to 1, chroma 0 to about 0.3 and hue in degrees; numbers or arrays (count,).

    Rounded, since a cosine's last bit differs between machines.
    """
    turn = np.radians(hue)
    lab = np.broadcast_arrays(np.asarray(lightness, np.float64), chroma * np.cos(turn), chroma * np.sin(turn))
    cones = _times(_TO_CONES, lab)
    light = np.clip(_times(_TO_LIGHT, [cone**3 for cone in cones]), 0, 1)
    srgb = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(np.moveaxis(srgb, 0, -1), 5)


def ramp(stops: tuple[str, ...], at: np.ndarray) -> np.ndarray:
    """The colour at 0 to 1 along evenly spaced stops like "f6c9a8"."""
    table = np.array([[int(stop[i : i + 2], 16) / 255 for i in (0, 2, 4)] for stop in stops])
    at = np.asarray(at, np.float64) * (len(stops) - 1)
    low = np.minimum(at.astype(int), len(stops) - 2)
    return mix(table[low], table[low + 1], at - low)


def mix(one: np.ndarray, other: np.ndarray, share) -> np.ndarray:
    """So much of the way from one colour to the other; share is a number or (count,)."""
    return one + (other - one) * np.asarray(share)[..., None]


def ink(colour: np.ndarray) -> np.ndarray:
    """As a canvas takes it: float32 (3, count, 1, 1)."""
    return np.ascontiguousarray(np.atleast_2d(colour).T[:, :, None, None], np.float32)


def _times(matrix: np.ndarray, parts) -> np.ndarray:
    """A product written out, since the order in which `@` adds depends on the machine."""
    return np.stack([sum(weight * part for weight, part in zip(row, parts, strict=True)) for row in matrix])
