"""The convolutional pair: sizes, a slow second implementation, and what averaged weights need."""

import math

import numpy as np
import pytest
import torch

from gan.errors import StudioError
from gan.networks import styled_dcgan
from gan.networks.dcgan import DCGANDiscriminator, DCGANDiscriminatorConfig, DCGANGenerator, DCGANGeneratorConfig


def small(**more):
    torch.manual_seed(1)
    shared = dict(side=16, width=2, width_max=4, **more)
    return (
        DCGANGenerator(DCGANGeneratorConfig(z_dim=3, **shared)),
        DCGANDiscriminator(DCGANDiscriminatorConfig(**shared)),
    )


def convolve(x: np.ndarray, layer: torch.nn.Conv2d) -> np.ndarray:
    """x (c, h, w), one output number at a time."""
    weight, bias = layer.weight.detach().double().numpy(), layer.bias.detach().double().numpy()
    (pad, _), (stride, _), k = layer.padding, layer.stride, weight.shape[2]
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad)))
    side = (x.shape[1] - k) // stride + 1
    out = np.zeros((len(weight), side, side))
    for o, i, j in np.ndindex(out.shape):
        out[o, i, j] = (x[:, i * stride : i * stride + k, j * stride : j * stride + k] * weight[o]).sum() + bias[o]
    return out


def leaky(x):
    return np.where(x > 0, x, 0.2 * x)


def normed(x):
    return leaky(x / np.sqrt((x**2).mean(axis=0, keepdims=True) + 1e-8))


def dense(x, layer):
    bias = 0 if layer.bias is None else layer.bias.detach().double().numpy()
    return layer.weight.detach().double().numpy() @ x + bias


def test_the_generator_by_loops():
    g, _ = small()
    z = torch.randn(2, 3, generator=torch.Generator().manual_seed(0))
    got = g(z).detach().numpy()
    for i in range(2):
        h = normed(dense(z[i].double().numpy(), g.project).reshape(4, 4, 4))
        for conv in g.convs:
            h = normed(convolve(h.repeat(2, axis=1).repeat(2, axis=2), conv))
        np.testing.assert_allclose(got[i], np.tanh(convolve(h, g.to_picture)), atol=1e-5)


def test_the_discriminator_by_loops():
    """Alone in its batch a sample has the spread sqrt(1e-8); the class enters by its projection."""
    _, d = small(num_classes=3, channels=1)
    x = torch.randn(1, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    h = leaky(convolve(x[0].double().numpy(), d.from_picture))
    for conv in d.convs:
        h = leaky(convolve(h, conv))
    h = leaky(dense(np.concatenate([h, np.full((1, 4, 4), 1e-4)]).ravel(), d.last))
    logit = dense(h, d.out)[0]
    assert abs(d(x).item() - logit) < 1e-5
    projected = logit + d.embed.weight.detach().double().numpy()[:, 1] @ h / math.sqrt(4)
    assert abs(d(x, torch.eye(3)[[1]]).item() - projected) < 1e-5
    np.testing.assert_allclose(d.features(x).detach()[0], h, atol=1e-5)


@pytest.mark.parametrize("side", [16, 28, 32, 64, 128])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_shapes(side, channels):
    with torch.device("meta"):
        g = DCGANGenerator(DCGANGeneratorConfig(side=side, channels=channels, num_classes=2))
        d = DCGANDiscriminator(DCGANDiscriminatorConfig(side=side, channels=channels, num_classes=2))
        x = g(torch.empty(3, 100), torch.empty(3, 2))
        assert x.shape == (3, channels, side, side) == (3, *g.image_shape) and g.image_shape == d.image_shape
        assert d(x, torch.empty(3, 2)).shape == (3,) and d.features(x).shape == (3, d.feature_dim)
    assert [conv.out_channels for conv in d.convs][-1] <= 256


def test_nothing_but_weights_so_that_averages_of_weights_are_networks():
    """A batch norm's running statistics would not follow averaged weights."""
    for network in small(num_classes=2):
        assert list(network.buffers()) == []
        assert not any(
            isinstance(m, (torch.nn.modules.batchnorm._NormBase, torch.nn.Dropout, torch.nn.ConvTranspose2d))
            for m in network.modules()
        )


def test_without_style_layers_it_is_what_it_was_before_there_were_any():
    """So that older models load as they are."""
    g, _ = small()
    assert type(styled_dcgan.make_generator(DCGANGeneratorConfig())) is DCGANGenerator and g.num_ws == 1
    assert {name.split(".")[0] for name in g.state_dict()} == {"project", "convs", "to_picture"}


def test_training_mode_changes_nothing():
    g, _ = small()
    z = torch.randn(4, 3)
    assert torch.equal(g.train()(z), g.eval()(z))


@pytest.mark.parametrize(
    "values, words",
    [
        (dict(side=48), "16, 28, 32, 64 or 128 pixels, not 48"),
        (dict(side=8), "between 16"),
        (dict(side=256), "between 16 and 128"),
        (dict(channels=2), "1, 3 or 4 channels"),
    ],
)
def test_sides_and_channels_that_do_not_exist(values, words):
    for config in (DCGANGeneratorConfig, DCGANDiscriminatorConfig):
        with pytest.raises(StudioError, match=words):
            config(**values)
