import pytest
import torch

from gan.errors import StudioError
from gan.latents.probes import between_groups, most_likely_moves, named, probe, told


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_a_probe_finds_how_properties_follow_from_w():
    w, rule = normal(4000, 5), torch.tensor([[1.0, 0, 0, 2, 0], [0, -1, 0, 0, 0]], dtype=torch.float64)
    assert torch.allclose(probe(w, w @ rule.T), rule, atol=0.05)


def test_moves_change_their_own_probe_and_no_other():
    probes, mixing = normal(3, 6), normal(6, 6, seed=1)
    moves = most_likely_moves(probes, mixing @ mixing.T)
    assert torch.allclose(probes @ moves.T, torch.eye(3, dtype=torch.float64), atol=1e-4)


def test_of_all_such_moves_it_is_the_likeliest():
    probes, mixing = normal(2, 5), normal(5, 5, seed=1)
    covariance = mixing @ mixing.T
    move = most_likely_moves(probes, covariance)[0]
    free = torch.linalg.svd(probes)[2][2:]  # changes nothing that the probes see
    length = lambda d: d @ torch.linalg.solve(covariance, d)  # noqa: E731
    assert all(length(move) <= length(move + 0.1 * sign * row) + 1e-9 for row in free for sign in (-1, 1))


def test_named_moves_keep_correlated_properties_apart():
    """Two properties that go together in the samples: each slider moves its own and leaves the other."""
    w = normal(3000, 4) * torch.tensor([1.0, 1.0, 3.0, 0.5])
    rule = torch.tensor([[1.0, 0.9, 0, 0], [0.9, 1.0, 0, 0.0]], dtype=torch.float64)
    found = named(w, w @ rule.T)
    change = (found.vectors * found.scales.unsqueeze(1)).double() @ rule.T
    assert change.diagonal().min() > 10 * (change - torch.diag(change.diagonal())).abs().max()
    assert torch.allclose(found.vectors.norm(dim=1), torch.ones(2)) and (found.told > 0.99).all()


def test_one_unit_is_one_deviation_of_w():
    w = normal(5000, 3) * torch.tensor([1.0, 5.0, 0.2])
    found = named(w, w[:, 1:2])
    assert found.vectors[0].abs().argmax() == 1 and found.scales[0] == pytest.approx(5, rel=0.05)


def test_what_w_does_not_tell_is_said():
    shares = told(normal(2000, 3), normal(2000, 1, seed=1))
    assert shares.abs().max() < 0.05


@pytest.mark.parametrize("y, words", [(torch.ones(40, 1), "same in all"), (normal(3, 1), "too few")])
def test_what_cannot_be_told_is_refused(y, words):
    with pytest.raises(StudioError, match=words):
        named(normal(len(y), 2), y)


def test_three_with_and_three_without_make_a_direction():
    cloud = normal(500, 8)
    having, lacking = normal(3, 8, seed=1), normal(3, 8, seed=2)
    having[:, 4] += 3
    lacking[:, 4] -= 3
    vector, scale = between_groups(having, lacking, cloud)
    assert vector[4] > 0.85 and scale == pytest.approx(1, abs=0.1)


def test_the_same_pictures_on_both_sides_are_refused():
    cloud = normal(50, 4)
    with pytest.raises(StudioError, match="are the same"):
        between_groups(cloud[:3], cloud[:3], cloud)
