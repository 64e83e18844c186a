"""The averaged generator."""

import pytest
import torch

from gan.training.ema import Ema


class Tiny(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(3, dtype=torch.float64))
        self.register_buffer("seen", torch.zeros(()))


def jump(ema, value):
    with torch.no_grad():
        ema.network.weight.fill_(value)


def test_the_half_life_halves():
    """After the network jumped from 0 to 1, the average is half way after kimg thousand pictures."""
    for batch in (10, 25, 250):
        ema = Ema(Tiny(), kimg=0.5, rampup=1e9)
        jump(ema, 1.0)
        for step in range(500 // batch):
            ema.update(batch, (step + 1) * batch)
        torch.testing.assert_close(ema.average.weight, torch.full_like(ema.average.weight, 0.5))


def test_the_ramp_up_holds_the_half_life_down_at_first():
    ema = Ema(Tiny(), kimg=1000, rampup=0.05)
    jump(ema, 1.0)
    ema.update(50, 2000)  # half-life 100 = 0.05 * 2000
    torch.testing.assert_close(ema.average.weight, torch.full_like(ema.average.weight, 1 - 0.5**0.5))


@pytest.mark.parametrize("kimg, rampup", [(0.0, 1.0), (1.0, 0.0)])
def test_no_half_life_follows_at_once(kimg, rampup):
    ema = Ema(Tiny(), kimg, rampup)
    jump(ema, 3.0)
    ema.update(8, 8)
    assert torch.equal(ema.average.weight, ema.network.weight)


def test_buffers_are_taken_over_and_the_network_is_left_alone():
    network = Tiny().train()
    ema = Ema(network, 1, 1)
    network.seen.fill_(7)
    jump(ema, 1.0)
    ema.update(1, 1000)
    assert ema.average.seen == 7 and torch.equal(network.weight, torch.ones_like(network.weight))
    assert not ema.average.training and network.training
    assert not ema.average.weight.requires_grad and network.weight.requires_grad
