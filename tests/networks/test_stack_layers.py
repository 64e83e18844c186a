"""The kinds of layers: their texts, the shapes that they promise, and that they do what torch's own do."""

import pytest
import torch
from torch import nn

from gan.errors import StudioError
from gan.field_metadata import table
from gan.networks.stack_layers import ACTIVATIONS, LAYERS
from gan.networks.stack_text import MOST_VALUES, parse, shapes, to_text

# A text of every kind, what comes in, and the same layer in torch's own words.
CASES = [
    ("linear 6->9", (6,), lambda: nn.Linear(6, 9)),
    ("linear 6->9 bias=off", (6,), lambda: nn.Linear(6, 9, bias=False)),
    ("conv 6->5 kernel=3 stride=2 padding=1", (6, 7, 9), lambda: nn.Conv2d(6, 5, 3, 2, 1)),
    (
        "conv_transpose 6->5 kernel=5 stride=2 padding=2 output_padding=1 bias=off",
        (6, 3, 4),
        lambda: nn.ConvTranspose2d(6, 5, 5, 2, 2, 1, bias=False),
    ),
    ("batch_norm 6 eps=0.8", (6, 3, 4), lambda: nn.BatchNorm2d(6, 0.8).eval()),
    ("batch_norm 6", (6,), lambda: nn.BatchNorm1d(6).eval()),
    ("batch_norm 6 affine=off", (6, 3, 4), lambda: nn.BatchNorm2d(6, affine=False).eval()),
    ("instance_norm 6", (6, 3, 4), lambda: nn.InstanceNorm2d(6)),
    ("instance_norm 6 affine=on", (6, 3, 4), lambda: nn.InstanceNorm2d(6, affine=True)),
    ("group_norm 6 groups=2", (6, 3, 4), lambda: nn.GroupNorm(2, 6)),
    ("layer_norm 6", (6,), lambda: nn.LayerNorm(6)),
    ("reshape 2x1x3", (6,), lambda: nn.Unflatten(1, (2, 1, 3))),
    ("reshape 72", (6, 3, 4), nn.Flatten),
    ("upsample", (6, 3, 4), lambda: nn.Upsample(scale_factor=2)),
    ("upsample scale=3 mode=bilinear", (6, 3, 4), lambda: nn.Upsample(scale_factor=3, mode="bilinear")),
    ("pixel_shuffle scale=3", (18, 3, 4), lambda: nn.PixelShuffle(3)),
    ("none", (6,), nn.Identity),
    ("relu", (6,), nn.ReLU),
    ("leaky_relu slope=0.2", (6,), lambda: nn.LeakyReLU(0.2)),
    ("prelu 6", (6, 3, 4), lambda: nn.PReLU(6)),
    ("prelu", (6,), nn.PReLU),
    ("elu alpha=0.5", (6,), lambda: nn.ELU(0.5)),
    ("selu", (6,), nn.SELU),
    ("gelu", (6,), nn.GELU),
    ("silu", (6,), nn.SiLU),
    ("softplus", (6,), nn.Softplus),
    ("tanh", (6,), nn.Tanh),
    ("sigmoid", (6,), nn.Sigmoid),
]


def test_every_kind_is_tested():
    assert {text.split()[0] for text, _, _ in CASES} == set(LAYERS) and set(ACTIVATIONS) < set(LAYERS)


@pytest.mark.parametrize("text, shape, theirs", CASES, ids=[case[0] for case in CASES])
def test_a_layer_is_torchs_own(text, shape, theirs):
    """Its text comes back as it was; its weights have the same names; its shape is as promised; its numbers are the
    same."""
    layer = parse(text)
    assert to_text(layer) == text and parse(to_text(layer)) == layer
    torch.manual_seed(3)
    mine, other = layer.module(shape), theirs()
    weights = {
        name: torch.rand(t.shape) + 0.5 for name, t in other.state_dict().items() if name != "num_batches_tracked"
    }
    mine.load_state_dict(weights)
    other.load_state_dict(weights, strict=False)
    x = torch.randn(3, *shape)
    y = mine(x)
    assert shapes([layer], shape) == [shape, tuple(y.shape[1:])]
    torch.testing.assert_close(y, other(x), rtol=1e-5, atol=1e-6)
    assert torch.equal(mine.train()(x), y)


def test_what_comes_in_need_not_be_said():
    layers = [
        parse(text) for text in ("linear ->8", "batch_norm", "reshape 2x2x2", "conv ->3 kernel=3 padding=1", "prelu")
    ]
    assert shapes(layers, (5,)) == [(5,), (8,), (8,), (2, 2, 2), (3, 2, 2), (3, 2, 2)]
    assert to_text(layers[0]) == "linear ->8" and layers[0].module((5,)).weight.shape == (8, 5)


def test_every_setting_explains_itself():
    for kind, layer in LAYERS.items():
        assert layer.__doc__ and all(row.help for row in table(layer).values()), kind


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "no layer called ''"),
        ("dropout p=0.5", "no layer called 'dropout'"),
        ("relu slope=1", "no setting called 'slope'"),
        ("relu 4", "no setting called 'size'"),
        ("linear 3->x", "outputs must be a whole number"),
        ("conv 1->2 kernel=0", "between 1"),
        ("conv 1->2 kernel=3 kernel=4", "says kernel twice"),
        ("leaky_relu slope=nan", "slope"),
        ("reshape 1x2x3x4", "at most 3"),
        ("upsample mode=lanczos", "cannot be 'lanczos'"),
        ("conv 1->2 " + " " * 300, "letters"),
        ("linear 1->99999999999", "outputs"),
    ],
)
def test_texts_that_are_none(text, words):
    with pytest.raises(StudioError, match=words):
        parse(text)


@pytest.mark.parametrize(
    "texts, shape, words",
    [
        (
            ["relu", "linear 7->8"],
            (6,),
            r"Layer 1 \(linear 7->8\) does not fit what comes in, 6: it takes 7 values, not 6",
        ),
        (["conv ->8"], (6,), "it takes feature maps, not 6"),
        (["linear ->8"], (6, 1, 1), "a row of values, not 6x1x1"),
        (["reshape 2x2x2"], (6,), "6 cannot become 2x2x2"),
        (["conv ->3 kernel=5"], (6, 4, 4), "of 6x4x4 nothing would be left"),
        (["conv_transpose ->3 kernel=2 stride=2 output_padding=2"], (6, 4, 4), "output_padding of 2 is not less"),
        (["batch_norm 5"], (6, 4, 4), "5 feature maps, not 6x4x4"),
        (["prelu 5"], (6, 4, 4), "1 or 5 feature maps"),
        (["group_norm groups=4"], (6, 4, 4), "4 equal groups"),
        (["pixel_shuffle"], (6, 4, 4), "cannot be laid out 2 by 2"),
        (["upsample scale=16"] * 9, (6, 4, 4), r"Layer 2 .* more than 67,108,864"),
    ],
)
def test_layers_that_do_not_fit(texts, shape, words):
    with pytest.raises(StudioError, match=words):
        shapes([parse(text) for text in texts], shape)
    assert MOST_VALUES == 67_108_864
