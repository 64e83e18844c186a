"""Settings of networks as they are asked for."""

import pytest
import torch

from gan.errors import StudioError
from gan.networks.registry import FAMILIES
from gan.studio.runs.worker.networks import net_values
from gan.training.data import Samples


def _data(shape, classes=0):
    return Samples(torch.zeros(1, *shape), num_classes=classes)


def test_a_bare_name_goes_to_each_that_has_it_and_a_prefix_to_one():
    shape = {"image_shape": [3, 8, 8], "num_classes": 2}
    typed = {"hidden": "32,16", "discriminator.hidden": "8", "z_dim": "5"}
    values = {"hidden": [32, 16], "discriminator.hidden": [8], "z_dim": 5}
    for asked in (typed, values):
        assert net_values(asked, FAMILIES["mlp"], _data((3, 8, 8), 2)) == (
            {**shape, "hidden": [32, 16], "z_dim": 5},
            {**shape, "hidden": [8]},
        )


def test_the_shape_in_the_words_of_the_family():
    assert net_values({}, FAMILIES["stylegan2"], _data((3, 16, 16)))[1] == {"channels": 3, "side": 16, "num_classes": 0}
    with pytest.raises(StudioError, match="makes square pictures"):
        net_values({}, FAMILIES["stylegan2"], _data((2,)))


@pytest.mark.parametrize("name", ["depth", "discriminator.z_dim", "critic.hidden", ".", ""])
def test_settings_that_do_not_exist(name):
    with pytest.raises(StudioError, match="names no setting of mlp"):
        net_values({name: "3"}, FAMILIES["mlp"], _data((3, 8, 8)))


def test_a_new_generator_has_what_older_models_could_not_choose_unless_told_otherwise():
    assert net_values({}, FAMILIES["dcgan"], _data((1, 16, 16)))[0]["style_layers"] == 2
    assert net_values({"style_layers": 0}, FAMILIES["dcgan"], _data((1, 16, 16)))[0]["style_layers"] == 0
    assert net_values({}, FAMILIES["stylegan2"], _data((1, 16, 16)))[0]["tanh"] is True
    assert net_values({"tanh": "off"}, FAMILIES["stylegan2"], _data((1, 16, 16)))[0]["tanh"] is False
