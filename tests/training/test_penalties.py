"""Penalties against closed forms on critics whose slopes are known."""

import pytest
import torch

from gan.training.penalties import PENALTIES, gradient_penalty, r1, r1_r2, squared_slope
from gan.training.random_source import RandomSource


def draws(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def linear(a):
    """D(x) = a.x, whose slope is a everywhere."""
    return lambda x, c: (x * a).flatten(1).sum(dim=1)


def quadratic(x, c):
    """D(x) = |x|^2 / 2, whose slope is x itself."""
    return x.square().flatten(1).sum(dim=1) / 2


def plain(x):
    """Pictures without classes."""
    return x, None


def rng():
    return RandomSource(torch.Generator().manual_seed(0))


def test_the_names():
    assert {name: one.of for name, one in PENALTIES.items()} == {"r1": r1, "r1+r2": r1_r2, "gradient": gradient_penalty}
    assert all(one.source and one.about.endswith(".") for one in PENALTIES.values())


@pytest.mark.parametrize("shape", [(6, 2), (6, 3, 4, 4)])
def test_r1_of_a_linear_critic_is_half_the_square_of_its_slope(shape):
    a, real = draws(*shape[1:], seed=1), draws(*shape)
    assert r1(linear(a), plain(real), plain(-real), rng()).item() == pytest.approx(a.square().sum().item() / 2)


def test_r1_of_a_quadratic_critic():
    real = draws(6, 3, 4, 4)
    want = sum(float((x**2).sum()) for x in real) / 6 / 2
    assert r1(quadratic, plain(real), plain(draws(6, 3, 4, 4, seed=2)), rng()).item() == pytest.approx(want)
    torch.testing.assert_close(squared_slope(quadratic, real), real.square().flatten(1).sum(dim=1))


def test_r2_is_r1_on_samples():
    real, fake = plain(draws(6, 3, 4, 4)), plain(draws(6, 3, 4, 4, seed=2))
    one, other = r1(quadratic, real, fake, rng()), r1(quadratic, fake, real, rng())
    assert r1_r2(quadratic, real, fake, rng()).item() == pytest.approx((one + other).item())


def test_each_picture_is_judged_with_its_own_class():
    """A critic whose slope is the class: real pictures have 1 and samples 3, lines between them those of the real."""
    real, fake = (draws(4, 2), torch.full((4, 1), 1.0)), (draws(4, 2, seed=1), torch.full((4, 1), 3.0))

    def discriminator(x, c):
        return (x * c).sum(dim=1)

    assert r1(discriminator, real, fake, rng()).item() == pytest.approx(2 * 1 / 2)
    assert r1_r2(discriminator, real, fake, rng()).item() == pytest.approx(2 * (1 + 9) / 2)
    assert gradient_penalty(discriminator, real, fake, rng()).item() == pytest.approx((2**0.5 - 1) ** 2)


@pytest.mark.parametrize("shape", [(6, 2), (6, 3, 4, 4)])
def test_the_gradient_penalty_of_a_linear_critic(shape):
    a = draws(*shape[1:], seed=1)
    want = (a.square().sum().sqrt() - 1) ** 2
    got = gradient_penalty(linear(a), plain(draws(*shape)), plain(draws(*shape, seed=2)), rng())
    assert got.item() == pytest.approx(want.item())


def test_the_gradient_penalty_looks_between_real_and_fake_at_one_place_for_each_pair():
    real, fake = draws(6, 3, 4, 4), draws(6, 3, 4, 4, seed=2)
    t = rng().rand(6, 1, 1, 1)
    between = t * real + (1 - t) * fake
    want = (between.square().flatten(1).sum(dim=1).sqrt() - 1).square().mean()
    assert gradient_penalty(quadratic, plain(real), plain(fake), rng()).item() == pytest.approx(want.item())


def test_a_critic_without_a_slope_has_a_finite_penalty_with_a_finite_slope():
    """The root of zero has no derivative; the penalty must not turn the weights to nan."""
    a = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    penalty = gradient_penalty(linear(a), plain(draws(5, 3)), plain(draws(5, 3, seed=1)), rng())
    assert penalty.item() == pytest.approx(1, abs=1e-5)
    penalty.backward()
    assert a.grad.isfinite().all()


@pytest.mark.parametrize("name", PENALTIES)
def test_the_penalty_can_be_minimised(name):
    """Its slope with respect to the critic's weight, against a difference quotient."""
    real, fake = plain(draws(5, 3)), plain(draws(5, 3, seed=1))

    def value(a):
        return PENALTIES[name].of(lambda x, c: (x * a).sum(dim=1) + (x * a).square().sum(dim=1), real, fake, rng())

    assert torch.autograd.gradcheck(value, draws(3, seed=4).requires_grad_(True))


def test_the_samples_themselves_are_left_alone():
    real = draws(4, 3)
    r1_r2(quadratic, plain(real), plain(real), rng())
    assert not real.requires_grad and real.grad is None
