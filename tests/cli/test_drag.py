import json

import numpy as np
import pytest
from PIL import Image
from studio_app import small_weights

from gan.cli.main import main
from gan.evaluation import drags
from gan.latents import dragging
from gan.store.model_config import follows, read_card
from gan.studio.engine import Engine
from gan.studio.library.loaded import Models
from gan.studio.png_recipes import read_recipe


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(dragging, "STEPS", 2)
    monkeypatch.setattr(drags, "_OTHERS", 7)


@pytest.fixture
def models(tmp_path):
    return Models((small_weights(tmp_path / "models"),))


def test_a_point_is_pulled_and_the_png_carries_the_recipe(models, tmp_path, capsys):
    asked = ["drag", "--model", "cats", "--seed", "3", "--from", "4,4", "--to", "11,9"]
    assert main([*asked, "--out", str(tmp_path / "a.png")], models) == 0
    assert "the handle is" in capsys.readouterr().out
    recipe = read_recipe(tmp_path / "a.png")
    assert recipe.w and recipe.seed == 3 and recipe.psi == 0.8
    assert np.array_equal(Engine(models).render([recipe])[0], np.asarray(Image.open(tmp_path / "a.png")))
    again = [*asked, "--recipe", str(tmp_path / "a.png"), "--radius", "3", "--out", str(tmp_path / "b.png")]
    assert main(again, models) == 0 and read_recipe(tmp_path / "b.png").w
    for wrong, words in (
        (asked, "--out"),
        (asked[:-2], "--from and --to"),
        ([*asked[:-1], "x", "--out", "c.png"], "two numbers"),
        ([*asked[:-1], "99,3", "--out", "c.png"], "outside the picture"),
        ([*asked, "--out", "c.png", "--keep"], "--keep"),
        (["drag", "--model", "digits"], "no feature maps"),
        (["drag", "--model", "cats", "--threads", "0"], "--threads"),
    ):
        assert main(wrong, models) == 2 and words in capsys.readouterr().err


def test_what_is_measured_stands_in_the_config_and_the_card(models, tmp_path, capsys):
    asked = ["drag", "--model", "cats", "--keep", "--out", str(tmp_path / "strips.png")]
    assert main(asked, models) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 12 and "of 10 handles reached" in told[-2]
    folder = tmp_path / "models" / "cats"
    kept = json.loads((folder / "config.json").read_text())["drags"]
    assert kept["count"] == 10 and f"{kept['reached']} of 10 handles" in told[-2]
    assert read_card(folder).can_drag == follows(kept) == ("can be dragged" in told[-1])
    card = (folder / "README.md").read_text()
    assert "## Drag points" in card and f"| {kept['reached']} of 10 |" in card
    assert "python -m gan drag --model cats --keep" in card
    assert Image.open(tmp_path / "strips.png").width > 4 * 256


@pytest.mark.parametrize(
    "changed, yes",
    [
        ({}, True),
        (dict(reached=7), False),
        (dict(count=11), False),
        (dict(outside=0.013), False),
        (dict(outside=float("nan")), False),
        (dict(count="10"), False),
        (dict(between_seeds=None), False),
    ],
)
def test_where_points_can_be_dragged(changed, yes):
    assert follows({"count": 10, "reached": 8, "outside": 0.0125, "between_seeds": 0.1} | changed) is yes
    assert follows({}) is False
