"""Nearest training pictures, copies among samples, and the Mann-Whitney statistic."""

import pytest
import torch
from evaluation.painters import draw

from gan.evaluation.copying import Training, nearer


def test_the_nearest_and_whether_it_is_copied_by_loops():
    training, rows = draw(0, 40, 3).double(), draw(1, 300, 3).double()
    found = Training(training).nearest(rows)
    for x, row, apart, copied in zip(rows, found.row, found.apart, found.copied, strict=True):
        all_apart = [float((x - t).norm()) for t in training]
        assert int(row) == all_apart.index(min(all_apart)) and float(apart) == pytest.approx(min(all_apart))
        gap = min(float((training[row] - t).norm()) for i, t in enumerate(training) if i != row)
        assert bool(copied) == (float(apart) < gap)


def test_training_pictures_among_themselves_by_loops():
    """Each against all the others, as if it had been left out of the set."""
    training = draw(0, 30, 3).double()
    found = Training(training).among_themselves(30)
    alone = [Training(torch.cat([training[:i], training[i + 1 :]])).nearest(training[i : i + 1]) for i in range(30)]
    assert sorted(found.apart.tolist()) == pytest.approx(sorted(float(one.apart) for one in alone))
    assert found.copied.sum() == sum(float(one.copied) for one in alone)


def test_some_are_taken_from_all_over_the_set():
    """Sets are often sorted by class: the first ones would speak for one class only."""
    training = torch.cat([draw(0, 500, 2), draw(1, 500, 2) * 20 + 1000])
    far = Training(training).among_themselves(200).row >= 500
    assert 60 < int(far.sum()) < 140


def test_copies_are_found():
    training = draw(0, 200, 8)
    found = Training(training).nearest(training[50:150] + 1e-3 * draw(1, 100, 8))
    assert torch.equal(found.row, torch.arange(50, 150)) and found.copied.mean() == 1


@pytest.mark.parametrize("features, share", [(1, 2 / 3), (3, 0.57), (16, 0.31)])
def test_new_pictures_count_as_copied_as_often_as_those_left_out_of_the_training(features, share):
    """Two thirds along a line: the nearest picture's own neighbour is as likely in each of three equal gaps."""
    training = draw(0, 3000, features)
    new, own = Training(training).nearest(draw(1, 2000, features)), Training(training).among_themselves(2000)
    assert float(new.copied.mean()) == pytest.approx(share, abs=0.04)
    assert float(own.copied.mean()) == pytest.approx(share, abs=0.04)
    assert nearer(new.apart, own.apart) == pytest.approx(0.5, abs=0.03)


def test_mann_whitney_by_loops_with_ties():
    rng = torch.Generator().manual_seed(0)
    a, b = (torch.randint(0, 6, (n,), generator=rng).double() for n in (40, 25))
    pairs = [1.0 if x < y else 0.5 if x == y else 0.0 for x in a for y in b]
    assert nearer(a, b) == pytest.approx(sum(pairs) / len(pairs), abs=1e-12)


@pytest.mark.parametrize("samples, share", [([0.0, 1.0], 1.0), ([9.0], 0.0), ([2.0, 3.0], 0.5), ([2.0], 0.75)])
def test_known_shares(samples, share):
    assert nearer(torch.tensor(samples), torch.tensor([2.0, 3.0])) == share
