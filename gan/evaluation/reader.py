"""A small network that reads numbers off pictures, learnt from pictures whose numbers are known: those that we draw.

    reader, told = learn(pictures, values, passes=6)     # reader(x) -> (n, numbers); told: how well, of each number

Where something small is asked for (a smile, where eyes look), features that were made for whole pictures say nothing
of it; this network looks for exactly that.
"""

import torch
from torch import Tensor, nn

from gan.errors import StudioError
from gan.messages import say

_MAPS = (24, 48, 96, 128)  # at half the side, a quarter, ...
_SMALLEST = 4  # pixels: from here on places stand for themselves
_BATCH = 64
_RATE = 3e-3
_KEPT_BACK = 6  # every sixth picture, to see how well it reads


class Reader(nn.Module):
    """x (n, channels, side, side) in [-1, 1] -> (n, numbers), in their own units."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, channels: int, side: int, mean: Tensor, deviation: Tensor):
        super().__init__()
        layers: list[nn.Module] = []
        for maps in _MAPS:
            if side < 2 * _SMALLEST:
                break
            layers += [nn.Conv2d(channels, maps, 4, stride=2, padding=1), nn.BatchNorm2d(maps), nn.LeakyReLU(0.2)]
            channels, side = maps, side // 2
        self.layers = nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * side**2, len(mean)))
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)

    def standard(self, x: Tensor) -> Tensor:
        """The same in deviations from the mean of what it learnt from."""
        return self.layers(x)

    def forward(self, x: Tensor) -> Tensor:
        return self.mean + self.deviation * self.standard(x)


def learn(pictures: Tensor, values: Tensor, passes: int, seed: int = 0) -> tuple[Reader, Tensor]:
    """A frozen reader of `values` (n, k) off pictures uint8 (n, height, width, channels), and the share of each
    number's variance that it tells in the sixth of the pictures that was kept back, (k,).

    passes: how often each picture is looked at. Raises StudioError for too few pictures, or values all the same.
    """
    values = values.float()
    new = torch.arange(len(pictures)) % _KEPT_BACK == 0
    deviation = values.std(dim=0)
    if int((~new).sum()) < _BATCH or len(pictures) != len(values) or (deviation <= 1e-9).any():
        raise StudioError(
            say("{count} pictures are too few to learn from, or have all the same values.", count=len(pictures)),
            "Give more pictures, some with it and some without.",
        )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        reader = Reader(pictures.shape[3], pictures.shape[1], values.mean(dim=0), deviation)
        _fit(reader, pictures[~new], values[~new], passes)
    reader.eval().requires_grad_(False)
    parts = [reader(prepared(some)) for some in pictures[new].split(_BATCH)]
    errors = (torch.cat(parts) - values[new]).square().mean(dim=0)
    return reader, 1 - errors / values[new].var(dim=0, correction=0)


def prepared(pictures: Tensor) -> Tensor:
    """uint8 (n, height, width, channels) -> (n, channels, height, width) in [-1, 1]."""
    return pictures.permute(0, 3, 1, 2).float() / 127.5 - 1


def _fit(reader: Reader, pictures: Tensor, values: Tensor, passes: int) -> None:
    """Least squares in deviations; the rate rises for a tenth of the steps, and falls to nothing (Smith 2018)."""
    wanted = (values - reader.mean) / reader.deviation
    steps = passes * (len(pictures) // _BATCH)
    optimiser = torch.optim.Adam(reader.parameters(), _RATE)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps, pct_start=0.1)
    for _ in range(passes):
        order = torch.randperm(len(pictures))
        for rows in order[: len(order) // _BATCH * _BATCH].split(_BATCH):
            loss = (reader.standard(prepared(pictures[rows])) - wanted[rows]).square().mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            rate.step()
