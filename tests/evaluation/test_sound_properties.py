"""What is read from spectrograms, of sounds whose properties one knows."""

import math

import torch

from gan.evaluation.sound_properties import MEASURES, brightness, length, tone
from gan.networks.spectrograms import RATE, length_of, to_spectrogram

TIME = torch.arange(length_of(32)) / RATE


def spectrogram(hertz: float, decay: float) -> torch.Tensor:
    return to_spectrogram((torch.sin(2 * math.pi * hertz * TIME) * torch.exp(-decay * TIME)).unsqueeze(0), 32)


def test_longer_higher_and_purer_sounds():
    short, long = spectrogram(500, 200.0), spectrogram(500, 10.0)
    low, high = spectrogram(200, 20.0), spectrogram(3000, 20.0)
    noise = torch.randn(1, len(TIME), generator=torch.Generator().manual_seed(0)) * torch.exp(-20 * TIME)
    assert length(long) > length(short) + 0.2
    assert brightness(high) > brightness(low) + 0.2
    assert tone(low) > tone(to_spectrogram(noise, 32)) + 0.3


def test_all_can_be_gone_up():
    x = spectrogram(500, 20.0).requires_grad_()
    for of in MEASURES.values():
        (slope,) = torch.autograd.grad(of(x).sum(), x)
        assert of(x).shape == (1,) and slope.isfinite().all() and slope.abs().max() > 0
