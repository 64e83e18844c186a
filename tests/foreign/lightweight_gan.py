"""LightweightGAN's generator with the layers and names of lucidrains/lightweight-gan, in two of its versions, written
plainly.

"2021": as huggingnft's models; "2022": pixels shuffled into place, windows of 4 pixels, noise, attention to neighbours
as well.
"""

import torch
from torch import nn
from torch.nn import functional as F

HEADS, HEAD = 8, 64
EXCITED = {3: 7, 4: 8, 5: 9, 6: 10}  # layers by the logarithm of the side that comes in


class ChanNorm(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.g, self.b = nn.Parameter(torch.randn(1, maps, 1, 1)), nn.Parameter(torch.randn(1, maps, 1, 1))

    def forward(self, x):
        deviation = (x.var(dim=1, unbiased=False, keepdim=True) + 1e-5).sqrt()
        return (x - x.mean(dim=1, keepdim=True)) / deviation * self.g + self.b


class PreNorm(nn.Module):
    def __init__(self, maps, fn):
        super().__init__()
        self.fn, self.norm = fn, ChanNorm(maps)

    def forward(self, x):
        return self.fn(self.norm(x))


class DepthWise(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False),
            nn.Conv2d(inputs, outputs, 1, bias=False),
        )

    def forward(self, x):
        return self.net(x)


def linear(q, k, v):
    """Head by head: softmax over what q says, and over where k says it."""
    heads = []
    for h in range(HEADS):
        part = slice(h * HEAD, (h + 1) * HEAD)
        a, b, c = (t[:, part].flatten(2).transpose(1, 2) for t in (q, k, v))  # (batch, pixels, maps)
        context = b.softmax(dim=1).transpose(1, 2) @ c
        heads.append((a.softmax(dim=2) * HEAD**-0.5) @ context)
    return torch.cat(heads, dim=2).transpose(1, 2).reshape(q.shape)


def nearby(q, k, v):
    """Every pixel looks at the 3x3 around it; what lies outside the picture counts as zero."""
    n, _, height, width = q.shape
    q, k, v = (t.unflatten(1, (HEADS, HEAD)) for t in (q, k, v))
    k, v = F.pad(k, (1, 1, 1, 1)), F.pad(v, (1, 1, 1, 1))
    windows = [(slice(y, y + height), slice(x, x + width)) for y in range(3) for x in range(3)]
    alike = torch.stack([(q * HEAD**-0.5 * k[..., ys, xs]).sum(dim=2) for ys, xs in windows]).softmax(dim=0)
    seen = sum(weight[:, :, None] * v[..., ys, xs] for weight, (ys, xs) in zip(alike, windows, strict=True))
    return seen.reshape(n, HEADS * HEAD, height, width)


class LinearAttention(nn.Module):
    def __init__(self, maps, version):
        super().__init__()
        inner = HEADS * HEAD
        self.version = version
        if version == "2021":
            self.to_q, self.to_kv = nn.Conv2d(maps, inner, 1, bias=False), DepthWise(maps, 2 * inner)
            self.to_out = nn.Conv2d(inner, maps, 1)
        else:
            self.to_lin_q, self.to_lin_kv = nn.Conv2d(maps, inner, 1, bias=False), DepthWise(maps, 2 * inner)
            self.to_q, self.to_kv = nn.Conv2d(maps, inner, 1, bias=False), nn.Conv2d(maps, 2 * inner, 1, bias=False)
            self.to_out = nn.Conv2d(2 * inner, maps, 1)

    def forward(self, x):
        if self.version == "2021":
            return self.to_out(F.gelu(linear(self.to_q(x), *self.to_kv(x).chunk(2, dim=1))))
        everywhere = F.gelu(linear(self.to_lin_q(x), *self.to_lin_kv(x).chunk(2, dim=1)))
        return self.to_out(torch.cat([everywhere, nearby(self.to_q(x), *self.to_kv(x).chunk(2, dim=1))], dim=1))


class Blur(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("f", torch.tensor([1.0, 2.0, 1.0]))

    def forward(self, x):
        kernel = torch.outer(self.f, self.f) / 16
        padded = F.pad(x, (1, 1, 1, 1), mode="reflect")
        return torch.cat([F.conv2d(padded[:, i : i + 1], kernel[None, None]) for i in range(x.shape[1])], dim=1)


class GlobalContext(nn.Module):
    def __init__(self, maps, outputs):
        super().__init__()
        between = max(3, outputs // 2)
        self.to_k = nn.Conv2d(maps, 1, 1)
        self.net = nn.Sequential(
            nn.Conv2d(maps, between, 1), nn.LeakyReLU(0.1), nn.Conv2d(between, outputs, 1), nn.Sigmoid()
        )

    def forward(self, x):
        counts = self.to_k(x).flatten(2).softmax(dim=-1)
        return self.net(torch.einsum("bin,bcn->bci", counts, x.flatten(2)).unsqueeze(-1))


class PixelShuffleUpsample(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(inputs, 4 * outputs, 1), nn.SiLU(), nn.PixelShuffle(2))

    def forward(self, x):
        return self.net(x)


class Noise(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(1))

    def forward(self, x):
        return x  # without noise, so that pictures can be compared


def up_block(version, inputs, outputs, blurred):
    blur = Blur() if blurred else nn.Identity()
    if version == "2021":
        return nn.Sequential(
            nn.Upsample(scale_factor=2),
            blur,
            nn.Conv2d(inputs, 2 * outputs, 3, padding=1),
            nn.BatchNorm2d(2 * outputs),
            nn.GLU(dim=1),
        )
    same = nn.Sequential(nn.ZeroPad2d((2, 1, 2, 1)), nn.Conv2d(outputs, 2 * outputs, 4))
    return nn.Sequential(
        PixelShuffleUpsample(inputs, outputs), blur, same, Noise(), nn.BatchNorm2d(2 * outputs), nn.GLU(dim=1)
    )


class Generator(nn.Module):
    """widths: feature maps at the sides 8, 16, ..."""

    def __init__(self, version, z_dim, widths, attention=(), channels=3, blurred=False):
        super().__init__()
        self.initial_conv = nn.Sequential(
            nn.ConvTranspose2d(z_dim, 2 * z_dim, 4), nn.BatchNorm2d(2 * z_dim), nn.GLU(dim=1)
        )
        self.layers, self.levels = nn.ModuleList(), range(2, 2 + len(widths))
        self.excited = {level: target for level, target in EXCITED.items() if target <= 2 + len(widths)}
        for level, inputs, outputs in zip(self.levels, (z_dim, *widths[:-1]), widths, strict=True):
            sle = GlobalContext(outputs, widths[self.excited[level] - 3]) if level in self.excited else None
            attn = PreNorm(inputs, LinearAttention(inputs, version)) if 2**level in attention else None
            self.layers.append(nn.ModuleList([up_block(version, inputs, outputs, blurred), sle, attn]))
        self.out_conv = nn.Conv2d(widths[-1], channels, 3, padding=1)

    def forward(self, z):
        x = F.normalize(self.initial_conv(z[:, :, None, None]), dim=1)
        weights = {}
        for level, (up, sle, attn) in zip(self.levels, self.layers, strict=True):
            x = up(x if attn is None else attn(x) + x)
            if sle is not None:
                weights[self.excited[level]] = sle(x)
            x = x * weights.get(level + 1, 1)
        return self.out_conv(x)


def trained(generator: Generator) -> Generator:
    """With statistics and weights as if it had been trained; ready to be asked for pictures."""
    for module in generator.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, std=0.3)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            nn.init.normal_(module.weight, 1, 0.3)
            nn.init.normal_(module.bias, std=0.3)
    return generator.eval()
