"""A small convolutional classifier: how well it learns says what the pictures that it learnt from are worth."""

import math
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan.training.random_source import RandomSource
from gan.training.warps import sample

_RATE, _DECAY = 2e-3, 1e-2  # AdamW's; the rate falls to 0
_DROPOUT, _SMOOTHING = 0.3, 0.05  # which keep it from learning a handful of pictures by heart (Szegedy et al. 2016)
_AT_ONCE = 512  # pictures that are judged together
# Standard deviations of ordinary augmentation: shifts in sides, turns in radians, slants, and scales in doublings.
_SHIFT, _TURN, _SLANT, _SCALE = 0.05, 0.08, 0.12, 0.1

Batch = Callable[[RandomSource], tuple[Tensor, Tensor]]
"""Pictures (n, channels, height, width) in [-1, 1] and their classes (n,), drawn anew for every step."""


class Classifier(nn.Module):
    """x (n, channels, height, width) in [-1, 1] -> logits (n, classes): three halvings, and the means of quarters."""

    def __init__(self, channels: int, classes: int, width: int = 32) -> None:
        super().__init__()
        maps = [channels, width, 2 * width, 4 * width]
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1, bias=False) for a, b in pairwise(maps))
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for b in maps[1:])
        self.out = nn.Linear(4 * maps[-1], classes)

    def forward(self, x: Tensor) -> Tensor:
        for conv, norm in zip(self.convs, self.norms, strict=True):
            x = F.max_pool2d(F.relu(norm(conv(x))), 2)
        return self.out(F.dropout(F.adaptive_avg_pool2d(x, 2).flatten(1), _DROPOUT, self.training))


def learn(net: Classifier, batch: Batch, steps: int, rng: torch.Generator) -> None:
    """Train it for so many steps; all of its chance but the dropout comes from `rng`."""
    adam = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=_DECAY, fused=True)
    source = RandomSource(rng)
    net.train()
    for step in range(steps):
        for group in adam.param_groups:
            group["lr"] = _RATE * (1 + math.cos(math.pi * step / steps)) / 2
        x, labels = batch(source)
        adam.zero_grad(set_to_none=True)
        F.cross_entropy(net(x), labels, label_smoothing=_SMOOTHING).backward()
        adam.step()
    net.eval()


@torch.no_grad()
def guesses(net: Classifier, x: Tensor) -> Tensor:
    """The likeliest class of each picture, uint8 (n, channels, height, width): (n,)."""
    return torch.cat([net(part.float() / 127.5 - 1).argmax(dim=1) for part in x.split(_AT_ONCE)])


def changed(x: Tensor, rng: RandomSource) -> Tensor:
    """Ordinary augmentation: each picture (n, channels, height, width) a little moved, turned, slanted, larger, wider.

    No mirror images: of letters and digits they are others, or none.
    """
    down, right, turn, slant, tall, wide = rng.randn(len(x), 6).unbind(dim=1)
    turn, slant = _TURN * turn, _SLANT * slant
    tall, wide = torch.exp2(_SCALE * tall), torch.exp2(_SCALE * wide)
    none = torch.zeros_like(turn)
    rows = (
        (wide * turn.cos(), slant - turn.sin(), 2 * _SHIFT * right),
        (turn.sin(), tall * turn.cos(), 2 * _SHIFT * down),
        (none, none, none + 1),
    )
    return sample(x, torch.stack([torch.stack(row, dim=1) for row in rows], dim=1))
