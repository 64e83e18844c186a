"""Inception v3: names, shapes and pools as the standard weights want them."""

import pytest
import torch
from evaluation.painters import draw
from torch.nn import functional as F

from gan.evaluation.inception import FEATURES, SIDE, Convolution, Inception, Mixed, average, halving, maximum

# Of the standard file, an entry of each kind of block: maps, maps before, kernel.
SHAPES = {
    "Conv2d_1a_3x3.conv.weight": (32, 3, 3, 3),
    "Conv2d_4a_3x3.conv.weight": (192, 80, 3, 3),
    "Mixed_5b.branch5x5_2.conv.weight": (64, 48, 5, 5),
    "Mixed_5d.branch_pool.conv.weight": (64, 288, 1, 1),
    "Mixed_6a.branch3x3.conv.weight": (384, 288, 3, 3),
    "Mixed_6c.branch7x7_2.conv.weight": (160, 160, 1, 7),
    "Mixed_6e.branch7x7dbl_2.conv.weight": (192, 192, 7, 1),
    "Mixed_7a.branch7x7x3_4.conv.weight": (192, 192, 3, 3),
    "Mixed_7b.branch3x3_2a.conv.weight": (384, 384, 1, 3),
    "Mixed_7c.branch3x3dbl_3b.conv.weight": (384, 384, 3, 1),
    "Mixed_7c.branch1x1.bn.running_var": (320,),
}


def test_names_and_shapes_of_the_standard_file():
    with torch.device("meta"):
        state = Inception().state_dict()
    assert {name: tuple(state[name].shape) for name in SHAPES} == SHAPES
    convolutions = [t.numel() for name, t in state.items() if name.endswith("conv.weight")]
    assert len(convolutions) == 94 and sum(convolutions) == 21_751_136  # without the classifier and its helper


def test_pictures_of_every_size_and_kind_of_colour():
    torch.manual_seed(0)
    net = Inception().eval()
    with torch.no_grad():
        for channels, side in ((1, 28), (4, 320)):
            rows = net(draw(0, 1, channels, side, side).tanh())
            assert rows.shape == (1, FEATURES) and rows.isfinite().all() and (rows >= 0).all()


def test_the_average_leaves_out_what_lies_beyond_the_edge():
    x = draw(1, 1, 2, 4, 5)
    for top in range(4):
        for left in range(5):
            around = x[:, :, max(top - 1, 0) : top + 2, max(left - 1, 0) : left + 2]
            torch.testing.assert_close(average(x)[:, :, top, left], around.mean(dim=(2, 3)))


@pytest.mark.parametrize("pool, side", [(average, 7), (maximum, 7), (halving, 3)])
def test_sizes_after_pools(pool, side):
    assert pool(draw(2, 1, 1, 7, 7)).shape == (1, 1, side, side)


def test_the_last_block_alone_has_a_maximum_pool():
    net = Inception()
    pools = {name: block.pool for name, block in net.named_children() if isinstance(block, Mixed)}
    assert {name for name, pool in pools.items() if pool is maximum} == {"Mixed_7c"}
    assert {name for name, pool in pools.items() if pool is halving} == {"Mixed_6a", "Mixed_7a"}


def test_routes_lie_side_by_side_in_their_order():
    """Written out: a chain of two, of which the second is two side by side, then the pool's."""
    torch.manual_seed(1)
    block = Mixed(3, {"one": [(2, 1)], "two": [(4, 3), [(5, (1, 3)), (6, (3, 1))]]}, maximum, pooled=7).eval()
    x = draw(3, 2, 3, 6, 6)
    inner = block.two_1(x)
    expected = [block.one(x), block.two_2a(inner), block.two_2b(inner), block.branch_pool(F.max_pool2d(x, 3, 1, 1))]
    assert torch.equal(block(x), torch.cat(expected, dim=1)) and block(x).shape == (2, 20, 6, 6)


def test_a_convolution_by_its_formula():
    """Batch norm with the epsilon of TensorFlow's: the default would change the features."""
    layer, x = Convolution(2, 3, 1).eval(), draw(4, 1, 2, 3, 3)
    layer.bn.running_var.fill_(1e-3)
    layer.bn.running_mean.fill_(0.1)
    by_hand = torch.einsum("oi,nihw->nohw", layer.conv.weight[:, :, 0, 0], x)
    torch.testing.assert_close(layer(x), ((by_hand - 0.1) / (1e-3 + 1e-3) ** 0.5).relu())


def test_large_pictures_are_read_between_pixels_as_published_scores_are(monkeypatch):
    seen = []
    monkeypatch.setattr(Inception, "_look", lambda self, x: seen.append(x) or torch.zeros(len(x), FEATURES))
    x = draw(5, 40, 3, 2 * SIDE + 60, 20).tanh()
    with torch.device("meta"):
        net = Inception()
    net(x)
    expected = F.interpolate(x, size=(SIDE, SIDE), mode="bilinear", align_corners=False)
    torch.testing.assert_close(torch.cat(seen), expected)
    assert [len(some) for some in seen] == [16, 16, 8]
