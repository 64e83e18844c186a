"""Known layouts: what the state dicts of well-known code do not say, as data in `layouts/`, one file for each.

A layout knows its files by the names of their layers and by the chain of their kinds. What it says goes before any
guess; where it says nothing (`convs` left out, for networks of several sizes), that is guessed as for an unknown file.
"""

import functools
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gan.foreign.stack.chain import Geometry, Step

_FOLDER = Path(__file__).parent / "layouts"


@dataclass(frozen=True)
class Layout:
    """name, source: for people. keys: a pattern of every layer's name. chain: one of the layers' kinds with spaces
    between, with the kernel for convolutions ("linear batch_norm conv3"). embedding: "none", "joined" or "multiplied".

    What it says: config, settings of the whole; activation after each layer, but for the blocks (a layer and its norm)
    in bare; last, after the last; eps of each norm; convs, the geometry of each convolution.
    """

    name: str
    source: str
    chain: str
    keys: str = ".*"
    embedding: str = "none"
    config: dict = field(default_factory=dict)
    activation: str = "relu"
    bare: tuple[int, ...] = ()
    last: str = "tanh"
    eps: tuple[float, ...] = ()
    eps_each: float = 1e-5
    convs: tuple[dict, ...] = ()

    def fits(self, names: list[str], steps: list[Step], embedding: str) -> bool:
        return (
            embedding == self.embedding
            and all(re.fullmatch(self.keys, name) for name in names)
            and re.fullmatch(self.chain, " ".join(step.token() for step in steps)) is not None
        )

    def eps_of(self, number: int) -> float:
        """The eps of the norm of that number."""
        return self.eps[number] if number < len(self.eps) else self.eps_each

    def geometries(self) -> dict[int, Geometry]:
        return {i: Geometry(**conv) for i, conv in enumerate(self.convs)}


UNKNOWN = Layout("", "", "")
"""What is taken for granted where no layout fits: relu after each layer, tanh at the end, as in Radford et al. 2016."""


@functools.cache
def layouts() -> tuple[Layout, ...]:
    """All known layouts, in the order of their files' names: the first that fits is the one."""
    return tuple(_read(path) for path in sorted(_FOLDER.glob("*.json")))


def layout_of(names: list[str], steps: list[Step], embedding: str) -> Layout:
    """The first known layout that fits, else UNKNOWN."""
    return next((layout for layout in layouts() if layout.fits(names, steps, embedding)), UNKNOWN)


def _read(path: Path) -> Layout:
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Layout(**values | {name: tuple(value) for name, value in values.items() if isinstance(value, list)})
