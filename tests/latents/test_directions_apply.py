import pytest
import torch

from gan.errors import StudioError
from gan.latents.directions import Directions


def random(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_apply_by_hand_row_by_row():
    directions = Directions(torch.eye(3)[:2], torch.tensor([0.5, 2.0]), "sefa")
    w = torch.zeros(2, 2, 3)
    moved = directions.apply(w, torch.tensor([[3.0, 0.0], [-1.0, 1.0]]))
    assert moved.tolist() == [[[1.5, 0, 0]] * 2, [[-0.5, 2, 0]] * 2]


def test_apply_of_fewer_amounts_is_apply_with_zeros():
    directions, w = Directions(torch.eye(4), torch.ones(4), "pca"), random(1, 2, 4)
    fewer = directions.apply(w, torch.tensor([[2.0]]))
    assert torch.equal(fewer, directions.apply(w, torch.tensor([[2.0, 0.0, 0.0, 0.0]])))
    assert torch.equal(directions.apply(w, torch.zeros(1, 0)), w)


def test_apply_refuses_more_amounts_than_directions():
    with pytest.raises(StudioError, match="has 2 directions, not 3"):
        Directions(torch.eye(2), torch.ones(2), "pca").apply(torch.zeros(1, 1, 2), torch.zeros(1, 3))


def test_apply_moves_only_its_layers():
    directions = Directions(torch.eye(2), torch.ones(2), "pca", layers=((1,), None))
    moved = directions.apply(torch.zeros(1, 3, 2), torch.tensor([[1.0, 0.0]]))
    assert moved.tolist() == [[[0, 0], [1, 0], [0, 0]]]


def test_amounts_of_zero_leave_a_shell_latent_bit_for_bit():
    directions, w = Directions(torch.eye(16), torch.ones(16), "sefa", shell=16), 3 * random(50, 1, 16)
    assert torch.equal(directions.apply(w, torch.zeros(50, 16)), w)


def test_moves_end_on_the_shell_and_not_outside():
    directions = Directions(torch.eye(2), torch.ones(2), "sefa", shell=2)
    moved = directions.apply(torch.tensor([[[1.0, 1.0]]]), torch.tensor([[3.0, 0.0]]))
    torch.testing.assert_close(moved, torch.tensor([[[4.0, 1.0]]]) * (2 / 17) ** 0.5)
    long = directions.apply(torch.tensor([[[3.0, 4.0]]]), torch.tensor([[3.0, 0.0]]))
    assert long.norm().item() == pytest.approx(5.0), "a z that began outside keeps its own length"


def test_a_truncated_latent_can_still_be_moved():
    directions = Directions(torch.eye(16), torch.ones(16), "sefa", shell=16)
    moved = directions.apply(torch.zeros(1, 1, 16), torch.tensor([[3.0]]))
    assert moved[0, 0, 0].item() == 3.0
