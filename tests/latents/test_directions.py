import pytest
import torch
from torch import nn

from gan.errors import StudioError
from gan.latents.directions import Directions, effect_order, find, is_round, pca, sefa, shrink
from gan.latents.sampling import one_hot, seeds_to_z
from gan.networks.contract import Discriminator, Generator, LatentGenerator
from gan.networks.registry import FAMILIES, build_generator


class Linear(LatentGenerator):
    """x = A w: everything about it is known in closed form."""

    def __init__(self, a, num_classes=0):
        super().__init__(a.shape[1] - num_classes, num_classes, (a.shape[0],))
        self.a = nn.Parameter(a)

    def synthesis(self, w, noise="const"):
        return w[:, 0] @ self.a.T

    def first_weights(self):
        return self.a


class Mapped(Generator):
    """w = M z + E c in each of 3 layers, x = w of the first: a generator with a mapping and styles."""

    def __init__(self, m, e=None):
        super().__init__()
        self.w_dim, self.z_dim = m.shape
        self.num_ws, self.image_shape = 3, (self.w_dim,)
        self.num_classes = 0 if e is None else e.shape[1]
        self.m, self.e = nn.Parameter(m), e

    def mapping(self, z, c=None):
        w = z @ self.m.T if c is None else z @ self.m.T + c @ self.e.T
        return w.unsqueeze(1).repeat(1, self.num_ws, 1)

    def synthesis(self, w, noise="const"):
        return w[:, 0]

    def first_weights(self):
        return torch.eye(self.w_dim)


class Critic(Discriminator):
    """Logits by any rule over x (n, dim)."""

    def __init__(self, rule):
        super().__init__()
        self.rule = rule

    def forward(self, x, c=None):
        return self.rule(x)


def random(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def planted(dim, along, gain):
    """The matrix that stretches by `gain` along one unit vector and leaves the rest alone."""
    u = torch.nn.functional.normalize(torch.as_tensor(along, dtype=torch.float32), dim=0)
    return u, torch.eye(dim) + (gain - 1) * torch.outer(u, u)


# The two closed forms


def test_sefa_of_a_matrix_solved_by_hand():
    # Two outputs look along (3, 4) and one along (4, -3); their own lengths must not matter.
    weights = torch.tensor([[3.0, 4.0], [30.0, 40.0], [0.4, -0.3]])
    vectors, values = sefa(weights, 2)
    torch.testing.assert_close(values, torch.tensor([2.0, 1.0]))
    torch.testing.assert_close(vectors, torch.tensor([[0.6, 0.8], [0.8, -0.6]]))


def test_sefa_gives_eigenvectors_of_the_normalised_weights_in_order():
    weights = random(40, 12)
    vectors, values = sefa(weights, 5)
    a = weights / weights.norm(dim=1, keepdim=True)
    torch.testing.assert_close(vectors @ (a.T @ a), values.unsqueeze(1) * vectors, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(vectors @ vectors.T, torch.eye(5), rtol=0, atol=1e-5)
    assert (values[1:] <= values[:-1]).all()
    assert values[0] >= torch.linalg.eigvalsh(a.T @ a).max() - 1e-4


def test_sefa_survives_an_output_without_weights():
    vectors, _ = sefa(torch.tensor([[0.0, 0.0], [0.0, 2.0]]), 1)
    assert vectors.tolist() == [[0.0, 1.0]]


def test_pca_recovers_a_planted_direction_and_its_spread():
    u, stretch = planted(10, range(1, 11), gain=5.0)
    vectors, deviations = pca(random(4000, 10) @ stretch + 7, 3)
    torch.testing.assert_close(vectors[0], u, rtol=0, atol=0.02)
    assert deviations[0].item() == pytest.approx(5.0, rel=0.05)
    assert deviations[1].item() == pytest.approx(1.0, rel=0.1)


def test_pca_by_hand():
    vectors, deviations = pca(torch.tensor([[-3.0, 1.0], [3.0, 1.0], [0.0, 3.0], [0.0, -1.0]]), 2)
    torch.testing.assert_close(vectors.abs(), torch.eye(2))
    torch.testing.assert_close(deviations**2, torch.tensor([18 / 3, 8 / 3]))


def test_the_largest_entry_of_a_direction_is_positive():
    for vectors in (sefa(random(30, 9), 9)[0], pca(random(50, 9), 9)[0]):
        largest = vectors.gather(1, vectors.abs().argmax(dim=1, keepdim=True))
        assert (largest > 0).all()
    assert torch.allclose(sefa(-random(30, 9), 9)[0], sefa(random(30, 9), 9)[0])


@pytest.mark.parametrize("dim", [2, 128, 512])
def test_a_normal_cloud_is_round_and_a_stretched_one_is_not(dim):
    cloud = random(4096, dim)
    assert is_round(pca(cloud, dim)[1], 4096)
    _, stretch = planted(dim, [1.0] + [0.0] * (dim - 1), gain=3.0)
    if dim > 2:
        assert not is_round(pca(cloud @ stretch, dim)[1], 4096)


# Choosing between them


def test_find_takes_sefa_where_w_is_z():
    generator = Linear(torch.tensor([[3.0, 4.0], [3.0, 4.0], [4.0, -3.0]]))
    found = find(generator, 8)
    assert found.method == "sefa" and found.shell == 2 and len(found) == 2
    torch.testing.assert_close(found.vectors, torch.tensor([[0.6, 0.8], [0.8, -0.6]]))
    torch.testing.assert_close(found.scales, torch.ones(2), rtol=0, atol=0.05)


def test_find_takes_pca_where_the_mapping_has_a_shape():
    u, stretch = planted(16, range(16), gain=6.0)
    found = find(Mapped(stretch), 4)
    assert found.method == "pca" and found.shell == 0 and found.vectors.shape == (4, 16)
    torch.testing.assert_close(found.vectors[0], u, rtol=0, atol=0.02)
    assert found.scales[0].item() == pytest.approx(6.0, rel=0.05)


def test_find_takes_sefa_where_the_mapping_has_no_shape():
    found = find(Mapped(4 * torch.eye(16)), 4)
    assert found.method == "sefa" and found.shell == 0
    torch.testing.assert_close(found.scales, torch.full((4,), 4.0), rtol=0.05, atol=0)


def test_find_never_touches_the_class_columns_of_a_latent_generator():
    a = random(20, 8 + 3)
    a[:, 8:] *= 1000  # The class decides most of the picture: SeFa over all of w would find it first.
    found = find(Linear(a, num_classes=3), 5)
    assert found.vectors.shape == (5, 11) and found.shell == 8
    assert (found.vectors[:, 8:] == 0).all()
    torch.testing.assert_close(found.vectors[:, :8], sefa(a[:, :8], 5)[0])

    w = Linear(a, num_classes=3).mapping(seeds_to_z([1, 2], 8), one_hot([2, None], 3))
    moved = found.apply(w, 3 * torch.ones(2, 5))
    assert torch.equal(moved[..., 8:], w[..., 8:]) and not torch.allclose(moved[..., :8], w[..., :8])


def test_find_looks_within_classes_and_not_across_them():
    u, stretch = planted(16, [0.0] * 8 + [1.0] * 8, gain=5.0)
    apart = torch.zeros(16, 2)
    apart[0, 1] = 100.0
    found = find(Mapped(stretch, apart), 2)
    torch.testing.assert_close(found.vectors[0], u, rtol=0, atol=0.02)
    assert found.scales[0].item() == pytest.approx(5.0, rel=0.05)


def test_find_gives_the_same_directions_again_and_leaves_the_random_state_alone():
    generator, before = Mapped(random(16, 16)), torch.get_rng_state()
    first, second = find(generator), find(generator)
    assert torch.equal(first.vectors, second.vectors) and torch.equal(first.scales, second.scales)
    assert torch.equal(torch.get_rng_state(), before)
    assert not first.vectors.requires_grad


@pytest.mark.parametrize("num_classes", [0, 3])
@pytest.mark.parametrize("family", FAMILIES)
def test_find_and_effect_order_work_for_every_family(family, num_classes):
    torch.manual_seed(0)
    generator = build_generator(family, {"num_classes": num_classes}).eval()
    found, w = find(generator, 4), generator.mapping(seeds_to_z([1, 2], generator.z_dim))
    x = generator.synthesis(w)
    moved = generator.synthesis(found.apply(w, torch.full((2, 4), 3.0)))
    assert len(found) == 4 and found.vectors.shape[1] == generator.w_dim
    assert moved.shape == x.shape and (moved - x).std() > 0.1 * x.std()
    assert sorted(effect_order(generator, n=2)) == list(range(generator.z_dim))


def test_find_refuses_a_broken_model():
    for generator in (Linear(torch.full((3, 2), float("nan"))), Mapped(torch.full((4, 4), float("inf")))):
        with pytest.raises(StudioError, match="values that are not numbers"):
            find(generator)


# How far


@pytest.mark.parametrize(
    "rule, expected",
    [
        (lambda x: -(x[:, 0].abs() - 10).clamp_min(0), [2.0, 1.0]),  # 8 and 4 carry the median past 10, 2 does not
        (lambda x: torch.zeros(len(x)), [8.0, 1.0]),  # believes everything
        (lambda x: -(x[:, 0] - 10).clamp_min(0), [2.0, 1.0]),  # one end alone is enough
    ],
)
def test_scales_are_halved_until_the_critic_believes_both_ends(rule, expected):
    directions = Directions(torch.eye(4)[:2], torch.tensor([8.0, 1.0]), "pca")
    shrunk = shrink(directions, Mapped(torch.eye(4)), Critic(rule))
    assert shrunk.scales.tolist() == expected
    assert directions.scales.tolist() == [8.0, 1.0], "what was given stays as it was"


def test_scales_are_halved_at_most_three_times():
    seen = []

    def distrust(x):
        seen.append(x)
        return torch.full((len(x),), -float(len(seen) > 1))

    directions = Directions(torch.eye(4)[:1], torch.tensor([8.0]), "pca")
    assert shrink(directions, Mapped(torch.eye(4)), Critic(distrust)).scales.tolist() == [1.0]


def test_the_critic_may_find_moved_pictures_a_little_worse():
    # The median of |x + 0.75| is near 0.9: worse than the best of |x|, better than its worst tenth at about 1.6.
    directions = Directions(torch.eye(4)[:1], torch.tensor([0.25]), "pca")
    assert shrink(directions, Mapped(torch.eye(4)), Critic(lambda x: -x[:, 0].abs())).scales.tolist() == [0.25]


def test_find_listens_to_the_critic():
    _, stretch = planted(16, [1.0] + [0.0] * 15, gain=6.0)
    limit = Critic(lambda x: -(x[:, 0].abs() - 16).clamp_min(0))
    alone, judged = find(Mapped(stretch), 2), find(Mapped(stretch), 2, discriminator=limit)
    torch.testing.assert_close(judged.vectors, alone.vectors)
    torch.testing.assert_close(judged.scales, alone.scales * torch.tensor([0.5, 1.0]))


# Which latent values matter


def test_effect_order_is_the_order_of_the_jacobians_columns():
    sizes = torch.tensor([1.0, 9.0, 0.0, 3.0, 27.0])
    a = torch.nn.functional.normalize(random(200, 5), dim=0) * sizes
    assert effect_order(Linear(a), n=64) == [4, 1, 3, 0, 2]


def test_effect_order_works_through_a_mapping_with_classes_and_without_grad():
    generator = Mapped(torch.diag(torch.tensor([1.0, 20.0, 5.0])), torch.ones(3, 2))
    with torch.no_grad():
        assert effect_order(generator.requires_grad_(False)) == [1, 2, 0]
    assert effect_order(generator, n=5) == effect_order(generator, n=5)
