"""A page paints the engine's pictures; what stands in its folder; what is refused."""

import json
import re

import numpy as np
import pytest
import torch
from export.pages import FAMILIES, painted, write_models

from gan.errors import StudioError
from gan.export.web import export_web
from gan.latents.directions import free_dimensions
from gan.store.offsets import offset_text
from gan.store.slider_moves import to_move
from gan.studio.engine import Engine
from gan.studio.library.loaded import BUNDLED, Models
from gan.studio.path_recipes import PathRecipe
from gan.studio.recipes import Recipe
from gan.ui.routes.answers import rgba

RECIPES, MOST = 100, 2  # grey levels that a page may be off


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    root = tmp_path_factory.mktemp("weights")
    write_models(root)
    return Models((root, BUNDLED))


@pytest.fixture(scope="module")
def page(models, tmp_path_factory):
    """page(name) -> the folder of a model's page."""
    home, made = tmp_path_factory.mktemp("pages"), {}

    def folder(name):
        if name not in made:
            made[name] = export_web(models.get(name), home / name)
        return made[name]

    return folder


def recipes(model, count: int) -> list[Recipe]:
    """Recipes in which all is set that a page can paint, each in some of them."""
    draw, generator, directions = np.random.RandomState(0), model.generator, len(model.directions())

    def some(chance: float) -> bool:
        return draw.rand() < chance

    def drawn(*shape: int) -> torch.Tensor:
        return torch.from_numpy(draw.randn(*shape, free_dimensions(generator))).float()

    def own() -> tuple[str, ...]:
        """Two sliders of somebody's own."""
        return tuple(f"Höhe {i}~{to_move(drawn(), 0.3 + i)}~{round(draw.uniform(-3, 3), 2)}" for i in range(2))

    def label() -> dict:
        return {"label": int(draw.randint(generator.num_classes))} if generator.num_classes and some(0.8) else {}

    made = []
    for _ in range(count):
        values = dict(seed=int(draw.randint(2**32)), psi=round(float(draw.uniform(-0.5, 1.3)), 2), **label())
        if some(0.5):
            values["directions"] = tuple(draw.uniform(-3, 3, directions).round(2).tolist())
        if some(0.3):
            values |= dict(overrides=((1, 2.5), (3, -1.25)), walk=((int(draw.randint(1000)), 0.2), (7, 0.5)))
        if some(0.3):
            values |= dict(cutoff=int(draw.randint(generator.num_ws + 1)), layer_psi=((0, 0.3),))
        values |= dict(own=own()) if some(0.3) else {}
        values |= dict(w=offset_text(drawn((1, generator.num_ws)[draw.randint(2)]) / 2)) if some(0.3) else {}
        if generator.num_ws > 1 and some(0.5):
            values |= dict(style=dict(seed=5, psi=0.7, own=own(), **label()), mix=tuple(draw.rand(2).round(2).tolist()))
        if generator.has_noise:
            values |= dict(noise=("const", "none", "random")[draw.randint(3)], noise_seed=int(draw.randint(99)))
            values |= dict(layer_noise=((0, 0.5), (2, 1.5))) if some(0.3) else {}
        made.append(Recipe(model.id, **values))
    return made


@pytest.mark.parametrize("name", [*FAMILIES, "digits-dcgan"])
def test_a_page_paints_what_the_engine_paints(models, page, name):
    """Seeds, classes, truncation, directions, walks, values set by hand, one's own sliders and picture, mixes, noise;
    and films."""
    model, engine = models.get(name), Engine(models)
    asked = recipes(model, RECIPES)
    wanted = np.concatenate([engine.render(asked[at : at + 20]) for at in range(0, RECIPES, 20)])
    film = PathRecipe(tuple(asked[:2]), steps=3, path="spherical")
    wanted = np.concatenate([wanted, *engine.frames(film)])
    ends = [recipe.to_query() for recipe in film.keyframe_recipes().values()]
    jobs = [{"query": recipe.to_query()} for recipe in asked]
    jobs += [{"from": ends[0], "to": ends[1], "t": frame / 3} for frame in range(4)]
    pictures, links = painted(page(name), jobs, model.generator.image_shape[1:])
    apart = np.abs(pictures.astype(int) - rgba(wanted)).reshape(len(jobs), -1).max(axis=1)
    assert apart.max() <= MOST, [(jobs[i], int(apart[i])) for i in np.flatnonzero(apart > MOST)[:3]]
    assert wanted.std(axis=0).max() > 20  # they differ
    assert [Recipe.from_query(link, name) for link in links[:RECIPES]] == asked


def test_what_a_page_is_made_of(page):
    folder = page("digits-dcgan")
    names = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert {"index.html", "page.js", "worker.js", "model.json", "model.safetensors", "README.md"} <= names
    assert "networks/dcgan.js" in names and not any(name.endswith((".wat", ".part")) for name in names)
    assert sum(file.stat().st_size for file in folder.rglob("*")) < 2_000_000
    named = re.findall(r'(?:href|src)="([\w.]+)"', (folder / "index.html").read_text(encoding="utf-8"))
    assert len(named) > 8 and set(named) <= names
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert card.startswith("---\ntitle: ") and "\nsdk: static\n" in card and "MNIST" in card
    about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    assert set(about["texts"]) >= {"en", "zh-CN"} and about["texts"]["zh-CN"]["words"]["play"] == "播放"
    assert about["texts"]["zh-CN"]["directions"][0] == "粗细"


def test_what_no_page_can_be_made_of(models, tmp_path):
    class Foreign:
        config = models.get("mlp").config.__class__("lightweight")
        generator = models.get("mlp").generator

    with pytest.raises(StudioError, match="cannot paint models of the family lightweight"):
        export_web(Foreign, tmp_path / "page")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("mine")
    with pytest.raises(StudioError, match="is there already"):
        export_web(models.get("mlp"), tmp_path / "taken")
    assert {file.name for file in tmp_path.rglob("*")} == {"taken", "letter.txt"}
