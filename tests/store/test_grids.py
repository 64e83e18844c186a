import numpy as np
import pytest

from gan.store.grids import grid


@pytest.mark.parametrize(
    "count, columns, shape",
    [
        (1, None, (1, 1)),
        (4, None, (2, 2)),
        (5, None, (2, 3)),
        (5, 1, (5, 1)),
        (3, 5, (1, 5)),
    ],
)
def test_grids_are_in_reading_order(count, columns, shape):
    images = np.arange(count, dtype=np.uint8).reshape(-1, 1, 1, 1) * np.ones((1, 4, 6, 3), np.uint8)
    whole = grid(images, columns)
    assert whole.shape == (shape[0] * 4, shape[1] * 6, 3)
    for i in range(count):
        row, column = divmod(i, shape[1])
        assert (whole[4 * row : 4 * row + 4, 6 * column : 6 * column + 6] == i).all()
    assert (whole == 255).sum() == (shape[0] * shape[1] - count) * 4 * 6 * 3


def test_grids_with_gaps():
    whole = grid(np.zeros((4, 4, 6, 3), np.uint8), 2, gap=3)
    assert whole.shape == (11, 15, 3) and (whole[4:7] == 255).all() and (whole[:4, :6] == 0).all()
