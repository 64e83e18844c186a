"""Sounds as WAV files: 16 bits, one channel."""

import struct

import numpy as np

from gan.networks.spectrograms import RATE

_HEAD = "<4sI4s4sIHHIIHH4sI"  # RIFF, its size, WAVE, fmt and what it says, data and its size
_PCM, _CHANNELS, _BYTES = 1, 1, 2


def pcm(sounds: np.ndarray) -> np.ndarray:
    """Samples in [-1, 1] as whole numbers of 16 bits, of the same shape."""
    return (np.clip(sounds, -1, 1) * 32767).round().astype("<i2")


def wav_bytes(sound: np.ndarray) -> bytes:
    """The file of a sound, (samples,) in [-1, 1] at 16 kHz."""
    data = pcm(sound).tobytes()
    form = (16, _PCM, _CHANNELS, RATE, RATE * _BYTES, _BYTES, 8 * _BYTES)
    return struct.pack(_HEAD, b"RIFF", 36 + len(data), b"WAVE", b"fmt ", *form, b"data", len(data)) + data
