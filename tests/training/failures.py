"""Small games that fail for real, each in its own way, and some that do not: seconds each on one core."""

import math

import torch

from gan.networks.registry import build_discriminator, build_generator
from gan.training.config import TrainConfig
from gan.training.data import Samples
from gan.training.trainer import Trainer

PAIRS = {
    "points": (dict(image_shape=[2], z_dim=8, hidden=[64, 64], tanh=False), dict(image_shape=[2], hidden=[64, 64])),
    "pictures": (dict(image_shape=[1, 8, 8], z_dim=8, hidden=[64, 64]), dict(image_shape=[1, 8, 8], hidden=[64, 64])),
}


def ring(n: int = 1024) -> Samples:
    """Points in eight heaps on a circle."""
    rng = torch.Generator().manual_seed(5)
    angle = torch.arange(n) % 8 * (2 * math.pi / 8)
    return Samples(torch.stack([angle.cos(), angle.sin()], dim=1) * 1.5 + 0.05 * torch.randn(n, 2, generator=rng))


def discs(n: int = 1024, left: bool = False) -> Samples:
    """Grey pictures of 8 pixels: a soft bright disc of any size anywhere, or in the left half only."""
    rng = torch.Generator().manual_seed(6)
    x, y, size = (torch.rand(n, 1, 1, generator=rng) for _ in range(3))
    x = 0.3 * (x - 0.5) - 0.5 if left else x - 0.5
    at = torch.linspace(-1, 1, 8)
    distance = ((at - x) ** 2 + (at[:, None] - (y - 0.5)) ** 2) / (0.25 + 0.25 * size) ** 2
    return Samples((20 + 200 * torch.exp(-distance))[:, None].round().to(torch.uint8))


def patterns(n: int = 8) -> Samples:
    """Pictures of 8 pixels, black or white at random: no two have much in common."""
    rng = torch.Generator().manual_seed(1)
    return Samples((torch.rand(n, 1, 8, 8, generator=rng) > 0.5).to(torch.uint8) * 255)


def trainer(name: str, data: Samples, **knobs) -> Trainer:
    """A pair for the data, which is known by its name."""
    torch.manual_seed(0)
    g, d = PAIRS[name]
    values = dict(batch_size=64, grid_every=0, signals_every=50, g_lr=1e-3, d_lr=1e-3) | knobs
    return Trainer(build_generator("mlp", g), build_discriminator("mlp", d), data, TrainConfig(**values))
