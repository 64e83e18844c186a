"""A picture of somebody's own, found in a model: the recipe that comes nearest to it, nearer step by step.

for found in Inversions(library).seek("letters", None, data, "photo.jpg"):
    found.recipe, found.apart, found.begun, found.done
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from gan.errors import StudioError
from gan.latents.inversion import Samples, closer_as_negative, sample, seek
from gan.messages import Message, say
from gan.networks.contract import Generator
from gan.store.offsets import offset_text
from gan.studio.data.pictures import decode
from gan.studio.library.single_flight import SingleFlight
from gan.studio.recipes import Recipe
from gan.studio.scores.feature_networks import own_features

MOST_BYTES = 20_000_000  # of a picture's file
SECONDS = 60.0  # of the search in a large model; what was found by then stands
_SAMPLES, _FEWEST = 1024, 32
_PIXELS = 2**22  # of all samples: 1024 of 64 x 64
VERY_CLOSE, CLOSE = 0.05, 0.12  # of the way from black to white


@dataclass(frozen=True)
class FoundPicture:
    """How far a search has come. apart, begun: how far the recipe's picture and the nearest sample are from the
    picture, root mean square, 0 to 1; done: the share that is over; negative: whether light and dark were swapped."""

    recipe: Recipe
    apart: float
    begun: float
    done: float
    negative: bool

    @property
    def news(self) -> Message:
        """How close it is by now."""
        return say("{apart} % apart by now.", apart=f"{100 * self.apart:.1f}")

    @property
    def verdict(self) -> Message:
        """How close it came, honestly."""
        facts = dict(apart=f"{100 * self.apart:.1f}", begun=f"{100 * self.begun:.1f}")
        if self.apart <= VERY_CLOSE:
            return say("Very close: {apart} % apart; the nearest ready-made picture was {begun} % apart.", **facts)
        if self.apart <= CLOSE:
            return say("Close: {apart} % apart; the nearest ready-made picture was {begun} % apart.", **facts)
        return say(
            "Not close: {apart} % apart; the nearest ready-made picture was {begun} % apart. The model knows pictures "
            "framed like its own, on the same ground.",
            **facts,
        )


class Inversions:
    """Searches in models. What they begin from is made once for each model and kept in memory."""

    def __init__(self, models) -> None:
        """models: has get(source, revision) -> Model."""
        self._models, self._samples = models, SingleFlight(4)

    def seek(
        self, source: str, revision: str | None, data: bytes, name: str, label: int | None = None
    ) -> Iterator[FoundPicture]:
        """Ever closer to the picture in a file, the last one the best. label: a class that is meant, None for any.
        Raises StudioError for what is no picture."""
        model = self._models.get(source, revision)
        generator = model.generator
        shape = generator.image_shape
        if len(shape) != 3 or shape[1] != shape[2]:
            raise StudioError("This model makes no square pictures.", "Choose another one.")
        if generator.kind == "sound":
            raise StudioError("This model makes sounds: no picture can be found in it.", "Choose a model of pictures.")
        if label is not None and not 0 <= label < generator.num_classes:
            raise StudioError(say("This model has no class {label}.", label=label), "Leave the class out.")
        picture = _as_tensor(decode(data, name, shape[1], shape[0]), generator)
        samples = self._samples.get((model.id, model.revision, model.path, label), lambda: _all(generator, label))
        negative = shape[0] == 1 and closer_as_negative(picture, samples)
        ends = time.monotonic() + SECONDS
        for found in seek(generator, -picture if negative else picture, samples, own_features().maps):
            recipe = Recipe(
                model.id, model.revision, seed=model.config.seed, label=found.label, w=offset_text(found.offset)
            )
            best = FoundPicture(recipe, found.apart, found.begun, found.done, negative)
            yield best
            if time.monotonic() > ends:
                break


def _all(generator: Generator, label: int | None) -> Samples:
    count = max(_FEWEST, min(_SAMPLES, _PIXELS // (generator.image_shape[1] * generator.image_shape[2])))
    return sample(generator, count, label)


def _as_tensor(pixels: np.ndarray, generator: Generator) -> Tensor:
    """uint8 (side, side, channels) -> (1, channels, side, side) in [-1, 1], where the generator lives."""
    like = next(generator.parameters())
    return torch.from_numpy(pixels.astype(np.float32) / 127.5 - 1).permute(2, 0, 1).unsqueeze(0).to(like)
