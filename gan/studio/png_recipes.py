"""PNG files that carry the recipe they were made from."""

import io
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from gan.errors import NO_RECIPE, StudioError
from gan.store.png_text import read_text
from gan.studio.recipes import Recipe

PNG_KEY = "gan-studio"


def png_bytes(image: np.ndarray, recipe: Recipe | None = None) -> bytes:
    """A picture (height, width, 3 or 4) as a PNG file, which opens its sliders again where a recipe is given."""
    info = PngInfo()
    if recipe is not None:
        info.add_text(PNG_KEY, recipe.to_text())
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG", pnginfo=info)
    return file.getvalue()


def read_recipe(source: bytes | str | Path) -> Recipe:
    """The recipe in a PNG, given as bytes or as a path. Only its text is read, no pixel is decoded.

    StudioError for what is no PNG, is damaged or too large (20 MB, 25 megapixels), or holds no sound recipe.
    """
    text = read_text(source, PNG_KEY)
    if text is None:
        raise StudioError(
            "The picture holds no recipe.",
            "Choose a PNG that was downloaded from GAN Studio and not edited since.",
            code=NO_RECIPE,
        )
    return Recipe.from_json(text)
