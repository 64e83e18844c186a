"""Mixes, grids of mixes, and single layers, on the command line."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gan.store.grids import grid
from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model
from gan.studio.engine import Engine
from gan.studio.mixes import mix_grid
from gan.studio.png_recipes import png_bytes, read_recipe
from gan.studio.recipes import Recipe


@pytest.fixture(autouse=True)
def faces(weights):
    """A small stylegan2 beside the other models."""
    torch.manual_seed(0)
    network = dict(side=16, channel_base=128, channel_max=8)
    config = ModelConfig("stylegan2", {**network, "z_dim": 8, "w_dim": 8, "mapping_layers": 2}, network, psi=0.6)
    return write_model(weights / "faces", config, config.build_generator(), config.build_discriminator())


def pixels(path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def seeds(*numbers: int) -> list[Recipe]:
    return [Recipe("faces", seed=number, psi=0.6) for number in numbers]


def test_every_picture_with_a_second_one(gan, models):
    assert gan("generate --model faces --seeds 1,2 --style-seed 9 --out some/").err == ""
    wanted = mix_grid(seeds(1, 2), seeds(9))
    assert [read_recipe(f"some/seed000{i}.png") for i in (1, 2)] == wanted and wanted[0].mix == (0, 1)
    assert np.array_equal(pixels("some/seed0002.png"), Engine(models).render(wanted[1:])[0])
    gan("generate --model faces --seeds 1 --style-seed 9 --mix 0.25,0 --walk 3:0.5 --out a.png")
    assert read_recipe("a.png") == Recipe("faces", seed=1, psi=0.6, walk=((3, 0.5),), style=seeds(9)[0], mix=(0.25, 0))


def test_a_saved_picture_as_the_second_one(gan):
    second = Recipe("faces", seed=5, psi=0.2, overrides=((1, 2.0),))
    Path("second.png").write_bytes(png_bytes(np.zeros((8, 8, 3), np.uint8), second))
    gan("generate --model faces --seeds 1 --style second.png --mix 1,0 --out a.png")
    assert read_recipe("a.png") == Recipe("faces", seed=1, psi=0.6, style=second, mix=(1, 0))
    gan("generate --recipe a.png --mix 0.5,0.5 --seeds 3 --out b.png")
    assert read_recipe("b.png") == Recipe("faces", seed=3, psi=0.6, style=second, mix=(0.5, 0.5))


def test_layers(gan):
    done = gan("generate --model faces --psi 0.5 --cutoff 4 --layer-psi 5:0,1:-0.5 --layer-noise 4:0,0:2 --out a.png")
    assert done.err == ""
    assert read_recipe("a.png") == Recipe(
        "faces", psi=0.5, cutoff=4, layer_psi=((1, -0.5), (5, 0)), layer_noise=((0, 2), (4, 0))
    )


def test_a_film_of_mixes(gan):
    assert gan("interpolate --model faces --seeds 1,2 --style-seed 9 --steps 2 --out film/").err == ""
    assert read_recipe("film/00002.png") == mix_grid(seeds(2), seeds(9))[0]


def test_a_grid_of_mixes_with_the_pictures_along_its_edges(gan, models):
    done = gan("generate --model faces --seeds 1,2 --mix-grid 7-9 --mix 1,0 --out new/grid.png")
    assert (done.status, done.out, done.err) == (0, "2 x 3 mixes in new/grid.png\n", "")
    rows, columns = seeds(1, 2), seeds(7, 8, 9)
    mixes = mix_grid(rows, columns, (1, 0))
    pictures = Engine(models).render([*columns, rows[0], *mixes[:3], rows[1], *mixes[3:]])
    wanted = grid(np.concatenate([np.full((1, 16, 16, 3), 255, np.uint8), pictures]), 4)
    assert pixels("new/grid.png").shape == (48, 64, 3)
    assert np.abs(pixels("new/grid.png").astype(int) - wanted).max() <= 1


def test_a_grid_from_a_saved_mix_is_of_its_first_picture(gan):
    gan("generate --model faces --seeds 1 --style-seed 9 --out mix.png")
    gan("generate --recipe mix.png --mix-grid 7 --out a.png")
    gan("generate --model faces --seeds 1 --mix-grid 7 --out b.png")
    assert np.array_equal(pixels("a.png"), pixels("b.png"))


@pytest.mark.parametrize(
    "options, words",
    [
        ("--model faces --mix 0,1", "there is none"),
        ("--model faces --mix 2,1 --style-seed 3", "mix must lie between 0 and 1"),
        ("--model faces --mix 1 --style-seed 3", "mix has two amounts"),
        ("--model faces --style-seed -1", "seed must lie"),
        ("--model faces --style-seed x", "invalid int value"),
        ("--model faces --style none.png", "none.png"),
        ("--model faces --style-seed 3 --style a.png", "not allowed with"),
        ("--model faces --layer-psi 6:0", "no layer 6"),
        ("--model faces --layer-noise 5:0", "no layer with noise 5"),
        ("--model cats --style-seed 3", "one style for all of its layers"),
        ("--model cats --mix-grid 3", "one style for all"),
        ("--model faces --mix-grid x", "'x' is not a seed"),
        ("--model faces --mix-grid 3 --columns 2", "--mix-grid says itself"),
        ("--model faces --mix-grid 3 --style-seed 2", "--mix-grid says itself"),
        ("--model faces --mix-grid 3 --mix 1", "two amounts"),
        ("--model faces --seeds 0-999 --mix-grid 0-999", "1000 x 1000 mixes is too large"),
    ],
)
def test_one_sentence_for_nonsense(refused, options, words):
    assert words in refused(f"generate --out a.png {options}")


def test_a_grid_of_mixes_is_no_folder(refused):
    assert "--out is a folder" in refused("generate --model faces --mix-grid 3 --out some/")
