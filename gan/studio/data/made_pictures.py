"""Training pictures that nobody gave: drawn here as examples, or made by an open model. As `intake`, they become a
data.npz and the dataset doctor's report."""

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from gan.errors import StudioError
from gan.messages import say
from gan.studio.data.dataset_doctor import Doctor, Report
from gan.studio.data.pictures import Seen, check_shape, fit
from gan.studio.data.training_file import MOST_KEPT, MOST_PICTURES, Writer, classes_of
from gan.studio.recipes import Recipe

BATCH = 32  # pictures drawn at once from a model

Progress = Callable[[int], None] | None


def example(
    pictures: Iterable[tuple[np.ndarray, str]],
    into: Path,
    side: int = 64,
    channels: int = 3,
    progress: Progress = None,
) -> Report:
    """A data.npz of the pictures of an example set: uint8 (height, width, 1 or 3), each with its class or "".
    channels: as of `intake`."""
    check_shape(side, channels or None)
    doctor = Doctor(side, channels)
    with Writer(into, side, doctor.channels).open() as writer:
        for number, (picture, folder) in enumerate(pictures):
            made = Image.fromarray(picture.squeeze(-1) if picture.shape[-1] == 1 else picture)
            pixels = fit(made, side, doctor.channels)
            doctor.see(
                say("picture {number}", number=number),
                Seen(*made.size, colour=picture.shape[-1] == 3, transparent=False),
                pixels,
            )
            writer.add(pixels, folder)
            if progress is not None and number % BATCH == 0:
                progress(len(doctor))
        doctor.classes, labels = classes_of(writer.folders)
        writer.finish(len(doctor), labels, doctor.classes, doctor.to_be_grey())
    return doctor.report()


def sample_from(
    engine, model, count: int, seed: int, into: Path, side: int = 64, channels: int = 3, progress: Progress = None
) -> Report:
    """A data.npz of pictures that an open model makes: `count` seeds from `seed` on, its classes by turns.
    channels: as of `intake`."""
    check_shape(side, channels or None)
    doctor = Doctor(side, channels, source=say("the model {id}", id=model.id))
    most = min(MOST_PICTURES, MOST_KEPT // (side * side * doctor.channels))
    if type(count) is not int or not 1 <= count <= most:
        raise StudioError(
            say("A model can be asked for 1 to {most:,} training pictures, not {count}.", most=most, count=count),
            "Choose fewer.",
        )
    classes = model.generator.num_classes
    recipes = (
        Recipe(
            model.id,
            model.revision,
            seed=(seed + i) % 2**32,
            psi=model.config.psi,
            label=i % classes if classes else None,
        )
        for i in range(count)
    )
    with Writer(into, side, doctor.channels).open() as writer:
        while some := list(itertools.islice(recipes, BATCH)):
            for recipe, picture in zip(some, engine.render(some), strict=True):
                drawn = Image.fromarray(picture)
                pixels = fit(drawn, side, doctor.channels)
                colour = bool((np.ptp(picture[..., :3].astype(int), axis=2) > 8).any())
                doctor.see(
                    say("seed {seed}", seed=recipe.seed), Seen(*drawn.size, colour, picture.shape[2] == 4), pixels
                )
                writer.add(pixels)
            if progress is not None:
                progress(len(doctor))
        writer.finish(len(doctor), grey=doctor.to_be_grey())
    return doctor.report()
