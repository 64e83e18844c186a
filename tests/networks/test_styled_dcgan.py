"""The convolutional generator with styles: a slow second implementation, its mapping, and what stays apart from the
class."""

import numpy as np
import pytest
import torch
from networks.test_dcgan import convolve, dense, leaky

from gan.networks.dcgan import DCGANGeneratorConfig
from gan.networks.layers import pixel_norm
from gan.networks.styled_dcgan import StyledDCGANGenerator, make_generator


def small(classes=0, **more):
    torch.manual_seed(1)
    config = dict(side=16, width=2, width_max=4, z_dim=3, style_layers=2, num_classes=classes)
    return make_generator(DCGANGeneratorConfig(**config | more))


def styled(x, style):
    gain, bias = np.split(style[:, None, None], 2)
    return leaky((1 + gain) * x / np.sqrt((x**2).mean(axis=0, keepdims=True) + 1e-8) + bias)


@pytest.mark.parametrize("classes", [0, 3])
def test_the_synthesis_by_loops(classes):
    """Each size has its own w, which sets a gain and a bias of each map."""
    g = small(classes)
    assert isinstance(g, StyledDCGANGenerator) and g.num_ws == 3 and g.w_dim == 3 + classes
    for style in g.styles:
        torch.nn.init.normal_(style.weight), torch.nn.init.normal_(style.bias)
    ws = torch.randn(2, 3, 3 + classes, generator=torch.Generator().manual_seed(0))
    got = g.synthesis(ws).detach().numpy()
    for i in range(2):
        first, *others = ws[i].double().numpy()
        h = styled(dense(first, g.project).reshape(4, 4, 4), dense(first, g.styles[0]))
        for conv, style, w in zip(g.convs, g.styles[1:], others, strict=True):
            h = styled(convolve(h.repeat(2, axis=1).repeat(2, axis=2), conv), dense(w, style))
        np.testing.assert_allclose(got[i], np.tanh(convolve(h, g.to_picture)), atol=1e-5)


@pytest.mark.parametrize("layers", [1, 3])
def test_the_mapping_by_loops(layers):
    g = small(style_layers=layers)
    z = torch.randn(1, 3, generator=torch.Generator().manual_seed(0))
    x = pixel_norm(z)[0].double().numpy()
    for layer in g.to_style.layers:
        x = leaky(dense(x, layer))
    assert len(g.to_style.layers) == layers
    np.testing.assert_allclose(g.mapping(z).detach().numpy()[0], np.stack([x] * 3), atol=1e-6)


def test_a_style_is_the_same_in_every_class_and_truncation_keeps_the_class():
    g = small(classes=3)
    z, c = torch.randn(1, 3).expand(3, 3), torch.eye(3)
    for w in (g.mapping(z, c), g.center(c)):
        assert torch.equal(w[..., 3:], c[:, None].expand(3, 3, 3)) and torch.equal(
            w[:1, :, :3].expand(3, 3, 3), w[..., :3]
        )
    assert g.class_columns == 3 and torch.equal(g.center()[..., 3:], torch.full((1, 3, 3), 1 / 3))


def test_it_tracks_the_mean_style_while_it_trains():
    g, z = small(classes=2).train(), torch.randn(64, 3)
    for _ in range(1500):
        style = g.mapping(z, torch.eye(2)[torch.arange(64) % 2])
    torch.testing.assert_close(g.center()[0, 0, :3], style[:, 0, :3].mean(dim=0).detach(), rtol=0, atol=1e-2)
    before = g.eval().center()
    g.mapping(torch.randn(64, 3))
    assert torch.equal(g.center(), before)


def test_styles_begin_near_none():
    """A gain near 1 and a bias near 0."""
    g = small()
    style = torch.cat([layer(torch.randn(50, 3)).flatten() for layer in g.styles])
    assert 0 < style.std() < 0.1
