"""From recipes to pictures: the only place where a picture is made.

    engine = Engine(models)
    engine.render([Recipe("faces", seed=1), Recipe("faces", seed=2)], size=256)     # uint8 (2, 256, 256, 3)

Every picture, of a slider, of a grid or of a film, goes through `paint` of batches.py. The same recipe gives the same
picture, to within one grey level, whatever stands beside it in the batch and however many threads run.
"""

import math
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from gan.errors import StudioError
from gan.kinds.kind import Canvas
from gan.kinds.table import canvas_of
from gan.latents import paths
from gan.latents.directions import Directions
from gan.networks.contract import Generator
from gan.studio.batches import Batch, assemble, hear, paint, read
from gan.studio.path_recipes import PathRecipe
from gan.studio.picture_sizes import MOST_PIXELS, check_size, shown_size
from gan.studio.recipe_latents import classes_of, latents_of, noise_of, z_of
from gan.studio.recipes import Recipe

BATCH = 32
BATCH_PIXELS = 2**20  # what a generator makes at once: 32 pictures of 128 x 128, 4 of 512 x 512
BATCH_VALUES = 2**27  # between two layers at once, where a generator tells: 512 MB
PIECE = 16
PIECE_PIXELS = 2**18  # what others wait for: 16 pictures of 128 x 128, one of 512 x 512; below a second or two on a CPU

_Made = TypeVar("_Made")
_Found = dict[tuple[str, str | None], Any]
"""Models by what recipes call them: their id and revision."""


@dataclass(frozen=True)
class _Easel:
    """What painting needs to know of a generator, found out once."""

    device: torch.device
    canvas: Canvas
    batch: int

    @property
    def piece(self) -> int:
        """Pictures that are painted at a time while other people wait."""
        return max(1, min(PIECE, self.batch, PIECE_PIXELS // (self.canvas.height * self.canvas.width)))


@dataclass(frozen=True)
class _Way:
    """The frames of a film before anything is made of them. w: (frames, num_ws, w_dim). ready: w of some of them ->
    what a generator makes at once, at most `most`, and only `piece` while other people wait."""

    w: Tensor
    ready: Callable[[Tensor], Batch]
    most: int
    piece: int

    def batches(self, most: int) -> Iterator[Batch]:
        """All of them in order, at most `most` in each."""
        return map(self.ready, self.w.split(min(self.most, most)))


class Film:
    """The frames of a film in their order: uint8 (n, height, width, 3 or 4). Iterated, in batches as large as the
    generator takes."""

    def __init__(self, way: _Way, size: int | None) -> None:
        self._way, self._size, self._at = way, size, 0

    @property
    def piece(self) -> int:
        """How many to `take` at a time while other people wait."""
        return self._way.piece

    @property
    def has_begun(self) -> bool:
        """Whether any were taken."""
        return self._at > 0

    def take(self, most: int) -> np.ndarray | None:
        """The next ones, at most so many; None after the last."""
        some = self._way.w[self._at : self._at + min(most, self._way.most)]
        self._at += len(some)
        return paint(self._way.ready(some), self._size) if len(some) else None

    def __iter__(self) -> Iterator[np.ndarray]:
        while (some := self.take(self._way.most)) is not None:
            yield some


class Engine:
    """Renders recipes, from several threads at once if need be. `models` has get(source, revision) -> Model."""

    def __init__(self, models) -> None:
        self._models = models
        self._easels: weakref.WeakKeyDictionary[Generator, _Easel] = weakref.WeakKeyDictionary()

    def render(self, recipes: Sequence[Recipe], size: int | None = None) -> np.ndarray:
        """The pictures, in the order of the recipes: uint8 (n, height, width, 3), or 4 channels with transparency.

        size: pixels of the longer edge, 8 to 2048; None leaves pictures as the model makes them. Recipes of several
        models may be mixed if their pictures come out in one shape. StudioError for what a model cannot do.
        """
        models = self._found(recipes)
        self._check_agreeing(models, len(recipes), size)
        return assemble([(rows, paint(batch, size)) for rows, batch in self._batches(recipes, models)], len(recipes))

    def picture_size(self, recipes: Sequence[Recipe], size: int | None = None) -> tuple[int, int]:
        """(width, height) in pixels of each picture that `render` would make of the recipes. Paints nothing.

        StudioError where they would differ, and where all of them together are more than `render` makes.
        """
        return shown_size(self._check_agreeing(self._found(recipes), len(recipes), size)[0].canvas, size)

    def texts(self, recipes: Sequence[Recipe]) -> list[str]:
        """What the recipes' samples read, in order. Raises StudioError for a model whose samples are no text."""
        return self._each(recipes, read)

    def frame_texts(self, path: PathRecipe, most: int = BATCH) -> Iterator[list[str]]:
        """What the frames of a film read, in order, in batches of at most `most`. StudioError as of `texts`, some of
        them before the first batch is asked for."""
        return map(read, self._on_the_way(path).batches(most))

    def sounds(self, recipes: Sequence[Recipe]) -> np.ndarray:
        """The recipes' samples as sounds, in order: float32 (n, samples) in [-1, 1] at 16 kHz. Raises StudioError for a
        model whose samples are no sounds, and for models whose sounds differ in length."""
        made: list[np.ndarray] = self._each(recipes, hear)
        check_one_length(made)
        return np.stack(made)

    def frame_sounds(self, path: PathRecipe, frames: Sequence[int], most: int = BATCH) -> Iterator[np.ndarray]:
        """The sounds of these frames of a film, in order, in batches of at most `most`: float32 (n, samples).
        StudioError as of `sounds`, some of them before the first batch is asked for."""
        return map(hear, self._on_the_way(path, list(frames)).batches(most))

    def at_once(self, recipes: Sequence[Recipe], size: int | None = None) -> int:
        """How many of the recipes to `render` at a time while other people wait: 1 to 16, of several models as few as
        of the largest.

        StudioError as of `picture_size`, so that no picture is painted of what could not be put together.
        """
        return min(easel.piece for easel in self._check_agreeing(self._found(recipes), len(recipes), size))

    def latents(self, recipes: Sequence[Recipe]) -> Tensor:
        """w of recipes of one model, as the synthesis takes it: (n, num_ws, w_dim), on the model's device.

        The seed gives z, which walks and has its overrides; then come mapping, truncation and directions, and last the
        mix.
        """
        if len({(recipe.model, recipe.revision) for recipe in recipes}) != 1:
            raise StudioError("Latents are read from the recipes of one model.", "Ask for one model at a time.")
        model = self._models.get(recipes[0].model, recipes[0].revision)
        device, directions = next(model.generator.parameters()).device, _directions(model, recipes)
        w: dict[int, Tensor] = {}
        for rows in _groups(recipes):
            some = [recipes[row] for row in rows]
            w |= zip(rows, latents_of(_blended(model, some[0]), some, directions, device), strict=True)
        # Stacked outside of inference mode, so that the caller may differentiate through it.
        return torch.stack([w[row] for row in range(len(recipes))])

    def z(self, recipe: Recipe) -> list[float]:
        """The latent values z of a recipe before any of them is overridden: (z_dim,)."""
        model = self._models.get(recipe.model, recipe.revision)
        return z_of(replace(recipe, overrides=()), model.generator.z_dim)[0].tolist()

    def frames(self, path: PathRecipe, size: int | None = None) -> Film:
        """The frames of a film, none of which is painted yet.

        Frame i * path.steps is the picture of keyframe i. StudioError at once, before the first batch is asked for.
        """
        return Film(self._on_the_way(path, size=size), size)

    def _each(self, recipes: Sequence[Recipe], make: Callable[[Batch], Iterable[_Made]]) -> list[_Made]:
        """What is made of the recipes' samples, one thing of each, in their order."""
        found: dict[int, _Made] = {}
        for rows, batch in self._batches(recipes, self._found(recipes)):
            found |= zip(rows, make(batch), strict=True)
        return [found[row] for row in range(len(recipes))]

    def _batches(self, recipes: Sequence[Recipe], models: _Found) -> Iterator[tuple[list[int], Batch]]:
        """The recipes as generators make them, and which of them each batch is."""
        for group in _groups(recipes):
            model = models[recipes[group[0]].model, recipes[group[0]].revision]
            easel = self._easel(model)
            for at in range(0, len(group), easel.batch):
                rows = group[at : at + easel.batch]
                chosen = [recipes[row] for row in rows]
                generator = _blended(model, chosen[0])
                w = latents_of(generator, chosen, _directions(model, chosen), easel.device)
                noise = noise_of(generator, chosen, easel.device)
                yield rows, Batch(generator, w, noise, easel.canvas, model.config.pixel_art)

    def _on_the_way(self, path: PathRecipe, frames: list[int] | None = None, size: int | None = None) -> _Way:
        """These frames of a film, or all. StudioError at once."""
        keyframes = tuple(path.keyframe_recipes().values())
        model = self._models.get(keyframes[0].model, keyframes[0].revision)
        generator, easel = _blended(model, keyframes[0]), self._easel(model)
        check_size(1, easel.canvas, size)
        noise_of(generator, keyframes[:1], easel.device)  # what is wrong with it is said at once
        w = _way(generator, path, self.latents(keyframes))

        def ready(some: Tensor) -> Batch:
            noise = noise_of(generator, keyframes[:1] * len(some), easel.device)
            return Batch(generator, some, noise, easel.canvas, model.config.pixel_art)

        most = min(easel.batch, MOST_PIXELS // math.prod(shown_size(easel.canvas, size)))
        return _Way(w if frames is None else w[frames], ready, most, easel.piece)

    def _found(self, recipes: Sequence[Recipe]) -> _Found:
        """Their models, each looked for once, which takes as long as a hundredth of a picture."""
        if not recipes:
            raise StudioError("There is no picture to make.", "Ask for at least one.")
        return {key: self._models.get(*key) for key in dict.fromkeys((r.model, r.revision) for r in recipes)}

    def _check_agreeing(self, models: _Found, count: int, size: int | None) -> list[_Easel]:
        """What painting `count` pictures needs to know of each of their models. StudioError as of `picture_size`."""
        easels = [self._easel(model) for model in models.values()]
        for easel in easels:
            check_size(count, easel.canvas, size)
        if len({shown_size(easel.canvas, size) for easel in easels}) > 1:
            raise StudioError("The pictures of these models differ in size.", "Ask for all of them in one size.")
        return easels

    def _easel(self, model) -> _Easel:
        easel = self._easels.get(model.generator)
        if easel is None:
            easel = self._easels[model.generator] = _measure(model.generator)
        return easel


def _measure(generator: Generator) -> _Easel:
    canvas = canvas_of(generator)
    pixels = canvas.height * canvas.width
    batch = max(1, min(BATCH, BATCH_PIXELS // pixels, BATCH_VALUES // max(1, generator.most_values)))
    return _Easel(next(generator.parameters()).device, canvas, batch)


def check_one_length(sounds: Iterable[np.ndarray]) -> None:
    """Raise StudioError where sounds (..., samples) differ in length."""
    if len({sound.shape[-1] for sound in sounds}) > 1:
        raise StudioError("The sounds of these models differ in length.", "Ask for one model at a time.")


def _groups(recipes: Sequence[Recipe]) -> list[list[int]]:
    """The rows that one call of a generator can hold: of one model, one blend and one kind of noise.

    Noise as trained is a kind of its own: a generator paints it faster than any that differs by layer.
    """
    groups: dict[tuple, list[int]] = {}
    for row, recipe in enumerate(recipes):
        kind = recipe.noise, bool(recipe.layer_noise)
        groups.setdefault((recipe.model, recipe.revision, recipe.blend, kind), []).append(row)
    return list(groups.values())


def _blended(model, recipe: Recipe) -> Generator:
    """The model's generator, blended as the recipe says; outside of inference mode, as `_directions`."""
    return model.blended(recipe.blend) if recipe.blend else model.generator


def _directions(model, recipes: Sequence[Recipe]) -> Directions | None:
    """The model's directions where a recipe moves along one. They are found when first asked for, which takes a while.

    Like the loading of models this stays outside of inference mode: what is made there could never be differentiated.
    """
    return model.directions() if any(recipe.uses_directions for recipe in recipes) else None


@torch.inference_mode()
def _way(generator: Generator, path: PathRecipe, points: Tensor) -> Tensor:
    """w of every frame from w of the keyframes (k, num_ws, w_dim) -> (frames, num_ws, w_dim)."""
    center = generator.center(classes_of(generator, path.keyframes, points.device))
    return paths.frames(points, path.steps, path.path, path.loop, path.easing, center)
