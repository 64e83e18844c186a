import numpy as np
from PIL import Image
from studio_app import small_weights

from gan.cli.main import main
from gan.latents import inversion as core
from gan.studio import inversion
from gan.studio.engine import Engine
from gan.studio.library.loaded import Models
from gan.studio.png_recipes import read_recipe
from gan.studio.recipes import Recipe


def test_a_picture_is_found_and_its_png_carries_the_recipe(tmp_path, capsys, monkeypatch):
    for module, name, value in ((core, "TOGETHER", 3), (core, "ALONE", 5), (inversion, "_SAMPLES", 40)):
        monkeypatch.setattr(module, name, value)
    models = Models((small_weights(tmp_path / "models"),))
    Image.fromarray(Engine(models).render([Recipe("cats", seed=3)])[0]).save(tmp_path / "photo.png")
    asked = ["invert", str(tmp_path / "photo.png"), "--model", "cats", "--out", str(tmp_path / "found.png")]
    assert main(asked, models) == 0
    assert "apart" in capsys.readouterr().out
    recipe = read_recipe(tmp_path / "found.png")
    assert recipe.w and np.array_equal(
        Engine(models).render([recipe])[0], np.asarray(Image.open(tmp_path / "found.png"))
    )
    assert main([*asked[:1], str(tmp_path / "none.png"), *asked[2:]], models) == 2
    assert "cannot be read" in capsys.readouterr().err
