"""Intervals hold what they promise: about 95 of 100 hold the truth."""

import math

import pytest
import torch
from evaluation.painters import draw

from gan.evaluation.intervals import drawn_anew, of_mean, of_share
from gan.evaluation.moments import frechet_of

_TIMES = 600
_SURE = 0.03  # more than three standard deviations of a share of 0.95 among so many


def covered(estimates, truth: float) -> float:
    return sum(e.low <= truth <= e.high for e in estimates) / len(estimates)


@pytest.mark.parametrize("n", [2, 3, 4, 8, 11, 12, 40, 400])
def test_means_of_normal_numbers(n):
    """However few they are."""
    values = draw(n, _TIMES, n) * 3 + 7
    assert covered([of_mean(v) for v in values], 7) == pytest.approx(0.95, abs=_SURE)


@pytest.mark.parametrize("share, n", [(0.5, 100), (0.9, 50), (0.99, 200), (0.3, 1000)])
def test_shares(share, n):
    """Also near 1, where most draws have hardly a 0 among them."""
    values = (torch.rand(_TIMES, n, generator=torch.Generator().manual_seed(n)) < share).float()
    held = covered([of_share(v) for v in values], share)
    assert held >= 0.95 - _SURE


def test_shares_of_all_or_none_are_not_sure():
    for value in (0.0, 1.0):
        estimate = of_share(torch.full((100,), value))
        assert estimate.value == value and 0.02 < estimate.margin < 0.05


def test_a_single_value_says_nothing_of_its_margin():
    estimate = of_mean(torch.tensor([2.0]))
    assert estimate.value == 2 and math.isnan(estimate.margin)


def test_drawing_anew_agrees_with_the_formula_for_a_mean():
    values = draw(0, 200, 1)
    by_formula = of_mean(values[:, 0])
    drawn = drawn_anew(lambda rows: float(rows.mean()), by_formula.value, (values,), 400)
    assert drawn.margin == pytest.approx(by_formula.margin, rel=0.12) and drawn.value == by_formula.value


def test_the_margin_of_a_frechet_distance_is_how_much_it_varies():
    """Its interval holds what other pictures of the same kinds, as many, would give on average."""
    pairs = [(draw(2 * i, 300, 3), 1.5 * draw(2 * i + 1, 300, 3) + 0.5) for i in range(100)]
    values = [frechet_of(*pair) for pair in pairs]
    estimates = [drawn_anew(frechet_of, value, pair, 40) for value, pair in zip(values, pairs, strict=True)]
    assert covered(estimates, sum(values) / len(values)) == pytest.approx(0.95, abs=0.06)


def test_the_same_rows_give_the_same_margin_and_more_rows_a_smaller_one():
    rows = draw(0, 100, 2)
    once, again, shrunk = (drawn_anew(lambda x: float(x.square().mean()), 1.0, (rows,), 30, s) for s in (1, 1, 0.1))
    assert once == again and shrunk.margin == pytest.approx(once.margin / 10)
