"""A base goes on with other classes."""

import pytest
import torch

from gan.errors import StudioError
from gan.store.model_config import ModelConfig
from gan.studio.runs.other_classes import base_for_classes, fixed_for
from gan.training.sample_grid import GridLatents

STYLED = dict(side=16, width=4, num_classes=3, z_dim=6, style_layers=2), dict(side=16, width=4, num_classes=3)
PLAIN = dict(side=16, channel_max=8, mapping_layers=2, num_classes=3)


def base(family: str = "dcgan", values: tuple = STYLED):
    torch.manual_seed(0)
    config = ModelConfig(family, *values, classes=("a", "b", "c"))
    return config, (config.build_generator().eval(), config.build_discriminator())


@pytest.mark.parametrize("classes, goes_on", [(("x", "y", "z"), [0, 1, 2]), (("b", "c", "a"), [1, 2, 0])])
def test_as_many_go_on_in_their_order_unless_names_say_another(classes, goes_on):
    config, pair = base()
    made, (after, critic) = base_for_classes(config, pair, classes, "mine")
    z, c = torch.randn(3, 6), torch.eye(3)
    x = pair[0](z, c[goes_on])
    assert made.classes == classes and torch.allclose(after(z, c), x, atol=1e-5)
    assert torch.allclose(critic(x, c), pair[1](x, c[goes_on]), atol=1e-5)


def test_a_class_goes_on_under_its_name():
    config, (before, _) = base()
    made, (after, critic) = base_for_classes(config, (before, config.build_discriminator()), ("new", "c"), "mine")
    assert made.classes == ("new", "c") and critic.num_classes == 2
    z = torch.randn(1, 6)
    assert torch.allclose(after(z, torch.eye(2)[1:]), before(z, torch.eye(3)[2:]), atol=1e-5)


def test_a_family_that_cannot_says_so():
    config, pair = base("stylegan2", (PLAIN, PLAIN))
    with pytest.raises(
        StudioError, match="mine makes pictures of 3 classes, and your pictures are not sorted into any"
    ):
        base_for_classes(config, pair, (), "mine")


@pytest.mark.parametrize("count", [0, 2, 5])
def test_pins_are_painted_in_the_classes_that_there_are(count):
    config, pair = base()
    _, (after, _) = base_for_classes(config, pair, tuple(map(str, range(count))), "mine")
    fixed = fixed_for(pinned(pair[0]), pair[0], after, [None] * count)
    fixed.check_fit(after)
    assert fixed.move[:, :, 0].eq(1).all() and fixed.move[:, :, 1:].eq(0).all()
    assert fixed.c is None if not count else fixed.c.argmax(1).tolist() == [i % count for i in range(4)]


def test_pins_keep_their_class_where_all_of_them_stay():
    config, pair = base()
    _, (after, _) = base_for_classes(config, pair, ("b", "c", "a"), "mine")
    pins = pinned(pair[0])
    pins.move[:, :, -3:] = torch.randn(3)  # a mix of classes, too
    fixed = fixed_for(pins, pair[0], after, [1, 2, 0])
    assert fixed.c.argmax(1).tolist() == [1, 1, 1, 1]
    assert torch.allclose(fixed.paint(after), pins.paint(pair[0]), atol=1e-5)


def pinned(generator) -> GridLatents:
    move = torch.zeros(4, generator.num_ws, generator.w_dim)
    move[:, :, 0] = 1
    return GridLatents(torch.randn(4, 6), torch.eye(3)[[2, 2, 2, 2]], torch.ones(4), move)
