"""From layers in some order to a generator: what each takes and gives, and how large the picture becomes.

A state dict says neither which of two numbers of a convolution's weights is its input, nor its stride and padding. The
chain of channels decides the first; the second is whatever gives a picture of a usual side at the least cost.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from gan.foreign.stack.parts import Part

# What a side costs: nothing for those that people train at most.
_SIDES = {28: 0.5, 32: 0, 64: 0, 128: 0, 256: 0, 512: 1, 16: 3, 24: 2, 48: 2, 96: 2}
_COLOURS = (1, 3, 4)
_TRANSPOSED = re.compile(r"convt|deconv|trans|tconv|t_conv|up", re.IGNORECASE)
_UNUSUAL = 10.0  # what a side that nobody chooses costs
_MNIST = 28, 3.5  # grey pictures are of this side more often than of any other, by so much
_MOST_SIDE = 1024
# (cost, stride, padding, output padding) of a transposed convolution, by its kernel.
_ENLARGING: dict[int, list[tuple[float, int, int, int]]] = {
    1: [(0, 1, 0, 0), (1, 1, 2, 0)],
    2: [(0, 2, 0, 0)],
    3: [(0, 2, 1, 1), (1, 1, 1, 0), (2, 2, 0, 0), (2.5, 2, 1, 0), (4, 1, 0, 0)],
    4: [(0, 2, 1, 0), (3, 2, 0, 0), (4, 1, 0, 0)],
    5: [(0, 2, 2, 1), (2, 1, 2, 0), (3, 2, 2, 0), (4, 1, 0, 0)],
    6: [(0, 2, 2, 0)],
    7: [(0, 1, 3, 0), (3, 1, 0, 0)],
    8: [(0, 4, 2, 0), (2, 2, 3, 0)],
}
# The same of the last one where the others have kernels of 4: the anime DCGAN of pytorch-book (chenyuntc) ends at 96
# this way.
_LAST_AMONG_FOURS: dict[int, list[tuple[float, int, int, int]]] = {
    5: [(0, 3, 1, 0), *((cost + 3, stride, padding, more) for cost, stride, padding, more in _ENLARGING[5])]
}


@dataclass(frozen=True)
class Step:
    """One layer in the chain. role: its kind in a stack. inputs, outputs: channels or values. before: what the values
    are laid out as first, (channels, side, side)."""

    part: Part
    role: str
    inputs: int
    outputs: int
    before: tuple[int, int, int] | None = None

    @property
    def kernel(self) -> int:
        return self.part.shape[2]

    @property
    def weighty(self) -> bool:
        return self.role in ("linear", "conv", "conv_transpose")

    def token(self) -> str:
        """How layouts write it."""
        return f"{self.role}{self.kernel}" if self.role in ("conv", "conv_transpose") else self.role


@dataclass(frozen=True)
class Geometry:
    """What a convolution does to the picture, with an `upsample` before it or none."""

    stride: int
    padding: int
    output_padding: int = 0
    upsample: bool = False

    def after(self, side: int, kernel: int, transposed: bool) -> int:
        if transposed:
            return (side - 1) * self.stride + kernel - 2 * self.padding + self.output_padding
        return (side * (2 if self.upsample else 1) + 2 * self.padding - kernel) // self.stride + 1


def chain(found: list[Part]) -> list[Step] | None:
    """The layers as steps that fit each other from z to the picture, None where they do not."""
    if not found or found[0].kind not in ("rows", "maps"):
        return None
    first = found[0].shape
    row = first[1] if found[0].kind == "rows" else first[0]
    steps = next(_chains(found, row, None), None)
    return None if steps is None else _settled(steps)


def picture_of(steps: list[Step]) -> tuple[int, int] | int:
    """(channels, side) where the last layer is linear and its values are those of a picture; else the channels."""
    last = steps[-1].outputs
    if any(step.role in ("conv", "conv_transpose") for step in steps):
        return last
    for channels in _COLOURS:
        side = math.isqrt(last // channels)
        if channels * side * side == last and side >= 8:
            return channels, side
    return last


def geometries(
    steps: list[Step], known: dict[int, Geometry], side: int | None = None
) -> tuple[list[Geometry], int] | None:
    """What each convolution does, in their order, and the side of the picture; the least costly way to a usual side.

    known: geometries that are given, by the convolution's number. side: what the picture should have, if that is known.
    """
    convs = [(i, step) for i, step in enumerate(steps) if step.role in ("conv", "conv_transpose")]
    ways: dict[int, tuple[float, list[Geometry]]] = {_first_side(steps): (0.0, [])}
    fours = any(step.role == "conv_transpose" and step.kernel == 4 for _, step in convs)
    for number, (i, step) in enumerate(convs):
        reached: dict[int, tuple[float, list[Geometry]]] = {}
        for now, (cost, way) in ways.items():
            options = [(0.0, known[number])] if number in known else _options(steps, i, now, fours)
            for more, geometry in options:
                then = geometry.after(now, step.kernel, step.role == "conv_transpose")
                if 1 <= then <= _MOST_SIDE and cost + more < reached.get(then, (math.inf,))[0]:
                    reached[then] = cost + more, [*way, geometry]
        ways = reached
    priced = [(cost + _price(then, side, steps[-1].outputs), then, way) for then, (cost, way) in ways.items()]
    if not priced:
        return None
    _, then, way = min(priced, key=lambda one: one[:2])
    return way, then


def gap(before: Part, after: Part) -> int | None:
    """How many layers without weights stood between the two in their list, None where their names do not tell."""
    a, b = before.place(), after.place()
    return b[1] - a[1] - 1 if a and b and a[0] == b[0] and b[1] > a[1] else None


def _chains(found: list[Part], row: int | None, maps: int | None) -> Iterator[list[Step]]:
    """All ways in which the layers can follow each other; a row of `row` values or `maps` feature maps comes in."""
    if not found:
        yield []
        return
    for step in _steps(found[0], row, maps):
        flat = step.role == "linear" or (row is not None and step.before is None)
        left = (step.outputs, None) if flat else (None, step.outputs)
        for rest in _chains(found[1:], *left):
            yield [step, *rest]


def _steps(part: Part, row: int | None, maps: int | None) -> Iterator[Step]:
    """What a layer can be, given what comes in."""
    if part.kind == "rows" and part.shape[1] == row:
        yield Step(part, "linear", row, part.shape[0])
    elif part.kind == "maps":
        for role, (inputs, outputs) in (("conv_transpose", part.shape[:2]), ("conv", part.shape[1::-1])):
            if maps == inputs:
                yield Step(part, role, inputs, outputs)
                if part.shape[0] == part.shape[1]:
                    return  # either: `_settled` decides
            elif row is not None and (square := _square(row, inputs)):
                yield Step(part, role, inputs, outputs, (inputs, square, square))
    elif part.kind in ("batch_norm", "scale", "prelu"):
        yield from _scales(part, row, maps)


def _scales(part: Part, row: int | None, maps: int | None) -> Iterator[Step]:
    n, now = part.shape[0], maps if row is None else row
    role = {"batch_norm": "batch_norm", "prelu": "prelu", "scale": "instance_norm" if row is None else "layer_norm"}[
        part.kind
    ]
    if now is not None and (n == now or (part.kind == "prelu" and n == 1)):
        yield Step(part, role, now, now)
    elif row is not None and part.kind != "prelu" and (square := _square(row, n)):
        yield Step(part, "instance_norm" if part.kind == "scale" else role, n, n, (n, square, square))


def _square(values: int, channels: int) -> int:
    """The side of so many values as feature maps, 0 where they make no squares."""
    side = math.isqrt(values // channels)
    return side if channels * side * side == values else 0


def _settled(steps: list[Step]) -> list[Step]:
    """Convolutions with as many inputs as outputs go with their names, else with their kernel, else with the others."""
    sure = {(s.role, s.kernel) for s in steps if s.weighty and s.role != "linear" and s.inputs != s.outputs}
    return [
        replace(s, role=_either(s, sure)) if s.role == "conv_transpose" and s.inputs == s.outputs else s for s in steps
    ]


def _either(step: Step, sure: set) -> str:
    if step.kernel % 2 == 0 or _TRANSPOSED.search(step.part.name):
        return "conv_transpose"
    return "conv_transpose" if ("conv_transpose", step.kernel) in sure and ("conv", step.kernel) not in sure else "conv"


def _first_side(steps: list[Step]) -> int:
    return next((step.before[1] for step in steps if step.before), 1)


def _options(steps: list[Step], i: int, side: int, fours: bool) -> list[tuple[float, Geometry]]:
    """(cost, geometry) of what a convolution may do to a picture of that side."""
    step, k = steps[i], steps[i].kernel
    if step.role == "conv":
        return _keeping(steps, i) if k % 2 else []
    if side == 1 and k > 1:
        return [(0.0, Geometry(1, 0))]
    last = _LAST_AMONG_FOURS if fours and i == len(steps) - 1 else {}
    options = last.get(k) or _ENLARGING.get(k, [(0, 1, k // 2, 0)] if k % 2 else [(0, 2, k // 2 - 1, 0)])
    # Among kernels of 4 that double, one of 3 rather keeps the size; of equals, the first does.
    cheaper = fours and k == 3
    return [
        (
            cost + (2 if cheaper and stride > 1 else 0) + (i * 0.01 if stride == 1 else 0),
            Geometry(stride, padding, more),
        )
        for cost, stride, padding, more in options
    ]


def _keeping(steps: list[Step], i: int) -> list[tuple[float, Geometry]]:
    """A convolution of an odd kernel keeps the size; whether there is an upsample before it the names may tell.

    Of two layers left over one is an activation; of one, too, but right after a reshape, where there is rarely any. Of
    places that are alike the earlier ones enlarge.
    """
    step = steps[i]
    between = gap(steps[i - 1].part, step.part) if i else 0
    between = None if between is None else between - bool(step.before)
    plain = not any(s.role == "conv_transpose" for s in steps)
    last = i == len(steps) - 1
    fewest = 1 if step.before and plain else 2
    likely = between >= fewest if between is not None else plain and not last
    possible = between is None or between >= 1
    same = Geometry(1, step.kernel // 2)
    options = [(0.5 if likely else 0.0, same)]
    price = (0.0 if likely else 1.5 + last) + i * 0.0005
    return [*options, (price, replace(same, upsample=True))] if possible else options


def _price(side: int, wanted: int | None, channels: int) -> float:
    """What a picture of that side costs; one that a config names is worth any detour."""
    missed = 100.0 if wanted not in (None, side) else 0.0
    grey = _MNIST[1] if channels == 1 and side == _MNIST[0] else 0.0
    return missed + _SIDES.get(side, _UNUSUAL) - grey
