"""Sounds and the pictures of them: what is kept, what is found again, and what a click and a tone look like."""

import math

import pytest
import torch

from gan.networks.spectrograms import FLOOR, HOP, PEAK, RATE, centres, length_of, to_sound, to_spectrogram

SIDE = 32
LENGTH = length_of(SIDE)
TIME = torch.arange(LENGTH) / RATE


def tone(hertz: float, decay: float = 30.0) -> torch.Tensor:
    return (torch.sin(2 * math.pi * hertz * TIME) * torch.exp(-decay * TIME)).unsqueeze(0)


@pytest.mark.parametrize("hertz", [200.0, 1000.0, 4000.0])
def test_a_tone_is_brightest_in_its_band(hertz):
    x = to_spectrogram(tone(hertz), SIDE)
    assert x.shape == (1, 1, SIDE, SIDE) and x.min() >= -1 and x.max() == pytest.approx(1)
    band = SIDE - 1 - int(x[0, 0].mean(dim=1).argmax())  # the highest is on top
    nearest = int((centres(SIDE) - hertz).abs().argmin())
    assert abs(band - nearest) <= 1


def test_what_is_heard_again_has_the_same_spectrogram():
    noise = torch.randn(1, LENGTH, generator=torch.Generator().manual_seed(0)) * torch.exp(-40 * TIME)
    sounds = torch.cat([tone(300.0), tone(2000.0, 60.0), noise])
    x = to_spectrogram(sounds, SIDE)
    again = to_sound(x)
    assert again.shape == sounds.shape and again.abs().amax(dim=1).allclose(torch.full((3,), PEAK))
    loud = x > 0
    assert float((to_spectrogram(again, SIDE) - x).abs()[loud].mean()) * FLOOR / 2 < 3  # decibels


def test_a_click_stays_where_it_was():
    click = torch.zeros(1, LENGTH)
    click[0, 10 * HOP : 10 * HOP + 40] = torch.randn(40, generator=torch.Generator().manual_seed(1))
    again = to_sound(to_spectrogram(click, SIDE))[0]
    assert abs(int(again.abs().argmax()) - 10 * HOP) < HOP


def test_the_same_x_sounds_the_same_and_one_nearby_nearly_so():
    x = to_spectrogram(tone(500.0), SIDE)
    near = (x + 0.01).clamp(-1, 1)
    assert torch.equal(to_sound(x), to_sound(x)) and (to_sound(x) - to_sound(near)).abs().mean() < 0.05


def test_silence_is_silent_and_the_end_is_no_click():
    assert to_sound(-torch.ones(1, 1, SIDE, SIDE)).abs().max() == 0
    assert to_spectrogram(torch.zeros(1, LENGTH), SIDE).max() == -1
    held = to_sound(to_spectrogram(tone(500.0, 0.0), SIDE))
    assert held[0, -1] == 0 and held[0, -400:-200].abs().max() > 0.1
