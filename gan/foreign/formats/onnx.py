"""Generators in ONNX files: operations that follow each other become a stack.

An ONNX file is a program. It is not run: each operation is looked up in a table, and one that is not there is named.
What the program reckons of shapes alone (Shape, Gather, Concat, ...) is followed with whole numbers, the batch being
whatever it is.
"""

from gan.field_metadata import show
from gan.foreign.formats.onnx_layers import ONNX_LAYERS
from gan.foreign.formats.onnx_nodes import Node, joined
from gan.foreign.formats.onnx_numbers import ONNX_NUMBERS
from gan.foreign.formats.onnx_work import Work
from gan.foreign.found import Conversion, Found, Stored
from gan.foreign.stack.build import refused
from gan.messages import listed, say

_DOMAINS = ("", "ai.onnx")


def read(found: Found) -> Conversion | None:
    """The generator in what `onnx_file` has read, None for anything else. Raises StudioError that names the operation
    at fault."""
    match found.tree:
        case {
            "onnx": {"nodes": list(nodes), "tensors": dict(tensors), "inputs": list(inputs), "outputs": list(outputs)}
        }:
            work = Work(found.name, inputs, tensors)
            for node in joined([Node(found.name, **node) for node in nodes], tensors):
                _take(work, node)
            if outputs != [work.now]:
                raise refused(
                    found.name,
                    say("it gives {count} results, not the last of its operations alone", count=len(outputs)),
                )
            return work.building.finish(say("a generator in ONNX"))
    return None


def _take(work: Work, node: Node) -> None:
    """One more operation. Raises StudioError where it is not read, or does not follow the last."""
    known = ONNX_LAYERS.get(node.op) if node.domain in _DOMAINS else None
    if node.op in ONNX_NUMBERS and node.domain in _DOMAINS and work.now not in node.inputs or node.op == "Shape":
        if len(node.outputs) != 1:
            raise node.refused(say("gives not one result"))
        made = ONNX_NUMBERS[node.op](work, node)
        if isinstance(made, Stored):
            work.tensors[node.outputs[0]] = made
        else:
            work.known_numbers[node.outputs[0]] = made
        return
    if known is None:
        raise refused(
            node.file,
            say("it uses the operation {op}, which is not read here", op=show(node.op[:60]))
            if node.domain in _DOMAINS
            else say(
                "it uses the operation {op} of {domain}, which is not read here",
                op=show(node.op[:60]),
                domain=show(node.domain[:60]),
            ),
            say("Read are {names}; ask its author for the PyTorch weights.", names=listed(ONNX_LAYERS)),
        )
    if node.inputs[:1] != [work.now] or work.now in node.inputs[1:] or not node.outputs:
        raise node.refused(say("does not follow the one before it"))
    known(work, node)
    work.now = node.outputs[0]
    work.shapes[work.now] = work.building.shape
