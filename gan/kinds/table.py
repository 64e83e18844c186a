"""The kinds of samples by name: a new one is one file and one entry here.

    kind_of(generator).draw(generator, generator(z), (width, height))     # uint8 (n, height, width, 3 or 4)

A generator says what it makes in its `kind`; nothing else tells kinds apart.
"""

from gan.errors import StudioError
from gan.kinds.kind import Canvas, Kind
from gan.kinds.pictures import PICTURE
from gan.kinds.points import POINTS
from gan.kinds.sounds import SOUND
from gan.kinds.words import TEXT
from gan.messages import say
from gan.networks.contract import Generator

KINDS = {kind.name: kind for kind in (PICTURE, POINTS, TEXT, SOUND)}


def kind_of(generator: Generator) -> Kind:
    """What a generator makes."""
    return KINDS[generator.kind]


def canvas_of(generator: Generator) -> Canvas:
    """The picture that shows one of its samples. Raises StudioError where none does."""
    canvas = kind_of(generator).canvas(generator)
    if canvas is None:
        shape = tuple(generator.image_shape)
        raise StudioError(
            say("This model does not make pictures, but samples of shape {shape}.", shape=shape),
            "Choose a model of grey or colour pictures.",
        )
    return canvas


def is_pictures(generator: Generator) -> bool:
    """Whether its samples are pictures themselves, and not only shown as such."""
    return generator.kind == PICTURE.name
