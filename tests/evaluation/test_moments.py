"""Means and covariances batch by batch, and the Fréchet distance against closed forms and a reference library."""

import math

import numpy as np
import pytest
import torch
from evaluation.painters import Look, draw, numpy_frechet, reals
from torchmetrics.image.fid import FrechetInceptionDistance

from gan.evaluation.moments import Moments, frechet, frechet_of


def with_moments(mean: torch.Tensor, covariance: torch.Tensor, n: int = 50) -> torch.Tensor:
    """Rows that have exactly this mean and covariance."""
    d = len(mean)
    rows = draw(0, n, d).double()
    rows = torch.linalg.qr(rows - rows.mean(dim=0)).Q * (n - 1) ** 0.5  # orthogonal columns with mean 0: covariance 1
    values, vectors = torch.linalg.eigh(covariance)
    return mean + rows @ (vectors * values.clamp_min(0).sqrt()).T


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
@pytest.mark.parametrize("far", [0.0, 1e6])
def test_batches_of_any_size_give_what_all_rows_at_once_do(size, far):
    """Also a million away from 0, where squares of the numbers themselves would leave no digits."""
    rows = draw(1, 300, 5).double() * torch.tensor([1e-3, 0.1, 1, 10, 0]) + far
    moments = Moments(5)
    for some in rows.split(size):
        moments.add(some)
    assert moments.n == 300
    np.testing.assert_allclose(moments.mean, rows.mean(dim=0), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(moments.covariance, np.cov(rows.T.numpy()), rtol=1e-6, atol=1e-12)


def test_a_first_batch_far_from_the_others_cancels_little():
    rows = draw(2, 1000, 3).double()
    rows[0] += 1e4
    moments = Moments(3)
    for some in rows.split([1, 999]):
        moments.add(some)
    np.testing.assert_allclose(moments.covariance, np.cov(rows.T.numpy()), rtol=1e-9)


def test_one_number():
    """N(0, 1) and N(3, 2^2): (0 - 3)^2 + (1 - 2)^2."""
    a, b = (with_moments(torch.tensor([m]).double(), torch.tensor([[v]]).double()) for m, v in ((0, 1), (3, 4)))
    assert frechet_of(a, b) == pytest.approx(10)


def test_covariances_that_commute():
    """|m1 - m2|^2 plus the squares of how much their standard deviations differ."""
    turn = torch.linalg.qr(draw(3, 4, 4).double()).Q
    first, second = torch.tensor([1.0, 4, 9, 0.25]).double(), torch.tensor([4.0, 1, 16, 0]).double()
    a = with_moments(torch.zeros(4), turn * first @ turn.T)
    b = with_moments(torch.full((4,), 0.5), turn * second @ turn.T)
    expected = 4 * 0.5**2 + float((first.sqrt() - second.sqrt()).square().sum())
    assert frechet_of(a, b) == pytest.approx(expected, rel=1e-6) == frechet_of(b, a)


def test_singular_covariances_that_do_not_commute():
    """Rows on two lines at 60 degrees: tr (C1 C2)^(1/2) = cos 60."""
    lines = [torch.tensor([1.0, 0, 0]), torch.tensor([math.cos(math.pi / 3), math.sin(math.pi / 3), 0])]
    a, b = (with_moments(torch.zeros(3), torch.outer(line, line).double()) for line in lines)
    assert frechet_of(a, b) == pytest.approx(1, rel=1e-6)


def test_pictures_that_are_all_alike():
    a, b = torch.zeros(20, 3), torch.ones(20, 3)
    assert frechet_of(a, b) == pytest.approx(3) and frechet_of(a, a) == 0


@pytest.mark.parametrize("m, n", [(9, 15), (30, 31), (31, 30), (200, 9)])
def test_few_rows_take_the_short_way_and_give_the_same(m, n):
    a, b = draw(4, m, 32), draw(5, n, 32).relu() + 1
    assert frechet_of(a, b) == pytest.approx(frechet(Moments.of(a), Moments.of(b)), rel=1e-6)
    assert frechet_of(a, b) == pytest.approx(numpy_frechet(a, b), rel=1e-6)


def test_the_same_as_torchmetrics():
    look = Look()
    look.num_features = Look.dim
    real, fake = (reals(n, seed).x.float() / 127.5 - 1 for n, seed in ((400, 0), (300, 1)))
    theirs = FrechetInceptionDistance(feature=look)
    for x, is_real in ((real, True), (fake * 0.8, False)):
        for some in x.split(100):
            theirs.update(some, real=is_real)
    assert frechet_of(look(real), look(fake * 0.8)) == pytest.approx(float(theirs.compute()), rel=1e-4)
