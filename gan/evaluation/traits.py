"""What a labelled set says of pictures that have no labels: a probe on frozen features for each of its traits.

    trait = fit(features, values)       # values (n,): 0 and 1 for "has a beard", numbers for "how bright the coat is"
    trait.told, trait(other_features)

A trait of two values is the chance that a logistic probe gives the larger one, any other trait what a ridge regression
says.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.evaluation.probe import Probe
from gan.messages import say

_RIDGE = 1e-3
_NEW = 5  # every fifth picture is kept back, to see how well the probe does


@dataclass(frozen=True)
class Measure:
    """Something that is read from pictures: of(x) -> (n,). least: from which difference on a picture has changed, None
    for one standard deviation; told: how well it is read, as `fit` says, None where that is exact; by: what reads it
    where that is not exact, for the card; steep: what grows with it and does not level out, None where that is `of`
    itself."""

    of: Callable[[Tensor], Tensor]
    least: float | None = None
    told: float | None = None
    by: str = "a probe on our own features that learnt from labelled pictures"
    steep: Callable[[Tensor], Tensor] | None = None


@dataclass(frozen=True)
class Trait:
    """say(features (n, d)) -> (n,). told: of pictures that were kept back the share that is called right, or the share
    of the variance that is told. binary: whether it is a chance. steep: likewise (n,), of a chance its log odds."""

    say: Callable[[Tensor], Tensor]
    told: float
    binary: bool
    steep: Callable[[Tensor], Tensor]


def fit(rows: Tensor, values: Tensor) -> Trait:
    """The trait with these values (n,) in pictures with these features (n, d). Raises StudioError where all values are
    the same, or too few."""
    kinds = values.unique()
    if len(values) < 4 * _NEW or len(kinds) < 2:
        raise StudioError(
            say("A trait that is the same in all of {count} pictures cannot be told.", count=len(values)),
            "Give more pictures, some with it and some without.",
        )
    new = torch.arange(len(values)) % _NEW == 0
    binary = len(kinds) == 2
    make = _chance if binary else _number
    guess = make(rows[~new], values[~new])[0](rows[new])
    if binary:
        told = float(((guess >= 0.5) == (values[new] == kinds[1])).double().mean())
    else:
        told = float(1 - (guess - values[new]).square().mean() / values[new].double().var(correction=0))
    of, steep = make(rows, values)
    return Trait(of, told, binary, steep)


def _chance(rows: Tensor, values: Tensor) -> tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]:
    """The chance of the larger value, and its log odds."""
    probe = Probe(rows, (values == values.max()).long(), 2)
    return lambda other: probe.chances(other)[:, 1], lambda other: probe.logits(other).diff(dim=1)[:, 0]


def _number(rows: Tensor, values: Tensor) -> tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]:
    """Ridge regression, twice."""
    rows, values = rows.double(), values.double()
    mean, scale = rows.mean(dim=0), rows.std(dim=0, correction=0).clamp_min(1e-6)
    x = (rows - mean) / scale
    steady = _RIDGE * len(x) * torch.eye(x.shape[1], dtype=x.dtype)
    weights = torch.linalg.solve(x.T @ x + steady, x.T @ (values - values.mean()))

    def guess(other: Tensor) -> Tensor:
        return (other.double() - mean) / scale @ weights + values.mean()

    return guess, guess
