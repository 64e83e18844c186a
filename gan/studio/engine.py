"""From recipes to pictures: the only place where a picture is made.

    engine = Engine(models)
    engine.render([Recipe("faces", seed=1), Recipe("faces", seed=2)], size=256)     # uint8 (2, 256, 256, 3)

Every picture, of a slider, of a grid or of a film, goes through `_paint`. The same recipe gives the same picture, to
within one grey level, whatever stands beside it in the batch and however many threads run.
"""

import math
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from gan.errors import StudioError
from gan.field_metadata import show
from gan.kinds.kind import Canvas
from gan.kinds.table import canvas_of, kind_of
from gan.latents import paths
from gan.latents.directions import Directions
from gan.messages import say
from gan.networks.contract import Generator, Noise
from gan.studio.path_recipes import PathRecipe
from gan.studio.recipe_latents import classes_of, latents_of, noise_of, z_of
from gan.studio.recipes import Recipe

SMALLEST_SIDE, LARGEST_SIDE = 8, 2048
MOST_PIXELS = 64_000_000  # of one answer: 192 MB
BATCH = 32
BATCH_PIXELS = 2**20  # what a generator makes at once: 32 pictures of 128 x 128, 4 of 512 x 512
BATCH_VALUES = 2**27  # between two layers at once, where a generator tells: 512 MB
PIECE = 16
PIECE_PIXELS = 2**18  # what others wait for: 16 pictures of 128 x 128, one of 512 x 512; below a second or two on a CPU

_Told = TypeVar("_Told")
_Telling = Callable[[Generator, Tensor, Noise], Iterable[_Told]]
"""Of a generator, w (n, num_ws, w_dim) and noise: n things."""

Part = tuple[list[int], np.ndarray]
"""The pictures of one batch and which of the asked ones they are."""


@dataclass(frozen=True)
class _Easel:
    """What painting needs to know of a generator, found out once."""

    device: torch.device
    canvas: Canvas
    batch: int


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
        parts: list[Part] = []
        for rows in _groups(recipes):
            model = self._models.get(recipes[rows[0]].model, recipes[rows[0]].revision)
            easel = self._easel(model)
            _check_size(len(recipes), easel.canvas, size)
            for some in _batches(rows, easel.batch):
                chosen = [recipes[row] for row in some]
                generator = _blended(model, chosen[0])
                w = latents_of(generator, chosen, _directions(model, chosen), easel.device)
                parts.append(
                    (some, _paint(model, generator, easel, w, noise_of(generator, chosen, easel.device), size))
                )
        return _assemble(parts, len(recipes))

    def texts(self, recipes: Sequence[Recipe]) -> list[str]:
        """What the recipes' samples read, in order. Raises StudioError for a model whose samples are no text."""
        return self._each(recipes, _read)

    def frame_texts(self, path: PathRecipe, most: int = BATCH) -> Iterator[list[str]]:
        """What the frames of a film read, in order, in batches of at most `most`. StudioError as of `texts`, some of
        them before the first batch is asked for."""
        generator, parts = self._on_the_way(path, None, most)
        return (_read(generator, some, "const") for some in parts)

    def sounds(self, recipes: Sequence[Recipe]) -> np.ndarray:
        """The recipes' samples as sounds, in order: float32 (n, samples) in [-1, 1] at 16 kHz. Raises StudioError for a
        model whose samples are no sounds, and for models whose sounds differ in length."""
        made: list[np.ndarray] = self._each(recipes, _hear)
        check_one_length(made)
        return np.stack(made)

    def frame_sounds(self, path: PathRecipe, frames: Sequence[int], most: int = BATCH) -> Iterator[np.ndarray]:
        """The sounds of these frames of a film, in order, in batches of at most `most`: float32 (n, samples).
        StudioError as of `sounds`, some of them before the first batch is asked for."""
        generator, parts = self._on_the_way(path, list(frames), most)
        return (_hear(generator, some, "const") for some in parts)

    def _each(
        self, recipes: Sequence[Recipe], told: Callable[[Generator, Tensor, Noise], Sequence[_Told]]
    ) -> list[_Told]:
        """What is `told` of the recipes' samples, (generator, w, noise) -> one thing each, in their order."""
        found: dict[int, _Told] = {}
        for rows in _groups(recipes):
            model = self._models.get(recipes[rows[0]].model, recipes[rows[0]].revision)
            easel = self._easel(model)
            for some in _batches(rows, easel.batch):
                chosen = [recipes[row] for row in some]
                generator = _blended(model, chosen[0])
                w = latents_of(generator, chosen, _directions(model, chosen), easel.device)
                found |= zip(some, told(generator, w, noise_of(generator, chosen, easel.device)), strict=True)
        return [found[row] for row in range(len(recipes))]

    def _on_the_way(self, path: PathRecipe, frames: list[int] | None, most: int) -> tuple[Generator, Sequence[Tensor]]:
        """A film's generator, and w of these frames, or of all, in batches of at most `most`."""
        keyframes = tuple(path.keyframe_recipes().values())
        model = self._models.get(keyframes[0].model, keyframes[0].revision)
        generator, easel = _blended(model, keyframes[0]), self._easel(model)
        w = _way(generator, path, self.latents(keyframes))
        return generator, (w if frames is None else w[frames]).split(min(easel.batch, most))

    def at_once(self, recipes: Sequence[Recipe], size: int | None = None) -> int:
        """How many of the recipes to `render` at a time while other people wait: 1 to 16, all where they are of
        several models.

        StudioError where all of them together are more than `render` makes.
        """
        model = self._models.get(recipes[0].model, recipes[0].revision)
        easel = self._easel(model)
        _check_size(len(recipes), easel.canvas, size)
        if len({(recipe.model, recipe.revision) for recipe in recipes}) > 1:
            return len(recipes)
        return max(1, min(PIECE, easel.batch, PIECE_PIXELS // (easel.canvas.height * easel.canvas.width)))

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

    def frames(self, path: PathRecipe, size: int | None = None, most: int = BATCH) -> Iterator[np.ndarray]:
        """The frames of a film in their order, in batches: uint8 (at most `most` and 32, height, width, 3 or 4).

        Frame i * path.steps is the picture of keyframe i. StudioError at once, before the first batch is asked for.
        """
        keyframes = tuple(path.keyframe_recipes().values())
        model = self._models.get(keyframes[0].model, keyframes[0].revision)
        generator, easel = _blended(model, keyframes[0]), self._easel(model)
        _check_size(1, easel.canvas, size)
        batch = min(easel.batch, most, MOST_PIXELS // math.prod(_shown_size(easel.canvas, size)))
        noise_of(generator, keyframes[:1], easel.device)  # what is wrong with it is said at once
        w = _way(generator, path, self.latents(keyframes))
        return (
            _paint(model, generator, easel, some, noise_of(generator, keyframes[:1] * len(some), easel.device), size)
            for some in w.split(batch)
        )

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


def check_side(size: int | None) -> None:
    """Raise StudioError where no model's picture can have this `size`, whatever it is."""
    if size is not None and not (type(size) is int and SMALLEST_SIDE <= size <= LARGEST_SIDE):
        raise StudioError(
            say("A picture cannot be {size} pixels wide.", size=show(size)),
            say(
                "Choose a whole number from {smallest_side} to {largest_side}.",
                smallest_side=SMALLEST_SIDE,
                largest_side=LARGEST_SIDE,
            ),
        )


def _check_size(count: int, canvas: Canvas, size: int | None) -> None:
    check_side(size)
    width, height = _shown_size(canvas, size)
    if count * width * height > MOST_PIXELS:
        raise StudioError(
            say(
                "{count} pictures of {width} x {height} pixels are too much at once.",
                count=count,
                width=width,
                height=height,
            ),
            "Ask for fewer or for smaller ones.",
        )


def _shown_size(canvas: Canvas, size: int | None) -> tuple[int, int]:
    """(width, height) in pixels as PIL takes it, with `size` for the longer edge."""
    scale = 1 if size is None else size / max(canvas.height, canvas.width)
    return max(1, round(canvas.width * scale)), max(1, round(canvas.height * scale))


def check_one_length(sounds: Iterable[np.ndarray]) -> None:
    """Raise StudioError where sounds (..., samples) differ in length."""
    if len({sound.shape[-1] for sound in sounds}) > 1:
        raise StudioError("The sounds of these models differ in length.", "Ask for one model at a time.")


def _groups(recipes: Sequence[Recipe]) -> list[list[int]]:
    """The rows that one call of a generator can hold: of one model, one blend and one kind of noise.

    Noise as trained is a kind of its own: a generator paints it faster than any that differs by layer.
    """
    if not recipes:
        raise StudioError("There is no picture to make.", "Ask for at least one.")
    groups: dict[tuple, list[int]] = {}
    for row, recipe in enumerate(recipes):
        kind = recipe.noise, bool(recipe.layer_noise)
        groups.setdefault((recipe.model, recipe.revision, recipe.blend, kind), []).append(row)
    return list(groups.values())


def _batches(rows: list[int], most: int) -> list[list[int]]:
    return [rows[at : at + most] for at in range(0, len(rows), most)]


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


@torch.inference_mode()
def _paint(model, generator: Generator, easel: _Easel, w: Tensor, noise: Noise, size: int | None) -> np.ndarray:
    """w (n, num_ws, w_dim) -> uint8 (n, height, width, 3 or 4), in the `size` asked for. `generator` may be a blend."""
    wanted = _shown_size(easel.canvas, size)
    pixels = kind_of(generator).draw(generator, _samples(generator, w, noise), wanted)
    return _resize(pixels, wanted, model.config.pixel_art)


@torch.inference_mode()
def _read(generator: Generator, w: Tensor, noise: Noise) -> list[str]:
    """w (n, num_ws, w_dim) -> what the samples read."""
    read = kind_of(generator).read
    if read is None:
        raise StudioError("This model's samples are no text.", "Choose a model of words.")
    return read(generator, _samples(generator, w, noise))


@torch.inference_mode()
def _hear(generator: Generator, w: Tensor, noise: Noise) -> np.ndarray:
    """w (n, num_ws, w_dim) -> the samples as sounds (n, samples). One at a time: phases are found step by step, so that
    what a batch changes in the last digit could be heard; and it takes no longer."""
    hear = kind_of(generator).hear
    if hear is None:
        raise StudioError("This model's samples are no sounds.", "Choose a model of sounds.")
    return torch.cat([hear(generator, _samples(generator, one, noise)) for one in w.split(1)]).cpu().numpy()


def _samples(generator: Generator, w: Tensor, noise: Noise) -> Tensor:
    """x (n, *image_shape). Raises StudioError for what is no number."""
    x = generator.synthesis(w, noise).float()
    if not math.isfinite(x.sum()):
        raise StudioError(
            "This model's picture holds values that are not numbers: its training broke down.",
            "Choose an earlier step of it, or another model.",
        )
    return x


def _resize(pictures: np.ndarray, size: tuple[int, int], pixel_art: bool) -> np.ndarray:
    """uint8 (n, ...) in (width, height) `size`. Pixel art keeps its squares when it grows."""
    height, width = pictures.shape[1:3]
    if size == (width, height):
        return pictures
    method = Image.Resampling.NEAREST if pixel_art and size > (width, height) else Image.Resampling.LANCZOS
    return np.stack([np.asarray(Image.fromarray(picture).resize(size, method)) for picture in pictures])


def _assemble(parts: list[Part], count: int) -> np.ndarray:
    """The batches' pictures in the order of the recipes; where only some have transparency, the others are opaque."""
    if len(parts) == 1:
        return parts[0][1]
    if len({pictures.shape[1:3] for _, pictures in parts}) > 1:
        raise StudioError("The pictures of these models differ in size.", "Ask for all of them in one size.")
    channels = max(pictures.shape[3] for _, pictures in parts)
    whole = np.full((count, *parts[0][1].shape[1:3], channels), 255, dtype=np.uint8)
    for rows, pictures in parts:
        whole[rows, ..., : pictures.shape[3]] = pictures
    return whole
