"""What lies between a foreign file and one of our models: what a reader found, and what an adapter made of it.

A reader (`readers/`) turns a file into a tree of plain values. An adapter (`formats/`) recognises what the tree is, and
makes a Conversion of it: a config of one of our families and its weights under our names. Nothing of the file is run.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

_DEEPEST = 6  # levels of containers below which nobody keeps a table of weights
_MOST_ENTRIES = 300_000
_CONTAINERS = dict, list, tuple


@dataclass(frozen=True)
class Stored:
    """A tensor that still lies in its file. `read` allocates it, contiguous and in its own dtype; shape and dtype are
    known before, and have been held against the length of the file."""

    shape: tuple[int, ...]
    dtype: torch.dtype
    read: Callable[[], Tensor] = field(repr=False, compare=False)


@dataclass(frozen=True)
class Inert:
    """An object whose class is never looked up: what a pickle says of it, as data.

    name: "module.Class". args: what it would have been called with. state: what it would have been given afterwards.
    """

    name: str
    args: tuple = field(default=(), repr=False)  # not shown: they may lie in each other without end
    state: object = field(default=None, repr=False)


@dataclass(frozen=True)
class Found:
    """What an adapter is shown.

    name: the file's name, for sentences. tree: dict, list, tuple, str, int, float, bool, None, memoryview (of bytes),
    Stored and Inert. config: the config.json beside it, {} where there is none.
    """

    name: str
    tree: object
    config: dict = field(default_factory=dict)

    def tables(self) -> dict[tuple[str, ...], dict[str, Stored]]:
        """Every table of named tensors in the tree, by the keys that lead to it; () is the tree itself.

        A table is a dict whose keys are words and among whose values are tensors; those that are none are left out.
        One that lies in several places is named once, by the outermost.
        """
        tables = (
            (path, {key: value for key, value in at.items() if isinstance(value, Stored)}) for path, at in self.dicts()
        )
        return {path: table for path, table in tables if table}

    def dicts(self) -> Iterator[tuple[tuple[str, ...], dict[str, object]]]:
        """Every dict of the tree, without what is not named by a word, by the keys that lead to it: the outer ones
        first.

        A list counts as a dict by "0", "1" and so on, but for tensors in it, which have no names. Each is met once, as
        it may lie in itself, or in others in very many ways; and one stops after many entries.
        """
        waiting: deque[tuple[tuple[str, ...], dict | list | tuple]] = deque()
        if isinstance(self.tree, _CONTAINERS):
            waiting.append(((), self.tree))
        left, seen = _MOST_ENTRIES, set()
        while waiting and left > 0:
            path, at = waiting.popleft()
            if id(at) in seen or len(path) > _DEEPEST:
                continue
            seen.add(id(at))
            left -= len(at)
            words = _words(at)
            yield path, words
            waiting += [((*path, key), value) for key, value in words.items() if isinstance(value, _CONTAINERS)]


@dataclass(frozen=True)
class Conversion:
    """A foreign generator as one of our families.

    family, generator, discriminator: as in a ModelConfig. weights, discriminator_weights: the tensors by our names,
    exactly those that the family's state_dict has, in its shapes; the latter only with `discriminator`. about: further
    fields of the ModelConfig, such as psi. kind: what the file is, in a few words ("a DCGAN of transposed
    convolutions"). guessed: what the file does not say, a sentence each, for the person who decides.
    """

    family: str
    generator: dict
    weights: Mapping[str, Stored | Tensor]
    kind: str
    discriminator: dict | None = None
    discriminator_weights: Mapping[str, Stored | Tensor] | None = None
    about: dict = field(default_factory=dict)
    guessed: tuple[str, ...] = ()


def stored(tensor: Tensor) -> Stored:
    """A tensor that is in memory already, as if it lay in a file."""
    return Stored(tuple(tensor.shape), tensor.dtype, lambda: tensor.detach().contiguous())


def _words(container: dict | list | tuple) -> dict[str, object]:
    if isinstance(container, dict):
        return {key: value for key, value in container.items() if isinstance(key, str)}
    return {str(i): value for i, value in enumerate(container) if not isinstance(value, Stored)}
