"""The generator of LightweightGAN (lucidrains/lightweight-gan), in the versions from 2021 on.

After Liu et al. 2021 ("Towards faster and stabilized GAN training for high-fidelity few-shot image synthesis"): blocks
that double the side, each a convolution, a norm and a gated linear unit; what small features say weighs the maps of
large ones (global context, Cao et al. 2019). Pictures are in [-1, 1] here; the original code's are in [0, 1].
"""

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan.errors import StudioError
from gan.field_metadata import check, knob
from gan.messages import listed, say
from gan.networks.contract import LatentGenerator, Noise
from gan.networks.layers import StoredNorm
from gan.networks.picture_knobs import asked_classes_knob, channels_knob, check_channels, side_knob
from gan.networks.ported import AddedNoise, draw_weights, kernels_by_latent

UPSAMPLINGS = ("nearest", "shuffle", "narrow shuffle")
_EXCITED_BY = {128: 16, 256: 32, 512: 64, 1024: 128}  # sides of features: from which their maps' weights come
_HEADS, _HEAD = 8, 64


@dataclass(frozen=True)
class LightweightGeneratorConfig:
    """What a LightweightGAN's generator is built from."""

    side: int = side_knob()
    channels: int = channels_knob()
    num_classes: int = asked_classes_knob()
    z_dim: int = knob(256, "How many latent values a picture has.", low=1, high=2048)
    widths: tuple[int, ...] = knob(
        (64, 64, 32, 32), "Feature maps at the sides 8, 16, ... up to the full one.", low=1, high=2048, most=8
    )
    attention: tuple[int, ...] = knob(
        (), "Sides whose features look at each other before they are enlarged.", low=4, high=512, most=8
    )
    local: bool = knob(False, "Whether attention also looks at the neighbours of each pixel.")
    upsampling: str = knob(
        "nearest",
        "How features are enlarged: pixels repeated, or taken from four times as many maps.",
        choices=UPSAMPLINGS,
    )
    kernel: int = knob(3, "Side of its convolutions' windows.", low=3, high=4, unit="pixels")
    blur: bool = knob(False, "Whether enlarged features are blurred.")
    noise: bool = knob(False, "Whether noise is added to features.")

    def __post_init__(self) -> None:
        check(self)
        if self.side != 4 * 2 ** len(self.widths):
            raise StudioError(
                say(
                    "{count} widths are for pictures of {value} pixels, not {side}.",
                    count=len(self.widths),
                    value=4 * 2 ** len(self.widths),
                    side=self.side,
                ),
                "Give a width for every side from 8 on.",
            )
        check_channels(self.channels)
        if set(self.attention) - {self.side >> k for k in range(1, len(self.widths) + 1)}:
            raise StudioError(
                say(
                    "Attention is at the sides {names}, which are not all enlarged ones.",
                    names=listed(map(str, self.attention)),
                ),
                say("Choose powers of two from 4 to {side}.", side=self.side // 2),
            )


def enlarged_maps(config: LightweightGeneratorConfig, before: int, after: int) -> int:
    """Feature maps between a block's enlarging and its convolution."""
    return after if config.upsampling == "narrow shuffle" else before


def excited_sides(most: int) -> dict[int, int]:
    """Sides of features, up to `most`, whose maps are weighed by smaller ones: those ones' sides."""
    return {side: source for side, source in _EXCITED_BY.items() if side <= most}


class Attention(nn.Module):
    """What features learn of all others (linear attention, Shen et al. 2018), and with `local` of their 3x3
    neighbourhood."""

    def __init__(self, maps: int, local: bool) -> None:
        super().__init__()
        inner = _HEADS * _HEAD
        self.gain, self.shift = nn.Parameter(torch.ones(1, maps, 1, 1)), nn.Parameter(torch.zeros(1, maps, 1, 1))
        self.q = nn.Conv2d(maps, inner, 1, bias=False)
        self.around = nn.Conv2d(maps, maps, 3, padding=1, groups=maps, bias=False)
        self.kv = nn.Conv2d(maps, 2 * inner, 1, bias=False)
        self.local = local
        if local:
            self.local_q = nn.Conv2d(maps, inner, 1, bias=False)
            self.local_kv = nn.Conv2d(maps, 2 * inner, 1, bias=False)
        self.out = nn.Conv2d((2 if local else 1) * inner, maps, 1)

    def forward(self, x: Tensor) -> Tensor:
        """x (batch, maps, height, width) -> what is to be added to it, of the same shape."""
        centred = x - x.mean(dim=1, keepdim=True)
        x = centred * (centred.square().mean(dim=1, keepdim=True) + 1e-5).rsqrt() * self.gain + self.shift
        seen = self._everywhere(x)
        if self.local:
            seen = torch.cat([seen, self._nearby(x)], dim=1)
        return self.out(seen)

    def _everywhere(self, x: Tensor) -> Tensor:
        q, (k, v) = _heads(self.q(x)), map(_heads, self.kv(self.around(x)).chunk(2, dim=1))
        context = torch.einsum("bhcn,bhdn->bhcd", k.softmax(dim=3), v)
        seen = torch.einsum("bhcn,bhcd->bhdn", q.softmax(dim=2) * _HEAD**-0.5, context)
        return F.gelu(seen.flatten(1, 2).unflatten(2, x.shape[2:]))

    def _nearby(self, x: Tensor) -> Tensor:
        """One neighbour after the other: all nine side by side would be 16 GB at 512 pixels."""
        q = self.local_q(x).unflatten(1, (_HEADS, _HEAD)) * _HEAD**-0.5
        k, v = (F.pad(y, (1, 1, 1, 1)).unflatten(1, (_HEADS, _HEAD)) for y in self.local_kv(x).chunk(2, dim=1))
        height, width = x.shape[2:]
        near = [(..., slice(i, i + height), slice(j, j + width)) for i in range(3) for j in range(3)]
        alike = torch.stack([(q * k[at]).sum(dim=2, keepdim=True) for at in near]).softmax(dim=0)
        return sum(weight * v[at] for weight, at in zip(alike, near, strict=True)).flatten(1, 2)


def _heads(x: Tensor) -> Tensor:
    """(batch, heads maps, height, width) -> (batch, heads, maps, height width)."""
    return x.flatten(2).unflatten(1, (_HEADS, _HEAD))


class Context(nn.Module):
    """Weights for the maps of larger features, from the mean of smaller ones, in which each pixel counts as it asks
    to."""

    def __init__(self, maps: int, outputs: int) -> None:
        super().__init__()
        between = max(3, outputs // 2)
        self.key = nn.Conv2d(maps, 1, 1)
        self.narrow, self.widen = nn.Conv2d(maps, between, 1), nn.Conv2d(between, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Features x (batch, maps, height, width) -> (batch, outputs, 1, 1), weights from 0 to 1."""
        counts = self.key(x).flatten(2).softmax(dim=2)
        mean = (x.flatten(2) * counts).sum(dim=2)[:, :, None, None]
        return torch.sigmoid(self.widen(F.leaky_relu(self.narrow(mean), 0.1)))


class Block(nn.Module):
    """Features of half the side -> features of `side`. `context` makes of these the weights of larger ones, where
    there are such."""

    def __init__(
        self, config: LightweightGeneratorConfig, before: int, after: int, side: int, excites: int | None
    ) -> None:
        super().__init__()
        between = enlarged_maps(config, before, after)
        self.blur, self.pad = config.blur, (1, 1, 1, 1) if config.kernel == 3 else (2, 1, 2, 1)
        self.attention = Attention(before, config.local) if side // 2 in config.attention else None
        self.shuffle = nn.Conv2d(before, 4 * between, 1) if config.upsampling != "nearest" else None
        self.conv = nn.Conv2d(between, 2 * after, config.kernel)
        self.noise = AddedNoise(side) if config.noise else None
        self.norm = StoredNorm(2 * after)
        self.context = Context(after, excites) if excites else None

    def forward(self, x: Tensor, noise: Noise) -> Tensor:
        """x (batch, before, side / 2, side / 2) -> (batch, after, side, side)."""
        if self.attention is not None:
            x = x + self.attention(x)
        x = self._enlarged(x)
        x = self.conv(F.pad(_blurred(x) if self.blur else x, self.pad))
        if self.noise is not None:
            x = self.noise(x, noise)
        return F.glu(self.norm(x), dim=1)

    def _enlarged(self, x: Tensor) -> Tensor:
        if self.shuffle is None:
            return F.interpolate(x, scale_factor=2, mode="nearest")
        return F.pixel_shuffle(F.silu(self.shuffle(x)), 2)


def _blurred(x: Tensor) -> Tensor:
    """x filtered with [1, 2, 1] along both axes, mirrored at its edges."""
    maps, taps = x.shape[1], x.new_tensor([0.25, 0.5, 0.25])
    kernel = torch.outer(taps, taps).expand(maps, 1, 3, 3)
    return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), kernel, groups=maps)


class LightweightGenerator(LatentGenerator):
    """w -> 4x4 features of length 1 -> blocks that double the side -> x (batch, channels, side, side), about [-1,
    1]."""

    def __init__(self, config: LightweightGeneratorConfig) -> None:
        super().__init__(config.z_dim, config.num_classes, (config.channels, config.side, config.side))
        self.most_values = max((2 * _HEADS * _HEAD * side**2 for side in config.attention), default=0)
        self.has_noise, self._sources = config.noise, excited_sides(config.side)
        self.start = nn.ConvTranspose2d(self.w_dim, 2 * config.z_dim, 4)
        self.norm = StoredNorm(2 * config.z_dim)
        maps = {4 * 2**k: width for k, width in enumerate((config.z_dim, *config.widths))}
        excites = {source: maps[side] for side, source in self._sources.items()}
        self.blocks = nn.ModuleList(
            Block(config, maps[side // 2], maps[side], side, excites.get(side)) for side in list(maps)[1:]
        )
        self.to_picture = nn.Conv2d(config.widths[-1], config.channels, 3, padding=1)
        draw_weights(self)

    def synthesis(self, w: Tensor, noise: Noise = "const") -> Tensor:
        x = F.glu(self.norm(self.start(w.squeeze(1)[:, :, None, None])), dim=1)
        x, side, weights = F.normalize(x, dim=1), 4, {}
        for block in self.blocks:
            x, side = block(x, noise), 2 * side
            context = cast(Block, block).context
            if context is not None:
                weights[side] = context(x)
            if side in self._sources:
                x = x * weights[self._sources[side]]
        return self.to_picture(x)

    def first_weights(self) -> Tensor:
        return kernels_by_latent(self.start.weight)

    def stages(self) -> list[list[nn.Module]]:
        return [[self.start, self.norm], *([block] for block in self.blocks[:-1]), [self.blocks[-1], self.to_picture]]
