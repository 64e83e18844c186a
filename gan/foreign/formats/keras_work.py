"""What has been made of a Keras model so far, and how Keras would see what leaves it."""

from collections.abc import Callable

from torch import Tensor

from gan.foreign.formats.keras_chain import KerasLayer
from gan.foreign.found import Stored
from gan.foreign.stack.build import CLASSES, Building, changed
from gan.messages import say
from gan.networks.stack_layers import Reshape, times


class Work:
    """A building, and how Keras would see what leaves it.

    scales: the tensors, by their names in the stack, that have a number for each value of the row which leaves the
    last layer; None where the row does not come from a linear layer. flat: what a row was before Flatten, (height,
    width, channels): its values lie in torch's order, and not in Keras'. number: whether a class's number comes in, for
    an Embedding to look up.
    """

    def __init__(self, name: str, start: tuple[int, ...]):
        self.building = Building(name, start[-1])
        self.scales: list[str] | None = None
        self.flat: tuple[int, int, int] | None = None
        self.number = False
        if len(start) == 3:
            self.building.add("input", Reshape, (start[-1], 1, 1))

    def row(self, layer: KerasLayer) -> int:
        """How many values come in. Raises StudioError where it is not a row."""
        if len(self.building.shape) != 1:
            raise layer.refused(say("takes a row of values, and {shape} comes in", shape=times(self.building.shape)))
        return self.building.shape[0]

    def maps(self, layer: KerasLayer) -> tuple[int, int, int]:
        """Channels, height and width of what comes in. Raises StudioError where it is a row."""
        layer.only("data_format", "channels_last")
        if len(self.building.shape) != 3:
            raise layer.refused(
                say("takes feature maps, and a row of {shape} values comes in", shape=self.building.shape[0])
            )
        return self.building.shape

    def as_it_lies(self, array: Stored) -> Stored:
        """Weights whose first axis is the row that comes in, in the order of its values."""
        return changed(array, channels_first(self.flat)) if self.flat else array

    def join(self, layer: KerasLayer, classes: "Work", class_first: bool) -> None:
        """The class joins what the layers have made, by a layer of one of JOINS. Raises StudioError."""
        if self.flat or classes.flat or len(self.building.shape) != len(classes.building.shape):
            one, other = times(self.building.shape), times(classes.building.shape)
            raise layer.refused(say("joins {one} and {other} values, which is not read here", one=one, other=other))
        how = {"Multiply": "multiply", "Add": "add"}.get(layer.kind)
        if how is None:
            layer.only("axis", -1, len(self.building.shape))
            how, self.scales = ("class first" if class_first else "z first"), None
        elif self.building.shape != classes.building.shape:
            one, other = times(self.building.shape), times(classes.building.shape)
            raise layer.refused(say("joins {one} and {other} values, which is not read here", one=one, other=other))
        as_it_is = not classes.building.layers and layer.kind == "Concatenate"
        self.building.join(layer.path, how, classes.building.z_dim, None if as_it_is else classes.building.table())
        if self.scales is not None:
            self.scales = [*self.scales, CLASSES]


def channels_first(sides: tuple[int, int, int], axis: int = 0) -> Callable[[Tensor], Tensor]:
    """From Keras' order of a row that is (height, width, channels) to torch's, along an axis: the first, or the last of
    a table of classes."""
    return lambda tensor: tensor.unflatten(axis, sides).movedim(axis + 2, axis).flatten(axis, axis + 2)
