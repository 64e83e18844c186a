"""What the families have in common whose generators come from other people's checkpoints: LightweightGAN and
FastGAN."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gan.field_metadata import knob
from gan.networks.contract import LayerNoise, Noise, drawn_noise
from gan.networks.stylegan2 import StyleGAN2DiscriminatorConfig

_NOISE_SEED = 0x6A09E667


@dataclass(frozen=True)
class PortedCriticConfig(StyleGAN2DiscriminatorConfig):
    """A discriminator of StyleGAN2, as wide as pictures of 256 pixels and more need it."""

    channel_base: int = knob(
        8192, "Feature maps times side: a layer of side s has channel_base / s of them.", low=16, high=131072
    )
    channel_max: int = knob(256, "The most feature maps of any layer.", low=1, high=2048)


class AddedNoise(nn.Module):
    """Noise of a learnt strength, the same in all maps. The original code draws it anew for every picture; "const" is
    stored noise here, so that a recipe stays the same picture."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self.side = side
        self.strength = nn.Parameter(torch.zeros([]))
        self.const: Tensor
        self.register_buffer("const", torch.randn(side, side))

    def forward(self, x: Tensor, noise: Noise) -> Tensor:
        """x (batch, maps, side, side) -> the same shape, with the noise added to all of its maps alike."""
        drawn = drawn_noise(noise.drawn if isinstance(noise, LayerNoise) else noise, self.const, len(x), x.dtype)
        return x if drawn is None else x + drawn * self.strength


def draw_weights(network: nn.Module) -> None:
    """Fresh weights that keep signals alive where no statistics of a batch do (He et al. 2015); biases are 0."""
    for layer in network.modules():
        if isinstance(layer, nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, std=layer.in_channels**-0.5)
        elif isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight)
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)) and layer.bias is not None:
            nn.init.zeros_(layer.bias)


def fixed_noise(side: int, layer: int) -> Tensor:
    """The noise (side, side) that a converted layer stores: always the same for the same layer."""
    return torch.randn(side, side, generator=torch.Generator().manual_seed(_NOISE_SEED + layer))


def kernels_by_latent(weight: Tensor) -> Tensor:
    """A transposed convolution's weight (w_dim, maps, height, width) as a matrix from w: (maps height width, w_dim)."""
    return weight.flatten(1).T
