"""The generator of FastGAN.

Liu et al. 2021, "Towards faster and stabilized GAN training for high-fidelity few-shot image synthesis".

Blocks that double the side, by turns of one convolution and of two with noise; what 4x4 to 32x32 features say weighs
the maps of features 16 times as large (skip-layer excitation, section 3.1). The original's spectral norms are part of
the weights here.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan.errors import StudioError
from gan.field_metadata import check, knob
from gan.messages import say
from gan.networks.contract import LatentGenerator, Noise
from gan.networks.layers import StoredNorm
from gan.networks.picture_knobs import asked_classes_knob, channels_knob, check_channels, side_knob
from gan.networks.ported import AddedNoise, draw_weights, kernels_by_latent

DEEP = 8, 32, 128, 512  # sides whose blocks have two convolutions
EXCITED = 64, 128, 256, 512  # sides of features whose maps are weighed by those of a 16th of it


@dataclass(frozen=True)
class FastGANGeneratorConfig:
    """What a FastGAN's generator is built from."""

    side: int = side_knob()
    channels: int = channels_knob()
    num_classes: int = asked_classes_knob()
    z_dim: int = knob(256, "How many latent values a picture has.", low=1, high=2048)
    widths: tuple[int, ...] = knob(
        (128, 64, 32, 16, 16), "Feature maps at the sides 4, 8, ... up to the full one.", low=1, high=4096, most=9
    )
    squash: bool = knob(True, "Whether pictures go through a tanh.")

    def __post_init__(self) -> None:
        check(self)
        if self.side != 2 * 2 ** len(self.widths):
            raise StudioError(
                say(
                    "{count} widths are for pictures of {value} pixels, not {side}.",
                    count=len(self.widths),
                    value=2 * 2 ** len(self.widths),
                    side=self.side,
                ),
                "Give a width for every side from 4 on.",
            )
        check_channels(self.channels)


class Layer(nn.Module):
    """A convolution, noise where there is any, a norm and a gated linear unit, all at one side."""

    def __init__(self, inputs: int, outputs: int, side: int, noisy: bool) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, 2 * outputs, 3, padding=1, bias=False)
        self.noise = AddedNoise(side) if noisy else None
        self.norm = StoredNorm(2 * outputs)

    def forward(self, x: Tensor, noise: Noise) -> Tensor:
        """x (batch, inputs, side, side) -> (batch, outputs, side, side)."""
        x = self.conv(x)
        return F.glu(self.norm(x if self.noise is None else self.noise(x, noise)), dim=1)


class Excitation(nn.Module):
    """Weights for the maps of larger features, from the 4x4 means of smaller ones."""

    def __init__(self, maps: int, outputs: int) -> None:
        super().__init__()
        self.narrow = nn.Conv2d(maps, outputs, 4, bias=False)
        self.widen = nn.Conv2d(outputs, outputs, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Features x (batch, maps, any height, any width) -> (batch, outputs, 1, 1), weights from 0 to 1."""
        return torch.sigmoid(self.widen(F.silu(self.narrow(F.adaptive_avg_pool2d(x, 4)))))


class Block(nn.Module):
    """Features of half the side -> features of `side`, weighed by much smaller ones where there are such."""

    def __init__(self, before: int, after: int, side: int, source: int | None) -> None:
        super().__init__()
        deep = side in DEEP
        self.layers = nn.ModuleList(
            [Layer(before, after, side, deep), *([Layer(after, after, side, deep)] if deep else [])]
        )
        self.excitation = Excitation(source, after) if source else None

    def forward(self, x: Tensor, source: Tensor | None, noise: Noise) -> Tensor:
        """x (batch, before, side / 2, side / 2), and where it has an excitation the features that are read for it ->
        (batch, after, side, side).
        """
        x = F.interpolate(x, scale_factor=2, mode="nearest")
        for layer in self.layers:
            x = layer(x, noise)
        return x if self.excitation is None else x * self.excitation(source)


class FastGANGenerator(LatentGenerator):
    """w -> 4x4 features -> blocks that double the side -> x (batch, channels, side, side) in [-1, 1]."""

    has_noise = True

    def __init__(self, config: FastGANGeneratorConfig) -> None:
        super().__init__(config.z_dim, config.num_classes, (config.channels, config.side, config.side))
        maps = {4 * 2**k: width for k, width in enumerate(config.widths)}
        self.squash = config.squash
        self.start = nn.ConvTranspose2d(self.w_dim, 2 * maps[4], 4, bias=False)
        self.norm = StoredNorm(2 * maps[4])
        self.blocks = nn.ModuleList(
            Block(maps[side // 2], maps[side], side, maps[side // 16] if side in EXCITED else None)
            for side in list(maps)[1:]
        )
        self.to_picture = nn.Conv2d(config.widths[-1], config.channels, 3, padding=1, bias=False)
        draw_weights(self)

    def synthesis(self, w: Tensor, noise: Noise = "const") -> Tensor:
        features = [F.glu(self.norm(self.start(w.squeeze(1)[:, :, None, None])), dim=1)]
        for block in self.blocks:
            source = features[-4] if block.excitation is not None else None
            features.append(block(features[-1], source, noise))
        x = self.to_picture(features[-1])
        return torch.tanh(x) if self.squash else x

    def first_weights(self) -> Tensor:
        return kernels_by_latent(self.start.weight)

    def stages(self) -> list[list[nn.Module]]:
        return [[self.start, self.norm], *([block] for block in self.blocks[:-1]), [self.blocks[-1], self.to_picture]]
