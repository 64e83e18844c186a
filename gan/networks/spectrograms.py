"""Between sounds and the pictures of them that networks make: x (n, 1, bands, frames) in [-1, 1].

A column is a moment of 8 ms, a row a band of frequencies, the highest on top, spaced as the ear hears pitch (the mel
scale of O'Shaughnessy 1987). A value says how loud the band is then: 1 the loudest of the sound, -1 80 decibels less.
Phases are not kept; they are found again by the algorithm of Griffin and Lim 1984, in the faster form of Perraudin et
al. 2013.
"""

import functools
import math

import torch
from torch import Tensor

RATE = 16_000  # samples a second
HOP = 128  # samples from one column to the next
FLOOR = 80.0  # decibels below the loudest, what is fainter counts as silence
PEAK = 0.9  # how far a sound made here swings
_WINDOW = 512  # samples that a column is made from
_BINS = _WINDOW // 2 + 1
_PASSES, _MOMENTUM = 32, 0.99
_SILENCE = 1e-3  # a swing below which a sound is silent
_FAINTEST = 1e-15  # power, far below what is silent
_FADE = 160  # samples, 10 ms, in which a sound that is cut off ends


def length_of(frames: int) -> int:
    """How many samples so many columns are."""
    return frames * HOP


def to_spectrogram(sounds: Tensor, bands: int) -> Tensor:
    """Sounds (n, samples) in [-1, 1], samples a multiple of 128 -> x (n, 1, bands, samples / 128)."""
    power = _stft(sounds)[:, :, :-1].abs().square()
    shown = 10 * (_filters(bands).to(sounds) @ power).clamp_min(_FAINTEST).log10()
    loudest = shown.amax(dim=(1, 2), keepdim=True).clamp_min(20 * math.log10(_SILENCE))
    return ((shown - loudest) * (2 / FLOOR) + 1).clamp(-1, 1).flip(1).unsqueeze(1)


def to_sound(x: Tensor) -> Tensor:
    """x (n, 1, bands, frames) -> sounds (n, frames * 128) that swing up to 0.9, silent where x is. The same x gives the
    same sound, and one that differs little sounds little different: phases begin as those of a click."""
    bands, frames = x.shape[-2:]
    # In the steps that training data have, so that what a batch changes in the last digit is not heard.
    loud = (x[:, 0].clamp(-1, 1) * 127.5).round().flip(1) / 127.5
    shown = (_spreading(bands).to(x) @ loud - 1) * (FLOOR / 2)
    # What is at the floor is silent: else a sound would hiss behind its end.
    magnitude = torch.where(shown > 2 - FLOOR, 10 ** (shown / 20), 0)
    magnitude = torch.cat([magnitude, magnitude[:, :, -1:]], dim=2)
    sounds = _with_phases(magnitude, length_of(frames)) * _ending(length_of(frames)).to(x)
    swing = sounds.abs().amax(dim=1, keepdim=True)
    return torch.where(swing > 1e-6, sounds * (PEAK / swing.clamp_min(1e-6)), 0)


def _with_phases(magnitude: Tensor, length: int) -> Tensor:
    """Magnitudes (n, bins, frames + 1) -> sounds (n, length) whose spectrogram they are, as nearly as can be."""
    found = torch.polar(magnitude, _click(magnitude))
    before = torch.zeros_like(found)
    for _ in range(_PASSES):
        now = _stft(_istft(found, length))
        eager = now + _MOMENTUM * (now - before)
        before = now
        found = magnitude * eager / eager.abs().clamp_min(1e-12)
    return _istft(found, length)


def _click(magnitude: Tensor) -> Tensor:
    """Phases of a click at the loudest moment: all waves meet there, as they do where something is struck."""
    at = magnitude.square().sum(dim=1).argmax(dim=1).to(magnitude.dtype) * HOP
    bins = torch.arange(magnitude.shape[1], device=magnitude.device)
    starts = torch.arange(magnitude.shape[2], device=magnitude.device) * HOP
    return -2 * math.pi * bins[:, None] * (at[:, None, None] - starts) / _WINDOW


def _stft(sounds: Tensor) -> Tensor:
    """(n, samples) -> (n, bins, samples / 128 + 1), what lies beyond either end being silence."""
    return torch.stft(
        sounds, _WINDOW, HOP, window=_window().to(sounds), pad_mode="constant", return_complex=True, normalized=False
    )


def _istft(found: Tensor, length: int) -> Tensor:
    return torch.istft(found, _WINDOW, HOP, window=_window().to(found.real), length=length)


@functools.cache
def _window() -> Tensor:
    return torch.hann_window(_WINDOW)


@functools.cache
def _ending(length: int) -> Tensor:
    """1 until a sound fades in its last 10 ms, (length,)."""
    return torch.cat([torch.ones(length - _FADE), torch.linspace(1, 0, _FADE)])


def centres(bands: int) -> Tensor:
    """The middle of each band in hertz, the lowest first, (bands,)."""
    mel = torch.linspace(_mel(torch.tensor(30.0)), _mel(torch.tensor(RATE / 2)), bands)
    return 700 * (10 ** (mel / 2595) - 1)


def _mel(hertz: Tensor) -> float:
    return float(2595 * torch.log10(1 + hertz / 700))


@functools.cache
def _filters(bands: int) -> Tensor:
    """Each band's mean of the bins' power, (bands, bins): triangles at least as wide as a bin on either side."""
    middle, bins = centres(bands)[:, None], torch.arange(_BINS) * (RATE / _WINDOW)
    step = torch.cat([middle[1:] - middle[:-1], middle[-1:] - middle[-2:-1]]).clamp_min(RATE / _WINDOW)
    weights = (1 - (bins - middle).abs() / step).clamp_min(0)
    return weights / weights.sum(dim=1, keepdim=True)


@functools.cache
def _spreading(bands: int) -> Tensor:
    """Each bin as a mixture of the two bands around it, (bins, bands)."""
    at = torch.log10(1 + torch.arange(_BINS) * (RATE / _WINDOW) / 700) * 2595
    ends = torch.tensor([_mel(torch.tensor(30.0)), _mel(torch.tensor(RATE / 2))])
    place = ((at - ends[0]) / (ends[1] - ends[0]) * (bands - 1)).clamp(0, bands - 1)
    return (1 - (place[:, None] - torch.arange(bands)).abs()).clamp_min(0)
