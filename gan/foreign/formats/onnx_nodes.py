"""The operations of an ONNX model, and their settings."""

from dataclasses import dataclass

from gan.errors import StudioError
from gan.field_metadata import show
from gan.foreign.found import Stored
from gan.foreign.stack.build import refused
from gan.messages import say


@dataclass(frozen=True)
class Node:
    """One operation. file: the file's name. inputs, outputs: names, "" for one that is left out."""

    file: str
    op: str
    domain: str
    inputs: list[str]
    outputs: list[str]
    settings: dict

    def refused(self, why: str) -> StudioError:
        """The sentence where it cannot be taken. `why` goes on after its name."""
        return refused(self.file, say("its operation {op} {why}", op=show(self.op[:60]), why=why))

    def only(self, key: str, *allowed: object) -> object:
        """A setting that may have a few values only, of which the first is taken where it is not there. Raises
        StudioError."""
        value = self.settings.get(key, allowed[0])
        if value not in allowed:
            raise self.refused(say("has {key}={value}, which is not read here", key=key, value=show(value)))
        return value

    def same(self, key: str, otherwise: int) -> int:
        """A setting for all sides that is the same for each. Raises StudioError."""
        values = self.settings.get(key, [otherwise])
        if not isinstance(values, list) or len(set(values)) != 1 or not 0 <= values[0] <= 64:
            raise self.refused(say("has {key}={values}, which is not read here", key=key, values=show(values)))
        return values[0]

    def number(self, key: str, otherwise: float) -> float:
        """A setting that is a number. Raises StudioError."""
        value = self.settings.get(key, otherwise)
        if not isinstance(value, (int, float)) or not abs(value) < 1e6:
            raise self.refused(say("has {key}={value}, which is not read here", key=key, value=show(value)))
        return float(f"{value:.7g}")  # as it was before it was stored in 32 bits


def joined(nodes: list[Node], tensors: dict[str, Stored]) -> list[Node]:
    """MatMul with an Add of stored numbers behind it is one Gemm."""
    found: list[Node] = []
    for node in nodes:
        before = found[-1] if found else None
        if (
            node.op == "Add"
            and before
            and before.op == "MatMul"
            and len(node.inputs) == 2
            and before.outputs[:1] != [""]
        ):
            others = [name for name in node.inputs if name not in before.outputs]
            if len(others) == 1 and others[0] in tensors:
                found[-1] = Node(node.file, "Gemm", "", [*before.inputs, *others], node.outputs, {})
                continue
        found.append(node)
    return found
