"""Mixes and the grid of them, as recipes and as pictures."""

import numpy as np
import pytest
from small_models import SmallModels, styled

from gan.errors import StudioError
from gan.studio.engine import Engine
from gan.studio.mixes import mix_grid, mixed
from gan.studio.recipes import Recipe

ROWS = [Recipe("faces", seed=1, psi=0.7), Recipe("faces", seed=2, noise="none")]
COLUMNS = [Recipe("faces", seed=seed) for seed in (7, 8, 2)]


def test_a_grid_runs_row_by_row():
    grid = mix_grid(ROWS, COLUMNS)
    assert len(grid) == 6 and grid[2] == Recipe("faces", seed=1, psi=0.7, style={"seed": 2}, mix=(0, 1))
    assert grid[3] == Recipe("faces", seed=2, noise="none", style={"seed": 7}, mix=(0, 1))
    assert mix_grid(ROWS, COLUMNS, (1, 0))[0].mix == (1, 0)


def test_a_picture_mixed_with_itself_is_itself():
    rows = [Recipe("faces", seed=seed) for seed in (1, 2, 3)]
    engine = Engine(SmallModels(faces=styled()))
    cells = engine.render(mix_grid(rows, rows)).astype(int)
    own = engine.render(rows)
    for i in range(3):
        assert np.abs(cells[4 * i] - own[i]).max() <= 1
    assert min(np.abs(a - b).max() for i, a in enumerate(cells) for b in cells[:i]) > 1


def test_what_was_mixed_into_the_first_picture_is_gone():
    once = mixed(ROWS[0], COLUMNS[0])
    assert mixed(once, COLUMNS[1]) == mixed(ROWS[0], COLUMNS[1])


def test_pictures_that_cannot_be_mixed():
    with pytest.raises(StudioError, match="Only pictures of one model"):
        mixed(ROWS[0], Recipe("sea"))
    with pytest.raises(StudioError, match="Only pictures of one model"):
        mixed(ROWS[0], Recipe("faces", "v2"))
    with pytest.raises(StudioError, match="cannot be a mix itself"):
        mixed(ROWS[0], mixed(ROWS[0], COLUMNS[0]))
