"""The layout of a model whose file did not say all of it: its settings shown layer by layer, tried with the same
weights, and kept.

Nothing here changes a model that is in use. A layout is built on device "meta" and held against the weights before
anything is painted with it.
"""

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from gan.errors import StudioError
from gan.messages import say
from gan.store.model_config import CARD, ModelConfig
from gan.store.model_folder import check_networks, load_discriminator, load_generator, write_model
from gan.studio.engine import Engine
from gan.studio.library.layout_form import filled, form
from gan.studio.library.library import Library
from gan.studio.library.model import Model
from gan.studio.library.uploads import Uploads
from gan.studio.recipes import Recipe

MOST_SEEDS = 16
_SIDE = 128  # pixels of the longer edge of a picture in a trial
_FAMILY = "stack"


@dataclass(frozen=True)
class _One:
    """The one model of a trial, as the engine asks for it."""

    model: Model

    def get(self, source: str, revision: str | None = None) -> Model:
        return self.model


class Layouts:
    """Trials of other layouts. Values are {layer: {setting: value}}, as in `rows`, only what is to be different."""

    def __init__(self, library: Library, uploads: Uploads):
        self.library, self._uploads = library, uploads

    def rows(self, name: str, revision: str | None) -> list[dict]:
        """The settings that can be tried: see `form`. Raises StudioError where a model has none."""
        return form(self._model(name, revision).config.generator)

    def preview(self, name: str, revision: str | None, values: Any, seeds: Any) -> np.ndarray:
        """uint8 (n, height, width, 3 or 4): pictures of some seeds as they would be. Raises StudioError."""
        if not (isinstance(seeds, list) and 0 < len(seeds) <= MOST_SEEDS):
            raise StudioError(
                say("A trial shows 1 to {most_seeds} pictures.", most_seeds=MOST_SEEDS), "Reload the page."
            )
        model = self._model(name, revision)
        config = self._config(model, values)
        classes = config.build_generator("meta").num_classes
        recipes = [
            Recipe.from_json(
                {"model": name, "seed": seed, "psi": config.psi} | ({"label": i % classes} if classes else {})
            )
            for i, seed in enumerate(seeds)
        ]
        generator = load_generator(model.path, config, model.id).eval().requires_grad_(False).settle()
        trial = Model(model.id, None, model.path, config, generator)
        large = max(generator.image_shape[1:]) > _SIDE
        return Engine(_One(trial)).render(recipes, _SIDE if large else None)

    def keep(self, name: str, revision: str | None, values: dict) -> Model:
        """The model in that layout, as an upload that is open from now on. Raises StudioError."""
        model = self._model(name, revision)
        config = self._config(model, values)
        discriminator = load_discriminator(model.path, config, model.id) if config.discriminator is not None else None
        card = model.path / CARD
        with self._uploads.kept.part() as folder:
            write_model(
                folder,
                config,
                load_generator(model.path, config, model.id),
                discriminator,
                card.read_text(encoding="utf-8", errors="replace") if card.is_file() else None,
            )
            id = self._uploads.keep(folder)
        return self.library.open(id)

    def _model(self, name: str, revision: str | None) -> Model:
        model = self.library.get(name, revision)
        if model.config.family != _FAMILY:
            raise StudioError(
                say("{id} says itself how its layers are connected.", id=model.id[:80]), "There is nothing to set."
            )
        return model

    def _config(self, model: Model, values: dict) -> ModelConfig:
        """The model's config in another layout: what a person has set is no guess any more. The discriminator goes
        where the pictures have another shape."""
        generator = filled(model.config.generator, values)
        config = dataclasses.replace(model.config, generator=generator, guessed=() if values else model.config.guessed)
        shape = config.build_generator("meta").image_shape
        if config.discriminator is not None and shape != config.build_discriminator("meta").image_shape:
            config = dataclasses.replace(config, discriminator=None)
        check_networks(config, model.id)
        return config
