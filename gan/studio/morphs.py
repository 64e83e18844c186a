"""A film of sounds as one sound: at every beat that of the frame which is then to be seen."""

from collections.abc import Sequence

import numpy as np

from gan.networks.spectrograms import PEAK, RATE

BEAT = 0.25  # seconds from one sound to the next


def beats(frames: int, fps: float) -> list[int]:
    """The frame at each beat of a film of so many frames at `fps` of them a second, the first included."""
    count = max(1, int(np.ceil(frames / fps / BEAT - 1e-9)))
    return [min(frames - 1, round(k * BEAT * fps)) for k in range(count)]


def morph(sounds: Sequence[np.ndarray], loop: bool = False) -> np.ndarray:
    """Sounds (samples,) one after the other, a beat apart: (samples,) within the swing of one. In a loop what sounds
    beyond the end is heard at the beginning, so that it can be repeated without a gap."""
    step = round(BEAT * RATE)
    whole = np.zeros(step * (len(sounds) - 1) + len(sounds[0]), np.float32)
    for k, sound in enumerate(sounds):
        whole[k * step : k * step + len(sound)] += sound
    if loop:
        whole, rest = whole[: step * len(sounds)], whole[step * len(sounds) :]
        for at in range(0, len(rest), len(whole)):
            part = rest[at : at + len(whole)]
            whole[: len(part)] += part
    swing = float(np.abs(whole).max())
    return whole * (PEAK / swing) if swing > PEAK else whole
