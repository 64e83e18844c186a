"""A trained network for other classes than it was trained with: more of them, fewer, or none.

Where a class is told as a one-hot beside a layer's other inputs, or as a column of the discriminator's projection, what
a network has learnt of all classes together lies in its other weights, and goes on. A class that is new begins as one
of those that are gone, since classes that all begin alike stay so for long: z decides then what is painted. Where none
are left, their mean joins the layer's bias.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, cycle
from typing import TypeVar

import torch
from torch import Tensor

from gan.networks.contract import Discriminator, Generator

_PROJECTION, _LOGIT = "embed.weight", "out.weight"  # Miyato and Koyama 2018: the class's row times the features

Network = TypeVar("Network", Generator, Discriminator)


def class_names(names: Sequence[str], count: int) -> list[str]:
    """What `count` classes are called: by their names, or by their numbers where there are none."""
    return list(names) or [str(i) for i in range(count)]


def told_names(given: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """What classes are called that are `given` as mere numbers, counted from 0 and in whatever order, to a network that
    has a name for each: as `known` has them. Others are called as they are."""
    numbers = set(given) == {str(i) for i in range(len(given))}
    if not numbers or len(given) > len(known) or not set(given) - set(known):
        return tuple(given)
    return tuple(known[int(number)] for number in given)


def same_classes(given: Sequence[str], known: Sequence[str]) -> list[int | None]:
    """For each class of `given` the number of the one of `known` with its name, None where there is none."""
    return [known.index(name) if name in known else None for name in given]


def kept_classes(before: Sequence[str], after: Sequence[str]) -> list[int | None]:
    """For each class of `after` the number of the one of `before` that it goes on from: the one with its name, else the
    next whose name is gone, or of all once more where there are too few. None where there were none."""
    gone = [i for i, name in enumerate(before) if name not in after]
    others = chain(gone, cycle(range(len(before))))
    return [next(others, None) if same is None else same for same in same_classes(after, before)]


def for_classes(trained: Network, build: Callable[[int], Network], kept: Sequence[int | None]) -> Network:
    """What `trained` has learnt, for the classes that `kept` tells (see `with_classes`); itself where they are its own.

    build: gives a network like `trained` with so many classes, on any device or none ("meta").
    """
    count = len(kept)
    if count == trained.num_classes:
        if list(kept) == list(range(count)):
            return trained
        # By their shapes alone nobody could tell which weights are told the class.
        trained, kept = with_classes(trained, build(count + 1), [*kept, None]), range(count)
    return with_classes(trained, build(count), kept)


def with_classes(trained: Network, made: Network, kept: Sequence[int | None]) -> Network:
    """`made`, built as `trained` was but for the number of classes, on any device or none ("meta"), with what
    `trained` has learnt.

    kept: for each class of `made` the number of the class of `trained` that it goes on from; None for one that begins
    as the mean of all.
    Raises ValueError for networks that differ in more, or are told classes in another way.
    """
    old, wanted = trained.state_dict(), made.state_dict()
    state = {name: _fitted(name, old, tensor, trained.num_classes, kept) for name, tensor in wanted.items()}
    if not made.num_classes:
        for name in old.keys() & wanted.keys():
            if old[name].shape != wanted[name].shape:
                state[_bias_of(name)] += _mean(old[name], trained.num_classes).flatten()
        if isinstance(trained, Discriminator) and _PROJECTION in old:
            state[_LOGIT] += _mean(old[_PROJECTION], trained.num_classes).T / math.sqrt(trained.feature_dim)
    made.load_state_dict(state, assign=True)
    return made


def _fitted(name: str, old: Mapping[str, Tensor], wanted: Tensor, classes: int, kept: Sequence[int | None]) -> Tensor:
    """The tensor of that name with a column for each class wanted, behind those of the other inputs."""
    if name in old and old[name].shape == wanted.shape:
        return old[name].clone()
    if name not in old:
        if name != _PROJECTION:
            raise ValueError(f"{name} is in one of the networks alone")
        return old[_LOGIT].new_zeros(wanted.shape)
    before = old[name]
    if before.dim() < 2:
        raise ValueError(f"{name} is no layer that is told classes")
    rest, each = before.tensor_split([before.shape[1] - classes], dim=1)
    mean = _mean(before, classes)
    columns = [mean if k is None else each[:, k : k + 1] for k in kept]
    fitted = torch.cat([rest, *columns], dim=1)
    if fitted.shape != wanted.shape:
        raise ValueError(f"{name} is of the shape {tuple(before.shape)}, and {tuple(wanted.shape)} is wanted")
    return fitted


def _mean(weight: Tensor, classes: int) -> Tensor:
    """The mean column of the classes, which are a weight's last inputs; nought where there are none."""
    columns = weight[:, weight.shape[1] - classes :]
    return columns.mean(dim=1, keepdim=True) if classes else weight.new_zeros(len(weight), 1, *weight.shape[2:])


def _bias_of(name: str) -> str:
    return name.removesuffix("weight") + "bias"
