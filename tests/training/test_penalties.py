"""Penalties against closed forms on critics whose slopes are known."""

import pytest
import torch

from gan.training.penalties import PENALTIES, gradient_penalty, r1, squared_slope
from gan.training.random_source import RandomSource


def draws(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def linear(a):
    """D(x) = a.x, whose slope is a everywhere."""
    return lambda x: (x * a).flatten(1).sum(dim=1)


def quadratic(x):
    """D(x) = |x|^2 / 2, whose slope is x itself."""
    return x.square().flatten(1).sum(dim=1) / 2


def chance():
    return RandomSource(torch.Generator().manual_seed(0))


def test_the_names():
    assert dict(PENALTIES) == {"r1": r1, "gradient": gradient_penalty}


@pytest.mark.parametrize("shape", [(6, 2), (6, 3, 4, 4)])
def test_r1_of_a_linear_critic_is_half_the_square_of_its_slope(shape):
    a, real = draws(*shape[1:], seed=1), draws(*shape)
    assert r1(linear(a), real, -real, chance()).item() == pytest.approx(a.square().sum().item() / 2)


def test_r1_of_a_quadratic_critic():
    real = draws(6, 3, 4, 4)
    want = sum(float((x**2).sum()) for x in real) / 6 / 2
    assert r1(quadratic, real, draws(6, 3, 4, 4, seed=2), chance()).item() == pytest.approx(want)
    torch.testing.assert_close(squared_slope(quadratic, real), real.square().flatten(1).sum(dim=1))


@pytest.mark.parametrize("shape", [(6, 2), (6, 3, 4, 4)])
def test_the_gradient_penalty_of_a_linear_critic(shape):
    a = draws(*shape[1:], seed=1)
    want = (a.square().sum().sqrt() - 1) ** 2
    got = gradient_penalty(linear(a), draws(*shape), draws(*shape, seed=2), chance())
    assert got.item() == pytest.approx(want.item())


def test_the_gradient_penalty_looks_between_real_and_fake_at_one_place_for_each_pair():
    real, fake = draws(6, 3, 4, 4), draws(6, 3, 4, 4, seed=2)
    t = chance().rand(6, 1, 1, 1)
    between = t * real + (1 - t) * fake
    want = (between.square().flatten(1).sum(dim=1).sqrt() - 1).square().mean()
    assert gradient_penalty(quadratic, real, fake, chance()).item() == pytest.approx(want.item())


def test_a_critic_without_a_slope_has_a_finite_penalty_with_a_finite_slope():
    """The root of zero has no derivative; the penalty must not turn the weights to nan."""
    a = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    penalty = gradient_penalty(linear(a), draws(5, 3), draws(5, 3, seed=1), chance())
    assert penalty.item() == pytest.approx(1, abs=1e-5)
    penalty.backward()
    assert a.grad.isfinite().all()


@pytest.mark.parametrize("name", PENALTIES)
def test_the_penalty_can_be_minimised(name):
    """Its slope with respect to the critic's weight, against a difference quotient."""
    real, fake = draws(5, 3), draws(5, 3, seed=1)

    def value(a):
        return PENALTIES[name](lambda x: (x * a).sum(dim=1) + (x * a).square().sum(dim=1), real, fake, chance())

    assert torch.autograd.gradcheck(value, draws(3, seed=4).requires_grad_(True))


def test_the_samples_themselves_are_left_alone():
    real = draws(4, 3)
    r1(quadratic, real, real, chance())
    assert not real.requires_grad and real.grad is None
