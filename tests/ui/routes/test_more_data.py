"""Whether a GAN's samples help, over real HTTP and by a real process: asked, found out, and nobody else's business."""

import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image
from studio_app import finished, running, sentence
from training.test_classifier import bars

from gan.networks.spectrograms import RATE
from gan.store.wav_file import wav_bytes
from gan.studio.scores.more_data import Experiment

ANN, BOB = {"x-visitor": "an" * 16}, {"x-visitor": "bo" * 16}
TINY = "unlabelled=8 gan-steps=1 gan-batch=4 width=4 samples=4 steps=1 batch=8 seeds=2"


@pytest.fixture(scope="module")
def app(weights, tmp_path_factory):
    with running(weights, runs=tmp_path_factory.mktemp("runs"), shared=True) as app:
        yield app


def given(app, data: bytes, name: str = "bars.npz") -> str:
    """A set of Ann's that holds a file."""
    id = app.table("studio/train/set", {}, ANN)["id"]
    app.ask(f"studio/train/set/{id}/file?name={name}", data, ANN)
    app.table(f"studio/train/set/{id}/read", {"side": 16, "channels": 1}, ANN)
    finished("pictures")
    assert app.table(f"studio/train/set/{id}", None, ANN)["status"] == "ready"
    return id


def npz(**more) -> bytes:
    x, labels = bars(60)
    file = io.BytesIO()
    np.savez(file, images=x[:, 0].numpy(), **more)
    return file.getvalue()


def hits() -> bytes:
    """A zip of sounds of two classes."""
    file, time = io.BytesIO(), np.arange(2000) / RATE
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(4):
            tone = np.sin(2 * np.pi * (200 + 100 * number) * time)
            archive.writestr(f"{('kicks', 'hats')[number % 2]}/{number}.wav", wav_bytes(tone))
    return file.getvalue()


def test_a_set_with_classes_is_tried(app, monkeypatch):
    usual = Experiment.command
    tiny = [f"--{word}" for word in TINY.split()]
    monkeypatch.setattr(Experiment, "command", lambda self, folder: [*usual(self, folder), *tiny])
    id = given(app, npz(labels=bars(60)[1].numpy()))
    assert app.table(f"studio/more-data?set={id}", None, ANN) == {"status": "none", "report": None}
    assert app.ask("studio/more-data/start", {"set": id, "labelled": 2}, ANN)[0] == 200
    assert app.table(f"studio/more-data?set={id}", None, ANN)["status"] in ("waiting", "running")
    finished("scores")
    told = app.table(f"studio/more-data?set={id}", None, ANN)
    assert told["status"] == "ready", told
    assert len(told["report"]["bars"]) == 5 and len(told["report"]["verdicts"]) == 3 and told["report"]["late"] == ""
    assert told["report"]["how"].startswith("Your pictures: 2 labelled pictures of each of 2 classes")
    status, data, _ = app.ask(f"studio/more-data/samples.png?set={id}", None, ANN)
    assert status == 200 and Image.open(io.BytesIO(data)).size == (32, 128)
    for route, body in (("", None), ("/samples.png", None), ("/start", {"set": id}), ("/stop", {"set": id})):
        path = f"studio/more-data{route}" + ("" if body else f"?set={id}")
        assert "somebody else's pictures" in sentence(*app.ask(path, body, BOB))
    chinese = json.loads(app.ask(f"studio/more-data?set={id}", None, ANN | {"accept-language": "zh-CN"})[1])
    assert chinese["report"]["bars"][0]["title"] == "只有带标签的图片"


def test_what_cannot_be_tried_is_said(app):
    id = given(app, npz())
    assert "have no classes" in app.refused("studio/more-data/start", {"set": id}, ANN)
    assert "not being scored" in app.refused("studio/more-data/stop", {"set": id}, ANN)
    assert "no such pictures" in app.refused(f"studio/more-data/samples.png?set={id}", None, ANN)
    id = given(app, hits(), "hits.zip")
    assert app.table(f"studio/train/set/{id}", None, ANN)["report"]["classes"] == ["hats", "kicks"]
    assert "Only pictures can be tried" in app.refused("studio/more-data/start", {"set": id}, ANN)
    for bad in ("x", [], {}, -1, 10**9):
        assert app.refused("studio/more-data/start", {"set": bad, "labelled": bad}, ANN)
