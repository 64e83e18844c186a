"""Layers as short texts, which is how a config holds them, and the shapes between them.

A layer's text is its kind, then its size, then its settings, with spaces between:

    conv_transpose 100->512 kernel=4 bias=off
    batch_norm 512 eps=1e-05
    reshape 128x7x7
    leaky_relu slope=0.2

"a->b" gives `inputs` and `outputs`; any other bare word is the kind's first setting. `inputs` and `channels` may be
left out, and are then whatever comes in ("linear ->512"). Settings left out have torch's own defaults, for good: these
texts are saved.
"""

import math

from gan.errors import StudioError
from gan.field_metadata import from_values, show, table
from gan.messages import listed, say
from gan.networks.stack_layers import LAYERS, Conv, ConvTranspose, Layer, Linear, Shape, times

MOST_VALUES = 2**26  # of one picture, between any two layers
MOST_WORK = 10**12
"""Multiplications for one picture: 20 seconds of a small CPU; StyleGAN2 of 1024 pixels takes 7 * 10**10."""
_LEAST_MAPS = 16  # a convolution of fewer maps, in or out, takes no less time
_LONGEST = 200  # letters of one layer's text
_KINDS = {cls: kind for kind, cls in LAYERS.items()}


def parse(text: str) -> Layer:
    """A layer from its text. Raises StudioError."""
    if len(text) > _LONGEST:
        raise StudioError(
            say("A layer's text has {count:,} letters: {text}.", count=len(text), text=show(text)),
            say("At most {longest} are read.", longest=_LONGEST),
        )
    kind, *words = text.split() or [""]
    if kind not in LAYERS:
        raise StudioError(
            say("There is no layer called {kind}.", kind=show(kind)),
            say("The layers are {names}.", names=listed(LAYERS)),
        )
    values = {}
    for word in words:
        for name, value in _named(LAYERS[kind], word):
            if name in values:
                raise StudioError(say("The layer {text} says {name} twice.", text=show(text), name=name))
            values[name] = value
    try:
        return from_values(LAYERS[kind], values)
    except StudioError as error:
        raise StudioError(
            say("The layer {text} cannot be: {message}", text=show(text), message=error.message), error.hint
        ) from error


def to_text(layer: Layer) -> str:
    """The inverse of `parse`: settings that are as by default are left out."""
    rows, words = table(type(layer)), [_KINDS[type(layer)]]
    if isinstance(layer, Linear | Conv | ConvTranspose):
        words.append(f"{'' if layer.inputs is None else layer.inputs}->{layer.outputs}")
    for name, row in rows.items():
        value = getattr(layer, name)
        if name in ("inputs", "outputs") or value == row.default:
            continue
        words.append(_word(value) if name in ("channels", "shape") else f"{name}={_word(value)}")
    return " ".join(words)


def shapes(layers: list[Layer], first: Shape, number: int = 0) -> list[Shape]:
    """The shapes between the layers, from what comes in to what leaves: one more than there are layers. number: the
    first layer's.

    Raises StudioError that names the layer which cannot take what it is given, or gives more than MOST_VALUES, or with
    which there are more than MOST_WORK multiplications.
    """
    found, multiplied = [tuple(first)], 0
    for i, layer in enumerate(layers, number):
        try:
            found.append(layer.after(found[-1]))
            if math.prod(found[-1]) > MOST_VALUES:
                raise StudioError(
                    say(
                        "it would give {found} values, more than {most_values:,}",
                        found=times(found[-1]),
                        most_values=MOST_VALUES,
                    )
                )
            multiplied += work(layer, found[-2], found[-1])
            if multiplied > MOST_WORK:
                raise StudioError("a picture would take minutes")
        except StudioError as error:
            raise StudioError(
                say(
                    "Layer {i} ({layer}) does not fit what comes in, {found}: {message}.",
                    i=i,
                    layer=to_text(layer),
                    found=times(found[-1]),
                    message=error.message,
                ),
                "The layers must fit each other from the first to the last.",
            ) from error
    return found


def work(layer: Layer, before: Shape, after: Shape) -> int:
    """About how many multiplications a layer takes for one picture, by the shapes before and after it."""
    if isinstance(layer, Linear):
        return before[0] * after[0]
    if not isinstance(layer, (Conv, ConvTranspose)):
        return 0
    places = math.prod((before if isinstance(layer, ConvTranspose) else after)[1:])
    return places * max(before[0], _LEAST_MAPS) * max(after[0], _LEAST_MAPS) * layer.kernel**2


def _named(kind: type[Layer], word: str) -> list[tuple[str, object]]:
    """The settings that one word of a layer's text gives."""
    if "=" in word:
        name, _, value = word.partition("=")
        return [(name, value)]
    if "->" in word:
        before, _, after = word.partition("->")
        return [*([("inputs", before)] if before else []), ("outputs", after)]
    first = next(iter(table(kind)), "size")
    return [(first, word.split("x") if first == "shape" else word)]


def _word(value: object) -> str:
    if isinstance(value, tuple):
        return times(value)
    if isinstance(value, bool):
        return ("off", "on")[value]
    return value if isinstance(value, str) else repr(value)  # of a float, repr is what reads back as the same
