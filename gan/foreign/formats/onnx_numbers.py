"""What an ONNX file reckons of shapes alone, with whole numbers: a function for each operation."""

from collections.abc import Callable

from gan.foreign.formats.onnx_nodes import Node
from gan.foreign.formats.onnx_work import MOST_NUMBERS, Work
from gan.foreign.found import Stored
from gan.messages import say

_BATCH = -1  # in shapes: however many pictures there are


def _constant(work: Work, node: Node) -> Stored | list[int]:
    match node.settings:
        case {"value": Stored() as value}:
            return value
        case {"value_ints": list(values)}:
            return values
        case {"value_int": int(value)}:
            return [value]
    raise node.refused(say("holds what is no tensor"))


def _shape(work: Work, node: Node) -> list[int]:
    if node.inputs[:1] == [""] or not node.inputs or node.inputs[0] not in work.shapes:
        raise node.refused(say("asks for a shape that is not known"))
    return [_BATCH, *work.shapes[node.inputs[0]]]


def _gather(work: Work, node: Node) -> list[int]:
    node.only("axis", 0)
    values, places = work.known(node, 0), work.known(node, 1)
    if any(not -len(values) <= place < len(values) for place in places):
        raise node.refused(say("takes numbers that are not there"))
    return [values[place] for place in places]


def _concat(work: Work, node: Node) -> list[int]:
    node.only("axis", 0)
    return [n for i in range(min(len(node.inputs), MOST_NUMBERS)) for n in work.known(node, i)][:MOST_NUMBERS]


def _as_it_is(work: Work, node: Node) -> Stored | list[int]:
    stored = work.tensors.get(node.inputs[0]) if node.inputs else None
    return work.known(node, 0) if stored is None else stored


ONNX_NUMBERS: dict[str, Callable[[Work, Node], Stored | list[int]]] = {
    "Constant": _constant,
    "Shape": _shape,
    "Gather": _gather,
    "Concat": _concat,
    "Unsqueeze": _as_it_is,
    "Squeeze": _as_it_is,
    "Cast": _as_it_is,
    "Identity": _as_it_is,
}
