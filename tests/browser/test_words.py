"""A model of words on the page: read, dragged, looked at on a sheet, and climbed as a ladder."""

import pytest
from gradio_client import Client
from small_models import small_generator
from studio_app import running

from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model
from gan.studio.recipes import Recipe
from gan.studio.visitors import AT_HOME, address

SMALL = {"symbols": " abcdefghij", "places": 6, "channels": 8, "blocks": 1}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The app with a small model of words alone."""
    root = tmp_path_factory.mktemp("words")
    config = ModelConfig("words", {**SMALL, "z_dim": 8}, SMALL, title="Words", licence="CC0", data="nothing", psi=1.0)
    network = small_generator("words", **config.generator)
    network.out.weight.data.mul_(9)
    write_model(root / "words", config, network, config.build_discriminator(), "# Words")
    with running(root) as app:
        yield app


def words_of(app, *seeds: int) -> list[str]:
    return app.studio.engine.texts([Recipe("words", seed=seed) for seed in seeds])


def test_what_the_routes_read(app):
    recipes = [{"model": "words", "seed": seed} for seed in range(3)]
    assert app.table("studio/texts", {"recipes": recipes})["texts"] == words_of(app, 0, 1, 2)
    rungs = app.table("studio/ladder", {"keyframes": recipes[:2], "steps": 12})["rungs"]
    assert (rungs[0]["text"], rungs[-1]["text"]) == tuple(words_of(app, 0, 1))
    assert sum(rung["frames"] for rung in rungs) == 13 and rungs[0]["frame"] == 0
    assert all(a["text"] != b["text"] for a, b in zip(rungs, rungs[1:], strict=False))


def test_what_programs_read_is_made_in_turns_and_counts_for_their_address(app, monkeypatch):
    turns, do = [], app.studio.batcher.do
    monkeypatch.setattr(
        app.studio.batcher, "do", lambda work, count: turns.append((address(), count)) or do(work, count)
    )
    client = Client(app.url, verbose=False)
    assert client.predict(seeds="0-8", api_name="/texts") == words_of(app, *range(9))
    assert [count for _, count in turns] == [8, 1] and {origin for origin, _ in turns} <= set(AT_HOME)
    client.close()


def test_words_are_read_dragged_and_climbed(visitor, app):
    me = visitor().come()
    first = words_of(app, 0)[0]
    assert me.page.locator("#reads").inner_text() == first
    assert me.page.locator("#picture").get_attribute("aria-label").startswith(f"{first} · ")
    sheet = me.page.locator("#sheet button")
    assert sheet.count() == 24
    me.until(
        "w => document.querySelectorAll('#sheet button')[7].ariaLabel.startsWith(w)", arg=f"{words_of(app, 7)[0]} · "
    )
    me.drag("d0", [0.5, 0.6, 0.98]).until("look.quiet()")
    moved = app.studio.engine.texts([Recipe.from_json(me.recipe)])[0]
    assert moved != first and me.page.locator("#reads").inner_text() == moved
    me.accessible()
    assert me.page.locator("#do-seek").is_hidden()
    me.click("tab-interpolate-button")
    me.page.locator("#add-seeds input, #add-seeds textarea").fill("1, 2")
    me.click("do-add")
    me.until("studio.pins.list.length === 2 && studio.film.key === JSON.stringify(studio.film.plan())")
    rungs = me.page.locator("#ladder button")
    me.until("document.querySelectorAll('#ladder button').length > 1")
    first, second = words_of(app, 1, 2)
    assert rungs.first.inner_text() == first and second in rungs.all_inner_texts()
    rung = me.page.get_by_role("button", name=second, exact=True)
    rung.click()
    me.until("w => document.getElementById('film-caption').textContent.startsWith(w)", arg=f"{second} · ")
    assert rung.get_attribute("aria-current") == "true"
    me.accessible()
    me.click("tab-models-button")
    card = me.page.locator("#cards .card")
    assert "As a page" not in card.inner_text() and "Explore" in card.inner_text()  # no page can paint words
