"""What is measured of the samples: on generators of which the truth is known."""

import dataclasses
import math

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from training import failures, games

from gan.networks.contract import LatentGenerator
from gan.training.augment import AUGMENTATIONS
from gan.training.config import TrainConfig
from gan.training.data import Samples
from gan.training.random_source import RandomSource
from gan.training.records import SignalRecord, StepRecord
from gan.training.signals import STATISTICS, Probe


class Shows(LatentGenerator):
    """A "generator" that shows given samples in turn, whatever it is asked for, and remembers the classes."""

    def __init__(self, x: torch.Tensor):
        super().__init__(4, 0, tuple(x.shape[1:]))
        self.x, self.shown = x, 0

    def forward(self, z, c=None, noise="const"):
        self.asked, first = c, self.shown
        self.shown += len(z)
        return self.x[torch.arange(first, self.shown) % len(self.x)]


def real(samples: Samples) -> torch.Tensor:
    return samples.x.float() / 127.5 - 1


def measured(x: torch.Tensor, data: Samples, **knobs) -> SignalRecord:
    return Probe(data, TrainConfig(**knobs)).measure(Shows(x), 7)


@pytest.mark.parametrize(
    "data, more", [(failures.discs(1024), failures.discs(2048)), (failures.ring(1024), failures.ring(2048))]
)
def test_the_data_itself_is_varied_and_not_apart(data, more):
    fresh = real(more)[1024::15] if data.x.dtype == torch.uint8 else more.x[1024::15]
    r = measured(fresh, data)
    assert r.step == 7 and abs(r.diversity - 1) < 0.15 and abs(r.apart) < 0.03
    assert 0.7 < r.nearest < 1.5 and (r.leak, r.leaking) == (0, "")
    assert all(type(v) in (int, float, str) for v in dataclasses.asdict(r).values())


def test_one_sample_only_has_no_diversity():
    r = measured(real(failures.discs(500))[3:4], failures.discs(500))
    assert r.diversity == 0 and r.apart > 0.2 and r.nearest < 1e-3


def test_copies_are_near_and_new_pictures_are_not():
    data = failures.patterns(40)
    assert measured(real(data)[:20], data).nearest < 1e-3
    assert measured(real(failures.patterns(80))[40:], data).nearest == pytest.approx(1, abs=0.1)
    doubled = Samples(torch.cat([data.x, data.x]))  # doubles in the data make no distance of 0
    assert measured(real(failures.patterns(80))[40:], doubled).nearest == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("knobs", [dict(mirror=True), dict(augment=("flip",))])
def test_mirror_images_of_training_pictures_are_copies_where_they_were_shown(knobs):
    data = failures.patterns(40)
    assert measured(real(data).flip(3), data).nearest > 0.7
    assert measured(real(data).flip(3), data, **knobs).nearest < 1e-3


@pytest.mark.parametrize("name", STATISTICS)
def test_each_gauge_finds_its_own_leak(name):
    """0 on other pictures like the training's, about 1 where each was changed."""
    data, other = failures.discs(512, left=True), real(failures.discs(576, left=True))[512:]
    assert abs(measured(other, data, augment=(name,)).leak) < 0.3
    changed = AUGMENTATIONS[name](other, RandomSource(torch.Generator().manual_seed(3)))
    r = measured(changed, data, augment=tuple(AUGMENTATIONS))
    assert measured(changed, data, augment=(name,)).leak == pytest.approx(1, abs=0.45)
    assert r.leaking == name and r.leak > 0.5


def test_mirror_images_leak_nothing_where_they_are_learned_from():
    """As the paper's recipe has it, whose changes hold "flip"; what else leaks is seen."""
    data, other = failures.discs(512, left=True), real(failures.discs(576, left=True))[512:]
    both = torch.cat([other[:32], other[32:].flip(3)])
    r = measured(both, data, mirror=True, ada_target=0.6)
    assert abs(r.leak) < 0.3 and r.leaking != "flip"
    assert measured(both, data, augment=("flip",)).leak > 0.5
    moved = AUGMENTATIONS["cutout"](both, RandomSource(torch.Generator().manual_seed(3)))
    r = measured(moved, data, mirror=True, augment=("flip", "cutout"))
    assert r.leaking == "cutout" and r.leak > 0.5
    assert abs(measured(both, data, mirror=True, augment=("translation",)).leak) < 0.3


def enlarged(samples: Samples, times: int) -> Samples:
    return Samples(samples.x.repeat_interleave(times, dim=2).repeat_interleave(times, dim=3))


class Largest(TorchDispatchMode):
    """Remembers how many numbers the largest tensor held that was made meanwhile."""

    numbers = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        made = func(*args, **kwargs or {})
        if isinstance(made, torch.Tensor):
            self.numbers = max(self.numbers, made.numel())
        return made


def test_large_pictures_are_measured_as_small_ones_and_in_their_memory():
    data, other = failures.discs(100, left=True), failures.discs(164, left=True)
    told = []
    for times in (8, 16):
        large, shows = enlarged(data, times), Shows(real(enlarged(Samples(other.x[100:]), times)))
        with Largest() as seen:
            told.append(Probe(large, TrainConfig(augment=tuple(STATISTICS))).measure(shows, 7))
    (*small, name), (*large, other_name) = map(dataclasses.astuple, told)
    assert large == pytest.approx(small, rel=1e-4, abs=1e-4) and name == other_name
    assert seen.numbers <= 64 * 128 * 128  # the samples; all training pictures are more


def test_mirroring_does_not_leak_from_pictures_without_a_side():
    data = failures.discs()
    assert measured(real(data).flip(3)[:64], data, augment=("flip",)).leak < 0.3


@pytest.mark.parametrize("n", [1, 2, 63])
def test_few_pictures_and_classes(n):
    labels = torch.arange(n) % 2
    shows = Shows(real(failures.patterns(4)))
    r = Probe(Samples(failures.patterns(n).x, labels, 2), TrainConfig()).measure(shows, 1)
    assert shows.asked.shape == (64, 2) and torch.equal(shows.asked[:n].argmax(1), labels)
    assert math.isnan(r.nearest) == (n == 1) and math.isfinite(r.apart)


@pytest.mark.parametrize("name, classes", [("mlp", 3), ("points", 0), ("dcgan", 0), ("stylegan2", 3)])
def test_measuring_does_not_change_the_game_and_repeats_itself(name, classes):
    knobs = dict(augment=tuple(AUGMENTATIONS), record_every=1)
    with_signals = games.trainer(name, classes, signals_every=2, **knobs)
    without = games.trainer(name, classes, signals_every=0, **knobs)
    records = list(with_signals.run(5))
    assert [r for r in records if isinstance(r, StepRecord)] == list(without.run(5))
    signals = [r for r in records if isinstance(r, SignalRecord)]
    assert [s.step for s in signals] == [2, 4] and with_signals.signals() == with_signals.signals()
