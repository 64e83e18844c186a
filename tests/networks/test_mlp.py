"""The fully connected pair, against sums written out."""

import math

import pytest
import torch

from gan.errors import StudioError
from gan.networks.contract import parameter_count
from gan.networks.mlp import MLPDiscriminator, MLPDiscriminatorConfig, MLPGenerator, MLPGeneratorConfig


def fill(layer, weight, bias):
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(weight))
        layer.bias.copy_(torch.tensor(bias))


def test_a_two_layer_generator_and_a_one_layer_discriminator_are_one_line_each():
    g = MLPGenerator(MLPGeneratorConfig(image_shape=(2,), z_dim=2, hidden=(3,)))
    d = MLPDiscriminator(MLPDiscriminatorConfig(image_shape=(2,), hidden=()))
    assert [tuple(p.shape) for p in g.parameters()] == [(3, 2), (3,), (2, 3), (2,)]
    assert [tuple(p.shape) for p in d.parameters()] == [(1, 2), (1,)]
    x = torch.tensor([[1.0, -2.0]])
    assert torch.equal(d.features(x), x) and d.feature_dim == 2  # one layer: the sample itself is judged


def test_the_generator_by_hand():
    g = MLPGenerator(MLPGeneratorConfig(image_shape=(2,), z_dim=2, hidden=(2,)))
    fill(g.hidden[0], [[1.0, 2.0], [-1.0, 1.0]], [0.5, 0.0])
    fill(g.out, [[1.0, 0.0], [0.5, 1.0]], [-1.0, 0.25])
    # z = (1, -0.25): hidden = relu(1 - 0.5 + 0.5, -1 - 0.25) = (1, 0); out = (1 - 1, 0.5 + 0.25)
    x = g(torch.tensor([[1.0, -0.25]]))
    torch.testing.assert_close(x, torch.tensor([[0.0, math.tanh(0.75)]]))


def test_without_tanh_values_may_lie_anywhere():
    g = MLPGenerator(MLPGeneratorConfig(image_shape=(2,), z_dim=2, hidden=(), tanh=False))
    fill(g.out, [[10.0, 0.0], [0.0, 10.0]], [0.0, 1.0])
    torch.testing.assert_close(g(torch.tensor([[1.0, 2.0]])), torch.tensor([[10.0, 21.0]]))


def test_the_discriminator_by_hand():
    d = MLPDiscriminator(MLPDiscriminatorConfig(image_shape=(1, 1, 2), num_classes=2, hidden=(2,)))
    fill(d.hidden[0], [[1.0, 1.0, 0.0, 1.0], [1.0, -1.0, 0.0, 0.0]], [0.0, 0.0])
    fill(d.out, [[2.0, 10.0]], [0.5])
    x, c = torch.tensor([[[[1.0, 2.0]]]]), torch.tensor([[0.0, 1.0]])
    # hidden = leaky(1 + 2 + 1, 1 - 2) = (4, -0.2); logit = 8 - 2 + 0.5
    torch.testing.assert_close(d(x, c), torch.tensor([6.5]))
    torch.testing.assert_close(d.features(x, c), torch.tensor([[4.0, -0.2]]))
    torch.testing.assert_close(d(x), torch.tensor([4.5]))  # no class: hidden = (3, -0.2)


def test_the_classic_sizes():
    g, d = MLPGenerator(MLPGeneratorConfig()), MLPDiscriminator(MLPDiscriminatorConfig())
    assert [layer.out_features for layer in (*g.hidden, g.out)] == [256, 512, 1024, 784]
    assert [layer.out_features for layer in (*d.hidden, d.out)] == [1024, 512, 256, 1]
    assert parameter_count(g) == 100 * 256 + 256 + 256 * 512 + 512 + 512 * 1024 + 1024 + 1024 * 784 + 784


def test_classes_join_the_latent_and_the_sample():
    g = MLPGenerator(MLPGeneratorConfig(image_shape=(3, 4, 5), num_classes=10, z_dim=7, hidden=(8,)))
    assert (g.w_dim, g.first_weights().shape) == (17, (8, 17))
    z = torch.randn(2, 7)
    c = torch.eye(10)[[3, 5]]
    assert torch.equal(g.mapping(z, c)[:, 0], torch.cat([z, c], dim=1))
    assert not torch.equal(g(z, c)[0], g(z, c.flip(0))[0])


def test_no_hidden_layers_gives_first_weights_of_the_only_one():
    g = MLPGenerator(MLPGeneratorConfig(image_shape=(2,), z_dim=3, hidden=()))
    assert g.first_weights() is g.out.weight


@pytest.mark.parametrize(
    "values",
    [
        dict(image_shape=(0,)),
        dict(z_dim=0),
        dict(hidden=(0,)),
        dict(hidden=(2,) * 17),
        dict(image_shape=()),
        dict(image_shape=(28, 28)),
        dict(image_shape=(1, 2, 3, 4)),
    ],
)
def test_configs_that_make_no_network_are_refused(values):
    with pytest.raises(StudioError):
        MLPGeneratorConfig(**values)
    with pytest.raises(StudioError):
        MLPDiscriminatorConfig(**{k: v for k, v in values.items() if k != "z_dim"} or dict(num_classes=-1))
