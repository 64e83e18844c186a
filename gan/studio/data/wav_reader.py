"""WAV files as people have them: whole numbers of 8 to 32 bits or floating point, any sampling rate, any channels.

Python's own module reads no floating point, which half of the sounds on the web are in.
"""

import struct
from dataclasses import dataclass

import numpy as np

from gan.errors import StudioError
from gan.messages import say
from gan.networks.spectrograms import RATE

SECONDS = 30.0  # of a file that are read
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_SLOWEST, _FASTEST, _MOST_CHANNELS = 2_000, 384_000, 64
_LOUDEST = 0.98  # of what a file can hold: a wave that jumps there and stays was cut off
_STAYS = 4  # samples in a row
_JUMP = 0.004  # a slow wave whose top is flat for want of digits does not jump to it


@dataclass(frozen=True)
class Wave:
    """A file's sound: float32 (n,) in [-1, 1], of all channels together, in its own sampling rate. clipped: whether its
    waves are cut off at what the file can hold; cut: whether it was longer than what is read."""

    samples: np.ndarray
    rate: int
    channels: int
    clipped: bool
    cut: bool

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / self.rate


def read_wav(data: bytes, name: str) -> Wave:
    """A WAV file's bytes. Raises StudioError, which calls the file by its name."""
    form, body = _chunks(data, name)
    kind, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", form)
    if kind == _EXTENSIBLE and len(form) >= 26:
        (kind,) = struct.unpack_from("<H", form, 24)
    width = bits // 8
    if (kind, bits) not in {(_PCM, 8), (_PCM, 16), (_PCM, 24), (_PCM, 32), (_FLOAT, 32), (_FLOAT, 64)}:
        raise _unknown(name)
    if not (_SLOWEST <= rate <= _FASTEST and 1 <= channels <= _MOST_CHANNELS and block == width * channels):
        raise _unknown(name)
    most = int(SECONDS * rate) * block
    values = _numbers(body[: min(most, len(body) // block * block)], kind, width).reshape(-1, channels)
    if not np.isfinite(values).all():
        raise StudioError(say("{name} holds values that are not numbers.", name=name), "Save it anew.")
    clipped = any(_is_cut(values[:, k] * sign, 1.5 / 2 ** (bits - 1)) for k in range(channels) for sign in (1, -1))
    return Wave(values.mean(axis=1, dtype=np.float32), rate, channels, clipped, len(body) > most)


def at_rate(samples: np.ndarray, rate: int) -> np.ndarray:
    """Samples (n,) of one rate at that of the networks, without the tones that do not fit into it."""
    if rate == RATE or not len(samples):
        return samples
    count = max(1, round(len(samples) * RATE / rate))
    padded = np.pad(samples, (0, len(samples) % 2 + rate // 50 * 2))  # its end must not be heard at its beginning
    tones = np.fft.rfft(padded)
    wanted = max(1, round(len(padded) * RATE / rate))
    kept = tones[: wanted // 2 + 1]
    kept = np.pad(kept, (0, wanted // 2 + 1 - len(kept)))
    return (np.fft.irfft(kept, wanted) * (wanted / len(padded)))[:count].astype(np.float32)


def _chunks(data: bytes, name: str) -> tuple[bytes, bytes]:
    """The chunks `fmt ` and `data`; of a file that is cut short, what is there."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise _unknown(name)
    at, form = 12, b""
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if kind == b"fmt " and size >= 16:
            form = data[at + 8 : at + 8 + size]
        if kind == b"data" and len(form) >= 16:
            return form, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    raise _unknown(name)


def _numbers(body: bytes, kind: int, width: int) -> np.ndarray:
    """The bytes of all channels as float32 in [-1, 1]."""
    if kind == _FLOAT:
        with np.errstate(over="ignore"):
            return np.clip(np.frombuffer(body, f"<f{width}").astype(np.float32), -8, 8)
    if width == 1:
        return (np.frombuffer(body, np.uint8).astype(np.float32) - 128) / 128
    if width == 3:
        bytes_ = np.frombuffer(body, np.uint8).reshape(-1, 3)
        whole = np.zeros((len(bytes_), 4), np.uint8)
        whole[:, 1:] = bytes_
        return whole.view("<i4")[:, 0].astype(np.float32) / 2**31
    return np.frombuffer(body, f"<i{width}").astype(np.float32) / 2 ** (8 * width - 1)


def _is_cut(values: np.ndarray, digit: float) -> bool:
    """Whether the tops of one channel are cut off. digit: what a wave may jump by for want of digits."""
    top = values.max(initial=0)
    if top < _LOUDEST:
        return False
    there = np.convolve(values == top, np.ones(_STAYS, np.int8), "valid") == _STAYS
    begins = np.flatnonzero(there[1:] & ~there[:-1])  # the sample before each flat top
    return bool((top - values[begins] > max(_JUMP, digit)).any())


def _unknown(name: str) -> StudioError:
    return StudioError(
        say("{name} is no WAV file that can be read.", name=name), "Save it as WAV, 16 bits, at any sampling rate."
    )
