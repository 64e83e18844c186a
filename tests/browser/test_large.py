"""Explore with a large model: its small pictures come a few at a time, and give way to the picture itself."""

import json

import pytest
import torch
from studio_app import running

from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model

NETWORK = {"side": 256, "channel_base": 512, "channel_max": 8}
FEW = 4  # pictures of 256 x 256 in one request


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A studio with a model of large pictures, which are quick to paint because it is thin."""
    root = tmp_path_factory.mktemp("large")
    torch.manual_seed(0)
    config = ModelConfig(
        "stylegan2", {**NETWORK, "z_dim": 8, "w_dim": 8, "mapping_layers": 2}, NETWORK, title="Large", psi=0.8
    )
    write_model(root / "large", config, config.build_generator(), config.build_discriminator(), "# Large")
    with running(root) as app:
        yield app


@pytest.fixture
def me(visitor, large):
    """A visitor who notes in `asked` what pictures the page asks for, before the page is open."""
    me = visitor(large)
    me.asked = []
    me.sparing()
    me.page.on(
        "request",
        lambda request: request.url.endswith("/render") and me.asked.append(json.loads(request.post_data)),
    )
    return me


def small(asked: list[dict]) -> list[list[dict]]:
    """The recipes of each request for small pictures."""
    return [one["recipes"] for one in asked if one["size"] == 128]


def test_small_pictures_come_a_few_at_a_time_nearby_first(me):
    me.page.goto(me.app.url)
    me.until("window.studio?.ready && studio.explore.sheetKey")
    requests = small(me.asked)
    assert [len(one) for one in requests] == [FEW] * ((8 + 24) // FEW)
    kinds = ["nearby" if "walk" in one[0] else "sheet" for one in requests]
    assert kinds == ["nearby"] * 2 + ["sheet"] * 6
    strips = [one["recipes"] for one in me.asked if one.get("spare")]
    assert max(map(len, strips)) == FEW and sum(map(len, strips)) == 8 * 5  # of each slider by itself
    assert me.asked[0]["size"] is None and not small(me.asked[:1])  # the picture itself before all of them


def test_what_is_left_is_given_up_for_another_picture_and_the_sheet_goes_on(me):
    held = []

    def hold(route):
        """The second request for the sheet waits until there is another picture."""
        recipes = json.loads(route.request.post_data)["recipes"]
        held.append(route) if recipes[0].get("seed") == FEW and not held else route.continue_()

    me.page.route("**/studio/render", hold)
    me.page.goto(me.app.url)
    me.until("window.studio?.ready && studio.explore.sheet.shown === 4")
    assert me.page.locator("#sheet button").count() == FEW  # what has come is there already
    count = len(me.asked)
    me.page.locator("#nearby button").nth(0).click()  # another recipe, the same sheet
    me.until("studio.explore.frames === 2")
    assert [one["size"] for one in me.asked[count : count + 1]] == [None]
    held[0].continue_()
    me.until("studio.explore.sheetKey")
    sheet = [one[0].get("seed", 0) for one in small(me.asked[count:]) if "walk" not in one[0]]
    assert sheet == [4, 8, 12, 16, 20]  # the first four were not asked for again, and 8 only after the new neighbours
    after = [one[0] for one in small(me.asked[count:])]
    assert ["walk" in one for one in after] == [True] * 2 + [False] * 5
    assert me.page.locator("#sheet button").count() == 24
