"""The app as a process of its own: how it begins, and what it leaves when it is ended."""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from kept_runs import trained

from gan.studio.runs.jobs import Job, RunSpec, write_job
from gan.ui.app import _spare_what_stays

ROOT = Path(__file__).resolve().parents[2]
ME = {"x-visitor": "somebody-for-tests", "content-type": "application/json"}
# The signal comes as soon as the process asks for that module: put where Python looks for it before anything else.
STRUCK = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # who starts the tests in the background has it ignored
def strike(event, args, left=[1]):
    if event == "import" and args[0] == os.environ["STRUCK_AT"] and left:
        left.pop()
        os.kill(os.getpid(), int(os.environ["STRUCK_BY"]))
sys.addaudithook(strike)
"""


def start(words: list, **environment) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, **{name: str(value) for name, value in environment.items()}},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("at", ["argparse", "gradio"])
def test_the_app_is_ended_in_its_first_seconds(tmp_path, number, at):
    ended_early(tmp_path, ["app.py", "--runs", tmp_path / "runs"], number, at)


@pytest.mark.parametrize("at", ["argparse", "torch"])
def test_a_command_is_ended_in_its_first_seconds(tmp_path, at):
    ended_early(tmp_path, ["-m", "gan", "generate", "--model", "cats", "--out", tmp_path / "a.png"], signal.SIGINT, at)


def ended_early(folder: Path, words: list, number: signal.Signals, at: str) -> None:
    (folder / "sitecustomize.py").write_text(STRUCK)
    process = start(words, PYTHONPATH=folder, STRUCK_AT=at, STRUCK_BY=int(number), PYTHONDONTWRITEBYTECODE=1)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err) == (130, "", "Stopped.\n")
    assert os.listdir(folder) == ["sitecustomize.py"]


def test_a_port_that_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        out, err = (process := start(["app.py", "--port", str(port)])).communicate(timeout=120)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1)
    assert err == f"The port {port} is taken by another program. Choose another one with --port, or leave it out.\n"


def test_what_was_only_for_visitors_goes_with_the_app(tmp_path):
    """Films and pictures that nobody will take away, and scores that are being taken; runs stay."""
    run, temporary = trained(tmp_path / "runs" / "mine", (2,)).path, tmp_path / "temporary"
    np.savez(tmp_path / "data.npz", images=np.zeros((60, 16, 16, 3), np.uint8))
    told = json.loads((run / "config.json").read_text())
    (run / "config.json").write_text(json.dumps(told | {"data": str(tmp_path / "data.npz")}))
    write_job(run, Job(RunSpec(base="cats"), str(tmp_path / "data.npz")))
    process = start(["app.py", "--runs", tmp_path / "runs"], GRADIO_TEMP_DIR=temporary)
    try:
        url = process.stdout.readline().removeprefix("GAN Studio is open at ").split()[0]
        event = json.loads(asked(f"{url}gradio_api/call/interpolate", {"data": ["cats", "1,2", 2, "linear", False]}))
        assert b"complete" in asked(f"{url}gradio_api/call/interpolate/{event['event_id']}")
        assert asked(f"{url}studio/scores/start", {"run": "mine"}) == b"{}"
        assert len(list(temporary.glob("gan-studio-*"))) == 1
        (job,) = (tmp_path / "runs" / ".scores").glob(".job-*")
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 0 and "Traceback" not in err and not job.exists(), err
    assert not list(temporary.glob("gan-studio-*")) and (run / "job.json").exists()


def asked(url: str, body: dict | None = None) -> bytes:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, ME), timeout=120) as answer:
        return answer.read()


def test_what_is_loaded_is_not_looked_through_again():
    before = gc.get_freeze_count()
    try:
        _spare_what_stays()
        assert gc.get_freeze_count() > before + 10_000
    finally:
        gc.unfreeze()
