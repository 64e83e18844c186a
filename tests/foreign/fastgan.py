"""FastGAN's generator with the layers and names of odegeasslbc/FastGAN-pytorch, written plainly; and its port's
names."""

import re

import torch
from torch import nn
from torch.nn.utils import spectral_norm

MULTIPLES = {4: 16, 8: 8, 16: 4, 32: 2, 64: 2, 128: 1, 256: 0.5, 512: 0.25, 1024: 0.125}


def conv2d(*args, **kwargs):
    return spectral_norm(nn.Conv2d(*args, **kwargs, bias=False))


class NoiseInjection(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(1))

    def forward(self, x):
        return x  # without noise, so that pictures can be compared


class Swish(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(x)


class SEBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.main = nn.Sequential(
            nn.AdaptiveAvgPool2d(4),
            conv2d(inputs, outputs, 4, 1, 0),
            Swish(),
            conv2d(outputs, outputs, 1, 1, 0),
            nn.Sigmoid(),
        )

    def forward(self, small, big):
        return big * self.main(small)


class InitLayer(nn.Module):
    def __init__(self, z_dim, maps):
        super().__init__()
        self.init = nn.Sequential(
            spectral_norm(nn.ConvTranspose2d(z_dim, 2 * maps, 4, 1, 0, bias=False)),
            nn.BatchNorm2d(2 * maps),
            nn.GLU(dim=1),
        )

    def forward(self, z):
        return self.init(z[:, :, None, None])


def up_block(inputs, outputs):
    return nn.Sequential(
        nn.Upsample(scale_factor=2, mode="nearest"),
        conv2d(inputs, 2 * outputs, 3, 1, 1),
        nn.BatchNorm2d(2 * outputs),
        nn.GLU(dim=1),
    )


def up_block_comp(inputs, outputs):
    return nn.Sequential(
        nn.Upsample(scale_factor=2, mode="nearest"),
        conv2d(inputs, 2 * outputs, 3, 1, 1),
        NoiseInjection(),
        nn.BatchNorm2d(2 * outputs),
        nn.GLU(dim=1),
        conv2d(outputs, 2 * outputs, 3, 1, 1),
        NoiseInjection(),
        nn.BatchNorm2d(2 * outputs),
        nn.GLU(dim=1),
    )


class Generator(nn.Module):
    def __init__(self, width=8, z_dim=6, channels=3, side=256):
        super().__init__()
        maps = {at: int(multiple * width) for at, multiple in MULTIPLES.items()}
        self.side = side
        self.init = InitLayer(z_dim, maps[4])
        for at in (8, 16, 32, 64, 128, 256, 512, 1024):
            if at <= side:
                make = up_block_comp if at in (8, 32, 128, 512) else up_block
                self.add_module(f"feat_{at}", make(maps[at // 2], maps[at]))
        for at in (64, 128, 256, 512):
            if at <= side:
                self.add_module(f"se_{at}", SEBlock(maps[at // 16], maps[at]))
        self.to_128 = conv2d(maps[128], channels, 1, 1, 0)
        self.to_big = conv2d(maps[side], channels, 3, 1, 1)

    def forward(self, z):
        features = {4: self.init(z)}
        for at in (8, 16, 32, 64, 128, 256, 512, 1024):
            if at > self.side:
                break
            features[at] = getattr(self, f"feat_{at}")(features[at // 2])
            if hasattr(self, f"se_{at}"):
                features[at] = getattr(self, f"se_{at}")(features[at // 16], features[at])
        x = self.to_big(features[self.side])
        return torch.tanh(x) if self.side == 1024 else x


def trained(generator: Generator) -> Generator:
    """With spectral norms, statistics and norms as if it had been trained; ready to be asked for pictures."""
    with torch.no_grad():
        for _ in range(5):  # each improves what the spectral norms take for the largest singular value
            generator.train()(torch.randn(2, generator.init.init[0].in_channels))
    for module in generator.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, std=0.1)
            nn.init.uniform_(module.running_var, 0.1, 0.4)
            nn.init.normal_(module.weight, 1, 0.3)
            nn.init.normal_(module.bias, std=0.3)
    return generator.eval()


def port_names(table: dict) -> dict:
    """As the port of huggan's few-shot models names the same weights."""

    def port(name: str) -> str:
        name = re.sub(r"(weight_(orig|u|v))$", r"_conv.\1", name)
        name = re.sub(r"^(feat_(?:8|32|128|512)\.[26])\.weight$", r"\1._weight", name)
        for old, new in (
            (r"^init\.init\.", "_init._layers."),
            (r"^feat_(\d+)\.", r"_upsample_\1._layers."),
            (r"^se_(\d+)\.main\.", r"_sle_\1._layers."),
            (r"^to_128\.", "_out_128.0."),
            (r"^to_big\.", "_out_1024.0."),
        ):
            name = re.sub(old, new, name)
        return name

    return {port(name): tensor for name, tensor in table.items()}
