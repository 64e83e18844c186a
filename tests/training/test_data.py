"""Drawing batches."""

import pytest
import torch

from gan.training.data import Samples
from gan.training.random_source import RandomSource


def rng(seed=0):
    return RandomSource(torch.Generator().manual_seed(seed))


def numbered(n=10, classes=0):
    """Picture i is of colour i and of class i modulo the classes."""
    x = torch.arange(n, dtype=torch.uint8)[:, None, None, None].expand(n, 1, 2, 2).contiguous()
    return Samples(x, torch.arange(n) % classes if classes else None, classes)


def test_pictures_become_numbers_from_minus_one_to_one():
    samples = Samples(torch.tensor([0, 255], dtype=torch.uint8).reshape(2, 1, 1, 1))
    x, c = samples.draw(50, rng())
    assert set(x.flatten().tolist()) == {-1.0, 1.0} and c is None and x.dtype == torch.float32
    assert samples.shape == (1, 1, 1) and len(samples) == 2


def test_points_stay_as_they_are():
    points = torch.tensor([[5.0, -7.0]])
    assert torch.equal(Samples(points).draw(3, rng())[0], points.expand(3, 2))


def test_classes_belong_to_their_pictures():
    x, c = numbered(10, classes=3).draw(200, rng())
    drawn = ((x[:, 0, 0, 0] + 1) * 127.5).round().long()
    assert (
        torch.equal(c.argmax(dim=1), drawn % 3) and torch.equal(c.sum(dim=1), torch.ones(200)) and c.shape == (200, 3)
    )
    assert set(drawn.tolist()) == set(range(10))


def test_classes_alone_are_as_frequent_as_in_the_data():
    samples = Samples(torch.zeros(4, 1, 1, 1, dtype=torch.uint8), torch.tensor([1, 1, 1, 0]), 3)
    share = samples.draw_classes(4000, rng()).mean(dim=0)
    assert share[2] == 0 and share[1] == pytest.approx(0.75, abs=0.03)
    assert numbered().draw_classes(5, rng()) is None


def test_the_same_generator_draws_the_same():
    samples = numbered(10, classes=2)
    first, second = samples.draw(8, rng(1)), samples.draw(8, rng(1))
    assert torch.equal(first[0], second[0]) and torch.equal(first[1], second[1])
    assert not torch.equal(first[0], samples.draw(8, rng(2))[0])


def test_moving_to_a_device_keeps_all():
    moved = numbered(4, classes=2).to("meta")
    assert (moved.x.device.type, moved.labels.device.type, moved.num_classes, len(moved)) == ("meta", "meta", 2, 4)
    assert numbered(4).to("meta").labels is None
