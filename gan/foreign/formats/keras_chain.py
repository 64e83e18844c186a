"""The config of a Keras model as layers that follow each other, and the settings of each.

One layer may join two inputs, the latent values and a class, each with layers of its own before it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from gan.errors import StudioError
from gan.field_metadata import show
from gan.foreign.found import Stored
from gan.foreign.readers.keras_file import layers_of, name_of
from gan.foreign.stack.build import refused
from gan.messages import say

INPUT = "InputLayer"
JOINS = ("Concatenate", "Multiply", "Add")
"""The kinds of layers that join a class and the latent values."""
_MOST_SETTINGS = 10_000  # values in a layer's config that are looked at for what comes in


@dataclass(frozen=True)
class KerasLayer:
    """One layer. file: the file's name. path: its name, behind those of the models that it lies in. kind: its class.
    settings: as Keras wrote them. arrays: its weights."""

    file: str
    path: str
    kind: str
    settings: dict
    arrays: list[Stored]

    def refused(self, why: str) -> StudioError:
        """The sentence where this layer cannot be taken. `why` goes on after its name."""
        return refused(
            self.file, say("its layer {path} ({kind}) {why}", path=show(self.path), kind=self.kind[:60], why=why)
        )

    def whole(self, key: str) -> int:
        """A setting that is a whole number above 0. Raises StudioError, as all of these do."""
        value = self.settings.get(key)
        if type(value) is not int or not 1 <= value <= 2**26:
            raise self._odd(key)
        return value

    def same(self, key: str) -> int:
        """A setting for height and width that is the same for both."""
        match self.settings.get(key, 1):
            case [int(a), b] if a == b and a in range(1, 65):
                return a
            case int(a) if a in range(1, 65):
                return a
        raise self._odd(key)

    def number(self, key: str, otherwise: float) -> float:
        """A setting that is a number."""
        value = self.settings.get(key, otherwise)
        if type(value) not in (int, float) or not abs(value) <= 1e6:
            raise self._odd(key)
        return float(value)

    def switch(self, key: str) -> bool:
        """A setting that is on, unless it says off."""
        value = self.settings.get(key, True)
        if not isinstance(value, bool):
            raise self._odd(key)
        return value

    def only(self, key: str, *allowed: object) -> object:
        """A setting that may have a few values only, of which the first is taken where it is not there."""
        value = self.settings.get(key, allowed[0])
        if value not in allowed:
            raise self._odd(key)
        return value

    def array(self, number: int, *shape: int) -> Stored:
        """One of its weights, which must have this shape."""
        found = self.arrays[number] if number < len(self.arrays) else None
        if found is None or found.shape != shape:
            if found is None:
                raise self.refused(say("cannot be: its weights are not in its file"))
            sizes = dict(shape=found.shape, needed=shape)
            raise self.refused(say("cannot be: its weights have the shape {shape} where {needed} is needed", **sizes))
        return found

    def _odd(self, key: str) -> StudioError:
        if key not in self.settings:
            return self.refused(say("has no {key}, which is not read here", key=key))
        return self.refused(say("has {key}={value}, which is not read here", key=key, value=show(self.settings[key])))


@dataclass(frozen=True)
class Chain:
    """The layers that follow each other. Where two inputs are joined: those of each, in the order of the join, the
    layer that joins them, and those behind it; else those of the only one."""

    inputs: tuple[list[KerasLayer], ...]
    join: KerasLayer | None = None
    rest: tuple[KerasLayer, ...] = ()


def chain(model: dict, weights: dict[str, list[Stored]], file: str) -> Chain:
    """The layers of a model in the order in which they follow each other, with those of the models within it.

    Raises StudioError where they do not follow each other.
    """
    two = None if _sequential(model) else _two_inputs(layers_of(model))
    if two is None:
        return Chain((list(_chain(model, "", weights, file)),))
    inputs = tuple(list(_flat(_in_order(before, file), "", weights, file)) for before in two.inputs)
    join, *rest = _flat(_in_order(two.rest, file, [two.join]), "", weights, file)
    return Chain(inputs, join, tuple(rest))


def _sequential(model: dict) -> bool:
    return model.get("class_name") == "Sequential"


@dataclass(frozen=True)
class _TwoInputs:
    """The layers before each input of the one layer that joins two, it itself, and all others (it among them)."""

    inputs: tuple[list[dict], ...]
    join: dict
    rest: list[dict]


def _two_inputs(layers: list[dict]) -> _TwoInputs | None:
    """Where a model's two inputs are joined, None where not just one layer joins two that have nothing in common."""
    joins = [layer for layer in layers if layer.get("class_name") in JOINS and len(_sources(layer)) > 1]
    if len(joins) != 1 or len(_sources(joins[0])) != 2:
        return None
    by_name = {name_of(layer): layer for layer in layers}
    one, other = (_before(name, by_name) for name in _sources(joins[0]))
    if one & other or name_of(joins[0]) in one | other:
        return None
    rest = [layer for layer in layers if name_of(layer) not in one | other]
    return _TwoInputs(
        tuple([layer for layer in layers if name_of(layer) in side] for side in (one, other)), joins[0], rest
    )


def _before(name: str, by_name: dict[str, dict]) -> set[str]:
    """A layer and all that lead to it."""
    found, waiting = set(), [name]
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in found:
            found.add(name)
            waiting += _sources(by_name[name])
    return found


def _chain(model: dict, path: str, weights: dict[str, list[Stored]], file: str) -> Iterator[KerasLayer]:
    yield from _flat(layers_of(model) if _sequential(model) else _in_order(layers_of(model), file), path, weights, file)


def _flat(layers: list[dict], path: str, weights: dict[str, list[Stored]], file: str) -> Iterator[KerasLayer]:
    """Layers in their order, with those of the models among them."""
    for layer in layers:
        name = path + name_of(layer)
        if layers_of(layer):
            yield from _chain(layer, f"{name}/", weights, file)
        else:
            settings = layer.get("config")
            yield KerasLayer(
                file,
                name,
                str(layer.get("class_name")),
                settings if isinstance(settings, dict) else {},
                weights.get(name, []),
            )


def _in_order(layers: list[dict], file: str, starts: list[dict] | None = None) -> list[dict]:
    """The layers of a functional model, which are joined by their names, from its input on or from `starts`."""
    behind = defaultdict(list)
    for layer in layers:
        sources = [] if starts and layer is starts[0] else _sources(layer)
        if len(sources) > 1:
            raise refused(
                file, say("its layer {layer} joins {count} others", layer=show(name_of(layer)), count=len(sources))
            )
        for source in sources:
            behind[source].append(layer)
    starts = starts or [layer for layer in layers if layer.get("class_name") == INPUT]
    if len(starts) != 1:
        names = ", ".join(show(name_of(layer)) for layer in starts[:4])
        raise refused(
            file, say("it starts from {count} inputs ({names}), not from one", count=len(starts), names=names)
        )
    order = starts
    while following := behind.pop(name_of(order[-1]), []):
        if len(following) > 1:
            raise refused(
                file,
                say(
                    "what leaves its layer {order} goes to {count} others",
                    order=show(name_of(order[-1])),
                    count=len(following),
                ),
            )
        order.append(following[0])
    if len(order) != len(layers):
        left = next(layer for layer in layers if not any(layer is one for one in order))
        raise refused(file, say("its layer {left} does not follow the others", left=show(name_of(left))))
    return order


def _sources(layer: dict) -> list[str]:
    """The names of the layers that a layer takes what they give, each once and in their order: ["dense", 0, 0, ...]
    each, somewhere in its inbound_nodes."""
    names, waiting, left = [], [layer.get("inbound_nodes", [])], _MOST_SETTINGS
    while waiting and left > 0:
        left -= 1
        match waiting.pop():
            case [str(name), int(), int(), *_]:
                names.append(name)
            case list() as several:
                waiting += reversed(several[:_MOST_SETTINGS])
            case dict() as table:
                waiting += reversed(table.values())
    return list(dict.fromkeys(names))
