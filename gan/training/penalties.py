"""What keeps the discriminator smooth, so that the generator always has a slope to follow."""

from collections.abc import Callable

import torch
from torch import Tensor

from gan.training.random_source import RandomSource

Critic = Callable[[Tensor], Tensor]
"""x (batch, ...) -> logits (batch,): the discriminator with its classes and augmentation filled in."""


def squared_slope(critic: Critic, x: Tensor) -> Tensor:
    """||grad_x D(x)||^2 for each sample: (batch,). The graph is kept, so that it can be minimised."""
    x = x.detach().requires_grad_(True)
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return slope.square().flatten(1).sum(dim=1)


def r1(critic: Critic, real: Tensor, fake: Tensor, chance: RandomSource) -> Tensor:
    """E[||grad D(real)||^2] / 2: Mescheder et al. 2018, equation 9; the weight is gamma."""
    return squared_slope(critic, real).mean() / 2


def gradient_penalty(critic: Critic, real: Tensor, fake: Tensor, chance: RandomSource) -> Tensor:
    """E[(||grad D(x)|| - 1)^2] on lines between real and fake: Gulrajani et al. 2017, equation 3; the weight is
    lambda."""
    shape = (len(real),) + (1,) * (real.dim() - 1)
    t = chance.rand(*shape).to(real.dtype)
    slope = (squared_slope(critic, fake.lerp(real, t)) + 1e-12).sqrt()
    return (slope - 1).square().mean()


PENALTIES = {"r1": r1, "gradient": gradient_penalty}
