"""Nested states in one file."""

import json
import math

import pytest
import torch
from safetensors.torch import save_file

from gan.errors import StudioError
from gan.store.saved_state import load_state, save_state


def test_everything_comes_back(tmp_path):
    path = tmp_path / "state.safetensors"
    state = {
        "step": 3,
        "rate": 0.1 + 0.2,
        "name": "é",
        "none": None,
        "on": True,
        "nan": math.nan,
        "big": 2**63,
        "list": [1, {"a": torch.arange(3)}, []],
        "tuple": (0.5, 0.999),
        "empty": {},
        "optimizer": {
            "state": {0: {"step": torch.tensor(4.0)}, 1: {}},
            "groups": [{"params": [0, 1], "betas": (0.0, 0.99)}],
        },
        "kinds": [
            torch.zeros(0),
            torch.tensor(True),
            torch.arange(4, dtype=torch.uint8),
            torch.randn(2, 3).double(),
            torch.randn(3, 4).T,
            torch.nn.Parameter(torch.ones(2)),
        ],
    }
    save_state(state, path)
    loaded = load_state(path)
    assert loaded["rate"] == 0.1 + 0.2 and math.isnan(loaded.pop("nan")) and loaded["big"] == 2**63
    assert loaded["optimizer"]["state"].keys() == {0, 1} and loaded["tuple"] == [0.5, 0.999]
    assert torch.equal(loaded["list"][1]["a"], torch.arange(3)) and loaded["empty"] == {} and loaded["none"] is None
    for mine, theirs in zip(state["kinds"], loaded["kinds"], strict=True):
        assert mine.dtype == theirs.dtype and torch.equal(mine, theirs)
    assert list(loaded) == [name for name in state if name != "nan"]
    assert [p.name for p in tmp_path.iterdir()] == [path.name]  # nothing half-written is left


def test_saving_again_replaces(tmp_path):
    path = tmp_path / "s.safetensors"
    for step in (1, 2):
        save_state({"step": step, "x": torch.full((2,), step)}, path)
    assert load_state(path)["step"] == 2 and load_state(path)["x"].tolist() == [2, 2]


def skeleton(text):
    return lambda path: save_file({"a": torch.zeros(1)}, path, metadata=text)


@pytest.mark.parametrize(
    "write",
    [
        lambda path: None,
        lambda path: path.mkdir(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\x80\x04 a pickle"),
        lambda path: save_file({"a": torch.zeros(1)}, path),
        skeleton({"other": "x"}),
        skeleton({"skeleton": "{"}),
        skeleton({"skeleton": "3"}),
        skeleton({"skeleton": "[1]"}),
        skeleton({"skeleton": json.dumps({"tensor": "b"})}),
        skeleton({"skeleton": json.dumps({"dict": 7})}),
        skeleton({"skeleton": json.dumps({})}),
        skeleton({"skeleton": json.dumps({"dict": [["a"]]})}),
    ],
)
def test_missing_and_broken_files_are_one_sentence(tmp_path, write):
    path = tmp_path / "state.safetensors"
    write(path)
    with pytest.raises(StudioError, match="state.safetensors of .* is (missing|broken|damaged)"):
        load_state(path)


def test_a_file_cut_short_anywhere(tmp_path):
    path = tmp_path / "state.safetensors"
    save_state({"x": torch.randn(50), "step": 1}, path)
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(StudioError):
            load_state(path)


def test_the_same_state_is_the_same_file(tmp_path):
    """safetensors writes the lines of its metadata in any order."""
    state = {"w": torch.arange(6.0).reshape(2, 3), "note": '\u4e2d \\ " \n'}
    files = [tmp_path / f"{i}.safetensors" for i in range(8)]
    for file in files:
        save_state(state, file)
    assert len({file.read_bytes() for file in files}) == 1 and load_state(files[0])["note"] == state["note"]
