import io
import json
import zipfile

import numpy as np
from PIL import Image

from gan.store.grids import grid
from gan.studio.contact_sheets import LIST, SHEET, picture_names, sheet_png, sheet_zip
from gan.studio.png_recipes import read_recipe
from gan.studio.recipes import Recipe

RECIPES = [Recipe("cats", seed=seed, psi=0.5) for seed in (3, 4, 12)]
PICTURES = np.random.default_rng(0).integers(0, 256, (3, 6, 8, 3), dtype=np.uint8)


def test_a_zip_holds_each_picture_its_recipe_and_a_link_that_opens_it():
    data = sheet_zip(PICTURES, RECIPES, "https://a.example/gan/")
    assert data == sheet_zip(PICTURES, RECIPES, "https://a.example/gan/")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        told = json.loads(archive.read(LIST))
        assert archive.namelist() == [*(row["file"] for row in told), LIST, SHEET]
        for row, recipe, picture in zip(told, RECIPES, PICTURES, strict=True):
            png = archive.read(row["file"])
            assert read_recipe(png) == recipe == Recipe.from_json(row["recipe"])
            assert np.array_equal(np.asarray(Image.open(io.BytesIO(png))), picture)
            address, query = row["link"].split("?")
            assert address == "https://a.example/gan/" and Recipe.from_query(query) == recipe
        assert archive.read(SHEET) == sheet_png(PICTURES)


def test_a_sheet_is_a_grid():
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(sheet_png(PICTURES, 3)))), grid(PICTURES, 3))


def test_no_two_pictures_have_one_name():
    assert picture_names(RECIPES) == ["seed0003.png", "seed0004.png", "seed0012.png"]
    assert picture_names([Recipe("a", seed=1, label=k) for k in (0, 2)]) == [
        "seed0001-class0.png",
        "seed0001-class2.png",
    ]
    assert picture_names([Recipe("a", seed=1, psi=p) for p in (0.5, 1)]) == ["000-seed0001.png", "001-seed0001.png"]
