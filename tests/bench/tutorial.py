"""How PyTorch's own DCGAN example plays (pytorch/examples, dcgan/main.py), and its networks in the shape that
`Trainer` takes.

Radford et al. 2016 with transposed convolutions and batch norm: 100 latent values, 64 maps, 64 pixels, batches of 64,
binary cross-entropy of sigmoids, Adam 2e-4 (0.5, 0.999) that is not fused, default layout, pictures decoded from files
in every batch (in this process: a second one would be a second core), losses printed in every step. No penalty, no
average.
"""

import io

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from gan.networks.contract import Discriminator, LatentGenerator, Noise
from gan.training.config import TrainConfig

GAME = dict(g_lr=2e-4, d_lr=2e-4, beta1=0.5, beta2=0.999, batch_size=64, penalty="none")


def _drawn(network: nn.Module) -> nn.Module:
    """Fresh weights as the example draws them."""
    for layer in network.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.normal_(layer.weight, 0, 0.02)
        elif isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1, 0.02)
    return network


class TutorialGenerator(LatentGenerator):
    """z -> 4, 8, 16, 32, 64 pixels, with batch norm by the statistics of the batch."""

    def __init__(self, maps: int = 64):
        super().__init__(100, 0, (3, 64, 64))
        layers, before = [], 100
        for after, stride, padding in ((8 * maps, 1, 0), (4 * maps, 2, 1), (2 * maps, 2, 1), (maps, 2, 1)):
            layers += [
                nn.ConvTranspose2d(before, after, 4, stride, padding, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(True),
            ]
            before = after
        self.layers = _drawn(nn.Sequential(*layers, nn.ConvTranspose2d(maps, 3, 4, 2, 1, bias=False), nn.Tanh()))

    def synthesis(self, w: Tensor, noise: Noise = "const") -> Tensor:
        return self.layers(w[:, 0, :, None, None])


class TutorialDiscriminator(Discriminator):
    """64, 32, 16, 8, 4 pixels -> one logit."""

    image_shape, num_classes, feature_dim = (3, 64, 64), 0, 512

    def __init__(self, maps: int = 64):
        super().__init__()
        layers = [nn.Conv2d(3, maps, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True)]
        for before in (maps, 2 * maps, 4 * maps):
            layers += [
                nn.Conv2d(before, 2 * before, 4, 2, 1, bias=False),
                nn.BatchNorm2d(2 * before),
                nn.LeakyReLU(0.2, inplace=True),
            ]
        self.layers = _drawn(nn.Sequential(*layers, nn.Conv2d(8 * maps, 1, 4, bias=False)))

    def blocks(self) -> list[nn.Module]:
        return []

    def forward(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        return self.layers(x).flatten()


class Files(Dataset):
    """Pictures as PNG files in memory, decoded and scaled to -1..1 one at a time."""

    def __init__(self, pictures: Tensor):
        self.files = [self._encoded(x.cpu().permute(1, 2, 0).squeeze(2).numpy()) for x in pictures]

    @staticmethod
    def _encoded(pixels: np.ndarray) -> bytes:
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG")
        return file.getvalue()

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, i: int) -> Tensor:
        pixels = np.array(Image.open(io.BytesIO(self.files[i])))
        x = torch.from_numpy(pixels if pixels.ndim == 3 else pixels[..., None]).permute(2, 0, 1).contiguous()
        return (x.float() / 255 - 0.5) / 0.5


class TutorialLoop:
    """The example's loop, with any pair: what it prints goes into `said`."""

    def __init__(self, generator, discriminator, pictures: Tensor, config: TrainConfig):
        self.g, self.d, self.config, self.device = generator.train(), discriminator.train(), config, pictures.device
        betas = (config.beta1, config.beta2)
        self.g_adam = torch.optim.Adam(self.g.parameters(), lr=config.g_lr, betas=betas)
        self.d_adam = torch.optim.Adam(self.d.parameters(), lr=config.d_lr, betas=betas)
        self.batches, self.said = self._batches(Files(pictures)), ""

    def _batches(self, files: Files):
        while True:
            yield from DataLoader(files, self.config.batch_size, shuffle=True, drop_last=True)

    def _error(self, x: Tensor, label: float) -> tuple[Tensor, Tensor]:
        share = self.d(x).sigmoid()
        return nn.functional.binary_cross_entropy(share, torch.full_like(share, label)), share.mean()

    def play(self, steps: int) -> None:
        for _ in range(steps):
            self.d.zero_grad()
            real_error, real_share = self._error(next(self.batches).to(self.device), 1)
            real_error.backward()
            fake = self.g(torch.randn(self.config.batch_size, self.g.z_dim, device=self.device))
            fake_error, fake_share = self._error(fake.detach(), 0)
            fake_error.backward()
            self.d_adam.step()

            self.g.zero_grad()
            error, share = self._error(fake, 1)
            error.backward()
            self.g_adam.step()
            self.said = (
                f"Loss_D: {(real_error + fake_error).item():.4f} Loss_G: {error.item():.4f} "
                f"D(x): {real_share.item():.4f} D(G(z)): {fake_share.item():.4f} / {share.item():.4f}"
            )
