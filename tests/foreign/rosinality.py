"""StyleGAN2 with the layers and names of rosinality/stylegan2-pytorch, written plainly: every weight modulated for
every picture.

Karras et al. 2020, equations 1 to 3, figure 7 and appendix B. What stands in its checkpoints comes from `checkpoint`.
"""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def _kernel(gain: float = 1.0) -> Tensor:
    taps = torch.tensor([1.0, 3.0, 3.0, 1.0])
    return torch.outer(taps, taps) / 64 * gain


def _filter(x: Tensor, kernel: Tensor, before: int, after: int) -> Tensor:
    y = F.conv2d(F.pad(x, (before, after, before, after)).flatten(0, 1)[:, None], kernel[None, None])
    return y.reshape(*x.shape[:2], *y.shape[2:])


class Blur(nn.Module):
    def __init__(self, pad: tuple[int, int], gain: float = 1.0):
        super().__init__()
        self.pad = pad
        self.register_buffer("kernel", _kernel(gain))

    def forward(self, x):
        return _filter(x, self.kernel, *self.pad)


class Upsample(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("kernel", _kernel(4))

    def forward(self, x):
        n, c, h, w = x.shape
        spread = x.new_zeros(n, c, 2 * h, 2 * w)
        spread[:, :, ::2, ::2] = x
        return _filter(spread, self.kernel, 2, 1)


class PixelNorm(nn.Module):
    def forward(self, x):
        return x / (x.square().mean(dim=1, keepdim=True) + 1e-8).sqrt()


class EqualLinear(nn.Module):
    def __init__(self, inputs, outputs, lr=1.0, bias=0.0, act=False):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / lr)
        self.bias = nn.Parameter(torch.full((outputs,), bias) + torch.randn(outputs))
        self.lr, self.act = lr, act

    def forward(self, x):
        x = F.linear(x, self.weight * self.lr / math.sqrt(x.shape[1]), self.bias * self.lr)
        return F.leaky_relu(x, 0.2) * math.sqrt(2) if self.act else x


class FusedLeakyReLU(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.bias = nn.Parameter(torch.randn(maps))

    def forward(self, x):
        return F.leaky_relu(x + self.bias[None, :, None, None], 0.2) * math.sqrt(2)


class ModulatedConv2d(nn.Module):
    def __init__(self, inputs, outputs, kernel, w_dim, demodulate=True, up=False):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(1, outputs, inputs, kernel, kernel))
        self.modulation = EqualLinear(w_dim, inputs, bias=1.0)
        self.demodulate, self.up = demodulate, up
        if up:
            self.blur = Blur((1, 1), gain=4)

    def forward(self, x, w):
        scale = 1 / math.sqrt(self.weight[0, 0].numel())
        weight = scale * self.weight * self.modulation(w)[:, None, :, None, None]
        if self.demodulate:
            weight = weight * (weight.square().sum(dim=(2, 3, 4), keepdim=True) + 1e-8).rsqrt()
        pictures = []
        for picture, kernel in zip(x, weight, strict=True):
            if self.up:
                pictures.append(self.blur(F.conv_transpose2d(picture[None], kernel.transpose(0, 1), stride=2)))
            else:
                pictures.append(F.conv2d(picture[None], kernel, padding=kernel.shape[-1] // 2))
        return torch.cat(pictures)


class NoiseInjection(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(1))


class StyledConv(nn.Module):
    def __init__(self, inputs, outputs, w_dim, up=False):
        super().__init__()
        self.conv = ModulatedConv2d(inputs, outputs, 3, w_dim, up=up)
        self.noise = NoiseInjection()
        self.activate = FusedLeakyReLU(outputs)

    def forward(self, x, w, noise):
        return self.activate(self.conv(x, w) + self.noise.weight * noise)


class ToRGB(nn.Module):
    def __init__(self, inputs, channels, w_dim, up=True):
        super().__init__()
        self.upsample = Upsample() if up else None
        self.conv = ModulatedConv2d(inputs, channels, 1, w_dim, demodulate=False)
        self.bias = nn.Parameter(torch.randn(1, channels, 1, 1))

    def forward(self, x, w, rgb=None):
        y = self.conv(x, w) + self.bias
        return y if rgb is None else y + self.upsample(rgb)


class ConstantInput(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.input = nn.Parameter(torch.randn(1, maps, 4, 4))


class Generator(nn.Module):
    """widths: feature maps at the sides 4, 8, ..."""

    def __init__(self, widths, z_dim, layers, channels=3):
        super().__init__()
        self.style = nn.Sequential(PixelNorm(), *(EqualLinear(z_dim, z_dim, lr=0.01, act=True) for _ in range(layers)))
        self.input = ConstantInput(widths[0])
        self.conv1 = StyledConv(widths[0], widths[0], z_dim)
        self.to_rgb1 = ToRGB(widths[0], channels, z_dim, up=False)
        self.convs, self.to_rgbs, self.noises = nn.ModuleList(), nn.ModuleList(), nn.Module()
        for before, after in pairwise(widths):
            self.convs += [StyledConv(before, after, z_dim, up=True), StyledConv(after, after, z_dim)]
            self.to_rgbs.append(ToRGB(after, channels, z_dim))
        for i in range(2 * len(widths) - 1):
            side = 2 ** ((i + 5) // 2)
            self.noises.register_buffer(f"noise_{i}", torch.randn(1, 1, side, side))

    def forward(self, z):
        w, noises = self.style(z), list(self.noises.buffers())
        x = self.conv1(self.input.input.repeat(len(z), 1, 1, 1), w, noises[0])
        rgb = self.to_rgb1(x, w)
        for i, to_rgb in enumerate(self.to_rgbs):
            x = self.convs[2 * i](x, w, noises[2 * i + 1])
            x = self.convs[2 * i + 1](x, w, noises[2 * i + 2])
            rgb = to_rgb(x, w, rgb)
        return rgb


class EqualConv2d(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride=1, padding=0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.stride, self.padding = stride, padding

    def forward(self, x):
        return F.conv2d(x, self.weight / math.sqrt(self.weight[0].numel()), stride=self.stride, padding=self.padding)


def conv_layer(inputs, outputs, kernel, down=False, act=True):
    pads = {3: (2, 2), 1: (1, 1)}
    layers = (
        [Blur(pads[kernel]), EqualConv2d(inputs, outputs, kernel, stride=2)]
        if down
        else [EqualConv2d(inputs, outputs, kernel, padding=kernel // 2)]
    )
    return nn.Sequential(*layers, *([FusedLeakyReLU(outputs)] if act else []))


class ResBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = conv_layer(inputs, inputs, 3)
        self.conv2 = conv_layer(inputs, outputs, 3, down=True)
        self.skip = conv_layer(inputs, outputs, 1, down=True, act=False)

    def forward(self, x):
        return (self.conv2(self.conv1(x)) + self.skip(x)) / math.sqrt(2)


class Discriminator(nn.Module):
    """widths: feature maps at the sides 4, 8, ..."""

    def __init__(self, widths, channels=3):
        super().__init__()
        widths = widths[::-1]
        self.convs = nn.Sequential(conv_layer(channels, widths[0], 1), *(ResBlock(a, b) for a, b in pairwise(widths)))
        self.final_conv = conv_layer(widths[-1] + 1, widths[-1], 3)
        self.final_linear = nn.Sequential(
            EqualLinear(widths[-1] * 16, widths[-1], act=True), EqualLinear(widths[-1], 1)
        )

    def forward(self, x):
        x = self.convs(x)
        n, c, h, w = x.shape
        group = min(n, 4)
        spread = (x.view(group, -1, 1, c, h, w).var(dim=0, unbiased=False) + 1e-8).sqrt()
        spread = spread.mean(dim=(2, 3, 4), keepdim=True).squeeze(2)
        x = torch.cat([x, spread.repeat(group, 1, h, w)], dim=1)
        return self.final_linear(self.final_conv(x).flatten(1))[:, 0]
