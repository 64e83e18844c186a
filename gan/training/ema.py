"""The averaged generator, which gives better pictures than the one being trained (Karras et al. 2018, appendix A.1)."""

import copy

import torch
from torch.optim.swa_utils import get_ema_multi_avg_fn

from gan.networks.contract import Generator


class Ema:
    """Keeps `average`, a copy of `network` in eval mode whose weights follow it.

    kimg: the half-life, in thousands of pictures seen; 0 follows at once. rampup: at first the half-life is at most
    this share of the pictures seen so far (NVlabs/stylegan2-ada-pytorch, training_loop.py, ema_rampup). Buffers are
    copied as they are.
    """

    def __init__(self, network: Generator, kimg: float, rampup: float) -> None:
        self.average = copy.deepcopy(network).eval().requires_grad_(False)
        self.network, self.pictures, self.rampup = network, kimg * 1000, rampup

    @torch.no_grad()
    def update(self, batch_size: int, seen: int) -> None:
        """After a step on `batch_size` pictures, `seen` in all. The half-life grows from 0 at first (ramp-up)."""
        half_life = min(self.pictures, seen * self.rampup)
        beta = 0.5 ** (batch_size / half_life) if half_life > 0 else 0.0
        get_ema_multi_avg_fn(beta)(list(self.average.parameters()), list(self.network.parameters()), None)
        for mine, theirs in zip(self.average.buffers(), self.network.buffers(), strict=True):
            mine.copy_(theirs)
