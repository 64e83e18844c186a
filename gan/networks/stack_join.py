"""How a class joins what the layers of a stack have made: beside it, or multiplied or added to it.

What comes in are rows (batch, n) or feature maps (batch, channels, height, width). A class's values (batch, values) are
laid out as these are.
"""

import math
import operator

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.messages import say
from gan.networks.stack_layers import Shape, times

_JOINS = {
    "z first": lambda x, e: torch.cat([x, e], 1),
    "class first": lambda x, e: torch.cat([e, x], 1),
    "multiply": operator.mul,
    "add": operator.add,
}
_BESIDE = ("z first", "class first")
JOINS = tuple(_JOINS)
"""The ways in which it can."""
MOST_VALUES = 2**26  # of all classes together


def joined(how: str, x: Tensor, e: Tensor) -> Tensor:
    """x (batch, ...), joined by the values e (batch, values) of its classes in the way `how`, one of JOINS."""
    return _JOINS[how](x, e.reshape(len(x), -1, *x.shape[2:]))


def joined_shape(how: str, shape: Shape, values: int) -> Shape:
    """What becomes of a shape that a class of so many values joins. Raises StudioError where it cannot."""
    if how in _BESIDE:
        more, left = divmod(values, math.prod(shape[1:]))
        if left or not more:
            raise StudioError(
                say(
                    "A class of {values} values cannot stand beside {shape}.",
                    values=values,
                    shape=times(shape),
                ),
                "Its values must fill whole feature maps.",
            )
        return (shape[0] + more, *shape[1:])
    if values != math.prod(shape):
        raise StudioError(
            say(
                "To multiply or add, a class must have as many values as it meets, {count}, not {values}.",
                count=math.prod(shape),
                values=values,
            ),
            "Let it have as many, or join first or last.",
        )
    return shape
