"""The formats that are read, an entry each, and what is said of the others.

An adapter looks at what was found and gives a Conversion, None where it is something else, or a StudioError where it
knows what it is and that it cannot be taken. They are asked in the order of the table: those that are surest first.
"""

from collections.abc import Callable
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Format:
    """What is read. files: what people have, in a few words. read: its adapter."""

    name: str
    files: str
    read: Callable[[Found], Conversion | None]


FORMATS: tuple[Format, ...] = (
    Format("Keras", "a whole generator that Keras saved (.h5, .keras), of layers that follow each other", keras.read),
    Format("ONNX", "a generator in an .onnx file, of operations that follow each other", onnx.read),
    Format(
        "StyleGAN2, official",
        ".pkl of stylegan2-ada-pytorch and stylegan3, and tables of the same names",
        stylegan2_official.read,
    ),
    Format("StyleGAN2 of TensorFlow", ".pkl of stylegan2 and stylegan2-ada", stylegan2_tensorflow.read),
    Format("StyleGAN2, rosinality's", ".pt with g_ema and latent_avg", stylegan2_rosinality.read),
    Format("LightweightGAN", "config.json and model.pt with GAN", lightweight.read),
    Format("FastGAN", ".pth with g and g_ema, and its ports on the Hub", fastgan.read),
    Format("DCGAN's kind", "state dicts of layers one after the other", stack.read),
)

_TAKEN = say(
    "Generators of StyleGAN2, LightweightGAN, FastGAN and of DCGAN's kind are read, and those of Keras and ONNX."
)


def recognise(found: Found) -> Conversion:
    """What the file is, as one of our families. Raises StudioError where no adapter knows it, in words on what it
    holds."""
    for format in FORMATS:
        conversion = format.read(found)
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
