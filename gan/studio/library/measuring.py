"""What sliders do to the pictures of a model, measured: of which property each changes how much, in how many pictures.

looked = Looked(generator, measures, first=480, count=64)
looked.effect(directions, 0)             # an Effect: shares and means for every measure
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from gan.evaluation.traits import Measure
from gan.latents.directions import Directions, draw, few
from gan.latents.sampling import one_hot
from gan.latents.steering import Read
from gan.networks.contract import Generator

CLASSES = 6  # of a model with classes each latent is looked at in so many
MOVED = 2.0  # slider units that pictures are moved by, to either side
SEEN = 1.0  # deviations of a property that count as a change
VISIBLE = 0.2  # how far a pixel moves, of a range of 2, that one sees it


@dataclass(frozen=True)
class Effect:
    """What a slider does. own (k,): the mean change of each property in its deviations, upwards less downwards, halved;
    changed (k,): the share of latents for which it changes by Measure.least or more to either side; up (k,): likewise,
    but only where it grows with the slider; alone (k,): of those the share of latents for which no other property
    changes; picture: the share of the picture that changes visibly at one end."""

    own: Tensor
    changed: Tensor
    up: Tensor
    alone: Tensor
    picture: float


class Looked:
    """Pictures of `count` latents, the first `first` of a fixed sequence left out, and what is measured of them."""

    def __init__(self, generator: Generator, measures: Mapping[str, Measure], first: int, count: int):
        self.generator, self._measures = generator, list(measures.values())
        self.names = tuple(measures)
        z, _ = draw(generator, first + count)
        self.w = [generator.mapping(z[first:], c) for c in _classes(generator, count)]
        self._before = [self._pictures(w) for w in self.w]
        self.values = torch.stack([self._read(x) for x in self._before])  # (classes, count, k)
        self.deviations = _deviations(self.values)
        least = [SEEN * d if m.least is None else m.least for m, d in zip(self._measures, self.deviations, strict=True)]
        self._least = torch.stack([torch.as_tensor(value) for value in least]) / self.deviations

    def cloud(self) -> tuple[Tensor, Tensor]:
        """w (count, w_dim) and the properties (count, k), both less what their class has of them."""
        w = torch.stack([w[:, 0] - w[:, 0].mean(dim=0) for w in self.w]).mean(dim=0)
        return w, _within(self.values)

    def gradients(self) -> Tensor:
        """How each property grows with w of each layer, on the mean and in deviations: (k, num_ws, w_dim).

        What a probe tells from where samples lie need not be what a move does, where the mapping bends w; this is.
        """
        rows = torch.zeros(len(self._measures), *self.w[0].shape[1:])
        for w in self.w:
            for some in few(self.generator, len(w)):
                for k, measure in enumerate(self._measures):
                    with torch.enable_grad():
                        at = w[some].clone().requires_grad_()
                        value = measure.of(self.generator.synthesis(at)).sum()
                        rows[k] += torch.autograd.grad(value, at)[0].sum(dim=0)
        return rows / self.deviations.view(-1, 1, 1) / (len(self.w) * len(self.w[0]))

    def steeply(self) -> Read:
        """What reads from pictures every property in its deviations, chances as log odds, which do not level out."""
        steep = [measure.steep or measure.of for measure in self._measures]
        seen = [torch.stack([of(x) for of in steep], dim=1) for x in self._before]
        deviations = _deviations(torch.stack(seen))
        return lambda x: torch.stack([of(x) for of in steep], dim=1) / deviations

    def change(self, directions: Directions, i: int, amount: float) -> tuple[Tensor, float]:
        """What slider i does when it stands at `amount`: (count, k) in deviations, and the share of the picture."""
        parts, shares = [], []
        for w, before, values in zip(self.w, self._before, self.values, strict=True):
            amounts = w.new_zeros(len(w), len(directions))
            amounts[:, i] = amount
            x = self._pictures(directions.apply(w, amounts))
            parts.append(self._read(x) - values)
            shares.append((x - before).abs().amax(dim=1).ge(VISIBLE).float().mean())
        return torch.stack(parts).mean(dim=0) / self.deviations, float(torch.stack(shares).mean())

    def effect(self, directions: Directions, i: int) -> Effect:
        """What slider i does at MOVED units to either side."""
        (up, seen), (down, seen2) = self.change(directions, i, MOVED), self.change(directions, i, -MOVED)
        changed = torch.maximum(up.abs(), down.abs()) >= self._least
        grows = torch.maximum(up, -down) >= self._least
        one = changed.sum(dim=1, keepdim=True) == 1
        shares = torch.stack([changed, grows, grows & one]).float().mean(dim=1)
        return Effect(((up - down) / 2).mean(dim=0), shares[0], shares[1], shares[2], (seen + seen2) / 2)

    def slopes(self, directions: Directions) -> Tensor:
        """How much each slider changes each property by a unit, near the middle: (sliders, k)."""
        rows = [
            (self.change(directions, i, 1.0)[0] - self.change(directions, i, -1.0)[0]).mean(dim=0) / 2
            for i in range(len(directions))
        ]
        return torch.stack(rows)

    def _pictures(self, w: Tensor) -> Tensor:
        return torch.cat([self.generator.synthesis(w[some]) for some in few(self.generator, len(w))])

    def _read(self, x: Tensor) -> Tensor:
        return torch.stack([measure.of(x) for measure in self._measures], dim=1)


def _within(values: Tensor) -> Tensor:
    """Properties (classes, count, k) less what their class has of them, on the mean of classes: (count, k)."""
    return (values - values.mean(dim=1, keepdim=True)).mean(dim=0)


def _deviations(values: Tensor) -> Tensor:
    """Likewise how far each varies between latents, not between classes: (k,)."""
    return _within(values).std(dim=0).clamp_min(1e-9)


def _classes(generator: Generator, n: int) -> list[Tensor | None]:
    """One-hot classes for n latents at a time: some classes spread over all, or none."""
    count = generator.num_classes
    if not count:
        return [None]
    like = next(generator.parameters())
    chosen = sorted({round(i * (count - 1) / max(min(CLASSES, count) - 1, 1)) for i in range(min(CLASSES, count))})
    rows = [one_hot([k] * n, count) for k in chosen]
    return [None if c is None else c.to(like) for c in rows]
