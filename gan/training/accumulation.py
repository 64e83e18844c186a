"""Batches in parts, one after the other or in several processes, with the result of the whole in one piece."""

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from gan.errors import StudioError
from gan.messages import say
from gan.training.config import TrainConfig
from gan.training.random_source import RandomSource
from gan.training.team import Team

_AT_ONCE = 2**20  # pixels that are painted at once: 64 pictures of 128 pixels, or one of 1024


def check_parts(config: TrainConfig, team: Team) -> None:
    """Raise StudioError unless the batch can be cut into as many equal parts as it has to be."""
    if config.batch_size % (config.accumulate * team.size):
        numbers = dict(batch_size=config.batch_size, parts=config.accumulate * team.size)
        said = say("A batch of {batch_size} cannot be cut into {parts} equal parts.", **numbers)
        if team.size > 1:
            said = say(
                "A batch of {batch_size} cannot be cut into {parts} equal parts, {accumulate} for each of {size} "
                "processes.",
                accumulate=config.accumulate,
                size=team.size,
                **numbers,
            )
        raise StudioError(
            said,
            "Choose a batch_size that is a multiple of their number, or another accumulate.",
        )


def finer(config: TrainConfig, team: Team) -> int | None:
    """The next number of parts for a batch that does not fit in memory, at least twice as many; None where there is
    none."""
    share = config.batch_size // team.size
    return next((n for n in range(2 * config.accumulate, share + 1) if share % n == 0), None)


def parts_of_batch(rng: torch.Generator, network: nn.Module, accumulate: int, team: Team) -> Iterator[RandomSource]:
    """A source of random numbers for each part of a batch that falls to this process, in turn.

    All parts see the same draws from `rng`.

    What `network` tracks in its buffers of what it sees (means over the batch, such as StyleGAN2's average of w) is
    afterwards the mean over the parts, of which each began with the same buffers: what one piece would have left.
    """
    if accumulate * team.size == 1:
        yield RandomSource(rng)
        return
    state, buffers = rng.get_state(), list(network.buffers())
    before = [buffer.clone() for buffer in buffers]
    moved = [torch.zeros_like(buffer) for buffer in buffers]  # differences, so that what is constant stays so exactly
    for i in range(accumulate):
        if i > 0:
            rng.set_state(state)
            _put(buffers, before)
        yield RandomSource(rng, i * team.size + team.rank, accumulate * team.size)
        for sum, now, then in zip(moved, buffers, before, strict=True):
            sum += (now - then) / accumulate
    team.mean(moved)
    _put(buffers, [then + mean for then, mean in zip(before, moved, strict=True)])


def pieces(n: int, shape: tuple[int, ...], accumulate: int) -> int:
    """In how many pieces n pictures of a shape are painted to be looked at: the parts of a batch, more where they are
    large."""
    return min(n, max(accumulate, math.ceil(n * math.prod(shape[1:]) / _AT_ONCE)))


@torch.no_grad()
def paint(generator: Callable[..., Tensor], z: Tensor, c: Tensor | None, parts: int) -> Tensor:
    """generator(z, c) in `parts` pieces, for a generator whose batches do not fit into memory at once."""
    size = math.ceil(len(z) / parts)
    latents = z.split(size)
    classes = [None] * len(latents) if c is None else c.split(size)
    return torch.cat([generator(*piece) for piece in zip(latents, classes, strict=True)])


def _put(buffers: list[Tensor], values: list[Tensor]) -> None:
    for buffer, value in zip(buffers, values, strict=True):
        buffer.copy_(value)
