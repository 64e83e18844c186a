"""The config of a Keras model as layers that follow each other, and the settings of each."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from gan.errors import StudioError
from gan.foreign.found import Stored
from gan.foreign.readers.keras_file import layers_of, name_of
from gan.foreign.stack.build import refused
from gan.knobs import show
from gan.messages import say

_INPUT = "InputLayer"
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


def chain(model: dict, weights: dict[str, list[Stored]], file: str) -> Iterator[KerasLayer]:
    """The layers of a model in the order in which they follow each other, with those of the models within it.

    Raises StudioError where they do not follow each other.
    """
    yield from _chain(model, "", weights, file)


def _chain(model: dict, path: str, weights: dict[str, list[Stored]], file: str) -> Iterator[KerasLayer]:
    sequential = model.get("class_name") == "Sequential"
    for layer in layers_of(model) if sequential else _in_order(layers_of(model), file):
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


def _in_order(layers: list[dict], file: str) -> list[dict]:
    """The layers of a functional model, which are joined by their names."""
    behind = defaultdict(list)
    for layer in layers:
        sources = set(_sources(layer))
        if len(sources) > 1:
            raise refused(
                file, say("its layer {layer} joins {count} others", layer=show(name_of(layer)), count=len(sources))
            )
        for source in sources:
            behind[source].append(layer)
    starts = [layer for layer in layers if layer.get("class_name") == _INPUT]
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


def _sources(layer: dict) -> Iterator[str]:
    """The names of the layers that a layer takes what they give: ["dense", 0, 0, ...] each, somewhere in its
    inbound_nodes."""
    waiting, left = [layer.get("inbound_nodes", [])], _MOST_SETTINGS
    while waiting and left > 0:
        left -= 1
        match waiting.pop():
            case [str(name), int(), int(), *_]:
                yield name
            case list() as several:
                waiting += several[:_MOST_SETTINGS]
            case dict() as table:
                waiting += table.values()
