"""StyleGAN2 against a slow second implementation, the official names, and what its parts promise."""

import pytest
import torch
from networks import slow_stylegan2 as slow

from gan.errors import StudioError
from gan.networks.contract import LayerNoise
from gan.networks.registry import build_discriminator, build_generator

OFFICIAL_GENERATOR = """
mapping.embed.weight mapping.embed.bias mapping.w_avg
mapping.fc0.weight mapping.fc0.bias mapping.fc1.weight mapping.fc1.bias
synthesis.b4.const synthesis.b4.resample_filter
synthesis.b4.conv1.weight synthesis.b4.conv1.bias synthesis.b4.conv1.noise_strength synthesis.b4.conv1.noise_const
synthesis.b4.conv1.resample_filter synthesis.b4.conv1.affine.weight synthesis.b4.conv1.affine.bias
synthesis.b4.torgb.weight synthesis.b4.torgb.bias synthesis.b4.torgb.affine.weight synthesis.b4.torgb.affine.bias
synthesis.b8.resample_filter
synthesis.b8.conv0.weight synthesis.b8.conv0.bias synthesis.b8.conv0.noise_strength synthesis.b8.conv0.noise_const
synthesis.b8.conv0.resample_filter synthesis.b8.conv0.affine.weight synthesis.b8.conv0.affine.bias
synthesis.b8.conv1.weight synthesis.b8.conv1.bias synthesis.b8.conv1.noise_strength synthesis.b8.conv1.noise_const
synthesis.b8.conv1.resample_filter synthesis.b8.conv1.affine.weight synthesis.b8.conv1.affine.bias
synthesis.b8.torgb.weight synthesis.b8.torgb.bias synthesis.b8.torgb.affine.weight synthesis.b8.torgb.affine.bias
""".split()

OFFICIAL_DISCRIMINATOR = """
b8.resample_filter b8.fromrgb.weight b8.fromrgb.bias b8.fromrgb.resample_filter
b8.conv0.weight b8.conv0.bias b8.conv0.resample_filter b8.conv1.weight b8.conv1.bias b8.conv1.resample_filter
b8.skip.weight b8.skip.resample_filter
mapping.embed.weight mapping.embed.bias mapping.fc0.weight mapping.fc0.bias
b4.conv.weight b4.conv.bias b4.conv.resample_filter b4.fc.weight b4.fc.bias b4.out.weight b4.out.bias
""".split()


def pair(side=16, classes=0, seed=0, **more):
    """A small pair, every parameter of which matters: also biases and noise strengths are random."""
    torch.manual_seed(seed)
    shared = dict(side=side, num_classes=classes, channel_base=64, channel_max=8, **more)
    g = build_generator("stylegan2", dict(shared, z_dim=5, w_dim=6, mapping_layers=2)).eval()
    d = build_discriminator("stylegan2", dict(shared, mapping_layers=1)).eval()
    with torch.no_grad():
        for network in (g, d):
            for name, p in network.named_parameters():
                if name.endswith((".bias", "noise_strength")):
                    p.add_(torch.randn(p.shape))
    return g, d


def doubles(network) -> dict:
    return {name: value.double() for name, value in network.state_dict().items()}


def inputs(classes: int, n=8, dtype=torch.float64):
    rng = torch.Generator().manual_seed(5)
    z = torch.randn(n, 5, generator=rng, dtype=dtype)
    return z, torch.eye(classes, dtype=dtype)[torch.arange(n) % classes] if classes else None


@pytest.mark.parametrize("classes", [0, 3])
def test_the_mapping(classes):
    g, _ = pair(classes=classes)
    z, c = inputs(classes)
    w = g.double().mapping(z, c)
    assert w.shape == (8, g.num_ws, 6) and g.num_ws == 6
    torch.testing.assert_close(w[:, 0], slow.mapping(z, c, doubles(g), "mapping.", 2), rtol=0, atol=1e-10)
    assert torch.equal(w[:, 0], w[:, -1])


@pytest.mark.parametrize("noise", ["const", "none"])
@pytest.mark.parametrize("side", [8, 16])
def test_the_synthesis_with_a_w_of_its_own_for_each_layer(side, noise):
    g, _ = pair(side)
    ws = torch.randn(3, g.num_ws, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    x = g.double().synthesis(ws, noise)
    assert x.shape == (3, 3, side, side)
    torch.testing.assert_close(x, slow.synthesis(ws, doubles(g), side, noise == "const"), rtol=1e-9, atol=1e-9)


def test_a_tanh_is_all_that_new_ones_have_more():
    """Without it, as all published networks are and as it is unless asked for, the picture is what goes into it."""
    plain, _ = pair()
    sizes = dict(side=16, channel_base=64, channel_max=8, z_dim=5, w_dim=6, mapping_layers=2)
    ends = build_generator("stylegan2", sizes | dict(tanh=True)).eval()
    ends.load_state_dict(plain.state_dict())
    ws = plain.mapping(inputs(0, dtype=torch.float32)[0]) * 3
    x, maps = plain.synthesis(ws), list(plain.painting(ws))
    assert x.abs().max() > 1.1 and torch.equal(ends.synthesis(ws), torch.tanh(x))
    assert all(map(torch.equal, maps[:-1], ends.painting(ws)))


@pytest.mark.parametrize("classes", [0, 3])
@pytest.mark.parametrize("side", [8, 16])
def test_the_discriminator(side, classes):
    _, d = pair(side, classes)
    x = torch.randn(8, 3, side, side, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    _, c = inputs(classes)
    want = slow.discriminator(x, c, doubles(d), side, group=4, layers=1)
    torch.testing.assert_close(d.double()(x, c), want, rtol=1e-9, atol=1e-9)


def test_single_precision_is_close_to_double():
    g, d = pair(classes=3)
    z, c = inputs(3, dtype=torch.float32)
    x = g(z, c)
    with torch.no_grad():
        logits = d(x, c)
        exact = g.double()(z.double(), c.double())
        torch.testing.assert_close(x.double(), exact, rtol=0, atol=1e-4)
        torch.testing.assert_close(logits.double(), d.double()(x.double(), c.double()), rtol=1e-4, atol=1e-4)


def test_one_styled_convolution_by_hand():
    """One map, all weights 1, style 2: the demodulation takes the style out again: sums of ones over sqrt(9)."""
    g, _ = pair(8)
    conv = g._modules["synthesis"].b4.conv1
    conv.weight, conv.bias = torch.nn.Parameter(torch.ones(1, 1, 3, 3)), torch.nn.Parameter(torch.zeros(1))
    conv.affine.weight = torch.nn.Parameter(torch.zeros(1, 6))
    conv.affine.bias = torch.nn.Parameter(torch.tensor([2.0]))
    y = conv(torch.ones(1, 1, 4, 4), torch.zeros(1, 6), "none")
    neighbours = torch.tensor([[4.0, 6, 6, 4], [6, 9, 9, 6], [6, 9, 9, 6], [4, 6, 6, 4]])
    torch.testing.assert_close(y[0, 0], neighbours / 3 * 2**0.5)


def test_the_names_are_the_official_ones():
    g, d = pair(8, classes=3)
    assert sorted(g.state_dict()) == sorted(OFFICIAL_GENERATOR)
    assert sorted(d.state_dict()) == sorted(OFFICIAL_DISCRIMINATOR)
    g, d = pair(8)
    assert sorted(g.state_dict()) == sorted(name for name in OFFICIAL_GENERATOR if "embed" not in name)
    assert sorted(d.state_dict()) == sorted(name for name in OFFICIAL_DISCRIMINATOR if "mapping" not in name)


def test_the_official_shapes_and_the_filter_that_is_stored():
    g, d = pair(8, classes=3)
    shapes = {name: tuple(value.shape) for name, value in (g.state_dict() | d.state_dict()).items()}
    assert shapes["mapping.embed.weight"] == (8, 3)  # of the discriminator, which comes last
    assert shapes["synthesis.b8.conv0.weight"] == (8, 8, 3, 3) and shapes["synthesis.b8.torgb.weight"] == (3, 8, 1, 1)
    assert shapes["synthesis.b8.conv0.noise_strength"] == () and shapes["synthesis.b8.conv0.noise_const"] == (8, 8)
    assert shapes["b4.conv.weight"] == (8, 9, 3, 3)
    assert shapes["b4.fc.weight"] == (8, 128) and shapes["b4.out.weight"] == (8, 8)
    taps = torch.tensor([1.0, 3.0, 3.0, 1.0])
    torch.testing.assert_close(g.state_dict()["synthesis.b4.resample_filter"], torch.outer(taps, taps) / 64)


def test_feature_maps_follow_the_base_and_the_most():
    g = build_generator("stylegan2", dict(side=64, channel_base=1024, channel_max=128), "meta").state_dict()
    assert [g[f"synthesis.b{s}.conv1.weight"].shape[0] for s in (4, 8, 16, 32, 64)] == [128, 128, 64, 32, 16]
    assert sum(v.numel() for name, v in g.items() if not name.endswith(("filter", "noise_const"))) < 1_000_000


def test_the_tracked_average_of_w_moves_in_training_only():
    g, _ = pair()
    z, _ = inputs(0, dtype=torch.float32)
    mean = g.mapping(z)[:, 0].mean(dim=0)
    assert torch.equal(g.center(), torch.zeros(1, 6, 6))
    g.train()(z)
    torch.testing.assert_close(g.center()[0, 0], 0.005 * mean)
    g.mapping(z)
    torch.testing.assert_close(g.center()[0, 3], 0.005 * mean * (1 + 0.995))
    kept = g.center().clone()
    g.eval()(z)
    assert torch.equal(g.center(), kept)


def test_noise_constant_off_or_drawn():
    g, _ = pair(8)
    w, shapes = g.mapping(inputs(0, n=2, dtype=torch.float32)[0]), []

    def draw(shape):
        shapes.append(tuple(shape))
        return torch.zeros(shape)

    with torch.no_grad():
        assert torch.equal(g.synthesis(w, draw), g.synthesis(w, "none"))
        assert shapes == [(2, 1, 4, 4), (2, 1, 8, 8), (2, 1, 8, 8)]
        assert not torch.equal(g.synthesis(w, "const"), g.synthesis(w, "none"))
        assert torch.equal(g.synthesis(w), g.synthesis(w, "const")) and g.has_noise


def test_a_clamp_holds_layers_outputs():
    """As networks trained in 16 bits do: each layer's output within the clamp, not the sum over layers."""
    g, d = pair(8, conv_clamp=1)
    free, _ = pair(8)
    w = g.mapping(inputs(0, dtype=torch.float32)[0]) * 50
    with torch.no_grad():
        clamped, x = g.synthesis(w), g._modules["synthesis"].b4.conv1(torch.randn(8, 8, 4, 4) * 9, w[:, 0], "const")
        assert x.abs().max() == 1  # not sqrt(2)
        assert not torch.equal(clamped, free.synthesis(w)) and clamped.abs().max() <= 2  # two sums of RGB within 1
        block = d.b8.conv1(torch.randn(8, 8, 8, 8) * 99, gain=0.5**0.5)
        torch.testing.assert_close(block.max(), torch.tensor(0.5**0.5))


@pytest.mark.parametrize(
    "values, words",
    [
        (dict(side=48), "power of two, not 48"),
        (dict(side=4), "between 8"),
        (dict(side=2048), "between 8 and 1024"),
        (dict(channels=2), "1, 3 or 4 channels"),
        (dict(conv_clamp=0), "at least|between"),
    ],
)
def test_configs_that_make_no_network_are_refused(values, words):
    for build in (build_generator, build_discriminator):
        with pytest.raises(StudioError, match=words):
            build("stylegan2", values, "meta")


@pytest.mark.parametrize("drawn", ["const", "none", lambda shape: torch.full(shape, 0.5)])
def test_noise_of_another_strength_in_each_layer_of_each_picture(drawn):
    """Strengths multiply those that were learnt: the same as a generator whose own are that many times as large."""
    torch.manual_seed(2)
    g = build_generator("stylegan2", dict(side=16, z_dim=8, w_dim=8, channel_base=64, channel_max=8)).eval()
    convs = [conv for block in g._modules["synthesis"].blocks() for conv in block.convs()]
    assert [conv.layer for conv in convs] == list(range(g.noise_layers)) and g.noise_layers == g.num_ws - 1 == 5
    strengths = torch.tensor([[0.0, 1.0, 2.0, 0.5, 1.0], [1.0] * 5])
    with torch.no_grad():
        for conv in convs:
            conv.noise_strength.fill_(0.3)
        w = g.mapping(torch.randn(2, 8))
        got = g.settle().synthesis(w, LayerNoise(drawn, strengths))
        assert torch.allclose(got[1:], g.synthesis(w, drawn)[1:], atol=1e-5)
        for conv, times in zip(convs, strengths[0], strict=True):
            conv.noise_strength.mul_(times)
        assert torch.allclose(got[:1], g.eval().synthesis(w, drawn)[:1], atol=1e-5)
    assert (drawn == "none") == torch.allclose(got[:1], g.synthesis(w, "none")[:1], atol=1e-3)


@pytest.mark.parametrize("noise", ["const", "none", lambda shape: torch.full(shape, 0.5)])
def test_a_settled_generator_paints_the_same_until_it_trains_again(noise):
    torch.manual_seed(0)
    generator = build_generator("stylegan2", dict(side=16, z_dim=8, w_dim=8, channel_max=16)).eval()
    for conv in (conv for block in generator._modules["synthesis"].blocks() for conv in block.convs()):
        conv.noise_strength.data.fill_(0.3)
    with torch.no_grad():
        w = generator.mapping(torch.randn(3, 8))
        before = generator.synthesis(w, noise)
        names = set(generator.state_dict())
        assert torch.allclose(generator.settle().synthesis(w, noise), before, atol=1e-5)
        assert set(generator.state_dict()) == names
        generator.train()
        for parameter in generator.parameters():
            parameter.mul_(1.1)
        assert not torch.allclose(generator.eval().synthesis(w, noise), before, atol=1e-2)
