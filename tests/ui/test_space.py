"""The repository as a Space and as an image: what it says of itself, and the app in a Space's environment, behind its
name, from the files that the Dockerfile takes along, with its words.

There is no Docker here and no Hub. So this cannot be tried: an image being built, a Space being built, the Space's
proxy (of which only the headers are sent), its frame, and the signing in.
"""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib.metadata import version
from pathlib import Path

import pytest
from hostile import encoded, picture
from packaging.requirements import Requirement
from packaging.version import Version

from gan.ui.doors.keys import read_key
from gan.ui.space import settle

ROOT = Path(__file__).resolve().parents[2]
NAME = "ada-studio.hf.space"
ME = {"host": NAME, "x-visitor": "somebody-for-tests", "x-forwarded-proto": "https", "content-type": "application/json"}
ON_ZERO_GPU = ("2.8.0", "2.9.1", "2.10.0", "2.11.0")  # versions of torch that ZeroGPU takes
SECONDS = 120


def settings() -> dict[str, str]:
    """What stands before the README."""
    _, table, _ = (ROOT / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    return dict(re.findall(r"^(\w+): *\"?([^\"\n]*)\"?$", table, re.MULTILINE))


def requirements() -> dict:
    lines = (ROOT / "requirements.txt").read_text().split("\n")
    return {one.name: one.specifier for one in (Requirement(line) for line in lines if line.strip())}


def image() -> list[tuple[str, str]]:
    """The Dockerfile, (instruction, the rest of its line)."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split(" ", 1)) for line in lines if line and not line.startswith("#")]


def test_the_readme_says_what_a_space_needs():
    told, wanted = settings(), requirements()
    assert told["sdk"] == "gradio" and (ROOT / told["app_file"]).is_file() and told["license"] == "apache-2.0"
    assert re.fullmatch(r"\d+\.\d+\.\d+", told["sdk_version"]) and told["sdk_version"] in wanted["gradio"]
    assert Version(told["sdk_version"]) <= Version(version("gradio"))
    assert told["python_version"] == "3.12" and len(told["short_description"]) <= 60
    assert any(one in wanted["torch"] for one in ON_ZERO_GPU)
    assert not any("==" in str(specifier) for specifier in wanted.values())  # one pip call has to please others, too


def test_the_image_is_nobodys_root_and_lacks_nothing():
    lines = image()
    kinds = [kind for kind, _ in lines]
    assert kinds.index("USER") < kinds.index("ENTRYPOINT") and dict(lines)["USER"] != "root"
    assert ("ARG", "COMPUTE=cpu") in lines and {"HEALTHCHECK", "VOLUME", "EXPOSE"} <= set(kinds)
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    taken = [word for kind, words in lines if kind == "COPY" for word in words.split()[:-1]]
    assert all((ROOT / name).exists() and f"!{name}" in ignored for name in taken)
    (spelt,) = [words for _, words in lines if "grep ^torch" in words]
    (asked,) = re.findall(r'"\$\((.*?)\)"', spelt)
    found = subprocess.run(shlex.split(asked), cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    assert Requirement(found).specifier == requirements()["torch"]


def test_the_keys_that_are_shown_are_keys():
    for name in ("Dockerfile", "README.md"):
        shown = re.findall(r'--auth"?,? "?(\w+:[\w-]+)', (ROOT / name).read_text(encoding="utf-8"))
        assert [read_key(key) for key in shown if key != "name:password"], name


def test_a_space_is_told_what_it_does_not_say(tmp_path):
    environment = {"SPACE_ID": "ada/studio", "HOME": str(tmp_path)}
    settle(environment)
    assert environment["GRADIO_SERVER_NAME"] == "0.0.0.0" and environment["GRADIO_SERVER_PORT"] == "7860"
    assert "HF_HOME" not in environment
    environment |= {"HOME": "/dev/null", "HF_HOME": "/data/.huggingface"}
    settle(environment)
    assert environment["HF_HOME"] == "/data/.huggingface" and Path(environment["XDG_CACHE_HOME"]).parent.is_dir()
    elsewhere = {"HOME": "/dev/null"}
    settle(elsewhere)
    assert elsewhere == {"HOME": "/dev/null"}


class Space(str):
    """The app's address, and the file with the seconds that its visitor may have of a graphics card (`quota`)."""

    def __new__(cls, url: str, quota: Path):
        made = super().__new__(cls, url)
        made.quota = quota
        return made


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    """The address of the app: in a Space's environment with a home in which nobody can write, from a folder that holds
    what the image does, started as the image starts it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = dict(SPACE_ID="ada/studio", SPACE_HOST=NAME, SYSTEM="spaces", HOME="/dev/null", CPU_CORES="2")
    quota = tmp_path_factory.mktemp("hub") / "quota"
    quota.write_text("300")
    told |= dict(SPACES_ZERO_GPU="true", PYTHONPATH=str(ROOT / "tests" / "zero_gpu"), QUOTA=str(quota))
    told |= dict(
        GRADIO_SERVER_NAME="0.0.0.0", GRADIO_SERVER_PORT=str(port), GRADIO_NUM_PORTS="1", GRADIO_SSR_MODE="True"
    )
    kept = {
        name: value for name, value in os.environ.items() if name not in ("HF_HOME", "XDG_CACHE_HOME", "PYTHONPATH")
    }
    folder = tmp_path_factory.mktemp("space")
    for names in [words.split()[:-1] for kind, words in image() if kind == "COPY"]:
        for name in names:
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile)(ROOT / name, folder / name)
    python, *words = json.loads(dict(image())["ENTRYPOINT"].replace(dict(image())["VOLUME"], str(folder / "runs")))
    assert python == "python"
    how = dict(cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process = subprocess.Popen([sys.executable, *words], env=kept | told | {"TMPDIR": str(folder)}, **how)
    try:
        lines = iter(process.stdout.readline, "")  # Gradio says something of its own before
        assert any(line.startswith("GAN Studio is open at ") for line in lines), process.stderr.read()
        yield Space(f"http://127.0.0.1:{port}/", quota)
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)


def asked(url: str, body: dict | bytes | None = None, **headers) -> bytes:
    data = json.dumps(body).encode() if isinstance(body, dict) else body
    request = urllib.request.Request(url, data, ME | headers)
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return answer.read()


def told(url: str, body: dict | bytes | None = None) -> dict:
    return json.loads(asked(url, body))


def test_the_page_its_pictures_and_its_api(space):
    assert b"GAN Studio" in asked(space)
    painted = asked(f"{space}studio/render", {"recipes": [{"model": "digits"}]}, origin=f"https://{NAME}")
    assert len(painted) == 28 * 28 * 4
    event = told(f"{space}gradio_api/call/interpolate", {"data": ["digits", "1,2", 2, "linear", False]})
    assert b"complete" in asked(f"{space}gradio_api/call/interpolate/{event['event_id']}")
    with pytest.raises(urllib.error.HTTPError, match="421"):
        asked(space, host="somebody-else.hf.space")


def test_the_image_tells_whether_it_is_well(space):
    (command,) = re.findall(r"CMD (\[.*\])", dict(image())["HEALTHCHECK"])
    port = space.rsplit(":", 1)[1].strip("/")
    for known, status in ((port, 0), ("9", 1)):  # nobody listens on the port 9
        words = json.loads(command.replace("7860", known))
        assert subprocess.run([sys.executable, *words[1:]], stderr=subprocess.DEVNULL).returncode == status


@pytest.fixture(scope="module")
def sent(space):
    """Pictures that were sent: their set."""
    sent = told(f"{space}studio/train/set", {})["id"]
    for i in range(5):
        told(f"{space}studio/train/set/{sent}/file?name={i}.png", encoded(picture(i)))
    told(f"{space}studio/train/set/{sent}/read", {"base": "", "side": 16})
    awaited(lambda: told(f"{space}studio/train/set/{sent}")["status"], "ready")
    return sent


def started(space: str, sent: str, device: str) -> str:
    """A run of two steps."""
    train = dict(batch_size=4, record_every=1, signals_every=0)
    order = dict(set=sent, base="", family="dcgan", preset="quick", steps=2, title="Tiny", device=device, train=train)
    return told(f"{space}studio/train/start", order)["id"]


def state_of(space: str, run: str) -> dict:
    return told(f"{space}studio/train/run/{run}")["state"]


def turn_taken(space: str, run: str) -> None:
    """What the page's scripts ask of Gradio for a run that waits."""
    who = json.dumps({"run": run, "visitor": ME["x-visitor"]})
    told(f"{space}gradio_api/queue/join", {"api_name": "take_turn", "data": [who], "session_hash": "tests"})
    assert b'"success":true' in asked(f"{space}gradio_api/queue/data?session_hash=tests")


def test_a_run(space, sent):
    """A network is trained on them in a process of its own, and its model paints."""
    run = started(space, sent, "cpu")
    awaited(lambda: state_of(space, run)["status"], "done")
    assert len(asked(f"{space}studio/render", {"recipes": [{"model": run}]})) == 16 * 16 * 4
    assert asked(f"{space}studio/export/web.zip", {"id": run, "rev": "0000002"}).startswith(b"PK")


def test_a_run_on_zero_gpu(space, sent):
    """A run waits for whoever started it, and is played with their share of the card while there is some."""
    run = started(space, sent, "auto")
    assert (state_of(space, run)["status"], state_of(space, run)["lent"]) == ("waiting", True)
    space.quota.write_text("5")
    turn_taken(space, run)
    refused = state_of(space, run)
    assert refused["status"] == "stopped"
    assert "The Hub says: ZeroGPU quota exceeded You have exceeded your free" in refused["sentence"]
    assert "vs. 5s left). Try again in 1:30:00." in refused["sentence"]
    space.quota.write_text("300")
    told(f"{space}studio/train/run/{run}/continue", {})
    turn_taken(space, run)
    assert state_of(space, run)["status"] == "done"
    assert len(asked(f"{space}studio/render", {"recipes": [{"model": run}]})) == 16 * 16 * 4


def awaited(look, wanted: str) -> None:
    deadline = time.monotonic() + SECONDS
    while (seen := look()) != wanted:
        assert time.monotonic() < deadline, seen
