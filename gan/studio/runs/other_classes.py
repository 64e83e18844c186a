"""A base that goes on with other classes than its own, or with none."""

import dataclasses

import torch
from torch.nn import functional as F

from gan.errors import StudioError
from gan.messages import say
from gan.networks.contract import Discriminator, Generator
from gan.networks.names import ANY_CLASSES
from gan.networks.new_classes import kept_classes, with_classes
from gan.store.model_config import ModelConfig
from gan.training.sample_grid import GridLatents

Pair = tuple[Generator, Discriminator]


def for_classes(base: ModelConfig, pair: Pair, classes: tuple[str, ...], label: str) -> tuple[ModelConfig, Pair]:
    """The config and both networks of a base for these classes: those that it has by these names go on, new ones begin
    as what all of its own have in common. The same where it has as many already, which then go on in their order.

    Raises StudioError for a family that cannot; `label` names the model then.
    """
    generator, discriminator = pair
    if len(classes) == generator.num_classes:
        return base, pair
    if base.family not in ANY_CLASSES:
        raise wrong_classes(label, generator.num_classes, len(classes))
    values = {"num_classes": len(classes)}
    made = dataclasses.replace(
        base, classes=classes, generator=base.generator | values, discriminator=(base.discriminator or {}) | values
    )
    names = base.classes or tuple(map(str, range(generator.num_classes)))
    kept = kept_classes(names, classes)
    return made, (
        with_classes(generator, made.build_generator("meta"), kept),
        with_classes(discriminator, made.build_discriminator("meta"), kept),
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
        "Put the pictures of each class into a folder of its own, or start from another model, or from scratch.",
    )


def fixed_for(fixed: GridLatents, before: Generator, after: Generator) -> GridLatents:
    """Pictures of a base for the grid of what goes on from it with other classes: these in turn, as its own samples
    are."""
    if before.num_classes == after.num_classes:
        return fixed
    n, count = len(fixed), after.num_classes
    free = before.w_dim - before.class_columns
    move = None if fixed.move is None else F.pad(fixed.move[..., :free], (0, after.class_columns))
    return GridLatents(fixed.z, torch.eye(count)[torch.arange(n) % count] if count else None, fixed.psi, move)
