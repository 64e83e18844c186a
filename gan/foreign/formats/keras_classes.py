"""Which of two inputs of a Keras model is the class, and how many classes it knows."""

import re

from gan.field_metadata import show
from gan.foreign.formats.keras_chain import INPUT, KerasLayer
from gan.foreign.stack.build import refused
from gan.messages import Message, say

_MOST_CLASSES = 4096
_CLASS = re.compile(r"label|class|cond|(?:^|_)y(?:_|$)", re.IGNORECASE)


def class_of(inputs: tuple[list[KerasLayer], ...]) -> tuple[int, list[Message]]:
    """Which of the two inputs is the class, and what there is to say of it: the one whose number is looked up, or that
    is called so, else the smaller."""
    for tells in (looked_up, lambda layers: _CLASS.search(layers[0].path)):
        told = [bool(tells(layers)) for layers in inputs]
        if told.count(True) == 1:
            return told.index(True), []
    sizes = [_width(layers) for layers in inputs]
    at = 0 if sizes[0] < sizes[1] else 1
    layer = show(inputs[at][0].path)
    return at, [
        say("Which of its inputs is the class is not in its file: the smaller, {layer}, was taken.", layer=layer)
    ]


def looked_up(layers: list[KerasLayer]) -> bool:
    """Whether what goes in is a number, for an Embedding to look up."""
    return next((layer.kind == "Embedding" for layer in layers if layer.kind != INPUT), False)


def _width(layers: list[KerasLayer]) -> int:
    """How many values come in, 0 where it does not say."""
    match shape_in(layers):
        case [_, *_, int(values)]:
            return values
    return 0


def shape_in(layers: list[KerasLayer]) -> object:
    """What the first layer says goes in, with the batch, None where it says nothing."""
    first = layers[0] if layers else None
    return first and (first.settings.get("batch_shape") or first.settings.get("batch_input_shape"))


def class_count(layers: list[KerasLayer]) -> int:
    """How many classes the layers behind the class's input know. Raises StudioError where that cannot be told."""
    if looked_up(layers):
        count = next(layer for layer in layers if layer.kind == "Embedding").whole("input_dim")
    else:
        count = _width(layers)
    if count < 2:
        raise refused(
            layers[0].file,
            say("how many classes its input {layer} knows is not in its file", layer=show(layers[0].path)),
            say("Read are a class's number that an Embedding looks up, and a 1 among zeros."),
        )
    if count > _MOST_CLASSES:
        sizes = dict(count=count, most=_MOST_CLASSES)
        raise refused(layers[0].file, say("it knows {count:,} classes, and at most {most:,} are taken", **sizes))
    return count
