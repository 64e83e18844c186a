"""Features of many pictures, gathered a batch at a time: of 50,000 no more is kept than of 5,000."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from gan.evaluation.moments import Moments
from gan.latents.sampling import one_hot, seeds_to_z, truncate
from gan.networks.contract import Generator

KEPT = 5000  # rows that are kept for what compares row with row
_PIXELS = 32 * 64 * 64  # painted at once
_VALUES = 2**27  # between two layers at once, where a generator tells: 512 MB
_MOST = 64  # pictures at once

Told = Callable[[int], None]
"""Told after each batch how many pictures are done; may raise to end it."""


class Gathered:
    """Moments of all rows, and the first 5,000 rows themselves, float32 (n, d), with their labels (n,) where there are
    any."""

    def __init__(self, dim: int) -> None:
        self.moments = Moments(dim)
        self.rows = torch.zeros(0, dim)
        self.labels = torch.zeros(0, dtype=torch.long)

    def add(self, rows: Tensor, labels: Tensor | None = None) -> None:
        """Take rows (n, d) into account, and their labels (n,)."""
        self.moments.add(rows)
        room = KEPT - len(self.rows)
        if room:
            self.rows = torch.cat([self.rows, rows[:room].float()])
            if labels is not None:
                self.labels = torch.cat([self.labels, labels[:room]])

    def half(self, which: int) -> Tensor:
        """Every other one of the rows kept, from 0 or 1 on; as many in both."""
        return self.rows[which : len(self.rows) // 2 * 2 : 2]


@torch.no_grad()
def of_pictures(extractor: nn.Module, x: Tensor, told: Told) -> Iterator[tuple[Tensor, Tensor]]:
    """(places, features) of pictures, uint8 (n, channels, height, width), in an order of chance that is always the
    same."""
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    done = 0
    for places in order.split(batch_size(x.shape[1:])):
        yield places, extractor(x[places].float() / 127.5 - 1)
        done += len(places)
        told(done)


@torch.no_grad()
def of_samples(
    extractor: nn.Module, generator: Generator, n: int, psi: float, labels: Tensor | None, told: Told
) -> Iterator[tuple[Tensor, Tensor]]:
    """(seeds, features) of the samples of seeds 0 to n - 1; `labels` (n,), the classes asked for, where the model has
    any.

    Each is rounded to pixels first, since that is what people see and what the real pictures are.
    """
    size = batch_size(generator.image_shape, generator.most_values)
    for first in range(0, n, size):
        seeds = torch.arange(first, min(first + size, n))
        c = None if labels is None else one_hot(labels[seeds].tolist(), generator.num_classes)
        yield seeds, extractor(paint(generator, seeds.tolist(), psi, c))
        told(int(seeds[-1]) + 1)


@torch.no_grad()
def paint(generator: Generator, seeds: list[int], psi: float = 1.0, c: Tensor | None = None) -> Tensor:
    """The pictures (n, channels, height, width) of seeds as people see them: with the noise of the model's own, in 256
    steps.

    As `to_pixels` rounds them, but in floats, in which what is no number stays so and can be told.
    """
    w = generator.mapping(seeds_to_z(seeds, generator.z_dim), c)
    x = generator.synthesis(w if psi == 1 else truncate(w, generator.center(c), psi))
    return x.mul(127.5).add(128).clamp(0, 255).floor().div(127.5).sub(1)


def batch_size(shape: tuple[int, ...], values: int = 0) -> int:
    """How many pictures of a shape are worked on at once: fewer where they, or the `values` between two layers, are
    many."""
    return max(1, min(_MOST, _PIXELS // (shape[-1] * shape[-2]), _VALUES // max(values, 1)))
