"""Pickles and tables of the official StyleGAN2: sizes are read from shapes, pictures stay the same, and no text is
run."""

import pytest
import torch
from foreign.filling import pair
from foreign.official_pickle import write_pickle

from gan.errors import StudioError
from gan.foreign.formats.stylegan2_official import read
from gan.foreign.found import Found, stored
from gan.foreign.readers.any_file import read_tree
from gan.networks.registry import build_discriminator, build_generator


def networks(side=16, classes=0, channels=3, blocks="skip", architecture="resnet", std_maps=1, conv_clamp=None):
    torch.manual_seed(0)
    shared = dict(
        side=side, num_classes=classes, channels=channels, channel_base=64, channel_max=8, conv_clamp=conv_clamp
    )
    g = build_generator("stylegan2", dict(shared, z_dim=5, w_dim=6, mapping_layers=3, blocks=blocks)).eval()
    d = build_discriminator(
        "stylegan2", dict(shared, mapping_layers=2, architecture=architecture, std_maps=std_maps)
    ).eval()
    with torch.no_grad():
        for network in (g, d):
            for name, p in network.named_parameters():
                if name.endswith((".bias", "noise_strength")):
                    p.add_(torch.randn(p.shape))
        g.state_dict()["mapping.w_avg"].normal_()
    return g, d


def inputs(classes: int, n=4):
    z = torch.randn(n, 5, generator=torch.Generator().manual_seed(1))
    return z, torch.eye(classes)[torch.arange(n) % classes] if classes else None


def from_pickle(tmp_path, g, d, **more):
    path, trap = tmp_path / "network-snapshot.pkl", tmp_path / "trap"
    write_pickle(path, g.state_dict(), d and d.state_dict(), trap=trap, **more)
    made = read(Found(path.name, read_tree(path, path.name)))
    assert not trap.exists()
    return made


def tree(network, prefix="") -> dict:
    return {prefix + name: stored(tensor) for name, tensor in network.state_dict().items()}


@pytest.mark.parametrize("side, classes, channels, clamp", [(16, 0, 3, None), (32, 3, 1, 256)])
def test_a_pickled_pair_makes_the_same_pictures_and_judges_them_the_same(tmp_path, side, classes, channels, clamp):
    g, d = networks(side, classes, channels, conv_clamp=clamp)
    made = from_pickle(tmp_path, g, d, clamp=clamp, group=2)
    assert made.generator["conv_clamp"] == clamp and made.discriminator["group"] == 2 and made.guessed == ()
    g2, d2 = pair(made)
    z, c = inputs(classes)
    with torch.no_grad():
        x = g(z, c)
        assert torch.equal(g2(z, c), x) and torch.equal(g2.center(), g.center())
        d.b4.group = 2
        assert torch.equal(d2(x, c), d(x, c))


@pytest.mark.parametrize("blocks, architecture, std_maps", [("resnet", "skip", 2), ("orig", "orig", 0)])
def test_other_architectures(tmp_path, blocks, architecture, std_maps):
    g, d = networks(32, blocks=blocks, architecture=architecture, std_maps=std_maps)
    g2, d2 = pair(from_pickle(tmp_path, g, d))
    with torch.no_grad():
        x = g(*inputs(0))
        assert torch.equal(g2(*inputs(0)), x) and torch.equal(d2(x), d(x))


def test_averaged_weights_go_first(tmp_path):
    g, _ = networks()
    other = {f"G.{name}": stored(torch.zeros_like(tensor)) for name, tensor in g.state_dict().items()}
    made = read(Found("both.pt", {**other, **tree(g, "G_ema.")}))
    assert torch.equal(pair(made)[0](*inputs(0)), g(*inputs(0)))


def test_a_whole_batch_is_compared_where_the_group_is_none(tmp_path):
    assert from_pickle(tmp_path, *networks(), group=None).discriminator["group"] == 64


@pytest.mark.parametrize("prefix", ["", "G_ema.", "generator."])
def test_a_bare_table_of_weights(prefix):
    g, _ = networks(classes=2)
    made = read(Found("g.safetensors", tree(g, prefix)))
    assert made.discriminator is None and len(made.guessed) == 1 and "clamped" in made.guessed[0]
    z, c = inputs(2)
    assert torch.equal(pair(made)[0](z, c), g(z, c))


def test_filters_and_the_average_are_made_where_they_are_missing():
    g, _ = networks()
    table = {name: tensor for name, tensor in tree(g).items() if not name.endswith(("resample_filter", "w_avg"))}
    again, _ = pair(read(Found("g.pt", {"state_dict": table})))
    z = torch.randn(20_000, 5, generator=torch.Generator().manual_seed(3))
    assert torch.equal(again(z[:2]), g(z[:2]))
    w = g.mapping(z)[:, 0]
    assert ((again.center()[0, 0] - w.mean(0)).abs() < 0.1 * w.std(0)).all() and w.std(0).min() > 0


def test_a_generator_without_noise_stays_without():
    g, _ = networks()
    table = {name: tensor for name, tensor in tree(g).items() if "noise" not in name}
    again, _ = pair(read(Found("g.pt", table)))
    z, _ = inputs(0)
    torch.testing.assert_close(again(z), g(z, noise="none"), rtol=0, atol=1e-6)


def test_a_discriminator_for_other_pictures_is_left_out(tmp_path):
    g, _ = networks(side=16)
    made = from_pickle(tmp_path, g, networks(side=32)[1])
    assert made.discriminator is None and made.discriminator_weights is None and "discriminator" in made.guessed[0]


def test_unusual_widths_are_refused():
    table = tree(networks()[0])
    table["synthesis.b8.conv1.weight"] = stored(torch.zeros(7, 8, 3, 3))
    with pytest.raises(StudioError, match="7 feature maps at side 8"):
        read(Found("odd.pt", table))


def test_another_filter_is_refused():
    table = tree(networks()[0])
    table["synthesis.b8.resample_filter"] = stored(torch.full((4, 4), 1 / 16))
    with pytest.raises(StudioError, match="another filter"):
        read(Found("odd.pt", table))


def test_a_missing_block_is_refused():
    table = {name: tensor for name, tensor in tree(networks(side=32)[0]).items() if ".b16." not in name}
    with pytest.raises(StudioError, match="4, 8, 32"):
        read(Found("odd.pt", table))


@pytest.mark.parametrize(
    "name, word",
    [
        ("synthesis.input.transform", "StyleGAN3"),
        ("synthesis.init.init.0.weight_orig", "Projected GAN"),
        ("g_synthesis.blocks.4x4.epi1.style_mod.lin.weight", "first StyleGAN"),
        ("superresolution.block0.conv0.weight", "EG3D"),
    ],
)
def test_relatives_are_refused_by_name(name, word):
    with pytest.raises(StudioError, match=word):
        read(Found("other.pkl", {"G_ema": {name: stored(torch.zeros(3, 3))}}))


@pytest.mark.parametrize("content", [{}, [], None, {"a": stored(torch.zeros(2))}, {"G": "synthesis.b4.const"}])
def test_other_files_are_left_to_other_adapters(content):
    assert read(Found("x.pt", content)) is None


@pytest.mark.parametrize(
    "key", ["mapping.fc0.weight", "synthesis.b16.torgb.weight", "synthesis.b4.conv1.affine.weight"]
)
def test_what_is_missing_is_named(key):
    table = {name: tensor for name, tensor in tree(networks()[0]).items() if name != key}
    with pytest.raises(StudioError, match=key):
        read(Found("part.pt", table))
