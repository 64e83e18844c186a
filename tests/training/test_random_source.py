"""Draws of a part are those of the whole batch."""

import pytest
import torch

from gan.training.random_source import RandomSource


def fresh(part=0, parts=1) -> RandomSource:
    return RandomSource(torch.Generator().manual_seed(4), part, parts)


DRAWS = [
    lambda chance, n: chance.rand(n, 2, 1),
    lambda chance, n: chance.randn(n, 3),
    lambda chance, n: chance.randint(-2, 9, n, 1),
]


@pytest.mark.parametrize("draw", DRAWS)
def test_alone_it_is_the_generators_own(draw):
    rng = torch.Generator().manual_seed(4)
    own = [
        torch.rand((6, 2, 1), generator=rng),
        torch.randn((6, 3), generator=rng),
        torch.randint(-2, 9, (6, 1), generator=rng),
    ]
    chance = fresh()
    for one, want in zip(DRAWS, own, strict=True):
        assert torch.equal(one(chance, 6), want)


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("parts", [2, 3])
def test_the_parts_together_are_the_batch_row_by_row(draw, parts):
    whole = draw(fresh(), 6)
    for part in range(parts):
        chance = fresh(part, parts)
        assert torch.equal(draw(chance, 6 // parts), whole[part::parts])
        assert torch.equal(draw(chance, 6 // parts), draw_twice(draw)[part::parts])  # and so do those that come after


def draw_twice(draw) -> torch.Tensor:
    chance = fresh()
    draw(chance, 6)
    return draw(chance, 6)
