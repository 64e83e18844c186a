"""The kernel distance against a double loop, a reference library, and what is known of it."""

import pytest
import torch
from evaluation.painters import Look, draw, reals
from torchmetrics.image.kid import KernelInceptionDistance

from gan.evaluation.kernel import discrepancy, kernel_distances


def by_loops(a, b) -> float:
    """Binkowski et al. 2018, equation 4, pair by pair."""

    def k(x, y):
        return (float(x @ y) / len(x) + 1) ** 3

    m, n = len(a), len(b)
    within_a = sum(k(a[i], a[j]) for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    within_b = sum(k(b[i], b[j]) for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    return within_a + within_b - 2 * sum(k(x, y) for x in a for y in b) / (m * n)


def test_a_double_loop():
    a, b = draw(0, 15, 3).double(), draw(1, 11, 3).double() + 0.5
    assert float(discrepancy(a, b)) == pytest.approx(by_loops(a, b), rel=1e-10)


def test_the_same_as_torchmetrics():
    look = Look()
    look.num_features = Look.dim
    real, fake = reals(200, 0).x.float() / 127.5 - 1, reals(200, 1).x.float() / 200 - 1
    theirs = KernelInceptionDistance(feature=look, subsets=1, subset_size=200)
    theirs.update(real, real=True)
    theirs.update(fake, real=False)
    ours = discrepancy(look(real).double(), look(fake).double())
    assert float(ours) == pytest.approx(float(theirs.compute()[0]), rel=1e-3)


def test_it_is_unbiased():
    """Means of many small sets of the same kind lie around 0, on both sides; Fréchet's would all lie above."""
    values = torch.stack([kernel_distances(draw(2 * i, 40, 4), draw(2 * i + 1, 40, 4)).mean() for i in range(100)])
    assert abs(float(values.mean())) < 3 * float(values.std()) / 10
    assert 20 < int((values < 0).sum()) < 80


def test_other_kinds_are_told_apart():
    a, near, far = draw(0, 400, 4), draw(1, 400, 4), draw(2, 400, 4) + 1
    assert kernel_distances(a, near).mean().abs() < 0.05 * kernel_distances(a, far).mean()


@pytest.mark.parametrize("n, subsets", [(12, 4), (400, 4), (2000, 4), (5000, 10)])
def test_subsets(n, subsets):
    assert kernel_distances(draw(0, n, 2), draw(1, n + 3, 2)).shape == (subsets,)


def test_too_few_rows():
    assert kernel_distances(draw(0, 7, 2), draw(1, 100, 2)).isnan().all()
