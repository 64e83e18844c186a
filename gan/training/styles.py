"""What only generators with styles can be taught by: mixed styles, and steps in w of even length.

Both ask for more than one w in a picture. Families without styles have one, and are trained as if these were off.
"""

import math
from typing import Any

import torch
from torch import Tensor

from gan.networks.contract import Generator
from gan.training.config import TrainConfig
from gan.training.random_source import RandomSource

KNOBS = ("style_mixing", "path_length", "path_every")  # of TrainConfig, which do nothing without styles
SHRINK = 2  # path lengths are measured on a batch smaller by this (the authors' code), rounded up
_DECAY = 0.01  # how fast their running mean follows (the authors' code; the paper leaves it open)


def mixed(generator: Generator, z: Tensor, c: Tensor | None, share: float, rng: RandomSource) -> Tensor:
    """w (batch, num_ws, w_dim) of z, of which a share has a second style from a random layer on (Karras et al. 2019,
    section 3.1).

    Both styles go through the mapping in one batch, so that what it tracks moves once.
    """
    n = len(z)
    other, crossing = rng.randn(*z.shape), rng.randint(1, generator.num_ws, n, 1, 1)
    crossing = torch.where(rng.rand(n, 1, 1) < share, crossing, generator.num_ws)
    one, two = generator.mapping(torch.cat([z, other]), None if c is None else torch.cat([c, c])).chunk(2)
    layers = torch.arange(generator.num_ws, device=z.device)[:, None]
    return torch.where(layers < crossing, one, two)


def path_lengths(x: Tensor, w: Tensor, rng: RandomSource) -> Tensor:
    """||J^T y|| for each picture, (batch,): how far x (batch, *image_shape) moves with w (batch, num_ws, w_dim).

    Karras et al. 2020, equation 4 and appendix B: y is a picture of N(0, 1) over the root of its number of pixels, and
    the slope in w is averaged over layers. The graph is kept, so that it can be minimised.
    """
    y = rng.randn(*x.shape).to(x.dtype) / math.sqrt(math.prod(x.shape[2:]))
    (slope,) = torch.autograd.grad((x * y).sum(), w, create_graph=True)
    return slope.square().sum(dim=2).mean(dim=1).sqrt()


def path_penalty(lengths: Tensor, usual: Tensor) -> Tensor:
    """E[(||J^T y|| - a)^2], equation 4.

    a is the running mean of the batches before, where the authors' code takes in this batch first: so all parts of a
    batch are held against the same a, whoever works through them.
    """
    return (lengths - usual).square().mean()


def idle_knobs(generator: Generator) -> tuple[str, ...]:
    """The names of the settings that do nothing for this generator."""
    return () if generator.num_ws > 1 else KNOBS


class Paths:
    """The running mean of path lengths, `usual`, and what records tell of them."""

    def __init__(self, device: torch.device | str) -> None:
        self.usual = torch.zeros([], device=device)
        # Since the last record: the sum of mean lengths, and of how many steps.
        self._seen = torch.zeros(2, device=device)
        self._told = 0.0

    @staticmethod
    def due(generator: Generator, config: TrainConfig, step: int) -> bool:
        """Whether this step of the generator is one that evens out lengths: never without styles."""
        return config.path_length > 0 and generator.num_ws > 1 and step % config.path_every == 0

    def see(self, length: Tensor) -> None:
        """The mean length in one batch."""
        self.usual.lerp_(length, _DECAY)
        self._seen += torch.stack([length, torch.ones_like(length)])

    def told(self, config: TrainConfig) -> float:
        """The mean since it was last told, or what was told then where nothing was measured since; 0 where it is not
        asked for."""
        total, steps = self._seen.tolist()
        self._seen.zero_()
        self._told = total / steps if steps else self._told
        return self._told if config.path_length else 0.0

    def state_dict(self) -> dict[str, Any]:
        """The running mean, and what records are still to be told."""
        return dict(usual=self.usual, seen=self._seen, told=self._told)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """The inverse of `state_dict`."""
        self.usual.copy_(state["usual"])
        self._seen.copy_(state["seen"])
        self._told = state.get("told", 0.0)
