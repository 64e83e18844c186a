"""The code is linted, formatted and typed: what the tools find, with the line, is in the failure."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "--quiet", "--no-cache", "."],
        ["ruff", "format", "--check", "--quiet", "--no-cache", "."],
        ["mypy"],  # its cache lies in .mypy_cache: the second time takes a few seconds
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_the_tools_find_nothing(command):
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "README.md"])
def test_what_the_guides_point_at_is_there(name):
    """Paths in backticks or in the map of files, and names of tables beside the file that they are said to be in."""
    text = (ROOT / name).read_text(encoding="utf-8")
    paths = re.findall(r"`((?:gan|tests|weights)/[\w./]*)`", text) + re.findall(r"^(gan/[\w./]+)  ", text, re.MULTILINE)
    assert len(paths) > 3
    missing = [path for path in paths if not (ROOT / path).exists()]
    assert not missing
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "gan").rglob("*.py"))
    tables = re.findall(r"`([A-Z]{4,})`", text)
    assert not [table for table in tables if table != "LICENSE" and not re.search(rf"^{table}\b.* = ", sources, re.M)]
