"""Generators that Keras saved: layers that follow each other become a stack, and give the same pictures.

What a class goes through before it joins is worked out once for each class, and becomes its values. The layers
themselves are in `keras_layers`.
"""

from collections.abc import Iterable

from gan.field_metadata import show
from gan.foreign.formats.keras_chain import Chain, KerasLayer, chain
from gan.foreign.formats.keras_classes import class_count, class_of, looked_up, shape_in
from gan.foreign.formats.keras_layers import KERAS_LAYERS
from gan.foreign.formats.keras_work import Work
from gan.foreign.found import Conversion, Found
from gan.foreign.stack.build import refused
from gan.messages import Message, listed, say


def read(found: Found) -> Conversion | None:
    """The generator in what `keras_file` has read, None for anything else. Raises StudioError that names the layer at
    fault."""
    match found.tree:
        case {"keras": dict(model), "weights": dict(weights)}:
            return _converted(found.name, chain(model, weights, found.name))
    return None


def _converted(name: str, layers: Chain) -> Conversion:
    guessed: list[Message] = []
    if layers.join is None:
        work, everything = _worked(name, layers.inputs[0]), layers.inputs[0]
    else:
        at, guessed = class_of(layers.inputs)
        latents, classes = layers.inputs[1 - at], layers.inputs[at]
        work = _worked(name, latents)
        work.join(layers.join, _class_work(name, classes), class_first=at == 0)
        _follow(work, layers.rest)
        everything = [*latents, *layers.rest]
    maps = any(layer.kind.startswith("Conv2D") for layer in everything)
    kind = say("a Keras generator of convolutions") if maps else say("a Keras generator of linear layers")
    return work.building.finish(kind, *guessed)


def _worked(name: str, layers: list[KerasLayer]) -> Work:
    work = Work(name, _start(name, layers))
    _follow(work, layers)
    return work


def _class_work(name: str, layers: list[KerasLayer]) -> Work:
    """What becomes of a class, as layers that a 1 among zeros goes into. Raises StudioError."""
    work = Work(name, (class_count(layers),))
    work.number = looked_up(layers)
    _follow(work, layers)
    return work


def _follow(work: Work, layers: Iterable[KerasLayer]) -> None:
    """Add the layers. Raises StudioError that names the one at fault."""
    name = work.building.name
    for layer in layers:
        if layer.kind not in KERAS_LAYERS:
            fault = (
                say("whose code lies in the file and is not run")
                if layer.kind == "Lambda"
                else say("which is not read here")
            )
            raise refused(
                name,
                say(
                    "its layer {path} is of the kind {kind}, {fault}",
                    path=show(layer.path),
                    kind=layer.kind[:60],
                    fault=fault,
                ),
                say("Read are {names}.", names=listed(KERAS_LAYERS)),
            )
        KERAS_LAYERS[layer.kind](work, layer)


def _start(name: str, layers: list[KerasLayer]) -> tuple[int, ...]:
    """The shape of what goes in, without the batch."""
    first, shape = layers[0] if layers else None, shape_in(layers)
    if shape is None and first and first.kind == "Dense" and first.arrays:
        shape = [None, first.arrays[0].shape[0]]  # a model that learnt what goes in when it was first called
    match shape:
        case [_, int(values)]:
            return (values,)
        case [_, 1, 1, int(values)]:
            return 1, 1, values
        case [_, *sides] if len(sides) == 3:
            raise refused(
                name,
                say("it takes pictures, not latent values"),
                say("Choose the generator; this may be the discriminator."),
            )
    raise refused(
        name, say("what goes in has the shape {shape}, which is no row of latent values", shape=str(shape)[:60])
    )
