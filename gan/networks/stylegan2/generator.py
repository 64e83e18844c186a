"""The generator of StyleGAN2: styles from z, and blocks of growing side that paint with them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor, nn

from gan.field_metadata import knob
from gan.networks.contract import Generator, Noise, last
from gan.networks.picture_knobs import asked_classes_knob, channels_knob, side_knob
from gan.networks.resample import upsample
from gan.networks.stylegan2.mapping import Mapping, check_config, maps_of, register_filter, sides_of
from gan.networks.stylegan2.styled import Shortcut, StyledConv, ToRGB

BLOCKS = ("skip", "resnet", "orig")  # Karras et al. 2020, figure 7


@dataclass(frozen=True)
class StyleGAN2GeneratorConfig:
    """What a style-based generator is built from."""

    side: int = side_knob()
    channels: int = channels_knob()
    num_classes: int = asked_classes_knob()
    z_dim: int = knob(128, "How many latent values a picture has.", low=1, high=2048)
    w_dim: int = knob(128, "How many values each style w has.", low=1, high=2048)
    mapping_layers: int = knob(4, "Layers of the network from z to w.", low=1, high=16)
    channel_base: int = knob(
        1024, "Feature maps times side: a layer of side s has channel_base / s of them.", low=16, high=131072
    )
    channel_max: int = knob(128, "The most feature maps of any layer.", low=1, high=2048)
    blocks: str = knob(
        "skip",
        "How its blocks join: by sums of pictures, by shortcuts between features, or one after the other.",
        choices=BLOCKS,
    )
    conv_clamp: int | None = knob(
        None, "Clamp layers' outputs to this size, as networks trained in 16 bits do.", low=1, high=65536
    )
    tanh: bool = knob(
        False,
        "End in tanh, which keeps values in -1..1. The published networks do without. Letters of 16 and 32 pixels and "
        "cats of 16 were learnt faster with it; photographs and larger pictures were not compared.",
    )

    def __post_init__(self) -> None:
        check_config(self)


class SynthesisBlock(nn.Module):
    """The layers of one side. In a "skip" generator each adds its RGB to the upsampled sum so far (figure 7b); else
    only the last one makes a picture, and a "resnet" one has shortcuts past its convolutions (figure 7c)."""

    def __init__(self, config: StyleGAN2GeneratorConfig, side: int) -> None:
        super().__init__()
        maps, w_dim, clamp = maps_of(config, side), config.w_dim, config.conv_clamp
        self.first, before = side == 4, maps_of(config, side // 2)
        if self.first:
            self.const = nn.Parameter(torch.randn(maps, 4, 4))
        else:
            self.conv0 = StyledConv(before, maps, w_dim, side, up=True, clamp=clamp)
        self.conv1 = StyledConv(maps, maps, w_dim, side, up=False, clamp=clamp)
        paints = side == config.side or config.blocks == "skip"
        self.torgb = ToRGB(maps, config.channels, w_dim, clamp) if paints else None
        self.skip = Shortcut(before, maps) if config.blocks == "resnet" and not self.first else None
        self.resample_filter: Tensor
        register_filter(self)

    def convs(self) -> list[StyledConv]:
        """Its styled convolutions: one at 4 pixels, two at each other side."""
        return [self.conv1] if self.first else [self.conv0, self.conv1]

    def forward(self, x: Tensor | None, rgb: Tensor | None, ws: Tensor, noise: Noise) -> tuple[Tensor, Tensor | None]:
        """ws (batch, convs + 1, w_dim) -> features and the picture so far."""
        if x is None:
            x = self.const.expand(len(ws), *self.const.shape)
        past = None if self.skip is None else self.skip(x)
        for i, conv in enumerate(self.convs()):
            x = conv(x, ws[:, i], noise)
        if past is not None:
            x = past + x * math.sqrt(0.5)
        if self.torgb is None:
            return x, None
        y = self.torgb(x, ws[:, -1])
        return x, y if rgb is None else upsample(rgb) + y


class Synthesis(nn.Module):
    """w once per layer -> the picture: blocks of growing side, 4, 8, ... up to the full one."""

    def __init__(self, config: StyleGAN2GeneratorConfig) -> None:
        super().__init__()
        self.sides, self.tanh = sides_of(config), config.tanh
        for side in self.sides:
            setattr(self, f"b{side}", SynthesisBlock(config, side))

    def blocks(self) -> list[SynthesisBlock]:
        """From 4 pixels to the full side."""
        return [getattr(self, f"b{side}") for side in self.sides]

    def forward(self, ws: Tensor, noise: Noise) -> Iterator[Tensor]:
        """ws (batch, num_ws, w_dim) -> features of each side, (batch, maps, side, side), and last the picture (batch,
        channels, side, side)."""
        x: Tensor | None = None
        rgb: Any = None  # what the last block gives is a picture
        at = 0
        for block in self.blocks():
            layers = len(block.convs())
            x, rgb = block(x, rgb, ws[:, at : at + layers + 1], noise)  # a block's RGB shares its w with the next block
            at += layers
            yield x
        yield torch.tanh(rgb) if self.tanh else rgb


class StyleGAN2Generator(Generator):
    """z -> w once per layer -> x (batch, channels, side, side), about [-1, 1], within it with tanh."""

    has_noise = has_maps = True

    def __init__(self, config: StyleGAN2GeneratorConfig) -> None:
        super().__init__()
        self.z_dim, self.w_dim, self.num_classes = config.z_dim, config.w_dim, config.num_classes
        self.image_shape = (config.channels, config.side, config.side)
        self.num_ws = 2 * len(sides_of(config))
        self.noise_layers = self.num_ws - 1
        # Straight into the table of submodules: the official parameter names start with "mapping." and "synthesis.",
        # which are methods here.
        self._modules["mapping"] = Mapping(
            config.z_dim, config.num_classes, config.w_dim, config.mapping_layers, track=True
        )
        self._modules["synthesis"] = Synthesis(config)

    def _parts(self) -> tuple[Mapping, Synthesis]:
        return cast(Mapping, self._modules["mapping"]), cast(Synthesis, self._modules["synthesis"])

    def mapping(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        if self.num_classes and c is None:
            c = z.new_full((len(z), self.num_classes), 1 / self.num_classes)
        w = self._parts()[0](z, c if self.num_classes else None)
        return w.unsqueeze(1).expand(-1, self.num_ws, -1)

    def synthesis(self, w: Tensor, noise: Noise = "const") -> Tensor:
        return last(self.painting(w, noise))

    def painting(self, w: Tensor, noise: Noise = "const") -> Iterator[Tensor]:
        return self._parts()[1](w, noise)

    @torch.no_grad()
    def settle(self) -> "StyleGAN2Generator":
        for block in self._parts()[1].blocks():
            for conv in block.convs():
                conv.settle()
        return self

    def center(self, c: Tensor | None = None) -> Tensor:
        return self._parts()[0].w_avg.expand(1, self.num_ws, -1)

    def first_weights(self) -> Tensor:
        return torch.cat([conv.affine.weight for block in self._parts()[1].blocks() for conv in block.convs()])

    def stages(self) -> list[list[nn.Module]]:
        first, *rest = self._parts()[1].blocks()
        stages: list[list[nn.Module]] = [[self._parts()[0], first]]
        return stages + [[block] for block in rest]
