"""Training and rendering on a device that is not the CPU, which refuses what graphics cards refuse (elsewhere.py)."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torchgen

HERE = Path(__file__).parent
NAMES = re.findall(r'^    "([a-z0-9 ]+)": ', (HERE / "cases.py").read_text().split("CASES = {")[1], flags=re.M)
FAMILIES = ("mlp", "points", "dcgan", "styled", "stylegan2", "stack")
_FOR_ALL = {"CompositeImplicitAutograd", "CompositeExplicitAutograd", "CompositeExplicitAutogradNonFunctional"}


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> dict:
    """What all cases told. A device is added to a process for good, so they have one of their own."""
    folder = tmp_path_factory.mktemp("runs")
    done = subprocess.run([sys.executable, HERE / "cases.py", folder], capture_output=True, text=True, timeout=300)
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_there_is_nothing_beside_these_cases(told):
    assert set(told["cases"]) == {f"train {family}" for family in FAMILIES} | set(NAMES) and len(NAMES) == 6


@pytest.mark.parametrize("case", [*(f"train {family}" for family in FAMILIES), *NAMES])
def test_elsewhere(told, case):
    assert not told["cases"][case], told["cases"][case]


def test_apple_has_every_operator_that_is_used(told):
    """By PyTorch's table of what is written for which device. That of Intel's lies in a library of its own."""
    table = _kernels()
    assert len(told["operators"]) > 100 and not [name for name in told["operators"] if "MPS" not in table[name]]
    assert "MPS" not in table["aten::_linalg_eigh"]  # which shows that the table tells


def _kernels() -> dict[str, set[str]]:
    """The devices for which there is an operator, "MPS" and "CUDA" where one serves all."""
    path = Path(torchgen.__file__).parent / "packaged/ATen/native/native_functions.yaml"
    blocks = re.split(r"^- func: ", path.read_text(), flags=re.M)[1:]
    made, same = {}, {}
    for block in blocks:
        name = "aten::" + block.split("(")[0]
        keys = set(re.findall(r"[A-Za-z]+", " ".join(re.findall(r"^    ([A-Za-z, ]+):", block, flags=re.M))))
        delegate = re.search(r"structured_delegate: (\S+)", block)
        same[name] = delegate and "aten::" + delegate[1]
        everywhere = keys & _FOR_ALL or not ("\n  dispatch:" in block or delegate)
        made[name] = keys | ({"MPS", "CUDA"} if everywhere else set())
    return {name: keys | made.get(same[name], set()) for name, keys in made.items()}
