"""The endpoints for programs: /models, /generate, /texts, /sounds, /contact_sheet and /interpolate. Their docstrings
stand on the API page."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import gradio as gr
import numpy as np

from gan.errors import StudioError
from gan.field_metadata import show
from gan.kinds.table import canvas_of
from gan.latents.seeds import parse_seeds
from gan.messages import say
from gan.store.files import write_bytes
from gan.store.wav_file import wav_bytes
from gan.studio.batcher import SHARED_PIECE, Batcher
from gan.studio.classes import read_classes, usual_class
from gan.studio.contact_sheets import sheet_png, sheet_zip
from gan.studio.engine import Engine
from gan.studio.library.library import Library
from gan.studio.mixes import mixed
from gan.studio.path_recipes import PathRecipe
from gan.studio.png_recipes import png_bytes
from gan.studio.recipes import Recipe
from gan.ui.parts import sentences
from gan.ui.temporary_files import filled_folder, write_film

_MOST_SEEDS = 64
_TEXTS = 8  # that are made in one turn of the painter


@dataclass(frozen=True)
class _Studio:
    """What the endpoints work with."""

    library: Library
    engine: Engine
    batcher: Batcher

    def recipes(self, model: str, seeds: str, psi: float | None, class_: str | None = None) -> list[Recipe]:
        """One for each seed, of a model that is opened if need be. Raises StudioError."""
        opened = self.library.use(model)
        return [_recipe(opened, seed, psi, class_) for seed in _seeds(seeds)]

    def pictures(self, recipes: list[Recipe]) -> np.ndarray:
        """Painted in turn with those of others."""
        return self.batcher.submit(recipes).result()


def build(library: Library, engine: Engine, batcher: Batcher) -> None:
    """Register the endpoints on the Blocks that is being built."""
    studio = _Studio(library, engine, batcher)
    for made in (_models, _generate, _contact_sheet, _interpolate, _texts, _sounds):
        endpoint = made(studio)
        gr.api(sentences(endpoint), api_name=endpoint.__name__)


# Each makes one endpoint for a studio, whose first model is the default. Their docstrings are on the API page.


def _models(studio: _Studio) -> Callable:
    def models() -> list[dict]:
        """The models that are open here: a list of tables with id, title, summary, data, licence, family, classes,
        height, width, z_dim, psi (the truncation it looks best with) and more. Give an id as `model` to the other
        endpoints; they also take the id of a model on the Hugging Face Hub, user/repo or user/repo@revision, and open
        it first."""
        return studio.library.about_all()

    return models


def _generate(studio: _Studio) -> Callable:
    def generate(
        model: str = studio.library.first,
        seeds: str = "0-3",
        psi: float | None = None,
        class_: str | None = None,
        style_seed: int | None = None,
        coarse: float = 0,
        fine: float = 1,
    ) -> list[gr.FileData]:
        """Pictures, one PNG for each seed; each carries its recipe. model: an id from /models, or user/repo on the Hub.
        seeds: numbers and ranges such as "0-7,42", at most 64. psi: truncation from -1 to 2, by default the model's
        own. class_: in models that have classes, a class's name or number; by default the classes in turn. style_seed:
        mix every picture with that of this seed, in models with several layers. coarse: how much of it goes into the
        layers of shapes, 0 to 1. fine: how much into those of colours, 0 to 1."""
        recipes = studio.recipes(model, seeds, psi, class_)
        if style_seed is not None:
            recipes = [mixed(one, replace(one, seed=style_seed), (coarse, fine)) for one in recipes]
        pictures = studio.pictures(recipes)
        with filled_folder("pictures") as folder:
            return [_png(folder, recipe, picture) for recipe, picture in zip(recipes, pictures, strict=True)]

    return generate


def _contact_sheet(studio: _Studio) -> Callable:
    def contact_sheet(
        model: str = studio.library.first,
        seeds: str = "0-23",
        psi: float | None = None,
        class_: str | None = None,
        format: str = "zip",
        address: str = "",
    ) -> gr.FileData:
        """Pictures of many seeds in one file. model: an id from /models, or user/repo on the Hub. seeds: numbers and
        ranges such as "0-7,42", at most 64. psi: truncation from -1 to 2, by default the model's own. class_: in models
        that have classes, a class's name or number; by default the classes in turn. format: png, all of them side by
        side, or zip, a PNG of each, recipes.json with the recipe and the link of each, and sheet.png. address: what the
        links begin with, such as that of this studio."""
        if format not in ("png", "zip"):
            raise StudioError(
                say("There is no sheet of the format {format}.", format=show(format)), "Choose png or zip."
            )
        recipes = studio.recipes(model, seeds, psi, class_)
        pictures = studio.pictures(recipes)
        data = sheet_zip(pictures, recipes, str(address)) if format == "zip" else sheet_png(pictures)
        with filled_folder("pictures") as folder:
            kind = "application/zip" if format == "zip" else "image/png"
            return _file(folder / f"sheet.{format}", data, kind)

    return contact_sheet


def _interpolate(studio: _Studio) -> Callable:
    def interpolate(
        model: str = studio.library.first,
        seeds: str = "1,5,9",
        steps: int = 24,
        path: str = "spherical",
        loop: bool = True,
    ) -> gr.FileData:
        """A film through the pictures of some seeds, as an animated WebP. model: an id from /models, or user/repo on
        the Hub. seeds: two or more, such as "1,5,9". steps: frames from one picture to the next, 2 to 240. path:
        linear, spherical or smooth. loop: return to the first picture, so that the film repeats
        without a jump. In models with classes the seeds take the classes in turn."""
        opened = studio.library.use(model)
        keyframes = tuple(_recipe(opened, seed, None, None) for seed in _seeds(seeds))
        canvas, pixel_art = canvas_of(opened.generator), opened.config.pixel_art
        side = max(canvas.height, canvas.width)
        way = PathRecipe(keyframes, steps, path, loop=loop)
        film = write_film(studio.engine, studio.batcher, way, "webp", 24, side, pixel_art)
        return gr.FileData(path=str(film), orig_name=film.name, mime_type="image/webp")

    return interpolate


def _texts(studio: _Studio) -> Callable:
    def texts(model: str = studio.library.first, seeds: str = "0-23", psi: float | None = None) -> list[str]:
        """What samples read, one for each seed. model: an id from /models whose "makes" is "text". seeds: numbers and
        ranges such as "0-7,42", at most 64. psi: truncation from -1 to 2, by default the model's own."""
        recipes = studio.recipes(model, seeds, psi)
        pieces = [recipes[at : at + _TEXTS] for at in range(0, len(recipes), _TEXTS)]
        turns = (studio.batcher.do(partial(studio.engine.texts, some), len(some)) for some in pieces)
        return [text for turn in turns for text in turn.result()]

    return texts


def _sounds(studio: _Studio) -> Callable:
    def sounds(
        model: str = studio.library.first, seeds: str = "0-3", psi: float | None = None, class_: str | None = None
    ) -> list[gr.FileData]:
        """Sounds, one WAV file for each seed. model: an id from /models whose "makes" is "sound". seeds: numbers and
        ranges such as "0-7,42", at most 64. psi: truncation from -1 to 2, by default the model's own. class_: in models
        that have classes, a class's name or number; by default the classes in turn."""
        recipes = studio.recipes(model, seeds, psi, class_)
        is_long = len(recipes) > SHARED_PIECE
        turns = (studio.batcher.do(partial(studio.engine.sounds, [recipe]), 1, is_long) for recipe in recipes)
        made = [turn.result()[0] for turn in turns]
        with filled_folder("sounds") as folder:
            return [_wav(folder, recipe, sound) for recipe, sound in zip(recipes, made, strict=True)]

    return sounds


def _seeds(text: str) -> list[int]:
    seeds = parse_seeds(str(text))
    if len(seeds) > _MOST_SEEDS:
        raise StudioError(
            say(
                "These are {count} seeds; one call makes at most {most_seeds} pictures.",
                count=len(seeds),
                most_seeds=_MOST_SEEDS,
            ),
            "Call again for the rest.",
        )
    return seeds


def _recipe(model, seed: int, psi: float | None, label: str | None) -> Recipe:
    count = model.generator.num_classes
    chosen = (
        usual_class(seed, count)
        if label in (None, "")
        else read_classes(str(label), model.id, model.config.classes, count)[0]
    )
    return Recipe(model.id, model.revision, seed, chosen, psi=model.config.psi if psi is None else psi)


def _png(folder: Path, recipe: Recipe, picture) -> gr.FileData:
    return _file(folder / f"seed{recipe.seed:04d}.png", png_bytes(picture, recipe), "image/png")


def _wav(folder: Path, recipe: Recipe, sound) -> gr.FileData:
    return _file(folder / f"seed{recipe.seed:04d}.wav", wav_bytes(sound), "audio/wav")


def _file(path: Path, data: bytes, kind: str) -> gr.FileData:
    write_bytes(path, data)
    return gr.FileData(path=str(path), orig_name=path.name, mime_type=kind)
