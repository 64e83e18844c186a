"""What can be measured of a run beside its losses: how varied its samples are, how near to the data, and to single
pictures.

Pictures are compared as a thumbnail of at most 8 x 8 cells: enough to tell one from another, and it costs little. What
leaks is looked for in pictures of at most 64 pixels, so that those of 1024 take no more memory. All numbers are ratios
to the data's own, so that they mean the same for faces, digits and points. Nothing here takes from the run's chance or
changes its networks: a run with signals plays the same game as one without.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from gan.networks.contract import Generator
from gan.networks.pixels import shrunk
from gan.training.accumulation import paint, pieces
from gan.training.augment import AUGMENTATIONS
from gan.training.config import TrainConfig
from gan.training.data import Samples
from gan.training.random_source import RandomSource
from gan.training.records import SignalRecord

SAMPLES = 64  # pictures that are generated for one measurement
TRAINING = 512  # training pictures that they are compared with, spread evenly over the data
CELLS = 8  # side of the thumbnails
SIDE = 64  # pictures are shrunk to this before anything is measured
_AT_ONCE = 16  # training pictures that are shrunk at a time


class Probe:
    """Measures the samples of one run against its training data, of which it keeps thumbnails and statistics.

    The latents are those of seeds 0 to 63, their classes as frequent as the data's: always the same, so that two
    measurements differ only by what was learnt in between.
    """

    def __init__(self, data: Samples, config: TrainConfig) -> None:
        rows = _spread(len(data), TRAINING).to(data.x.device).split(_AT_ONCE)
        x = torch.cat([_small(_signed(data.x[some])) for some in rows])
        self._data = thumbnails(x)
        turned = [thumbnails(x.flip(3))] if self.mirrored(config, data) else []
        self._all = torch.cat([self._data, *turned])
        self._apart = spacing(self._data)
        self._gap = own_gap(self._data, turned)
        self._leaks = _gauges(x, config) if len(data.shape) == 3 else {}
        self._classes, self._parts = _classes(data), pieces(SAMPLES, data.shape, config.accumulate)

    @staticmethod
    def mirrored(config: TrainConfig, data: Samples) -> bool:
        """Whether mirror images count as training pictures."""
        return len(data.shape) == 3 and (config.mirror or "flip" in config.changes)

    @torch.no_grad()
    def measure(self, generator: Generator, step: int) -> SignalRecord:
        """The signals of a generator in eval mode, as plain numbers."""
        device = self._data.device
        drawn = np.stack([np.random.RandomState(seed).randn(generator.z_dim) for seed in range(SAMPLES)])
        z = torch.tensor(drawn, dtype=torch.float32, device=device)
        x = paint(lambda *piece: _small(generator(*piece).float()), z, self._classes, self._parts)
        fake = thumbnails(x)
        to_data, own = torch.cdist(fake, self._data).mean(), spacing(fake)
        nearest = torch.cdist(fake, self._all).amin(dim=1).median()
        leaks = {name: gauge.leak(x) for name, gauge in self._leaks.items()}
        worst = _culprit(leaks)
        return SignalRecord(
            step,
            diversity=_ratio(own, self._apart),
            nearest=_ratio(nearest, self._gap),
            apart=float(1 - (own + self._apart) / (2 * to_data)),
            leak=leaks.get(worst, 0.0),
            leaking=worst,
        )


def thumbnails(x: Tensor) -> Tensor:
    """Pictures (n, channels, height, width) as rows of at most 8 x 8 cells a channel; points (n, k) as
    they are, words (n, symbols, places) as one row each."""
    if x.dim() != 4:
        return x.flatten(1)
    return adaptive_avg_pool2d(x, (min(CELLS, x.shape[2]), min(CELLS, x.shape[3]))).flatten(1)


def spacing(rows: Tensor) -> Tensor:
    """The mean distance between two different rows; 0 for a single one."""
    return torch.cdist(rows, rows).sum() / max(len(rows) * (len(rows) - 1), 1)


def own_gap(rows: Tensor, turned: list[Tensor]) -> Tensor:
    """The median distance from a row to the nearest other one, mirror images of others included. Doubles are left
    out."""
    gaps = []
    for others in (rows, *turned):
        distance = torch.cdist(rows, others)
        distance.fill_diagonal_(torch.inf)
        gaps.append(torch.where(distance < 1e-3, torch.inf, distance).amin(dim=1))
    gap = torch.stack(gaps).amin(dim=0)
    return gap[gap.isfinite()].median() if gap.isfinite().any() else gap.new_tensor(torch.nan)


class LeakGauge:
    """How far an augmentation has leaked from the training into the samples.

    Each augmentation widens the distribution of one statistic of a picture. 0 says that the samples vary in it no more
    than the training pictures do, 1 that they vary as much as training pictures to which the change was made.
    """

    def __init__(self, name: str, x: Tensor) -> None:
        statistic, self._width = STATISTICS[name]
        self._of = statistic(x)
        rng = RandomSource(torch.Generator(x.device).manual_seed(0))
        self._plain = self._width(self._of(x))
        self._changed = self._width(self._of(AUGMENTATIONS[name](x, rng)))

    def leak(self, x: Tensor) -> float:
        """For samples (n, channels, height, width). 0 where the change moves the data's statistic too little to be
        seen."""
        room = self._changed - self._plain
        if room < 0.25 * self._changed:
            return 0.0
        return float((self._width(self._of(x)) - self._plain) / room)


def _gauges(x: Tensor, config: TrainConfig) -> dict[str, LeakGauge]:
    """For each change in use that has a statistic. Where a run learns from mirror images, its samples are meant to be
    like both: they count as data, and "flip" leaks nothing."""
    names = [name for name in config.changes if name in STATISTICS and not (config.mirror and name == "flip")]
    x = torch.cat([x, x.flip(3)]) if names and config.mirror else x
    return {name: LeakGauge(name, x) for name in names}


def spread(values: Tensor) -> Tensor:
    """The standard deviation of each row of (k, n), summed over the k rows."""
    return values.std(dim=-1, correction=0).sum()


def share(values: Tensor) -> Tensor:
    """How many of the values (n,), 0 or 1 each, are 1."""
    return values.mean()


Statistic = Callable[[Tensor], Tensor]
"""What is read from pictures (n, channels, height, width): a number each, or several."""


def brightness_of(data: Tensor) -> Statistic:
    """The picture's mean."""
    return lambda x: x.mean(dim=(1, 2, 3))


def flip_of(data: Tensor) -> Statistic:
    """1 where left and right differ the other way round than in most training pictures, and half as clearly; else 0."""
    lean = (data - data.flip(3)).mean(dim=0, keepdim=True)
    usual = (data * lean).sum(dim=(1, 2, 3)).median()
    return lambda x: ((x * lean).sum(dim=(1, 2, 3)) < -usual / 2).float()


def translation_of(data: Tensor) -> Statistic:
    """Where its mass lies from left to right and from top to bottom, mass being what differs from the data's edge."""
    edge = torch.cat([data[..., 0, :], data[..., -1, :], data[..., :, 0], data[..., :, -1]], dim=-1).mean(dim=(0, 2))

    def of(x: Tensor) -> Tensor:
        mass = (x - edge[:, None, None]).square().sum(dim=1) + 1e-6
        rows, cols = (torch.linspace(-1, 1, side, device=x.device) for side in mass.shape[1:])
        total = mass.sum(dim=(1, 2))
        return torch.stack([(mass.sum(dim=2) * rows).sum(dim=1) / total, (mass.sum(dim=1) * cols).sum(dim=1) / total])

    return of


def cutout_of(data: Tensor) -> Statistic:
    """The share of its pixels that are of the grey with which cutout blanks."""
    return lambda x: (x.abs().amax(dim=1) < 0.05).float().mean(dim=(1, 2))


# Contrast and saturation have no statistic: in trials without either, samples of young generators varied in contrast
# 0.6 to 1.2 times as much as pictures whose contrast had been changed. That is roughness, and cannot be told from a
# leak.
STATISTICS = {
    "flip": (flip_of, share),
    "cutout": (cutout_of, spread),
    "brightness": (brightness_of, spread),
    "translation": (translation_of, spread),
}
"""For an augmentation: training pictures in [-1, 1] -> the statistic, a function of pictures (n, channels, height,
width) that gives (n,) or (k, n); and how its width over many pictures is taken. In order: the changes of the earlier
ones move the statistics of the later ones too, hardly the other way round."""


def _classes(data: Samples) -> Tensor | None:
    """One-hot classes (SAMPLES, num_classes) about as frequent as the data's, or None."""
    if not data.num_classes or data.labels is None:
        return None
    rows = _spread(len(data), SAMPLES).to(data.x.device)
    rows = rows[torch.arange(SAMPLES, device=rows.device) % len(rows)]
    return torch.nn.functional.one_hot(data.labels[rows], data.num_classes).float()


def _culprit(leaks: dict[str, float]) -> str:
    """The first in STATISTICS whose leak is at least half of the largest, or "" where none was measured."""
    return next(
        (name for name in STATISTICS if name in leaks and leaks[name] >= max(leaks.values()) / 2),
        max(leaks, default=""),
    )


def _ratio(a: Tensor, b: Tensor) -> float:
    return float(a / b) if b > 0 else float("nan")


def _spread(n: int, most: int) -> Tensor:
    """At most so many of n rows, evenly over all of them."""
    return torch.linspace(0, n - 1, min(most, n)).round().long()


def _signed(x: Tensor) -> Tensor:
    """What is stored, as the networks see it."""
    return x.float() / 127.5 - 1 if x.dtype == torch.uint8 else x.float()


def _small(x: Tensor) -> Tensor:
    """Pictures with sides of at most 64 pixels; points and words as they are."""
    return shrunk(x, SIDE) if x.dim() == 4 else x
