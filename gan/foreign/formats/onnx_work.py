"""What has been made of an ONNX file so far: layers, and the numbers that are reckoned with beside them."""

import math

from gan.field_metadata import show
from gan.foreign.formats.onnx_nodes import Node
from gan.foreign.found import Stored
from gan.foreign.stack.build import Building, refused
from gan.messages import say
from gan.networks.stack_layers import Reshape, times

MOST_NUMBERS = 16  # of a shape


class Work:
    """The layers so far. now: the name of what leaves the last of them. shapes: of all that left one, without the
    batch."""

    def __init__(self, name: str, inputs: list, tensors: dict[str, Stored]):
        if len(inputs) != 1:
            names = ", ".join(show(one) for one, _ in inputs[:4])
            raise refused(
                name, say("it starts from {count} inputs ({names}), not from one", count=len(inputs), names=names)
            )
        self.now, shape = inputs[0]
        match shape:
            case [_, int(values)] | [_, int(values), 1, 1]:
                self.building = Building(name, values)
            case [_, _, _, _]:
                raise refused(
                    name,
                    say("it takes pictures, not latent values"),
                    say("Choose the generator; this may be the discriminator."),
                )
            case _:
                raise refused(
                    name,
                    say("what goes in has the shape {shape}, which is no row of latent values", shape=str(shape)[:60]),
                )
        if len(shape) == 4:
            self.building.add("input", Reshape, (values, 1, 1))
        self.tensors = dict(tensors)
        self.shapes = {self.now: self.building.shape}
        self.known_numbers: dict[str, list[int]] = {}

    def weights(self, node: Node, number: int, *shape: int | None) -> Stored:
        """What an operation is given as its input `number`: numbers in the file, of this shape. None: any length."""
        name = node.inputs[number] if number < len(node.inputs) else ""
        found = self.tensors.get(name)
        if found is None or not found.dtype.is_floating_point:
            raise node.refused(say("has no stored numbers as its input {number}", number=number))
        if len(found.shape) != len(shape) or any(
            n not in (None, there) for n, there in zip(shape, found.shape, strict=True)
        ):
            raise node.refused(say("has weights of the shape {shape}, which do not fit", shape=times(found.shape)))
        return found

    def numbers(self, node: Node, number: int) -> list[int] | None:
        """What an operation is given as its input `number`, as whole numbers; None where they are not known."""
        name = node.inputs[number] if number < len(node.inputs) else ""
        found = self.known_numbers.get(name)
        if found is None and name in self.tensors and math.prod(self.tensors[name].shape) <= MOST_NUMBERS:
            found = [int(n) if math.isfinite(n) else 0 for n in self.tensors[name].read().flatten().tolist()]
        return found

    def known(self, node: Node, number: int) -> list[int]:
        """The same, where they must be known. Raises StudioError."""
        found = self.numbers(node, number)
        if found is None:
            raise node.refused(say("reckons with numbers that are not known beforehand"))
        return found

    def maps(self, node: Node) -> tuple[int, int, int]:
        """Channels, height and width of what comes in. Raises StudioError."""
        if len(self.building.shape) != 3:
            raise node.refused(
                say("takes feature maps, and a row of {shape} values comes in", shape=self.building.shape[0])
            )
        return self.building.shape
