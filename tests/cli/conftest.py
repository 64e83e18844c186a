"""Small models as folders, and the command line as a person has it: words in; exit status, output and errors out."""

from dataclasses import dataclass

import pytest
import torch

from gan.cli.main import main
from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model
from gan.studio.hub.client import Hub
from gan.studio.library.loaded import Models

SHAPE = {"image_shape": [3, 12, 8], "hidden": [16]}
DIGITS = {"image_shape": [1, 8, 8], "hidden": [16], "num_classes": 3}


@dataclass
class Done:
    status: int
    out: str
    err: str


def write(path, generator: dict, **about):
    torch.manual_seed(0)
    config = ModelConfig("mlp", {**generator, "z_dim": 6}, generator, **about)
    network = config.build_generator()
    network.out.weight.data.mul_(4)  # so that pictures differ
    return write_model(path, config, network, config.build_discriminator())


@pytest.fixture
def weights(tmp_path):
    """A folder of bundled models: `cats` in colour, `digits` with classes, and `points`, which are no pictures."""
    root = tmp_path / "weights"
    write(root / "cats", SHAPE, title="Cats", summary="Cats, drawn\nby nobody.", licence="CC0", psi=0.7)
    write(
        root / "digits",
        DIGITS,
        title="Digits",
        licence="CC BY 4.0",
        classes=("zero", "One", "two, or so"),
        pixel_art=True,
    )
    write(root / "points", {"image_shape": [2], "hidden": [4]})
    return root


@pytest.fixture
def models(weights, closed_port, tmp_path):
    return Models((weights,), Hub(closed_port, tmp_path / "cache"))


@pytest.fixture
def gan(models, capsys, monkeypatch, tmp_path):
    """gan("generate --model cats ...") in an empty folder that is the current one, or with a list of words."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run(words, models=models) -> Done:
        capsys.readouterr()
        try:
            status = main(words.split() if isinstance(words, str) else words, models)
        except SystemExit as end:  # argparse's own
            status = end.code
        return Done(status, *capsys.readouterr())

    run.folder = folder
    return run


@pytest.fixture
def refused(gan):
    """refused("generate ...") -> the one sentence with which a command refuses, leaving nothing behind."""

    def run(words, leaves=()) -> str:
        done = gan(words)
        assert done.status == 2 and done.out == ""
        assert done.err.count("\n") == 1 and done.err.endswith(".\n") and "Traceback" not in done.err
        assert {file.name for file in gan.folder.rglob("*")} == set(leaves)
        return done.err.strip()

    return run
