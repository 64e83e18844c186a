import shutil

import numpy as np
import pytest
import torch
from PIL import Image

from gan.cli.main import main
from gan.store.model_folder import read_config
from gan.store.own_sliders import read_sliders
from gan.store.shipped import shipped_weights
from gan.store.slider_moves import from_move
from gan.store.sliders import from_table


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    return shutil.copytree(shipped_weights() / "digits-dcgan", tmp_path_factory.mktemp("models") / "digits")


def test_named_sliders_are_measured_and_kept(digits, capsys, tmp_path):
    """The slant of handwritten digits: the best known direction of all."""
    strips = tmp_path / "strips.png"
    assert (
        main(
            [
                "directions",
                "--model",
                str(digits),
                "--measure",
                "weight,slant",
                "--count",
                "4",
                "--keep",
                "--out",
                str(strips),
            ]
        )
        == 0
    )
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 4 and "Slant" in said[1]
    config = read_config(digits)
    assert config.directions[:2] == ("Weight", "Slant")
    assert len(from_table(config.sliders, config.build_generator())) == 4
    for facts in config.sliders["measured"][:2]:
        assert facts["changed"] >= 0.8 and facts["others"] <= 0.1 and facts["own"] > 4 * facts["leak"], facts
    assert np.asarray(Image.open(strips)).shape == (4 * 29 - 1, 15 * 29 - 1, 3)


def test_what_cannot_be_measured_is_said(digits, capsys):
    assert main(["directions", "--model", str(digits), "--measure", "beauty"]) == 2
    assert "'beauty' cannot be measured. What can be measured is weight, slant, width." in capsys.readouterr().err


def test_a_slider_of_ones_own_from_seeds(digits, capsys, tmp_path):
    file = tmp_path / "own.json"
    own = ["directions", "--model", str(digits), "--with", "1-3", "--without", "4,5,6", "--class", "3"]
    assert main([*own, "--names", "Round", "--count", "1", "--sliders", str(file), "--keep"]) == 0
    assert "Round" in capsys.readouterr().out
    (slider,) = read_sliders(file.read_bytes())
    config = read_config(digits)
    kept = from_table(config.sliders, config.build_generator())
    assert config.directions == ("Round",) and len(kept) == 1
    assert torch.allclose(kept.vectors, from_move(slider.move, config.build_generator()).vectors)
    assert main([*own[:5]]) == 2 and "--with and --without together" in capsys.readouterr().err
