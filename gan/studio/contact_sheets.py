"""Many pictures to take away at once: a sheet of them as one PNG, or a zip in which each has its recipe and a link.

    sheet_zip(pictures, recipes, "https://studio.example/")

The zip holds a PNG for each picture, which carries its recipe; recipes.json, a table for each with `file`, `recipe` and
`link`; and sheet.png, all of them side by side.
"""

import io
import zipfile
from collections.abc import Sequence

import numpy as np

from gan.store.files import json_text
from gan.store.grids import columns_of, grid
from gan.studio.png_recipes import png_bytes
from gan.studio.recipes import Recipe

LIST, SHEET = "recipes.json", "sheet.png"
_WHEN = (1980, 1, 1, 0, 0, 0)  # in the zip, so that equal pictures make equal files


def sheet_png(pictures: np.ndarray, columns: int | None = None) -> bytes:
    """Pictures (n, height, width, 3 or 4) side by side, about square where no columns are given."""
    return png_bytes(grid(pictures, min(columns or columns_of(len(pictures)), len(pictures))))


def sheet_zip(pictures: np.ndarray, recipes: Sequence[Recipe], address: str = "", columns: int | None = None) -> bytes:
    """The zip of pictures of these recipes. address: what links begin with, such as that of the page."""
    names = picture_names(recipes)
    told = [
        {"file": name, "recipe": recipe.to_json(), "link": f"{address}?{recipe.to_query()}"}
        for name, recipe in zip(names, recipes, strict=True)
    ]
    part = io.BytesIO()
    with zipfile.ZipFile(part, "w") as archive:
        for name, recipe, picture in zip(names, recipes, pictures, strict=True):
            archive.writestr(zipfile.ZipInfo(name, _WHEN), png_bytes(picture, recipe))
        archive.writestr(zipfile.ZipInfo(LIST, _WHEN), json_text(told))
        archive.writestr(zipfile.ZipInfo(SHEET, _WHEN), sheet_png(pictures, columns))
    return part.getvalue()


def picture_names(recipes: Sequence[Recipe]) -> list[str]:
    """seed0012.png, and seed0012-class3.png where one seed is asked for in several classes; numbered where even that
    is not enough."""
    several = len({recipe.seed for recipe in recipes}) < len({(recipe.seed, recipe.label) for recipe in recipes})
    names = [f"seed{r.seed:04}-class{r.label}.png" if several else f"seed{r.seed:04}.png" for r in recipes]
    return names if len(set(names)) == len(names) else [f"{i:03}-{name}" for i, name in enumerate(names)]
