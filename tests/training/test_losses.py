"""Each loss against its formula in plain math."""

import math

import pytest
import torch

from gan.training.losses import LOSSES

REAL, FAKE = [-3.0, -0.5, 0.0, 0.7, 2.5], [-4.0, -1.0, 0.0, 0.2, 3.0]


def s(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def mean(values) -> float:
    values = list(values)
    return sum(values) / len(values)


FORMULAS = {
    "non-saturating": (
        lambda r, f: -mean(math.log(s(a)) for a in r) - mean(math.log(1 - s(b)) for b in f),
        lambda r, f: -mean(math.log(s(b)) for b in f),
    ),
    "minimax": (
        lambda r, f: -mean(math.log(s(a)) for a in r) - mean(math.log(1 - s(b)) for b in f),
        lambda r, f: mean(math.log(1 - s(b)) for b in f),
    ),
    "least-squares": (
        lambda r, f: mean((a - 1) ** 2 for a in r) / 2 + mean(b**2 for b in f) / 2,
        lambda r, f: mean((b - 1) ** 2 for b in f) / 2,
    ),
    "hinge": (lambda r, f: mean(max(0, 1 - a) for a in r) + mean(max(0, 1 + b) for b in f), lambda r, f: -mean(f)),
    "wasserstein": (lambda r, f: -(mean(r) - mean(f)), lambda r, f: -mean(f)),
    "relativistic": (
        lambda r, f: -mean(math.log(s(a - b)) for a, b in zip(r, f, strict=True)),
        lambda r, f: -mean(math.log(s(b - a)) for a, b in zip(r, f, strict=True)),
    ),
}


def logits(values):
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def shown(name, values):
    """The real logits, to whom the generator's side of the loss is shown them."""
    return logits(values) if LOSSES[name].relativistic else None


def test_every_loss_has_its_formula_here():
    assert set(LOSSES) == set(FORMULAS)
    assert all(loss.source and loss.about for loss in LOSSES.values())


@pytest.mark.parametrize("name", LOSSES)
def test_the_formula(name):
    d, g = FORMULAS[name]
    assert LOSSES[name].d(logits(REAL), logits(FAKE)).item() == pytest.approx(d(REAL, FAKE), abs=1e-12)
    assert LOSSES[name].g(shown(name, REAL), logits(FAKE)).item() == pytest.approx(g(REAL, FAKE), abs=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_the_slopes_point_where_the_game_wants_them(name):
    """Up the discriminator pushes the real, down the fake, and the generator pushes the fake up."""
    real, fake = logits([0.3]), logits([0.2])
    LOSSES[name].d(real, fake).backward()
    assert real.grad.item() < 0 < fake.grad.item()
    fake = logits([0.2])
    LOSSES[name].g(shown(name, [0.3]), fake).backward()
    assert fake.grad.item() < 0


@pytest.mark.parametrize("name", LOSSES)
def test_extreme_logits_stay_finite(name):
    far = torch.tensor([-1e4, 1e4], requires_grad=True)
    total = LOSSES[name].d(far, far.flip(0)) + LOSSES[name].g(shown(name, [1e4, -1e4]), far)
    total.backward()
    assert total.isfinite() and far.grad.isfinite().all()


def test_minimax_vanishes_where_the_discriminator_wins_and_non_saturating_does_not():
    slopes = {}
    for name in ("minimax", "non-saturating"):
        fake = logits([-20.0])
        LOSSES[name].g(None, fake).backward()
        slopes[name] = abs(fake.grad.item())
    assert slopes["minimax"] < 1e-8 and slopes["non-saturating"] > 0.99


def test_where_a_verdict_turns():
    """A discriminator that reaches its aim is right about everything: 1 and 0 under least squares, +-1 under the
    hinge."""
    aims = {"least-squares": (1.0, 0.0), "hinge": (1.0, -1.0), "non-saturating": (5.0, -5.0), "minimax": (5.0, -5.0)}
    for name, (real, fake) in aims.items():
        assert fake < LOSSES[name].cut < real
    assert LOSSES["wasserstein"].cut is LOSSES["relativistic"].cut is None


def test_a_relativistic_loss_knows_differences_only():
    """Each training picture is held against one sample, so that a sum that is added to both changes nothing."""
    loss = LOSSES["relativistic"]
    for play in (loss.d, loss.g):
        near, far = play(logits(REAL), logits(FAKE)), play(logits(REAL) + 7, logits(FAKE) + 7)
        assert near.item() == pytest.approx(far.item(), abs=1e-12)
        assert play(logits(REAL), logits(FAKE[::-1])).item() != pytest.approx(near.item())
