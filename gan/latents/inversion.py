"""From a picture to a latent: where in w a generator comes closest to a picture that it never made.

The way of Karras et al. 2020 ("Analyzing and improving the image quality of StyleGAN", section 5 and appendix D): begin
where a sample is nearest, then follow the gradient with Adam, whose steps grow and shrink; here from several starts at
once, of which the best goes on, and at last with a w of its own for every layer. What is compared is pixels, fine and
coarse, and what a feature network sees in them, layer by layer (Zhang et al. 2018, LPIPS, without its weights).

What is sought is an offset from the centre of the class, in deviations of w: a step is as large everywhere.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from gan.latents.directions import draw, few, free_dimensions
from gan.networks.contract import Generator

Look = Callable[[Tensor], list[Tensor]]
"""Pictures (n, channels, height, width) in [-1, 1] -> what is seen in them, maps (n, maps, height, width) of several
sizes."""

STARTS = 4  # of the nearest samples that are followed side by side, fewer where pictures are large
TOGETHER, ALONE = 30, 80  # steps of all starts, then of the best
SMALLEST = 1e-3  # deviation that w is taken to have at least: what does not vary may move a little
COARSE = 16  # pixels a side at which samples are compared at first
MOST_LAYERED = 2048  # values of all layers together, up to which each may have a w of its own: links hold them
_RATE = 0.12  # deviations of w a step
_RISE, _FALL = 0.08, 0.4  # shares of the way on which the rate grows, and shrinks
_NEAR = 0.02  # how much it costs to leave where the samples lie
_SEEN = 0.5  # weight of what the feature network sees, beside pixels


@dataclass(frozen=True, eq=False)
class Samples:
    """Pictures of a generator to begin from: offsets (n, free) from the centre of their class, their classes, (n,) or
    None, and their coarse pixels (n, values). deviation (free,), of w around its centre."""

    offsets: Tensor
    labels: Tensor | None
    coarse: Tensor
    deviation: Tensor


@dataclass(frozen=True, eq=False)
class Found:
    """How far the search has come. offset (1 or num_ws, free), to be added to the centre of the class `label`.

    apart: the root mean square difference from the picture, 0 to 1 from black to white; begun: that of the nearest
    sample; done: the share of the search that is over."""

    offset: Tensor
    label: int | None
    apart: float
    begun: float
    done: float


@torch.no_grad()
def sample(generator: Generator, count: int, label: int | None = None) -> Samples:
    """`count` pictures of a generator in eval mode, of one class or of all in turn. Deterministic."""
    z, c = draw(generator, count)
    if c is not None and label is not None:
        c = F.one_hot(torch.full((count,), label, device=c.device), generator.num_classes).to(c)
    w, free = generator.mapping(z, c), free_dimensions(generator)
    coarse = torch.cat([_coarse(generator.synthesis(w[rows])) for rows in few(generator, count)])
    offsets = (w - generator.center(c))[:, 0, :free]
    labels = None if c is None else c.argmax(dim=1)
    return Samples(offsets, labels, coarse, offsets.std(dim=0).clamp_min(SMALLEST))


def closer_as_negative(picture: Tensor, samples: Samples) -> bool:
    """Whether a picture (1, channels, height, width) is far nearer to some sample with light and dark swapped."""
    plain, negative = ((samples.coarse - sign * _coarse(picture)).square().mean(dim=1).min() for sign in (1, -1))
    return bool(2 * negative < plain)


def seek(generator: Generator, picture: Tensor, samples: Samples, look: Look, layered: bool = True) -> Iterator[Found]:
    """Ever closer to a picture (1, *image_shape) in [-1, 1], one Found a step, the last one the best. layered: with a
    w for each layer at the end, where they are few enough. The generator is in eval mode and its weights take no
    gradients; those of `look` are asked for."""
    cost = _Cost(generator, picture, samples, look)
    u, labels, begun = _nearest(samples, picture, cost)
    yield cost.found(u[:1], labels, 0, begun, begun, 0.0)
    for step, u in _follow(u, TOGETHER, lambda u: cost(u, labels)):
        costs, apart = cost.measured(u, labels)
        best = int(costs.argmin())
        yield cost.found(u[best : best + 1], labels, best, float(apart[best]), begun, step / (TOGETHER + ALONE))
    labels, u = None if labels is None else labels[best : best + 1], u[best : best + 1]
    if layered and generator.num_ws * u.shape[-1] <= MOST_LAYERED:
        u = u.expand(-1, generator.num_ws, -1).clone()
    lowest, kept = math.inf, None
    for step, u in _follow(u, ALONE, lambda u: cost(u, labels)):
        costs, apart = cost.measured(u, labels)
        if float(costs) < lowest:
            lowest, kept = float(costs), cost.found(u, labels, 0, float(apart), begun, 1.0)
        yield cost.found(u, labels, 0, float(apart), begun, (TOGETHER + step) / (TOGETHER + ALONE))
    assert kept is not None
    yield kept


class _Cost:
    """How far pictures are from the one that is sought."""

    def __init__(self, generator: Generator, picture: Tensor, samples: Samples, look: Look):
        self.generator, self.picture, self.samples, self._look = generator, picture, samples, look
        with torch.no_grad():
            self._seen = [_unit(one) for one in look(picture)]
        self._last: tuple[Tensor, Tensor] | None = None

    def __call__(self, u: Tensor, labels: Tensor | None) -> Tensor:
        """The sum over u (n, 1 or num_ws, free), to go down from; `measured` says what it was for each."""
        x = self.generator.synthesis(w_of(self.generator, u * self.samples.deviation, labels))
        costs = self.of(x) + _NEAR * (u.square().mean(dim=(1, 2)) - 1).clamp_min(0)
        if u.shape[1] > 1:
            costs = costs + _NEAR * u.var(dim=1).mean(dim=1)
        apart = (x.clamp(-1, 1) - self.picture).square().flatten(1).mean(dim=1).sqrt() / 2
        self._last = costs.detach(), apart.detach()
        return costs.sum()

    def of(self, x: Tensor) -> Tensor:
        """What is seen of pictures x (n, ...), (n,)."""
        costs = (x - self.picture).square().flatten(1).mean(dim=1)
        costs = costs + (_coarse(x) - _coarse(self.picture)).square().mean(dim=1)
        for one, wanted in zip(self._look(x), self._seen, strict=True):
            costs = costs + _SEEN * (_unit(one) - wanted).square().sum(dim=1).flatten(1).mean(dim=1) / len(self._seen)
        return costs

    def measured(self, u: Tensor, labels: Tensor | None) -> tuple[Tensor, Tensor]:
        """(costs, apart) of the step that has just been made, each (n,)."""
        assert self._last is not None
        return self._last

    def found(self, u: Tensor, labels: Tensor | None, row: int, apart: float, begun: float, done: float) -> Found:
        label = None if labels is None else int(labels[row])
        return Found(u[0] * self.samples.deviation, label, apart, begun, done)


def w_of(generator: Generator, offset: Tensor, labels: Tensor | None) -> Tensor:
    """w (n, num_ws, w_dim) of offsets (n, 1 or num_ws, free) from the centres of their classes."""
    c = None if labels is None else F.one_hot(labels, generator.num_classes).to(offset)
    return generator.center(c) + F.pad(offset, (0, generator.class_columns))


def _nearest(samples: Samples, picture: Tensor, cost: _Cost) -> tuple[Tensor, Tensor | None, float]:
    """The samples to begin from, (STARTS, 1, free) in deviations, their classes, and how far the nearest is."""
    with torch.no_grad():
        rows = (
            (samples.coarse - _coarse(picture))
            .square()
            .mean(dim=1)
            .topk(min(8 * STARTS, len(samples.coarse)), largest=False)
            .indices
        )
        u = (samples.offsets[rows] / samples.deviation).unsqueeze(1)
        labels = None if samples.labels is None else samples.labels[rows]
        x = torch.cat(
            [
                cost.generator.synthesis(
                    w_of(cost.generator, u[some] * samples.deviation, None if labels is None else labels[some])
                )
                for some in few(cost.generator, len(u))
            ]
        )
        best = cost.of(x).topk(min(STARTS, len(u), len(few(cost.generator, len(u))[0])), largest=False).indices
        begun = (x[best[:1]].clamp(-1, 1) - picture).square().mean().sqrt() / 2
    return u[best], None if labels is None else labels[best], float(begun)


def _follow(u: Tensor, steps: int, cost: Callable[[Tensor], Tensor]) -> Iterator[tuple[int, Tensor]]:
    """(step, where it was taken from) along the gradient of `cost`, by Adam with a rate that rises and falls."""
    u = u.detach().clone().requires_grad_()
    adam = torch.optim.Adam([u], lr=_RATE, betas=(0.9, 0.99))
    for step in range(1, steps + 1):
        share = step / steps
        rate = min(1.0, share / _RISE, (1 - math.cos(math.pi * min(1.0, (1 - share) / _FALL))) / 2)
        adam.param_groups[0]["lr"] = _RATE * rate
        before = u.detach().clone()
        with torch.enable_grad():
            (u.grad,) = torch.autograd.grad(cost(u), u)
        adam.step()
        yield step, before


def _coarse(x: Tensor) -> Tensor:
    """x (n, channels, height, width) as few values, (n, values)."""
    return F.adaptive_avg_pool2d(x, COARSE).flatten(1)


def _unit(seen: Tensor) -> Tensor:
    """What is seen at each place at unit length, as LPIPS compares it."""
    return seen / seen.square().sum(dim=1, keepdim=True).add(1e-6).sqrt()
