"""What keeps the discriminator smooth, so that the generator always has a slope to follow."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from gan.training.choices import PENALTY_WORDS
from gan.training.random_source import RandomSource

Judge = Callable[[Tensor, Tensor | None], Tensor]
"""(x (batch, ...), c) -> logits (batch,): the discriminator with its augmentation filled in."""

Pictures = tuple[Tensor, Tensor | None]
"""x (batch, ...) and its classes c (batch, num_classes), or None."""


def squared_slope(discriminator: Judge, x: Tensor, c: Tensor | None = None) -> Tensor:
    """||grad_x D(x)||^2 for each sample: (batch,). The graph is kept, so that it can be minimised."""
    x = x.detach().requires_grad_(True)
    (slope,) = torch.autograd.grad(discriminator(x, c).sum(), x, create_graph=True)
    return slope.square().flatten(1).sum(dim=1)


def r1(discriminator: Judge, real: Pictures, fake: Pictures, rng: RandomSource) -> Tensor:
    """E[||grad D(real)||^2] / 2: Mescheder et al. 2018, equation 9; the weight is gamma."""
    return squared_slope(discriminator, *real).mean() / 2


def r1_r2(discriminator: Judge, real: Pictures, fake: Pictures, rng: RandomSource) -> Tensor:
    """R1, and R2, which is the same on samples: Mescheder et al. 2018, equations 9 and 10; Huang et al. 2024, section
    3: a relativistic loss converges with both, and need not with one."""
    return (squared_slope(discriminator, *real).mean() + squared_slope(discriminator, *fake).mean()) / 2


def gradient_penalty(discriminator: Judge, real: Pictures, fake: Pictures, rng: RandomSource) -> Tensor:
    """E[(||grad D(x)|| - 1)^2] on lines between real and fake, with the classes of the real: Gulrajani et al. 2017,
    equation 3; the weight is lambda."""
    (x, c), (other, _) = real, fake
    t = rng.rand(len(x), *(1,) * (x.dim() - 1)).to(x.dtype)
    slope = (squared_slope(discriminator, other.lerp(x, t), c) + 1e-12).sqrt()
    return (slope - 1).square().mean()


@dataclass(frozen=True)
class Penalty:
    """of(discriminator, real, fake, rng) is a scalar; `source` is the paper, `about` the idea in plain words."""

    of: Callable[[Judge, Pictures, Pictures, RandomSource], Tensor]
    source: str
    about: str


PENALTIES = {
    "r1": Penalty(r1, "Mescheder et al. 2018", PENALTY_WORDS["r1"]),
    "r1+r2": Penalty(
        r1_r2,
        "Mescheder et al. 2018",
        PENALTY_WORDS["r1+r2"],
    ),
    "gradient": Penalty(
        gradient_penalty,
        "Gulrajani et al. 2017",
        PENALTY_WORDS["gradient"],
    ),
}
