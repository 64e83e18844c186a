"""The feature network's form, and what it is shown."""

import pytest
import torch
from evaluation.painters import draw

from gan.evaluation.features import FEATURES, SIDE, FeatureNet, as_seen


def test_pictures_of_every_size_and_kind_of_colour():
    net = FeatureNet().eval()
    for channels, side in ((1, 28), (3, 32), (3, 64), (4, 100), (3, 256)):
        rows = net(draw(0, 2, channels, side, side).tanh())
        assert rows.shape == (2, FEATURES) and rows.isfinite().all() and (rows >= 0).all()


def test_grey_is_the_same_grey_in_colours():
    x = draw(0, 2, 1, 64, 64).tanh()
    assert torch.equal(as_seen(x, 64), as_seen(x.expand(-1, 3, -1, -1), 64)) and as_seen(x, 64).shape[1] == 3


def test_transparency_lies_over_white():
    red = torch.tensor([1.0, -1, -1])
    for alpha, seen in ((1.0, [1, -1, -1]), (-1.0, [1, 1, 1]), (0.0, [1, 0, 0])):
        x = torch.cat([red, torch.tensor([alpha])])[None, :, None, None].expand(1, 4, 8, 8)
        torch.testing.assert_close(as_seen(x, 8)[0, :, 3, 3], torch.tensor(seen).float())


def test_larger_pictures_are_averaged():
    """A chequerboard becomes grey, where reading single pixels would see black or white only."""
    board = ((torch.arange(256)[:, None] + torch.arange(256)) % 2 * 2.0 - 1).expand(1, 3, 256, 256)
    assert as_seen(board, SIDE)[..., 2:-2, 2:-2].abs().max() < 1e-5


@pytest.mark.parametrize("side", [8, 64, 100])
def test_what_lies_outside_is_cut_and_a_single_colour_stays_one(side):
    assert torch.equal(as_seen(torch.full((1, 3, side, side), 1.7), SIDE), torch.ones(1, 3, SIDE, SIDE))
    torch.testing.assert_close(as_seen(torch.full((1, 3, side, side), 0.3), SIDE), torch.full((1, 3, SIDE, SIDE), 0.3))


def test_a_picture_does_not_depend_on_those_beside_it():
    net, x = FeatureNet().eval(), draw(1, 5, 3, 64, 64).tanh()
    torch.testing.assert_close(net(x)[2:3], net(x[2:3]), rtol=1e-4, atol=1e-6)


def test_features_are_scaled_to_a_variance_of_1():
    net, x = FeatureNet().eval(), draw(2, 40, 3, 32, 32).tanh()
    with torch.no_grad():
        before = net(x)
        net.to_unit(x)
        after = net(x)
    assert float(after.var(dim=0).mean()) == pytest.approx(1, rel=1e-3)
    torch.testing.assert_close(
        after / after.norm(), before / before.norm(), rtol=1e-3, atol=1e-5
    )  # nothing else has changed
