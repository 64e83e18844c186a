"""Every tensor of a tree by its full name, wherever it lies: in tables of weights, or in modules that were pickled
whole."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from gan.errors import StudioError
from gan.field_metadata import from_values
from gan.foreign.formats.modules import LONGEST, held, module_tables
from gan.foreign.found import Found, Inert, Stored
from gan.messages import say


@dataclass(frozen=True)
class Named:
    """What a file holds. file: its name, for sentences. tensors: by full name, such as "g_ema.conv1.conv.weight".
    modules: those that were pickled whole, by the start of their tensors' names, such as "G_ema."."""

    file: str
    tensors: dict[str, Stored]
    modules: dict[str, Inert]

    def roots(self, name: str) -> list[str]:
        """Whatever stands before `name` in the names of tensors: averaged weights first, then the shortest."""
        roots = [full[: -len(name)] for full in self.tensors if full == name or full.endswith("." + name)]
        return sorted(roots, key=lambda root: ("ema" not in root.lower(), len(root), root))

    def under(self, root: str) -> dict[str, Stored]:
        """The tensors whose names start with `root`, by the rest of their names."""
        return {full[len(root) :]: tensor for full, tensor in self.tensors.items() if full.startswith(root)}

    def attribute(self, root: str, path: str, name: str) -> object:
        """What a module below `root` has under that name beside its tensors; None where it was not pickled whole."""
        state = held(self.modules.get(root))
        for word in path.split(".") if path else ():
            state = held(state["_modules"].get(word)) if state is not None else None
        return None if state is None else state.get(name)


def named(found: Found) -> Named:
    """What the file holds, by names. Raises StudioError for modules and names that are none (see modules.py)."""
    tensors: dict[str, Stored] = {}
    for path, table in found.tables().items():
        if sum(map(len, path)) > LONGEST:
            raise StudioError(
                say(
                    "{name} holds a table under a name of more than {longest:,} letters.",
                    name=found.name,
                    longest=LONGEST,
                ),
                "It is damaged, or made to do harm.",
            )
        tensors.update((".".join((*path, name)), tensor) for name, tensor in table.items())
    modules = dict(_modules(found))
    return Named(found.name, tensors | module_tables(modules), modules)


def size(weights: dict, key: str, axis: int, file: str) -> int:
    """How long a tensor is along an axis. Raises StudioError where there is no such tensor, or where it has no such
    axis."""
    shape = weights[key].shape if key in weights else ()
    if len(shape) <= axis:
        said = say("{file} lacks weights that its kind has: {key} is missing.", file=file, key=key)
        if key in weights:
            said = say(
                "{file} lacks weights that its kind has: {key} is of shape {shape}.", file=file, key=key, shape=shape
            )
        raise StudioError(
            said,
            "It is damaged or incomplete; choose another file.",
        )
    return shape[axis]


def value(weight: Stored | Tensor) -> Tensor:
    """The tensor itself, in float32."""
    return (weight.read() if isinstance(weight, Stored) else weight).float()


def _modules(found: Found) -> Iterator[tuple[str, Inert]]:
    """Every module that lies in dicts, once, by the start of its tensors' names."""
    if isinstance(found.tree, Inert) and held(found.tree) is not None:
        yield "", found.tree
    seen = set()
    for path, words in found.dicts():
        for key, value in words.items():
            if id(value) not in seen and isinstance(value, Inert) and held(value) is not None:
                seen.add(id(value))
                yield ".".join((*path, key, "")), value


def checked(config: type, settings: dict, file: str) -> dict:
    """The settings of a network as they were read. Raises StudioError where none can be made of them."""
    try:
        from_values(config, settings)
    except StudioError as error:
        raise StudioError(
            say("{file} cannot be used: {message}", file=file, message=error.message), error.hint
        ) from error
    return settings
