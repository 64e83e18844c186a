"""Between two sets of weights of one architecture: the layout of one model's pictures in the style of the other.

Pinkney and Adler 2020, "Resolution dependent GAN interpolation for controllable image synthesis between domains": a
model that was fine-tuned from another stays aligned with it layer by layer, so coarse layers of the one go with fine
layers of the other, and weights halfway between the two make pictures halfway between.
"""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.messages import listed, say
from gan.networks.contract import Generator

RANGES = ("coarse", "middle", "fine")
_SIZES = ("z_dim", "w_dim", "num_ws", "num_classes", "image_shape")


def blend(base: Generator, tuned: Generator, amounts: Sequence[float]) -> Generator:
    """A new generator of the weights base + amount (tuned - base), in eval mode and without gradients.

    amounts: one per range, (coarse, middle, fine). 0 gives the weights of `base` and 1 those of `tuned`, both to the
    last bit; less or more goes beyond them. What is tracked or drawn once (the average w, the noise) is blended like
    weights. Raises StudioError where the two are not of one architecture, or there are not three amounts.
    """
    check_alike(base, tuned)
    if len(amounts) != len(RANGES):
        raise StudioError(
            say("A blend has {count} amounts, not {count2}.", count=len(RANGES), count2=len(amounts)),
            say("Give one each for {names}.", names=listed(RANGES)),
        )
    blended = {}  # of each tensor of `tuned`, by its id: copying then takes these in place of its own
    with torch.no_grad():
        for (a, _), (b, part) in zip(_tensors(base), _tensors(tuned), strict=True):
            blended[id(b)] = _like(b, torch.lerp(a.to(b), b, amounts[part]) if b.is_floating_point() else b.clone())
    return copy.deepcopy(tuned, blended).eval().requires_grad_(False)


def check_alike(base: Generator, tuned: Generator) -> None:
    """Raise StudioError unless the weights of the two stand in the same places."""
    if type(base) is not type(tuned) or _shape(base) != _shape(tuned):
        raise StudioError(
            "The two models are built differently, so their weights cannot be blended.",
            "Blend a model with the one that it was fine-tuned from.",
        )


def _tensors(generator: Generator) -> Iterator[tuple[Tensor, int]]:
    """Every weight and buffer that is stored with the generator, and which of the ranges it belongs to."""
    stages = generator.stages()
    for i, stage in enumerate(stages):
        for module in stage:
            for tensor in module.state_dict(keep_vars=True).values():
                yield tensor, i * len(RANGES) // len(stages)


def _shape(generator: Generator) -> tuple[list[Any], dict[str, torch.Size]]:
    return (
        [getattr(generator, name) for name in _SIZES],
        {name: tensor.shape for name, tensor in generator.state_dict().items()},
    )


def _like(old: Tensor, new: Tensor) -> Tensor:
    """A weight in place of a weight, a buffer in place of a buffer."""
    return torch.nn.Parameter(new, requires_grad=False) if isinstance(old, torch.nn.Parameter) else new
