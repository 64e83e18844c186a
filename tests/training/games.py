"""Small pairs and data of every family, for tests of the training loop."""

import torch

from gan.networks.registry import build_discriminator, build_generator
from gan.training.config import TrainConfig
from gan.training.data import Samples
from gan.training.trainer import Trainer

PAIRS = {
    "mlp": (dict(image_shape=[1, 8, 8], z_dim=4, hidden=[16, 16]), dict(image_shape=[1, 8, 8], hidden=[16, 16])),
    "points": (dict(image_shape=[2], z_dim=4, hidden=[32], tanh=False), dict(image_shape=[2], hidden=[32])),
    "dcgan": (dict(side=16, width=4, width_max=16, z_dim=4), dict(side=16, width=4, width_max=16)),
    "styled": (
        dict(side=16, width=4, width_max=16, z_dim=4, style_layers=1),
        dict(side=16, width=4, width_max=16),
    ),
    "stylegan2": (
        dict(side=8, channel_max=8, z_dim=4, w_dim=4, mapping_layers=2),
        dict(side=8, channel_max=8, mapping_layers=1),
    ),
    "stack": (
        dict(
            z_dim=4,
            layers=[
                "linear ->128",
                "reshape 8x4x4",
                "batch_norm",
                "relu",
                "conv_transpose ->3 kernel=4 stride=2 padding=1",
                "batch_norm",
                "tanh",
            ],
        ),
        dict(image_shape=[3, 8, 8], width=2),
    ),
}
KINDS = {"points": "mlp", "styled": "dcgan"}


def pair(name: str, classes: int = 0):
    """A generator and a discriminator with the same weights each time."""
    torch.manual_seed(0)
    family = KINDS.get(name, name)
    g, d = PAIRS[name]
    return (
        build_generator(family, {**g, "num_classes": classes}),
        build_discriminator(family, {**d, "num_classes": classes}),
    )


def data(name: str, classes: int = 0, n: int = 24) -> Samples:
    """Noise of the right shape."""
    rng = torch.Generator().manual_seed(1)
    shape = pair(name)[0].image_shape
    x = (
        torch.randn(n, 2, generator=rng)
        if shape == (2,)
        else torch.randint(0, 256, (n, *shape), generator=rng, dtype=torch.uint8)
    )
    return Samples(x, torch.arange(n) % classes if classes else None, classes)


def trainer(name: str, classes: int = 0, **knobs) -> Trainer:
    values = dict(batch_size=6, record_every=1, grid_every=0, grid_size=4) | knobs
    return Trainer(*pair(name, classes), data(name, classes), TrainConfig(**values))
