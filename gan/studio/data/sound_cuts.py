"""What networks hear of a sound: from where it begins to be heard, in their length and at their rate."""

import numpy as np

from gan.networks.spectrograms import RATE, length_of
from gan.studio.data.wav_reader import Wave, at_rate

_HEARD = 0.02  # of how far it swings: where it begins
_LEAD = 64  # samples that are kept before that
_FADE = 160  # samples in which what is cut off ends


def cut(wave: Wave, side: int) -> np.ndarray:
    """What networks of that side hear of a sound that is not silent: float32 (side * 128,) from where it begins to be
    heard, as loud as can be."""
    length = length_of(side)
    return _fitted(_from(wave, heard(wave)[0], length), length)


def heard(wave: Wave) -> tuple[int, int]:
    """The first and the last of the samples of a sound that is not silent that are heard."""
    level = np.abs(wave.samples)
    heard = np.flatnonzero(level > _HEARD * level.max())
    return int(heard[0]), int(heard[-1])


def _from(wave: Wave, first: int, length: int) -> np.ndarray:
    """From 4 ms before a sample on, silence where there is nothing, at the networks' rate, as loud as can be; `length`
    samples, and a few more where it goes on."""
    lead = round(_LEAD * wave.rate / RATE)
    before = np.zeros(max(0, lead - first), np.float32)
    after = first + round(length * wave.rate / RATE) + wave.rate // 50  # where a tone is cut off its end is not right
    samples = at_rate(np.concatenate([before, wave.samples[max(0, first - lead) : after]]), wave.rate)
    return samples / max(float(np.abs(samples).max()), 1e-9)


def _fitted(samples: np.ndarray, length: int) -> np.ndarray:
    """So many samples: what is longer fades at its end, what is shorter is followed by silence."""
    if len(samples) <= length:
        return np.pad(samples, (0, length - len(samples))).astype(np.float32)
    cut = samples[:length].astype(np.float32)
    fade = min(_FADE, length)
    cut[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return cut
