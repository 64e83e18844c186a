"""What `pip install` leaves behind is whole: a wheel is built, installed, and its page asked for pictures."""

import json
import os
import subprocess
import sys
import urllib.request
from email.parser import Parser
from pathlib import Path

import numpy as np
import pytest

import gan

ROOT = Path(__file__).resolve().parents[1]
_PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
_MINUTES = 120  # seconds that building, installing or opening may take where others use the processor, too


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The folder of an installation of its own: nothing of the checkout, nor of the network."""
    folder = tmp_path_factory.mktemp("installation")
    offline = ["--no-index", "--no-deps"]
    for command in (
        ["wheel", ROOT, *offline, "--no-build-isolation", "--wheel-dir", folder / "wheel"],
        ["install", "gan-studio", *offline, "--find-links", folder / "wheel", "--target", folder / "packages"],
    ):
        done = subprocess.run([*_PIP, *command], capture_output=True, text=True, timeout=_MINUTES)
        assert done.returncode == 0, done.stderr
    return folder / "packages"


def _environment(installed: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(installed)}


def test_it_says_what_it_is(installed):
    (about,) = installed.glob("gan_studio-*.dist-info")
    told = Parser().parsestr((about / "METADATA").read_text(encoding="utf-8"))
    assert told["Version"] == gan.__version__ and told["License-Expression"] == "Apache-2.0"
    assert (about / "licenses" / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()
    required = {line.split()[0] for line in told.get_all("Requires-Dist") if "extra ==" not in line}
    wanted = (ROOT / "requirements.txt").read_text().split()
    assert len(required) == len(wanted) and any(name.startswith("gradio") for name in required)


def test_every_file_is_in_it(installed):
    """Scripts, styles, layouts, words and weights: what an installation lacks would be noticed late."""
    for folder, into in (("gan", installed), ("weights", installed / "gan")):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc"]
        missing = [name for path in files if not (into / (name := path.relative_to(ROOT))).exists()]
        assert files and not missing


def test_the_page_opens_with_the_models_in_the_box(installed, tmp_path):
    """From a folder that has neither gan/ nor weights/."""
    command = [sys.executable, installed / "bin" / "gan-studio", "--host", "127.0.0.1", "--runs", tmp_path / "runs"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=_environment(installed), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        opened = process.stdout.readline()
        assert opened.startswith("GAN Studio is open at "), opened + process.stderr.read()
        url = opened.removeprefix("GAN Studio is open at ").split()[0]
        for name in ("cats", "digits", "digits-dcgan", "people"):
            pixels = _picture(url, {"model": name, "seed": 1})
            assert pixels[..., :3].std() > 20, f"{name} paints nothing"
        with urllib.request.urlopen(f"{url}studio/static/studio.js", timeout=_MINUTES) as answer:
            assert answer.status == 200
    finally:
        process.terminate()
        process.communicate(timeout=_MINUTES)


def _picture(url: str, recipe: dict) -> np.ndarray:
    body = json.dumps({"recipes": [recipe]}).encode()
    request = urllib.request.Request(f"{url}studio/render", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=_MINUTES) as answer:
        height, width = int(answer.headers["x-height"]), int(answer.headers["x-width"])
        return np.frombuffer(answer.read(), np.uint8).reshape(height, width, 4)


def test_the_commands_find_them_too(installed, tmp_path):
    command = [sys.executable, installed / "bin" / "gan", "models"]
    done = subprocess.run(
        command, cwd=tmp_path, env=_environment(installed), capture_output=True, text=True, timeout=_MINUTES
    )
    assert done.returncode == 0 and "people" in done.stdout, done.stderr


def test_the_feature_network_is_found(installed, tmp_path):
    code = "from gan.studio.scores.feature_networks import SHIPPED, own_features; own_features(); print(SHIPPED)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=_environment(installed),
        capture_output=True,
        text=True,
        timeout=_MINUTES,
    )
    assert done.returncode == 0 and Path(done.stdout.strip()).is_relative_to(installed), done.stderr
