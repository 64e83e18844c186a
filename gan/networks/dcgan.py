"""A convolutional pair for pictures of 16 to 128 pixels, after Radford et al. 2016 (DCGAN).

Two choices differ from the paper, so that averaged (EMA) weights give clean pictures:
- Upsampling is nearest neighbour followed by a 3x3 convolution. Transposed convolutions of stride 2 leave a
  checkerboard (Odena et al. 2016, "Deconvolution and checkerboard artifacts").
- The generator normalises each pixel's feature vector (Karras et al. 2018, "Progressive growing", section 4.2) in place
  of batch norm, whose running statistics do not follow averaged weights and shift the average's colours. It also makes
  a picture independent of what else is in its batch.
The discriminator has no norm, so that R1 and gradient penalties mean what they say, and ends in a minibatch standard
deviation (same paper, section 3) and, with classes, a projection (Miyato and Koyama 2018, "cGANs with projection").
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan.errors import StudioError
from gan.field_metadata import check, knob
from gan.messages import say
from gan.networks.contract import Discriminator, LatentGenerator, Noise, last
from gan.networks.layers import minibatch_std, pixel_norm
from gan.networks.picture_knobs import asked_classes_knob, channels_knob, check_channels, data_classes_knob
from gan.networks.resample import conv_of_doubled

_SIDES = (16, 28, 32, 64, 128)  # 28, that of MNIST, is halved to 7, the others to 4


@dataclass(frozen=True)
class DCGANGeneratorConfig:
    """What a convolutional generator is built from."""

    side: int = knob(64, "Height and width of the pictures.", low=16, high=128, unit="pixels")
    channels: int = channels_knob()
    num_classes: int = asked_classes_knob()
    z_dim: int = knob(100, "How many latent values a picture has.", low=1, high=4096)
    width: int = knob(32, "Feature maps at full size; they double with each halving of the side.", low=1, high=512)
    width_max: int = knob(256, "The most feature maps at any size.", low=1, high=2048)
    style_layers: int = knob(
        0,
        "Layers from the latents to a style that every size is painted in; with 0 there are no styles, and "
        "the latents reach the smallest size alone.",
        low=0,
        high=16,
        unit="layers",
    )

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True)
class DCGANDiscriminatorConfig:
    """What its discriminator is built from."""

    side: int = knob(64, "Height and width of the pictures.", low=16, high=128, unit="pixels")
    channels: int = channels_knob()
    num_classes: int = data_classes_knob()
    width: int = knob(32, "Feature maps after the first convolution; they double with each halving.", low=1, high=512)
    width_max: int = knob(256, "The most feature maps at any size.", low=1, high=2048)

    def __post_init__(self) -> None:
        _check(self)


def _check(config: Any) -> None:
    check(config)
    if config.side not in _SIDES:
        raise StudioError(
            say("A dcgan makes pictures of 16, 28, 32, 64 or 128 pixels, not {side}.", side=config.side),
            "Choose one of these.",
        )
    check_channels(config.channels)


def widths_of(config: Any) -> list[int]:
    """Feature maps at sides 4, 8, ... (of 28 pixels 7, 14, 28) up to the full side."""
    return [min(config.width * 2**k, config.width_max) for k in range(halvings_of(config.side), -1, -1)]


def halvings_of(side: int) -> int:
    """How often a picture is halved on the way to its smallest features."""
    return int(math.log2(side // 4))


def init(module: nn.Module) -> None:
    """Weights from N(0, 0.02) (Radford et al. 2016, section 4): with a norm after every layer the scale does not
    matter. Biases are 0."""
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        nn.init.normal_(module.weight, 0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)


class DCGANGenerator(LatentGenerator):
    """w -> 4x4 features (7x7 for 28 pixels) -> (upsample, 3x3 convolution, norm, leaky ReLU) until full size ->
    tanh."""

    has_maps = True

    def __init__(self, config: DCGANGeneratorConfig) -> None:
        super().__init__(config.z_dim, config.num_classes, (config.channels, config.side, config.side))
        widths = widths_of(config)
        self.smallest = config.side >> halvings_of(config.side)  # height and width of the first features
        self.project = nn.Linear(self.w_dim, widths[0] * self.smallest**2)
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in pairwise(widths))
        self.to_picture = nn.Conv2d(widths[-1], config.channels, 3, padding=1)
        self.apply(init)

    def synthesis(self, w: Tensor, noise: Noise = "const") -> Tensor:
        return last(self.painting(w, noise))

    def painting(self, w: Tensor, noise: Noise = "const") -> Iterator[Tensor]:
        h = self._activate(self.project(w.squeeze(1)).unflatten(1, (-1, self.smallest, self.smallest)))
        yield h
        for conv in self.convs:
            assert isinstance(conv, nn.Conv2d) and conv.bias is not None
            h = self._activate(conv_of_doubled(h, conv.weight, conv.bias))
            yield h
        yield torch.tanh(self.to_picture(h))

    def first_weights(self) -> Tensor:
        return self.project.weight

    def stages(self) -> list[list[nn.Module]]:
        return [[self.project], *([conv] for conv in self.convs[:-1]), [*self.convs[-1:], self.to_picture]]

    @staticmethod
    def _activate(h: Tensor) -> Tensor:
        return F.leaky_relu(pixel_norm(h), 0.2)


class ConvolutionalDiscriminator(Discriminator):
    """Strided 4x4 convolutions that halve the picture, minibatch standard deviation, one logit; for any height and
    width.

    widths: feature maps at full size and after each halving.
    """

    def __init__(self, image_shape: tuple[int, ...], num_classes: int, widths: list[int]) -> None:
        super().__init__()
        self.image_shape, self.num_classes = tuple(image_shape), num_classes
        channels, *sides = image_shape
        left = math.prod(side >> (len(widths) - 1) for side in sides)
        self.from_picture = nn.Conv2d(channels, widths[0], 3, padding=1)
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 4, stride=2, padding=1) for a, b in pairwise(widths))
        self.feature_dim = widths[-1]
        self.last = nn.Linear((widths[-1] + 1) * left, self.feature_dim)
        self.out = nn.Linear(self.feature_dim, 1)
        self.embed = nn.Linear(num_classes, self.feature_dim, bias=False) if num_classes else None
        for layer in self.modules():
            if isinstance(layer, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(layer.weight, a=0.2)  # without norms the scale of the layers matters
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)

    def features(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        h = F.leaky_relu(self.from_picture(x), 0.2)
        for conv in self.convs:
            h = F.leaky_relu(conv(h), 0.2)
        return F.leaky_relu(self.last(minibatch_std(h, group=4).flatten(1)), 0.2)

    def blocks(self) -> list[nn.Module]:
        return [self.from_picture, *self.convs]

    def forward(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        h = self.features(x, c)
        logits = self.out(h).squeeze(1)
        if self.embed is not None and c is not None:
            logits = logits + (self.embed(c.to(h.dtype)) * h).sum(1) / math.sqrt(self.feature_dim)
        return logits


class DCGANDiscriminator(ConvolutionalDiscriminator):
    """That for square pictures, down to 4x4 or 7x7."""

    def __init__(self, config: Any) -> None:
        super().__init__((config.channels, config.side, config.side), config.num_classes, widths_of(config)[::-1])
