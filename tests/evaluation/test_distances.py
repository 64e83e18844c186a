"""Distances of many rows."""

import torch
from evaluation.painters import draw

from gan.evaluation.distances import by_pieces, distances


def test_they_are_euclidean():
    a, b = draw(0, 20, 7), draw(1, 30, 7)
    expected = (a.double()[:, None] - b.double()).square().sum(dim=-1).sqrt()
    torch.testing.assert_close(distances(a, b), expected)


def test_equal_rows_are_no_distance_apart_also_far_from_0():
    rows = draw(2, 50, 128) + 100
    assert distances(rows, rows).diagonal().max() < 1e-7 * rows.norm(dim=1).max()


def test_pieces_are_put_together_in_their_order():
    rows = torch.arange(1000.0)
    (same,) = by_pieces(lambda some, twice: (some + twice)[None] / 3, rows, 2 * rows)
    assert torch.equal(same, rows)
