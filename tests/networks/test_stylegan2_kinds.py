"""All kinds of StyleGAN2 that the official code makes: how blocks join, and the sizes of its published
configurations."""

import pytest
import torch
from networks import slow_stylegan2 as slow
from networks.test_stylegan2 import doubles, inputs

from gan.errors import StudioError
from gan.networks.registry import build_discriminator, build_generator

# side, channel_base, mapping layers, discriminator (Karras et al. 2020, both papers, and the tables of their code)
OFFICIAL = {
    "config-f 256": (256, 32768, 8, {}),
    "config-f 512": (512, 32768, 8, {}),
    "config-f 1024": (1024, 32768, 8, {}),
    "auto 256": (256, 16384, 2, {}),
    "auto 512": (512, 32768, 2, {}),
    "stylegan2": (1024, 32768, 8, {}),
    "paper256": (256, 16384, 8, dict(group=8)),
    "paper512": (512, 32768, 8, dict(group=8)),
    "paper1024": (1024, 32768, 8, {}),
    "cifar": (32, 32768, 2, dict(group=32, architecture="orig", num_classes=10)),
}


@pytest.mark.parametrize("classes", [0, 3])
@pytest.mark.parametrize("architecture, maps", [("orig", 1), ("skip", 1), ("resnet", 2), ("resnet", 0)])
def test_every_discriminator(architecture, maps, classes):
    torch.manual_seed(3)
    d = build_discriminator(
        "stylegan2",
        dict(
            side=16,
            num_classes=classes,
            channel_base=64,
            channel_max=8,
            mapping_layers=1,
            architecture=architecture,
            std_maps=maps,
            group=2,
        ),
    )
    x = torch.randn(8, 3, 16, 16, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    _, c = inputs(classes)
    want = slow.discriminator(x, c, doubles(d), 16, 2, 1, architecture, maps)
    torch.testing.assert_close(d.double()(x, c), want, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("blocks", ["orig", "resnet"])
def test_every_generator(blocks):
    torch.manual_seed(3)
    g = build_generator("stylegan2", dict(side=16, z_dim=5, w_dim=6, channel_base=64, channel_max=8, blocks=blocks))
    ws = torch.randn(3, g.num_ws, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    assert g.num_ws == 6
    torch.testing.assert_close(
        g.double().eval().synthesis(ws), slow.synthesis(ws, doubles(g), 16, True, blocks), rtol=1e-9, atol=1e-9
    )


def named(network) -> set[str]:
    """Layers that hold a weight, without their parts."""
    return {
        name.removesuffix(".weight")
        for name in network.state_dict()
        if name.endswith(".weight") and "affine" not in name
    }


def test_their_names_are_the_official_ones():
    small = dict(side=8, channel_base=64, channel_max=8)
    convs = {"b8.conv0", "b8.conv1", "b8.fromrgb", "b4.conv", "b4.fc", "b4.out"}
    assert named(build_discriminator("stylegan2", dict(small, architecture="orig"), "meta")) == convs
    assert named(build_discriminator("stylegan2", dict(small, architecture="skip"), "meta")) == convs | {"b4.fromrgb"}
    convs = {f"synthesis.{name}" for name in ("b4.conv1", "b8.conv0", "b8.conv1", "b8.torgb")} | {"mapping.fc0"}
    assert named(build_generator("stylegan2", dict(small, mapping_layers=1, blocks="orig"), "meta")) == convs
    g = build_generator("stylegan2", dict(small, mapping_layers=1, blocks="resnet"), "meta")
    assert named(g) == convs | {"synthesis.b8.skip"} and "synthesis.b8.skip.resample_filter" in g.state_dict()
    assert not [name for name in g.state_dict() if name.startswith("synthesis.b8.skip.bias")]


@pytest.mark.parametrize("name", OFFICIAL)
def test_every_official_configuration_has_a_place(name):
    side, base, layers, more = OFFICIAL[name]
    shared = dict(side=side, channel_base=base, channel_max=512, conv_clamp=256, num_classes=more.get("num_classes", 0))
    g = build_generator("stylegan2", dict(shared, z_dim=512, w_dim=512, mapping_layers=layers), "meta").state_dict()
    d = build_discriminator("stylegan2", shared | more, "meta").state_dict()
    maps = min(512, base // side)
    assert g[f"synthesis.b{side}.conv1.weight"].shape == (maps, maps, 3, 3) and f"mapping.fc{layers - 1}.weight" in g
    assert f"mapping.fc{layers}.weight" not in g and d[f"b{side}.fromrgb.weight"].shape == (maps, 3, 1, 1)
    assert d["b4.conv.weight"].shape == (512, 513, 3, 3) and ("mapping.embed.weight" in d) == ("num_classes" in more)


def test_std_maps_share_the_channels_equally():
    with pytest.raises(StudioError, match="8 feature maps cannot be told of in 3 equal shares"):
        build_discriminator("stylegan2", dict(channel_base=64, channel_max=8, std_maps=3), "meta")


@pytest.mark.parametrize("noise", ["const", "none"])
@pytest.mark.parametrize("settled", [False, True])
def test_a_single_picture_takes_another_way_to_the_same_numbers(settled, noise):
    """Few maps, so that the last layers have more numbers in their maps than in their weights."""
    torch.manual_seed(0)
    g = build_generator("stylegan2", dict(side=32, z_dim=5, w_dim=6, channel_base=64, channel_max=8)).double().eval()
    for name, p in g.named_parameters():
        if name.endswith((".bias", "noise_strength")):
            p.data.add_(torch.randn(p.shape))
    ws = torch.randn(2, g.num_ws, 6, dtype=torch.float64)
    want = slow.synthesis(ws, doubles(g), 32, noise == "const")
    with torch.no_grad():
        if settled:
            g.settle()
        for one, picture in zip(ws.split(1), want, strict=True):
            torch.testing.assert_close(g.synthesis(one, noise)[0], picture, rtol=1e-9, atol=1e-9)
        torch.testing.assert_close(g.synthesis(ws, noise), want, rtol=1e-9, atol=1e-9)
