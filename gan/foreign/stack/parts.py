"""The tensors of a state dict as the layers that held them, by their names and shapes alone."""

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from torch import Tensor

from gan.errors import StudioError
from gan.foreign.found import Stored
from gan.messages import say

_COUNTER = "num_batches_tracked"  # of no use where batch norm keeps its statistics
_MOST_PARTS = 100
_MOST_STEMS = 4  # names at the top whose order may be tried out
# Spectral norm as torch.nn.utils.parametrizations stores it, in the words of the older torch.nn.utils.spectral_norm.
_NEW_SPECTRAL = {
    "parametrizations.weight.original": "weight_orig",
    "parametrizations.weight.0._u": "weight_u",
    "parametrizations.weight.0._v": "weight_v",
}
_EMBEDDING = re.compile(r"emb|label|class", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """One layer's tensors. kind: "maps" (a convolution of either kind), "rows" (linear), "embedding", "batch_norm",
    "scale" (a norm without stored statistics), "prelu", or "other"."""

    name: str
    kind: str
    tensors: dict[str, Stored]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of its weights; of a norm without any, that of its statistics."""
        return self.tensors["weight" if "weight" in self.tensors else "running_mean"].shape

    @property
    def bias(self) -> bool:
        return "bias" in self.tensors

    def place(self) -> tuple[str, int] | None:
        """("main", 3) of "main.3": where it stands in a list of layers, None where its name has no number."""
        parent, _, last = self.name.rpartition(".")
        return (parent, int(last)) if last.isdecimal() and len(last) < 6 else None


def parts(table: dict[str, Stored]) -> list[Part]:
    """The layers of a table of tensors, in the order in which they are first named."""
    groups: dict[str, dict[str, Stored]] = {}
    for key, tensor in table.items():
        for new, old in _NEW_SPECTRAL.items():
            key = key.removesuffix(new) + old if key.endswith(new) else key
        name, _, leaf = key.rpartition(".")
        if leaf != _COUNTER:
            groups.setdefault(name, {})[leaf] = tensor
    return [_part(name, tensors) for name, tensors in groups.items()]


def orders(found: list[Part]) -> Iterator[list[Part]]:
    """The orders in which the layers may follow each other: as they stand, then by their numbers.

    Safetensors files are sorted by the letters, so that main.10 comes before main.2 and conv before fc. Names without a
    number stand before the numbers (project, bn1, conv1), but one of them may be the last (out).
    """
    if len(found) > _MOST_PARTS:
        return
    yield found
    by_number = sorted(found, key=lambda part: _natural(part.name))
    stems = list(dict.fromkeys(_stem(part.name)[0] for part in by_number))
    bare = [stem for stem in stems if (stem, -1) in {_stem(part.name) for part in found}]
    for order in itertools.permutations(stems) if len(stems) <= _MOST_STEMS else [stems]:
        yield sorted(by_number, key=lambda part: order.index(_stem(part.name)[0]))
        for last in (None, *bare):  # fc1, bn1, fc2, out
            yield sorted(by_number, key=lambda part: _by_number(part, order, last))


def without_spectral_norm(part: Part, transposed: bool) -> Part:
    """The part with the weights that its network computed with: weight_orig / sigma, sigma = u^T W v.

    Miyato et al. 2018, "Spectral normalization"; torch turns a transposed convolution's weights around first. Raises
    StudioError where u and v do not fit the weights.
    """
    if "weight_orig" not in part.tensors:
        return part
    kept = {name: tensor for name, tensor in part.tensors.items() if name == "bias"}
    original, u, v = (part.tensors[f"weight_{name}"] for name in ("orig", "u", "v"))
    rows = original.shape[transposed] if len(original.shape) > 1 else 0
    if not rows or (u.shape, v.shape) != ((rows,), (math.prod(original.shape) // rows,)):
        raise StudioError(
            say("The spectral norm of {name} does not fit its weights.", name=part.name[:80]),
            "It is damaged; choose another file.",
        )
    return replace(
        part, tensors={"weight": replace(original, read=lambda: _divided(original, u, v, transposed)), **kept}
    )


def _divided(original: Stored, u: Stored, v: Stored, transposed: bool) -> Tensor:
    weight = original.read()
    matrix = (weight.transpose(0, 1) if transposed else weight).flatten(1).float()
    return weight / (u.read().float() @ (matrix @ v.read().float())).to(weight.dtype)


def _part(name: str, tensors: dict[str, Stored]) -> Part:
    leaves = set(tensors)
    plain = leaves <= {"weight", "bias"} and "weight" in leaves
    spectral = leaves - {"bias"} == {"weight_orig", "weight_u", "weight_v"}
    if spectral:
        shown = Part(name, "other", {"weight": tensors["weight_orig"], **tensors})
    else:
        shown = Part(name, "other", tensors)
    if any(0 in tensor.shape for tensor in tensors.values()):
        return shown
    if leaves in ({"running_mean", "running_var"}, {"running_mean", "running_var", "weight", "bias"}):
        return replace(shown, kind="batch_norm" if len(shown.shape) == 1 else "other")
    if not plain and not spectral:
        return shown
    return replace(shown, kind=_kind(name, shown))


def _kind(name: str, part: Part) -> str:
    dims, bias = len(part.shape), part.bias
    if dims == 2:
        return "embedding" if not bias and _EMBEDDING.search(name) else "rows"
    if dims == 1:
        return "scale" if bias else "prelu"
    square = dims == 4 and part.shape[2] == part.shape[3]
    return "maps" if square else "other"


def _stem(name: str) -> tuple[str, int]:
    """("conv", 2) of conv2.0: what stands at the top without its number, and the number, -1 for none."""
    found = re.match(r"([^\d.]*)(\d{0,5})", name)
    assert found is not None, "it matches whatever there is"
    stem, number = found.groups()
    return stem, int(number or -1)


def _by_number(part: Part, order: Sequence[str], last: str | None) -> tuple[bool, int, int]:
    """A key by which layers of the same number stand together, in the order of their names; `last` ends them all."""
    stem, number = _stem(part.name)
    return (stem, number) == (last, -1), number, order.index(stem)


def _natural(name: str) -> list[tuple[int, int, str]]:
    """A key by which main.2 comes before main.10."""
    return [(0, int(word), "") if word.isdecimal() else (1, 0, word) for word in re.split(r"(\d{1,9})", name) if word]
