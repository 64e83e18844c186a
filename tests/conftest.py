"""What all tests share: no test reaches the real Hub or a person's own cache, and none sends statistics.

The environment is set here, before anything imports huggingface_hub or gradio, which read it once.
"""

import atexit
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

_HOME = tempfile.mkdtemp(prefix="gan-studio-tests-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)

os.environ.update(
    HF_HOME=_HOME,
    HF_ENDPOINT="http://127.0.0.1:9",  # nobody listens there: a test that forgets its own hub fails at once
    HF_HUB_DISABLE_XET="1",
    HF_HUB_DISABLE_TELEMETRY="1",
    GRADIO_ANALYTICS_ENABLED="False",
    LC_ALL="C.UTF-8",  # the command line speaks English, whatever the language of this computer
)
for name in ("HF_TOKEN", "HF_HUB_OFFLINE", "HF_HUB_CACHE", "TRANSFORMERS_OFFLINE"):
    os.environ.pop(name, None)
os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import numpy as np  # noqa: E402 (after the environment and the paths)
import torch  # noqa: E402
import warm_starts  # noqa: E402
from hub_server import HubServer  # noqa: E402

warm_starts.install()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    """Every test, and what is made for it first, meets the same random numbers, whatever was run before it."""
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)


@pytest.fixture
def cold_starts(monkeypatch):
    """All processes of the test start as they do for people: see warm_starts.py."""
    monkeypatch.setattr(warm_starts.Popen, "cold", True)


@pytest.fixture
def hub_server():
    """A hub on loopback with no models yet."""
    server = HubServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def hub():
    """A hub that the tests of a file share."""
    server = HubServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder that the tests of a file share: for caches and runs."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def closed_port():
    """The address of a hub that nobody runs: connections are refused at once."""
    server = HubServer().start()
    server.stop()
    return server.url


@pytest.fixture(scope="session")
def weights(tmp_path_factory):
    """A folder of small models, cats and digits."""
    from studio_app import small_weights

    return small_weights(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="session")
def app(weights):
    """The app, running on a free port. All tests share it: open no models in it."""
    from studio_app import running

    with running(weights) as running_app:
        yield running_app


@pytest.fixture
def quick_prices(monkeypatch):
    """What a run costs is said at once, where no test waits for the trial of a few steps that tells it."""
    from gan.studio.runs import workshop
    from gan.studio.runs.budget import Budget

    def measure(spec, data, base, **more) -> Budget:
        return Budget(9.0, 36.0, 300_000_000, 20, spec.train.get("batch_size", 4), 1, "1 CPU thread", 3000, 4000)

    monkeypatch.setattr(workshop, "measure", measure)
