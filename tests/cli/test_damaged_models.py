"""A folder of ours whose config.json is damaged is never guessed at, as a stranger's files are."""

import shutil
from pathlib import Path

import numpy as np
import pytest

WAYS = {
    "empty": lambda data: b"",
    "cut": lambda data: data[: len(data) // 2],
    "flipped": lambda data: data[:1] + b"\xff" + data[2:],
    "another": lambda data: b'{"generator": {"hidden": [8]}}',
    "missing": lambda data: None,
}
COMMANDS = {
    "generate": "generate --model mine --out a.png",
    "interpolate": "interpolate --model mine --seeds 1,2 --out a.webp",
    "train": "train --base mine --data data.npz --steps 1 --out run",
    "evaluate": "evaluate --model mine --data data.npz",
    "directions": "directions --model mine --keep",
}


@pytest.fixture
def mine(gan, weights):
    """A copy of `cats` in the current folder, and pictures."""
    shutil.copytree(weights / "cats", "mine")
    np.savez("data.npz", images=np.zeros((60, 12, 12, 3), np.uint8))
    return Path("mine")


@pytest.mark.parametrize("way", WAYS)
def test_it_is_not_guessed_at(gan, mine, way):
    config = mine / "config.json"
    whole = config.read_bytes()
    damaged = WAYS[way](whole)
    config.unlink() if damaged is None else config.write_bytes(damaged)
    before = sorted(Path().rglob("*"))
    for name, words in COMMANDS.items():
        done = gan(words)
        assert done.status == 2 and done.out == "" and "Traceback" not in done.err, (name, done)
        assert "config.json" in done.err.splitlines()[-1], (name, done.err)
        assert sorted(Path().rglob("*")) == before, name
    config.write_bytes(whole)
    assert gan(COMMANDS["generate"]).status == 0


def test_weights_whose_bits_have_flipped(gan, mine):
    """The checksum in the config tells."""
    weights = mine / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-3] ^= 4
    weights.write_bytes(data)
    for name in ("generate", "train"):
        assert "model.safetensors" in gan(COMMANDS[name]).err.splitlines()[-1], name
