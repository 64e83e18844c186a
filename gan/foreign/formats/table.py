"""What reads each format, and what is said of the others.

An adapter looks at what was found and gives a Conversion, None where it is something else, or a StudioError where it
knows what it is and that it cannot be taken. They are asked in the order of the table: those that are surest first.
"""

from collections.abc import Callable

from gan.errors import StudioError
from gan.foreign.formats import (
    fastgan,
    keras,
    lightweight,
    onnx,
    stack,
    stylegan2_official,
    stylegan2_rosinality,
    stylegan2_tensorflow,
)
from gan.foreign.formats.named import named
from gan.foreign.found import Conversion, Found, Inert
from gan.messages import say

FORMATS: dict[str, Callable[[Found], Conversion | None]] = {
    "Keras": keras.read,
    "ONNX": onnx.read,
    "StyleGAN2, official": stylegan2_official.read,
    "StyleGAN2 of TensorFlow": stylegan2_tensorflow.read,
    "StyleGAN2, rosinality's": stylegan2_rosinality.read,
    "LightweightGAN": lightweight.read,
    "FastGAN": fastgan.read,
    "DCGAN's kind": stack.read,
}
"""The adapter of each format of `names`."""

_TAKEN = say(
    "Generators of StyleGAN2, LightweightGAN, FastGAN and of DCGAN's kind are read, and those of Keras and ONNX."
)


def recognise(found: Found) -> Conversion:
    """What the file is, as one of our families. Raises StudioError where no adapter knows it, in words on what it
    holds."""
    for read in FORMATS.values():
        conversion = read(found)
        if conversion is not None:
            return conversion
    raise _unknown(found)


def _unknown(found: Found) -> StudioError:
    whole = found.tree if isinstance(found.tree, Inert) else next(iter(named(found).modules.values()), None)
    if whole is not None:
        return StudioError(
            say(
                "{name} holds a whole object of the class {name2!r}, which only the program that made it "
                "can bring to life.",
                name=found.name,
                name2=whole.name[:80],
            ),
            "Ask its author for the weights alone: torch.save(model.state_dict(), ...), better as safetensors.",
        )
    tables = found.tables()
    if not tables:
        return StudioError(
            say("{name} holds no table of weights.", name=found.name),
            "It may be an optimiser's state or a list of settings; choose the file with the generator's weights.",
        )
    count = max(map(len, tables.values()))
    return StudioError(
        say("{name} holds {count} tensors in a layout that is not known here.", name=found.name, count=count), _TAKEN
    )
