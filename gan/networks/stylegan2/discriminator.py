"""The discriminator of StyleGAN2: blocks that halve the picture, in the three ways of Karras et al. 2020, figure 7."""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan.errors import StudioError
from gan.field_metadata import knob
from gan.messages import say
from gan.networks.contract import Discriminator
from gan.networks.layers import laid_out_as, minibatch_std
from gan.networks.picture_knobs import channels_knob, data_classes_knob, side_knob
from gan.networks.resample import blur, downsample
from gan.networks.stylegan2.mapping import (
    GAIN,
    Dense,
    Mapping,
    activate,
    check_config,
    maps_of,
    register_filter,
    sides_of,
)

ARCHITECTURES = ("resnet", "orig", "skip")


@dataclass(frozen=True)
class StyleGAN2DiscriminatorConfig:
    """What its discriminator is built from."""

    side: int = side_knob()
    channels: int = channels_knob()
    num_classes: int = data_classes_knob()
    mapping_layers: int = knob(
        8, "Layers from the class to what it is compared with; only with classes.", low=1, high=16
    )
    channel_base: int = knob(
        1024, "Feature maps times side: a layer of side s has channel_base / s of them.", low=16, high=131072
    )
    channel_max: int = knob(128, "The most feature maps of any layer.", low=1, high=2048)
    architecture: str = knob(
        "resnet",
        "How its blocks see the picture: past shortcuts, once, or each at its own side.",
        choices=ARCHITECTURES,
    )
    group: int = knob(4, "How many pictures are compared in the minibatch standard deviation.", low=1, high=64)
    std_maps: int = knob(1, "Feature maps that tell of that deviation; 0 for none.", low=0, high=64)
    conv_clamp: int | None = knob(
        None, "Clamp layers' outputs to this size, as networks trained in 16 bits do.", low=1, high=65536
    )

    def __post_init__(self) -> None:
        check_config(self)
        if self.std_maps and maps_of(self, 4) % self.std_maps:
            raise StudioError(
                say(
                    "{self} feature maps cannot be told of in {std_maps} equal shares.",
                    self=maps_of(self, 4),
                    std_maps=self.std_maps,
                ),
                "Choose another std_maps, such as 1.",
            )


class Conv(nn.Module):
    """A convolution of the discriminator: equalised learning rate, optional halving, optional activation."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int,
        down: bool = False,
        act: bool = True,
        bias: bool = True,
        clamp: float | None = None,
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None
        self.kernel, self.down, self.act, self.clamp = kernel, down, act, clamp
        self.scale = 1 / math.sqrt(inputs * kernel**2)
        self.resample_filter: Tensor
        register_filter(self)

    def forward(self, x: Tensor, gain: float = 1.0) -> Tensor:
        """x (batch, inputs, height, width) -> (batch, outputs, height, width), or half of both with `down`.

        gain: what the result, and the limit that it is clamped to, are multiplied by.
        """
        whole = GAIN * gain if self.act else gain
        weight, bias = self.weight * (self.scale * whole), self.bias if self.bias is None else self.bias * whole
        if not self.down:
            x = F.conv2d(x, weight, bias, padding=self.kernel // 2)
        elif self.kernel == 1:
            x = F.conv2d(downsample(x, self.resample_filter), weight, bias)
        else:
            x = F.conv2d(blur(x, self.resample_filter, pad=2), weight, bias, stride=2)
        return activate(x, self.clamp and self.clamp * gain) if self.act else x


class DiscriminatorBlock(nn.Module):
    """Two convolutions and a halving. "resnet" puts a 1x1 shortcut beside them (figure 7c); "skip" adds the picture
    itself at this side (figure 7b); "orig" does neither (figure 7a)."""

    def __init__(self, config: StyleGAN2DiscriminatorConfig, side: int) -> None:
        super().__init__()
        maps, after, clamp = maps_of(config, side), maps_of(config, side // 2), config.conv_clamp
        self.shrinks = config.architecture == "skip"
        self.looks = side == config.side or self.shrinks
        if self.looks:
            self.fromrgb = Conv(config.channels, maps, 1, clamp=clamp)
        self.conv0 = Conv(maps, maps, 3, clamp=clamp)
        self.conv1 = Conv(maps, after, 3, down=True, clamp=clamp)
        self.skip = Conv(maps, after, 1, down=True, act=False, bias=False) if config.architecture == "resnet" else None
        self.resample_filter: Tensor
        register_filter(self)

    def forward(self, x: Tensor | None, rgb: Tensor) -> tuple[Tensor, Tensor]:
        """Features of the block before, None in the first, and the picture at this side -> both at half of it.

        The picture stays as large as it was where no later block looks at it.
        """
        if self.looks:
            x = _sum(x, self.fromrgb(rgb))
        if self.skip is not None:
            shortcut = self.skip(x, gain=math.sqrt(0.5))
            return shortcut + self.conv1(self.conv0(x), gain=math.sqrt(0.5)), rgb
        return self.conv1(self.conv0(x)), downsample(rgb, self.resample_filter) if self.shrinks else rgb


def _sum(x: Tensor | None, y: Tensor) -> Tensor:
    return y if x is None else x + y


class Epilogue(nn.Module):
    """The last 4x4: minibatch standard deviation, one convolution, two dense layers."""

    def __init__(self, config: StyleGAN2DiscriminatorConfig, outputs: int) -> None:
        super().__init__()
        maps = maps_of(config, 4)
        self.group, self.std_maps = config.group, config.std_maps
        self.fromrgb = Conv(config.channels, maps, 1) if config.architecture == "skip" else None
        self.conv = Conv(maps + config.std_maps, maps, 3, clamp=config.conv_clamp)
        self.fc = Dense(maps * 16, maps, act=True)
        self.out = Dense(maps, outputs)

    def features(self, x: Tensor, rgb: Tensor) -> Tensor:
        """Features x (batch, maps, 4, 4) -> (batch, maps). rgb: the picture at 4 pixels, where "skip" looks at it."""
        if self.fromrgb is not None:
            x = x + self.fromrgb(rgb)
        if self.std_maps:
            x = minibatch_std(x, self.group, self.std_maps)
        return self.fc(self.conv(x).flatten(1))


class StyleGAN2Discriminator(Discriminator):
    """x -> blocks -> logit; with classes, the inner product with the embedded class (Miyato and Koyama 2018)."""

    def __init__(self, config: StyleGAN2DiscriminatorConfig) -> None:
        super().__init__()
        self.image_shape, self.num_classes = (config.channels, config.side, config.side), config.num_classes
        self.feature_dim = maps_of(config, 4)
        self.sides = sides_of(config)[:0:-1]
        for side in self.sides:
            setattr(self, f"b{side}", DiscriminatorBlock(config, side))
        if config.num_classes:
            self.mapping = Mapping(0, config.num_classes, self.feature_dim, config.mapping_layers, track=False)
        self.b4 = Epilogue(config, self.feature_dim if config.num_classes else 1)

    def features(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        rgb = laid_out_as(self.b4.conv.weight, x)
        maps: Any = None  # of the block before: the first has none
        for block in self.blocks():
            maps, rgb = block(maps, rgb)
        return self.b4.features(maps, rgb)

    def blocks(self) -> list[nn.Module]:
        return [getattr(self, f"b{side}") for side in self.sides]

    def forward(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        logits = self.b4.out(self.features(x))
        if not self.num_classes:
            return logits.squeeze(1)
        if c is None:
            c = logits.new_full((len(logits), self.num_classes), 1 / self.num_classes)
        return (logits * self.mapping(None, c)).sum(dim=1) / math.sqrt(self.feature_dim)
