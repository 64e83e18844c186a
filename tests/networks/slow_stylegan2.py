"""StyleGAN2 a second time, slowly and in float64: every weight modulated for every picture, every zero inserted.

Written from Karras et al. 2020 (equations 1 to 3, figure 7, appendix B); `weights` is a state_dict
with the official names.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

TAPS = torch.tensor([1.0, 3.0, 3.0, 1.0], dtype=torch.float64) / 8


def leaky(x: Tensor) -> Tensor:
    return torch.where(x > 0, x, 0.2 * x) * math.sqrt(2)


def norm(x: Tensor) -> Tensor:
    return x / (x.square().mean(dim=1, keepdim=True) + 1e-8).sqrt()


def dense(x: Tensor, weights: dict, name: str, lr: float = 1.0) -> Tensor:
    weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return x @ (weight * lr / math.sqrt(weight.shape[1])).T + bias * lr


def fir(x: Tensor, before: int, after: int, gain: float = 1.0) -> Tensor:
    """Pad, then filter each map with the outer product of [1, 3, 3, 1] / 8."""
    n, c, h, w = x.shape
    x = F.pad(x, (before, after, before, after)).reshape(n * c, 1, h + before + after, w + before + after)
    y = F.conv2d(x, (torch.outer(TAPS, TAPS) * gain)[None, None])
    return y.reshape(n, c, *y.shape[2:])


def insert_zeros(x: Tensor) -> Tensor:
    n, c, h, w = x.shape
    y = x.new_zeros(n, c, 2 * h, 2 * w)
    y[:, :, ::2, ::2] = x
    return y


def mapping(z: Tensor | None, c: Tensor | None, weights: dict, name: str, layers: int) -> Tensor:
    parts = [] if z is None else [norm(z)]
    if c is not None:
        parts.append(norm(dense(c, weights, f"{name}embed")))
    x = torch.cat(parts, dim=1)
    for i in range(layers):
        x = leaky(dense(x, weights, f"{name}fc{i}", lr=0.01))
    return x


def styled(x: Tensor, w: Tensor, weights: dict, name: str, up: bool, noise: bool) -> Tensor:
    """One picture at a time: w' = s w (equation 1), w'' = w' / sqrt(sum w'^2 + eps) (equation 3)."""
    styles, out = dense(w, weights, f"{name}.affine"), []
    for picture, style in zip(x, styles, strict=True):
        kernel = weights[f"{name}.weight"] * style[None, :, None, None]
        kernel = kernel / (kernel.square().sum(dim=(1, 2, 3), keepdim=True) + 1e-8).sqrt()
        picture = picture[None]
        if up:  # a true convolution, as the transposed one of the official code is
            out.append(F.conv2d(fir(insert_zeros(picture), 3, 2, gain=4), kernel.flip(2, 3)))
        else:
            out.append(F.conv2d(picture, kernel, padding=1))
    x = torch.cat(out)
    if noise:
        x = x + weights[f"{name}.noise_const"] * weights[f"{name}.noise_strength"]
    return leaky(x + weights[f"{name}.bias"][None, :, None, None])


def to_rgb(x: Tensor, w: Tensor, weights: dict, name: str) -> Tensor:
    kernel = weights[f"{name}.weight"][:, :, 0, 0]
    styles = dense(w, weights, f"{name}.affine") / math.sqrt(kernel.shape[1])
    colours = [torch.einsum("oi,ihw->ohw", kernel * style, picture) for picture, style in zip(x, styles, strict=True)]
    return torch.stack(colours) + weights[f"{name}.bias"][None, :, None, None]


def double(x: Tensor) -> Tensor:
    return fir(insert_zeros(x), 2, 1, gain=4)


def synthesis(ws: Tensor, weights: dict, side: int, noise: bool, blocks: str = "skip") -> Tensor:
    x = weights["synthesis.b4.const"].repeat(len(ws), 1, 1, 1)
    x = styled(x, ws[:, 0], weights, "synthesis.b4.conv1", up=False, noise=noise)
    rgb, at = to_rgb(x, ws[:, 1], weights, "synthesis.b4.torgb") if blocks == "skip" else None, 1
    for s in [8, 16, 32, 64][: int(math.log2(side)) - 2]:
        before, name = x, f"synthesis.b{s}"
        x = styled(x, ws[:, at], weights, f"{name}.conv0", up=True, noise=noise)
        x = styled(x, ws[:, at + 1], weights, f"{name}.conv1", up=False, noise=noise)
        if blocks == "resnet":
            x = (double(conv(before, weights, f"{name}.skip")) + x) * math.sqrt(0.5)
        if blocks == "skip":
            rgb = double(rgb) + to_rgb(x, ws[:, at + 2], weights, f"{name}.torgb")
        at += 2
    return rgb if blocks == "skip" else to_rgb(x, ws[:, at], weights, f"synthesis.b{side}.torgb")


def conv(x: Tensor, weights: dict, name: str, down: bool = False) -> Tensor:
    """Without its activation."""
    kernel = weights[f"{name}.weight"]
    kernel, k = kernel / math.sqrt(kernel[0].numel()), kernel.shape[2]
    bias = weights.get(f"{name}.bias")
    if not down:
        return F.conv2d(x, kernel, bias, padding=k // 2)
    return F.conv2d(fir(x, 1 + k // 2, 1 + k // 2), kernel, bias)[:, :, ::2, ::2]


def spread(x: Tensor, group: int, maps: int) -> Tensor:
    """The minibatch's standard deviation as further maps, each of its share of the channels."""
    n, count = len(x), len(x) // group
    y = x.new_zeros(n, maps, *x.shape[2:])
    for first in range(count):
        members = [first + i * count for i in range(group)]
        for k, channels in enumerate(x[members].chunk(maps, dim=1)):
            y[members, k] = (channels.var(dim=0, unbiased=False) + 1e-8).sqrt().mean()
    return torch.cat([x, y], dim=1)


def discriminator(
    x: Tensor,
    c: Tensor | None,
    weights: dict,
    side: int,
    group: int,
    layers: int,
    architecture: str = "resnet",
    maps: int = 1,
) -> Tensor:
    rgb, x = x, leaky(conv(x, weights, f"b{side}.fromrgb"))
    while side > 4:
        before = x
        x = leaky(conv(leaky(conv(x, weights, f"b{side}.conv0")), weights, f"b{side}.conv1", down=True))
        if architecture == "resnet":
            x = (conv(before, weights, f"b{side}.skip", down=True) + x) * math.sqrt(0.5)
        side //= 2
        if architecture == "skip":
            rgb = fir(rgb, 1, 1)[:, :, ::2, ::2]
            x = x + leaky(conv(rgb, weights, f"b{side}.fromrgb"))
    x = leaky(conv(spread(x, group, maps) if maps else x, weights, "b4.conv"))
    x = dense(leaky(dense(x.flatten(1), weights, "b4.fc")), weights, "b4.out")
    if c is None:
        return x[:, 0]
    return (x * mapping(None, c, weights, "mapping.", layers)).sum(dim=1) / math.sqrt(x.shape[1])
