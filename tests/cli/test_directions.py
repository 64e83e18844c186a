import shutil

import numpy as np
import pytest
import torch
from PIL import Image

from gan.cli.main import main
from gan.evaluation.traits import Measure
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
    assert len(said) == 5 and "Slant" in said[2]
    card = (digits / "README.md").read_text()
    assert "| Slant | all |" in card and "--measure weight,slant --count 4 --keep" in card
    assert card.count("<!-- sliders -->") == 1 and card.index("<!-- /sliders -->") < card.index("## Scores")
    config = read_config(digits)
    assert config.directions[:2] == ("Weight", "Slant")
    assert len(from_table(config.sliders, config.build_generator())) == 4
    for facts in config.sliders["measured"][:2]:
        assert facts["changed"] >= 0.8 and facts["others"] <= 0.1 and facts["own"] > 4 * facts["leak"], facts
    assert np.asarray(Image.open(strips)).shape == (4 * 29 - 1, 15 * 29 - 1, 3)


def test_what_cannot_be_measured_is_said(digits, capsys):
    assert main(["directions", "--model", str(digits), "--measure", "beauty"]) == 2
    assert (
        "'beauty' cannot be measured. What can be measured is weight, slant, width, height" in capsys.readouterr().err
    )


def test_traits_of_a_labelled_set_are_measured_too(digits, capsys, tmp_path):
    """Bright and dark pictures of digits: a probe on features tells them, and the kept sliders are measured with it."""
    rng = np.random.default_rng(0)
    bright = np.arange(60) % 2
    images = (rng.integers(0, 60, (60, 28, 28, 1)) + 150 * bright[:, None, None, None]).astype(np.uint8)
    np.savez(tmp_path / "traits.npz", images=images, labels=bright[:, None], label_names=["Bright"])
    given = ["directions", "--model", str(digits), "--data", str(tmp_path / "traits.npz")]
    assert main([*given, "--kept", "--measure", "weight,Bright"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split()[-2:] == ["weight", "Bright"] and len(rows) >= 1
    assert main([*given, "--kept", "--with", "1", "--without", "2"]) == 2
    assert "--kept finds no sliders" in capsys.readouterr().err
    assert main([*given, "--steer"]) == 2
    assert "--steer seeks sliders by their names" in capsys.readouterr().err


def test_factors_of_drawings_are_measured_too(gan, monkeypatch):
    """Without --measure a slider is looked for for each; the network that reads them is tested by itself."""
    skin = Measure(lambda x: x.mean(dim=(1, 2, 3)), told=0.98, by="somebody who knows")
    monkeypatch.setattr("gan.studio.scores.drawn_traits.drawn_traits", lambda name, shape: {"skin tone": skin})
    done = gan("directions --model cats --drawn faces --count 2")
    head, first, *_ = done.out.splitlines()
    assert done.status == 0 and head.split()[-3:] == ["alone", "skin", "tone"] and first.startswith("Skin tone")


def test_who_makes_no_colour_pictures_has_no_factors_of_drawings(digits, capsys):
    assert main(["directions", "--model", str(digits), "--drawn", "faces"]) == 2
    assert "square colour pictures" in capsys.readouterr().err


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
