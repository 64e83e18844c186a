"""A small pair of every family of networks."""

import torch

from gan.networks.contract import Discriminator, Generator
from gan.networks.registry import build_discriminator, build_generator

STACK = [
    "linear ->240",
    "reshape 12x4x5",
    "batch_norm",
    "leaky_relu slope=0.2",
    "conv_transpose ->4 kernel=4 stride=2 padding=1",
    "instance_norm",
    "elu",
    "upsample",
    "conv ->3 kernel=7 bias=off",
    "tanh",
]
VALUES = {
    "mlp": (dict(image_shape=[1, 5, 7], z_dim=6, hidden=[16]), dict(image_shape=[1, 5, 7], hidden=[16])),
    "dcgan": (dict(side=16, width=4, z_dim=6), dict(side=16, width=4)),
    "stylegan2": (
        dict(side=16, channel_max=8, z_dim=6, w_dim=4, mapping_layers=2),
        dict(side=16, channel_max=8, mapping_layers=2),
    ),
    "lightweight": (
        dict(side=16, z_dim=6, widths=[4, 3], attention=[8], local=True, upsampling="shuffle", noise=True),
        dict(side=16, channel_max=8, mapping_layers=2),
    ),
    "stack": (dict(z_dim=6, latent="uniform", layers=STACK), dict(image_shape=[3, 10, 14], width=4)),
    "fastgan": (dict(side=64, z_dim=6, widths=[6, 5, 4, 3, 2]), dict(side=64, channel_max=8, mapping_layers=2)),
    "words": (
        dict(symbols=" abc", places=5, z_dim=6, channels=8),
        dict(symbols=" abc", places=5, channels=8),
    ),
    "sounds": (dict(side=16, width=4, z_dim=6), dict(side=16, width=4)),
    "points": (dict(image_shape=[2], z_dim=6, hidden=[8]), dict(image_shape=[2], hidden=[8])),
    "styled": (dict(side=16, width=4, z_dim=6, style_layers=2), dict(side=16, width=4)),
}
KINDS = {"points": "mlp", "styled": "dcgan"}


def build(name: str, classes: int) -> tuple[Generator, Discriminator]:
    torch.manual_seed(0)
    family = KINDS.get(name, name)
    g, d = VALUES[name]
    return (
        build_generator(family, {**g, "num_classes": classes}).eval(),
        build_discriminator(family, {**d, "num_classes": classes}).eval(),
    )


def latents(g: Generator, n: int):
    z = torch.randn(n, g.z_dim, generator=torch.Generator().manual_seed(1))
    return z, torch.eye(g.num_classes)[torch.arange(n) % g.num_classes] if g.num_classes else None
