"""Precision, recall, density and coverage against loops written from the papers, and on sets where they are known."""

import pytest
import torch
from evaluation.painters import draw

from gan.evaluation.manifold import DENSE, NEIGHBOURS, overlap, reach


def far(rows, i: int, k: int) -> float:
    """From row i to the k-th nearest other one."""
    return sorted(float((rows[i] - rows[j]).norm()) for j in range(len(rows)) if j != i)[k - 1]


def inside(x, rows, k: int) -> list[bool]:
    """In which rows' balls x lies (Kynkaanniemi et al. 2019, equation 1)."""
    return [float((x - rows[i]).norm()) <= far(rows, i, k) for i in range(len(rows))]


def by_loops(real, fake) -> dict[str, list[float]]:
    return {
        "precision": [any(inside(y, real, NEIGHBOURS)) for y in fake],
        "recall": [any(inside(x, fake, NEIGHBOURS)) for x in real],
        "density": [sum(inside(y, real, DENSE)) / DENSE for y in fake],  # Naeem et al. 2020, equations 6 and 7
        "coverage": [min(float((x - y).norm()) for y in fake) <= far(real, i, DENSE) for i, x in enumerate(real)],
    }


@pytest.mark.parametrize("m, n, shift", [(30, 30, 0.0), (25, 40, 1.0), (6, 6, 0.5)])
def test_the_papers_formulas(m, n, shift):
    real, fake = draw(0, m, 3).double(), draw(1, n, 3).double() + shift
    found = overlap(real, fake)
    for name, expected in by_loops(real, fake).items():
        torch.testing.assert_close(getattr(found, name), torch.tensor(expected).float(), msg=name)


def means(real, fake) -> dict[str, float]:
    found = overlap(real, fake)
    return {name: float(getattr(found, name).mean()) for name in ("precision", "recall", "density", "coverage")}


def test_the_same_pictures():
    """Each row lies in its own ball and, on average, in those of five others."""
    rows = draw(0, 600, 4)
    assert means(rows, rows) == pytest.approx({"precision": 1, "recall": 1, "coverage": 1, "density": 1.2}, rel=0.01)


def test_pictures_of_the_same_kind_have_density_and_coverage_near_1():
    """What both are where real and fake are alike: 1, and 1 - (M - 1)...(M - k) / (2M - 1)...(2M - k), about 1 - 2^-k
    (Naeem et al. 2020, section 3.3)."""
    found = means(draw(0, 1500, 4), draw(1, 1500, 4))
    assert found["density"] == pytest.approx(1, abs=0.05)
    assert found["coverage"] == pytest.approx(1 - 2**-DENSE, abs=0.015)


def test_nothing_in_common():
    assert set(means(draw(0, 100, 4), draw(1, 100, 4) + 100).values()) == {0.0}


def test_half_of_what_there_is():
    """Fakes look right, but show only one of two things."""
    both = torch.cat([draw(0, 500, 4), draw(1, 500, 4) + 50])
    found = means(both, draw(2, 1000, 4))
    assert found["precision"] > 0.9 and found["recall"] == pytest.approx(0.5, abs=0.05)
    assert found["coverage"] == pytest.approx(0.5, abs=0.02)


def test_twice_the_variety_that_is_real():
    found = means(draw(1, 500, 4), torch.cat([draw(2, 250, 4), draw(3, 250, 4) + 50]))
    assert found["precision"] == pytest.approx(0.5, abs=0.05) and found["recall"] > 0.8


def test_an_outlier_cannot_make_everything_look_dense():
    """The fault of precision that density mends (Naeem et al. 2020, figure 2): one real picture far away has a huge
    ball."""
    real = torch.cat([draw(0, 100, 2), torch.tensor([[30.0, 0.0]])])
    fake = torch.tensor([20.0, 0.0]) + draw(1, 101, 2)
    found = means(real, fake)
    assert found["precision"] == 1 and found["density"] <= 1 / DENSE and found["coverage"] < 0.02


def test_reach_goes_past_the_row_itself():
    line = torch.tensor([[0.0], [1], [3], [7], [15]])
    torch.testing.assert_close(reach(line, 1), torch.tensor([1.0, 1, 2, 4, 8]).double())
    torch.testing.assert_close(reach(line, 2), torch.tensor([3.0, 2, 3, 6, 12]).double())


def test_too_few_rows_are_no_score():
    assert all(value != value for value in means(draw(0, DENSE, 2), draw(1, 50, 2)).values())
