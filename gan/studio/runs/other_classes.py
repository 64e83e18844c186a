"""A base that goes on with other classes than its own, or with none."""

import dataclasses
from collections.abc import Sequence

import torch
from torch.nn import functional as F

from gan.errors import StudioError
from gan.messages import say
from gan.networks.contract import Discriminator, Generator
from gan.networks.names import ANY_CLASSES
from gan.networks.new_classes import class_names, for_classes, kept_classes
from gan.store.model_config import ModelConfig
from gan.training.sample_grid import GridLatents

Pair = tuple[Generator, Discriminator]


def base_for_classes(base: ModelConfig, pair: Pair, classes: tuple[str, ...], label: str) -> tuple[ModelConfig, Pair]:
    """The config and both networks of a base for these classes, as `kept_classes` has them go on.

    Raises StudioError for a family that cannot, unless there are as many; `label` names the model then.
    """
    generator, discriminator = pair
    count = generator.num_classes
    if base.family not in ANY_CLASSES:
        if len(classes) != count:
            raise wrong_classes(label, count, len(classes))
        return base, pair
    kept = kept_classes(class_names(base.classes, count), classes)

    def made(classes: int) -> ModelConfig:
        values = {"num_classes": classes}
        return dataclasses.replace(
            base, generator=base.generator | values, discriminator=(base.discriminator or {}) | values
        )

    return dataclasses.replace(made(len(classes)), classes=classes), (
        for_classes(generator, lambda n: made(n).build_generator("meta"), kept),
        for_classes(discriminator, lambda n: made(n).build_discriminator("meta"), kept),
    )


def wrong_classes(base: str, classes: int, count: int) -> StudioError:
    """That a base of `classes` classes cannot go on with pictures of `count`."""
    return StudioError(
        say(
            "{base} makes pictures of {classes} classes, and your pictures are sorted into {count}.",
            base=base,
            classes=classes,
            count=count,
        )
        if count
        else say(
            "{base} makes pictures of {classes} classes, and your pictures are not sorted into any.",
            base=base,
            classes=classes,
        ),
        "Put the pictures of each class into a folder of its own, or start from another model, or from scratch."
        if classes
        else "Give --label none, or start from another model, or from scratch.",
    )


def fixed_for(fixed: GridLatents, before: Generator, after: Generator, kept: Sequence[int | None]) -> GridLatents:
    """Pictures of a base for the grid of what goes on from it with the classes that `kept` tells: each in its own class
    where all of them stay, else the classes that there are in turn, as its own samples are."""
    n, free, order = len(fixed), before.w_dim - before.class_columns, [k for k in kept if k is not None]
    if len(kept) == before.num_classes and sorted(order) == list(range(len(kept))):
        columns = [*range(free), *(free + k for k in order[: before.class_columns])]
        return GridLatents(
            fixed.z,
            None if fixed.c is None else fixed.c[:, order],
            fixed.psi,
            None if fixed.move is None else fixed.move[..., columns],
        )
    c = torch.eye(len(kept))[torch.arange(n) % len(kept)] if kept else None
    move = None if fixed.move is None else F.pad(fixed.move[..., :free], (0, after.class_columns))
    return GridLatents(fixed.z, c, fixed.psi, move)
