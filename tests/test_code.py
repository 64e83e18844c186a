"""The code is linted, formatted and typed: what the tools find, with the line, is in the failure."""

import argparse
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gan.cli.main import COMMANDS
from gan.ui.app import _parser

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


GUIDES = ["CONTRIBUTING.md", "README.md"]
# Of docker, ruff and torchrun, which the guides name beside our own.
OTHERS_OPTIONS = {
    "--build-arg",
    "--check",
    "--gpus",
    "--nproc-per-node",
    "--nnodes",
    "--rdzv-backend",
    "--rdzv-endpoint",
}


@pytest.mark.parametrize("name", GUIDES)
def test_what_the_guides_point_at_is_there(name):
    """Paths in backticks or in the map of files, files by their name alone, links with their headings, and names of
    tables beside the file that they are said to be in."""
    text = (ROOT / name).read_text(encoding="utf-8")
    paths = re.findall(r"`((?:gan|tests|weights)/[\w./]*)`", text) + re.findall(r"^(gan/[\w./]+)  ", text, re.MULTILINE)
    assert len(paths) > 3
    missing = [path for path in paths if not (ROOT / path).exists()]
    assert not missing
    ours = [ROOT / "app.py", *(path for part in ("gan", "tests", "weights") for path in (ROOT / part).rglob("*.*"))]
    known = {path.name for path in [*ours, *ROOT.glob("*.*")] if "node_modules" not in path.parts}
    assert not set(re.findall(r"`([\w-]+\.(?:py|js|json|md|toml|txt))`", text)) - known
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "gan").rglob("*.py"))
    tables = re.findall(r"`([A-Z]{4,})`", text)
    assert not [table for table in tables if table != "LICENSE" and not re.search(rf"^{table}\b.* = ", sources, re.M)]
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
        path, _, heading = link.partition("#")
        assert (ROOT / (path or name)).exists(), link
        assert not heading or heading in headings(ROOT / (path or name)), link


def headings(path: Path) -> set[str]:
    """The headings of a page as links name them."""
    found = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in found}


@pytest.mark.parametrize("name", GUIDES)
def test_the_commands_and_options_in_the_guides_exist(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    options = {command: options_of(command) for command in COMMANDS}
    for command, rest in re.findall(r"(?:`|^|-m )gan ([a-z]+)([^`\n]*)", text, re.MULTILINE):
        assert not set(re.findall(r"--[a-z][a-z-]+", rest)) - options[command], command
    everywhere = OTHERS_OPTIONS.union({option for action in _parser()._actions for option in action.option_strings})
    assert not set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) - everywhere.union(*options.values())
    for script in re.findall(r"python ((?:tests/|app)[\w/]*\.py)", text):
        assert (ROOT / script).exists(), script


def options_of(command: str) -> set[str]:
    """What `python -m gan COMMAND` knows."""
    parser = argparse.ArgumentParser()
    importlib.import_module(f"gan.cli.parsers.{command}").add_options(parser)
    return {option for action in parser._actions for option in action.option_strings}
