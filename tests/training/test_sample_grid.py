"""The pictures of a grid: pinned ones first, painted as their latents say."""

import dataclasses

import numpy as np
import pytest
import torch
from training import games

from gan.errors import StudioError
from gan.training.config import TrainConfig
from gan.training.sample_grid import GridLatents, first_seeds
from gan.training.trainer import Trainer


def pinned(name: str, classes: int, n: int = 2, move: bool = True) -> GridLatents:
    """Latents of the right shapes that are no seed's."""
    generator, rng = games.pair(name, classes)[0], torch.Generator().manual_seed(5)
    c = torch.full((n, classes), 1 / classes) if classes else None
    moves = torch.randn(n, generator.num_ws, generator.w_dim, generator=rng) if move else None
    return GridLatents(torch.randn(n, generator.z_dim, generator=rng), c, torch.linspace(0.5, 1, n), moves)


def trainer(name: str, classes: int, fixed: GridLatents | None, **knobs) -> Trainer:
    config = TrainConfig(batch_size=6, record_every=1, grid_every=2, grid_size=5, **knobs)
    return Trainer(*games.pair(name, classes), games.data(name, classes), config, fixed=fixed)


@pytest.mark.parametrize("move", [True, False])
@pytest.mark.parametrize("name, classes", [("stylegan2", 3), ("stylegan2", 0), ("mlp", 3), ("points", 0)])
def test_pins_come_first_and_the_seeds_after_them(name, classes, move):
    fixed = pinned(name, classes, move=move)
    with_pins, without = trainer(name, classes, fixed), trainer(name, classes, None)
    steps = [r for r in with_pins.run(4) if not hasattr(r, "samples")]
    assert steps == [r for r in without.run(4) if not hasattr(r, "samples")]  # they take nothing from the game
    mine, seeds, g = with_pins.grid().samples, without.grid().samples, with_pins.ema.average
    np.testing.assert_allclose(mine[2:], seeds[:3], atol=1e-5)
    with torch.no_grad():
        for row in range(2):
            one = fixed[row : row + 1]
            w, center = g.mapping(one.z, one.c), g.center(one.c)
            w = center + one.psi * (w - center) + (one.move if move else 0)
            np.testing.assert_allclose(mine[row], g.synthesis(w, "const")[0].numpy(), atol=1e-5)


def test_a_grid_of_another_size_keeps_as_many_as_fit():
    fixed = pinned("mlp", 3, n=4)
    playing = trainer("mlp", 3, fixed)
    first = playing.grid().samples
    playing.change(grid_size=2)
    assert np.allclose(playing.grid().samples, first[:2], atol=1e-6)
    playing.change(grid_size=9)
    assert np.allclose(playing.grid().samples[:5], first, atol=1e-6) and len(playing.grid().samples) == 9


def test_pins_of_another_kind_of_generator_are_refused():
    good = pinned("stylegan2", 3)
    for change in (
        dict(z=good.z[:, :3]),
        dict(c=None),
        dict(c=good.c[:, :2]),
        dict(psi=good.psi[:1]),
        dict(move=good.move[:, :1]),
    ):
        with pytest.raises(StudioError, match="made with another kind of generator"):
            trainer("stylegan2", 3, dataclasses.replace(good, **change))
    with pytest.raises(StudioError, match="another kind"):
        trainer("stylegan2", 0, good)


def test_joining_where_only_some_are_moved():
    generator = games.pair("stylegan2", 3)[0].eval()
    moved, seeds = pinned("stylegan2", 3), first_seeds(3, generator)
    both = moved.then(seeds).then(moved)
    assert len(both) == 7
    with torch.no_grad():
        x = both.paint(generator)
        torch.testing.assert_close(x[:2], x[5:])
        torch.testing.assert_close(x[2:5], seeds.paint(generator))
        assert not torch.allclose(x[:2], dataclasses.replace(moved, move=None).paint(generator))
    assert seeds.then(moved).move.shape == both[2:].move.shape
