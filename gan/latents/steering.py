"""A direction in w that changes one thing in pictures and leaves the others, sought through the pictures themselves.

A probe in w (probes.py) tells what follows from w in a straight line, and misses what the generator bends. Here the
move itself gets better: pictures are moved by it to either side, what is read from them is compared, and the gradient
leads back through pictures and generator to the move (Goetschalckx et al. 2019, "GANalyze", section 3; that the other
properties stay is asked for here as well).
"""

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional as F

from gan.latents.directions import Directions, few, free_dimensions
from gan.networks.contract import Generator

Read = Callable[[Tensor], Tensor]
"""Pictures (n, channels, height, width) in [-1, 1] -> each property in its deviations (n, k), differentiable."""

STEPS, BATCH = 90, 8
REACH = 2.5  # deviations of w that pictures are moved by, to either side
_VARIED = 0.3  # how much less and more than that they are moved in turn
_ENOUGH = 2.0  # deviations of the property from which more is worth nothing
_LEAK = 1.0  # what a deviation of another property costs, squared, on the mean
_EACH = 0.3  # likewise of each picture, so that ups and downs do not make up for one another
_RATE = 0.05


def steer(
    generator: Generator, read: Read, own: int, w: Tensor, covariance: Tensor, like: Directions, moved: float
) -> Directions:
    """One slider that adds to property `own` and leaves the others, in the layers that `like`, one slider too, moves.

    w (n, num_ws, w_dim): where pictures are moved from, of all classes. covariance (w_dim, w_dim): of w within a class;
    what it spans is moved along. moved: the units of the slider at which it shall have done so.
    Deterministic; the generator is in eval mode.
    """
    free = free_dimensions(generator)
    covariance = covariance[:free, :free]
    steady = 1e-4 * covariance.diagonal().mean() * torch.eye(free, device=w.device)
    spread = torch.linalg.cholesky(covariance + steady)  # a unit step before it is a deviation of w after it
    random = torch.Generator().manual_seed(0)
    u = (0.01 * torch.randn(free, generator=random)).to(w).requires_grad_()
    adam = torch.optim.Adam([u], lr=_RATE)
    some = min(BATCH, len(few(generator, len(w))[0]))
    for _ in range(STEPS):
        rows = torch.randint(len(w), (some,), generator=random)
        amounts = moved * (1 + _VARIED * (2 * torch.rand(some, 1, generator=random) - 1)).to(w)
        with torch.enable_grad():
            slider = _slider(like, spread @ F.normalize(u, dim=0) * REACH / moved, generator)
            x = generator.synthesis(torch.cat([slider.apply(w[rows], sign * amounts) for sign in (1, -1)]))
            up, down = read(x).chunk(2)
            (u.grad,) = torch.autograd.grad(_cost((up - down) / 2, own), u)
        adam.step()
    return _slider(like, (spread @ F.normalize(u.detach(), dim=0)) * REACH / moved, generator)


def _cost(change: Tensor, own: int) -> Tensor:
    """Of what a move does to each property, (n, k) in deviations."""
    others = torch.cat([change[:, :own], change[:, own + 1 :]], dim=1)
    leak = others.mean(dim=0).square().sum() + _EACH * others.square().mean(dim=0).sum()
    return _LEAK * leak - change[:, own].clamp_max(_ENOUGH).mean()


def _slider(like: Directions, step: Tensor, generator: Generator) -> Directions:
    """A slider of which one unit moves w by `step`, (free,)."""
    length = step.norm()
    vector = F.pad(step / length, (0, generator.class_columns))
    return replace(like, vectors=vector.unsqueeze(0), scales=length.unsqueeze(0))
