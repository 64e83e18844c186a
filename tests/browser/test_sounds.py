"""A model of sounds on the page: seen, heard while dragged, as a film and from its card, and learned from WAV files."""

from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client
from small_models import small_generator
from studio_app import running

from gan.networks.spectrograms import RATE
from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model
from gan.store.wav_file import pcm, wav_bytes
from gan.studio.recipes import Recipe

SMALL = {"side": 16, "width": 4}
_COUNTED = """
const Source = AudioContext.prototype.createBufferSource;
window.heard = [];
AudioContext.prototype.createBufferSource = function () {
  const made = Source.call(this), start = made.start.bind(made);
  made.start = (...how) => {
    window.heard.push([...made.buffer.getChannelData(0)].map((value) => Math.round(value * 32768)));
    start(...how);
  };
  return made;
};
"""

_WAVE_IS_WHOLE = """
(() => {
  const wave = document.getElementById("wave");
  return wave.clientWidth > 100 && wave.width === Math.round(wave.clientWidth * devicePixelRatio);
})()
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The app with a small model of sounds alone."""
    root = tmp_path_factory.mktemp("sounds")
    config = ModelConfig("sounds", {**SMALL, "z_dim": 8}, SMALL, title="Hits", licence="CC0", data="nothing", psi=1.0)
    network = small_generator("sounds", **config.generator)
    network.to_picture.weight.data.mul_(40)
    write_model(root / "hits", config, network, config.build_discriminator(), "# Hits")
    with running(root) as app:
        yield app


def tone(hertz: float) -> np.ndarray:
    time = np.arange(9000) / RATE
    return np.sin(2 * np.pi * hertz * time) * np.exp(-20 * time)


def sound_of(app, recipe: Recipe) -> list[int]:
    return pcm(app.studio.engine.sounds([recipe])[0]).tolist()


def heard(me) -> list[list[int]]:
    return me.page.evaluate("window.heard")


def test_programs_get_wav_files(app, tmp_path):
    client = Client(app.url, verbose=False, download_files=tmp_path)
    made = client.predict(api_name="/sounds", model="hits", seeds="3-4")
    client.close()
    assert [Path(file).read_bytes()[44:] for file in made] == [
        pcm(app.studio.engine.sounds([Recipe("hits", seed=seed)])[0]).tobytes() for seed in (3, 4)
    ]
    said = app.refused("studio/morph", {"keyframes": [{"model": "hits"}, {"model": "hits", "seed": 1}], "fps": 0})
    assert "1 to 60 frames a second" in said
    assert "1 to 16 sounds" in app.refused("studio/sounds", {"recipes": [{"model": "hits"}] * 17})


def test_sounds_are_seen_heard_saved_and_learned(visitor, app, tmp_path):
    me = visitor()
    me.begin_with(_COUNTED)
    me.come()
    assert heard(me) == [] and me.page.locator("#do-seek").is_hidden()  # nothing sounds before somebody wants it
    assert me.page.evaluate("[studio.explore.model.side, studio.explore.model.width]") == [16, 128]
    me.click("hear-play")
    assert heard(me) == [sound_of(app, Recipe("hits"))]
    me.drag("d0", [0.5, 0.6, 0.98]).until("look.quiet()")
    last = sound_of(app, Recipe.from_json(me.recipe))
    me.until("sound => JSON.stringify(window.heard.at(-1)) === JSON.stringify(sound)", arg=last)
    assert last != heard(me)[0]
    me.accessible()
    with me.page.expect_download() as saved:
        me.click("hear-save")
    assert saved.value.path().read_bytes() == wav_bytes(np.array(last) / 32767)
    me.page.locator("#hear-live").uncheck()
    count = len(heard(me))
    me.drag("d0", [0.5, 0.1]).until("look.quiet()")
    assert len(heard(me)) == count
    me.click("tab-interpolate-button")
    me.page.locator("#add-seeds input, #add-seeds textarea").fill("1, 2")
    me.click("do-add")
    me.until("studio.pins.list.length === 2 && studio.film.key === JSON.stringify(studio.film.plan())")
    me.until("document.getElementById('film-wav')")
    me.click("do-play")
    me.until("n => window.heard.length > n", arg=count)
    film = heard(me)[count]
    first = sound_of(app, Recipe("hits", seed=1))
    assert np.corrcoef(film[:2000], first[:2000])[0, 1] > 0.999  # all of it may be a little softer
    me.click("do-play")
    me.accessible()
    me.page.evaluate("studio.film.way.loop = true")
    me.click("do-play").until("studio.film.playing")
    me.page.evaluate("studio.explore.edit({ seed: 7 })")
    me.until("studio.explore.shown.seed === 7")
    me.click("tab-explore-button").until("!studio.film.playing && !studio.film.morph.hearing.now")
    me.until(_WAVE_IS_WHOLE)  # it was painted while nobody saw it
    before = me.page.viewport_size
    me.page.set_viewport_size({"width": 600, "height": 800})
    me.until(_WAVE_IS_WHOLE)
    me.page.set_viewport_size(before)
    me.click("tab-models-button")
    card = me.page.locator("#cards .card")
    assert "As a page" not in card.inner_text()
    count = len(heard(me))
    card.get_by_role("button", name="Play: Hits").click()
    me.until("n => window.heard.length > n", arg=count)
    assert len(heard(me)[count]) == 8 * 2048
    for number in range(3):  # and sounds of one's own are learned from
        (tmp_path / f"{number}.wav").write_bytes(wav_bytes(tone(200 + 100 * number)))
    me.click("tab-train-button")
    me.page.locator("#pictures-input").set_input_files([tmp_path / f"{number}.wav" for number in range(3)])
    me.until("document.getElementById('findings').textContent.includes('3 different sounds')")
    assert me.page.locator("#base input").input_value().startswith("Hits")  # what it starts from makes sounds already
    me.until("!document.getElementById('do-start').disabled")
    assert me.page.locator("#set-sheet").is_visible()
    me.accessible()
