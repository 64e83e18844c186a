"""The app as people have it, on a free port of this computer, with small models that are made in a moment.

with running(small_weights(folder)) as app:
    app.url                                                         # "http://127.0.0.1:7860/"
    app.pictures({"model": "cats", "seed": 3})                      # what the app paints, through its routes
"""

import contextlib
import json
import os
import socket
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model
from gan.studio.hub.client import Hub
from gan.ui.doors.door import Door
from gan.ui.doors.house import House
from gan.ui.page import Studio, build, launch

STYLED = {"side": 16, "channel_base": 128, "channel_max": 16}
DIGITS = {"image_shape": (1, 12, 12), "num_classes": 3, "hidden": (32,)}
FOLLOWS = {
    "count": 10,
    "reached": 8,
    "outside": 0.01,
    "between_seeds": 0.1,
}  # what `gan drag --keep` writes where points can be dragged
CLASSES = ("zero", "one", "two")
Z_DIM = 24  # of cats: two pages of the expert panel


@dataclass(frozen=True)
class App:
    """A running app. `page` is its Blocks, `studio` what it works with."""

    url: str
    studio: Studio
    page: object

    def ask(
        self, path: str, body: bytes | dict | None = None, headers: dict | None = None, seconds: float = 30
    ) -> tuple[int, bytes, dict]:
        """(status, body, headers) of a GET, or of a POST where there is a body."""
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        request = urllib.request.Request(self.url + path, data, {"content-type": "application/json", **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=seconds) as answer:
                return answer.status, answer.read(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read(), dict(error.headers)

    def table(self, path: str, body: bytes | dict | None = None, headers: dict | None = None) -> dict:
        """The JSON that answers where all is well."""
        status, answer, _ = self.ask(path, body, headers, 120)
        assert status == 200, answer[:500]
        return json.loads(answer)

    def refused(
        self, path: str, body: bytes | dict | None = None, headers: dict | None = None, status: int = 400
    ) -> str:
        """The one sentence that answers where something is wrong."""
        return sentence(*self.ask(path, body, headers, 120), status)

    def pictures(self, *recipes: dict) -> np.ndarray:
        """RGBA (n, height, width, 4) from the route that the page uses."""
        status, body, headers = self.ask("studio/render", {"recipes": list(recipes)})
        assert status == 200, body
        return np.frombuffer(body, np.uint8).reshape(-1, int(headers["x-height"]), int(headers["x-width"]), 4)


@contextlib.contextmanager
def running(
    weights: Path,
    hub: Hub | None = None,
    port: int | None = None,
    runs: Path | None = None,
    shared: bool = False,
    house: House | None = None,
) -> Iterator[App]:
    """The app with the models of a folder, in this process; visitors may not name folders. Runs are in `runs`, or gone
    after."""
    home = None if runs else tempfile.TemporaryDirectory()
    port = port or _free_port()
    studio = Studio.open(runs or Path(home.name), (weights,), hub, shared)
    page = build(studio)
    try:
        url = launch(studio, page, "127.0.0.1", port, house)
        studio.warm_up()
        yield App(url, studio, page)
    finally:
        page.close(verbose=False)
        studio.close()
        if home:
            home.cleanup()


def another_door(app: App, house: House, inside=None) -> Door:
    """As the app's own, but of another house; `inside`: what it stands before, in the app's place."""
    usual = app.page.app.door
    door = Door(inside or usual.app, house, app.page.app._ours, usual.calls)
    door.opened, door.lines = True, usual.lines
    return door


@contextlib.contextmanager
def behind(app: App, house: House) -> Iterator[App]:
    """The running app with the door of another house before it, which is started faster than another app. Where the
    houses differ in `public_root`, the app itself knows only its own."""
    guarded = app.page.app
    usual = guarded.door
    guarded.door = guarded.middleware_stack = another_door(app, house)
    try:
        yield app
    finally:
        guarded.door = guarded.middleware_stack = usual


def _free_port() -> int:
    """The first of this process's own that nobody has: apps that follow one another share it, and a browser what it
    fetched of one. Below those which the system gives to anybody."""
    first = 20_000 + os.getpid() % 100 * 100
    for port in range(first, first + 100):
        with socket.socket() as free, contextlib.suppress(OSError):
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the app does
            free.bind(("127.0.0.1", port))
            return port
    raise AssertionError("a hundred apps are open")


def finished(threads: str) -> None:
    """Wait until the threads of the app that have this name have done their work."""
    for thread in threading.enumerate():
        if thread.name == threads:
            thread.join(120)
            assert not thread.is_alive()


def small_weights(root: Path) -> Path:
    """A folder with `cats`, in colour with noise, and `digits`, grey pixel art of three classes."""
    torch.manual_seed(0)
    write_styled(root / "cats", title="Cats", summary="No cats at all.", data="nothing", psi=0.8, drags=FOLLOWS)
    config = ModelConfig(
        "mlp",
        {**DIGITS, "z_dim": 10},
        DIGITS,
        title="Digits",
        licence="CC0",
        data="nothing",
        classes=CLASSES,
        pixel_art=True,
    )
    digits = config.build_generator()
    digits.out.weight.data.mul_(5)
    digits.hidden[0].weight.data[:, -3:].mul_(5)  # a class that shows
    write_model(root / "digits", config, digits, config.build_discriminator(), "# Digits")
    return root


def write_styled(folder: Path, **about) -> Path:
    """A small StyleGAN2 whose fresh weights already make pictures that differ."""
    config = ModelConfig(
        "stylegan2", {**STYLED, "z_dim": Z_DIM, "w_dim": 16, "mapping_layers": 2}, STYLED, **{"licence": "CC0", **about}
    )
    network = config.build_generator()
    for name, weight in network.named_parameters():
        if name.endswith("noise_strength"):
            weight.data.fill_(0.3)
        if name.endswith("torgb.weight"):
            weight.data.mul_(0.4)
    return write_model(folder, config, network, config.build_discriminator(), "# A small model")


def write_stack(folder: Path, **about) -> Path:
    """A small list of layers whose fresh weights already make pictures that differ."""
    layers = [
        "linear 8->64",
        "reshape 4x4x4",
        "batch_norm 4",
        "relu",
        "conv_transpose 4->4 kernel=4 stride=2 padding=1",
        "relu",
        "conv_transpose 4->3 kernel=4 stride=2 padding=1",
        "tanh",
    ]
    config = ModelConfig("stack", {"z_dim": 8, "layers": layers}, title="Stack", **about)
    network = config.build_generator()
    for weight in network.parameters():
        weight.data.mul_(3)
    return write_model(folder, config, network)


def sentence(status: int, answer: bytes, headers: dict, wanted: int = 400) -> str:
    """The one sentence of an answer that refuses something."""
    assert status == wanted and headers["content-type"] == "application/json", answer[:200]
    words = json.loads(answer)["error"]
    assert words.endswith(".") and len(words) < 500 and "Traceback" not in words
    return words
