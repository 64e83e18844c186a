"""Sliders that people make of pictures that have something and pictures that lack it, and where they are kept.

made_of(model, engine, having, lacking, "Hat")       # an OwnSlider, of three pictures each
OwnSliders(folder).keep("letters", sliders)          # there whenever that model is opened, also one from the Hub
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.latents.directions import MAPPED_SAMPLES, draw, free_dimensions
from gan.latents.probes import between_groups
from gan.latents.telling import effect
from gan.messages import say
from gan.networks.contract import Generator
from gan.store.files import make_folder, write_bytes
from gan.store.own_sliders import OwnSlider, plain_name, read_sliders, write_sliders
from gan.store.slider_moves import from_move, to_move
from gan.studio.library.sliders import TESTED, Kept
from gan.studio.recipe_latents import classes_of
from gan.studio.recipes import Recipe

MOST_PICTURES = 64  # on either side


class OwnSliders:
    """The sliders that are kept with models, in a folder of small files: models from elsewhere stay as they came."""

    def __init__(self, folder: Path):
        self._folder = Path(folder)

    def of(self, model: str) -> list[OwnSlider]:
        """Those of a model, [] where none were kept. Raises StudioError for a file that somebody broke."""
        path = self._path(model)
        return read_sliders(path.read_bytes()) if path.is_file() else []

    def keep(self, model: str, sliders: Sequence[OwnSlider]) -> None:
        """From now on the model has these. Raises StudioError where they cannot be written."""
        make_folder(self._folder)
        write_bytes(self._path(model), write_sliders(sliders, model))

    def _path(self, model: str) -> Path:
        return self._folder / f"{hashlib.sha256(model.encode()).hexdigest()[:32]}.json"


def made_of(model, engine, having: Sequence[Recipe], lacking: Sequence[Recipe], name: str) -> OwnSlider:
    """The slider that leads from the pictures that lack something to those that have it. Raises StudioError where
    there are none on one side, or where the two do not differ."""
    if not 0 < len(having) <= MOST_PICTURES or not 0 < len(lacking) <= MOST_PICTURES:
        raise StudioError(
            say(
                "A slider needs pictures that have something and pictures that lack it, not {count} and {count2}.",
                count=len(having),
                count2=len(lacking),
            ),
            "Three of each suffice.",
        )
    called = plain_name(name)
    if not called:
        raise StudioError("A slider needs a name.", "Say in a word what the pictures have.")
    generator = model.generator
    with torch.no_grad():
        vector, scale = between_groups(
            _places(generator, engine, having), _places(generator, engine, lacking), _cloud(generator)
        )
    return OwnSlider(called, to_move(vector, scale))


def as_kept(model, slider: OwnSlider) -> Kept:
    """The slider as `gan directions` keeps those that it found: in the model's config.json."""
    directions = from_move(slider.move, model.generator)
    with torch.no_grad():
        z, c = draw(model.generator, TESTED // 4)
        facts = effect(model.generator, directions, model.generator.mapping(z, c))
    return Kept(directions, (slider.name,), [{"strength": round(facts.strength, 4), "spread": round(facts.spread, 3)}])


def _places(generator: Generator, engine, recipes: Sequence[Recipe]) -> Tensor:
    """Where pictures lie in w, (n, d): the mean over the layers, less the middle of their class."""
    w = engine.latents(recipes)
    away = w - generator.center(classes_of(generator, recipes, w.device))
    return away.mean(dim=1)[:, : free_dimensions(generator)]


def _cloud(generator: Generator) -> Tensor:
    """Likewise of many pictures, (m, d)."""
    z, c = draw(generator, MAPPED_SAMPLES)
    away = generator.mapping(z, c) - generator.center(c)
    return away.mean(dim=1)[:, : free_dimensions(generator)]
