import pytest
import torch
from torch import nn

from gan.latents.directions import Directions
from gan.latents.telling import ALIKE, alike, believable, effect, find_telling, joined, orthogonal, ranges
from gan.networks.contract import Discriminator, Generator, LatentGenerator


class Painter(LatentGenerator):
    """Each value of z lights its own square of a picture of 8 x 8 pixels: the first ones more, two of them the same."""

    def __init__(self):
        super().__init__(6, 0, (1, 8, 8))
        squares = torch.zeros(6, 64)
        for i, strength in enumerate((3.0, 2.0, 1.0, 0.5)):
            squares[i, 8 * i : 8 * i + 8] = strength
        squares[4] = squares[0] * 0.9  # changes just what the first one does
        squares[5] = 0.01  # hardly to be seen, everywhere
        self.squares = nn.Parameter(squares)

    def synthesis(self, w, noise="const"):
        return (w[:, 0] @ self.squares).view(-1, 1, 8, 8)

    def first_weights(self):
        return self.squares.T


class Layered(Generator):
    """Six layers of which each paints its own rows, by its own w."""

    def __init__(self):
        super().__init__()
        self.z_dim = self.w_dim = 3
        self.num_ws, self.num_classes, self.image_shape = 6, 0, (1, 6, 3)
        self.paint = nn.Parameter(torch.diag(torch.tensor([3.0, 2.0, 1.0])))

    def mapping(self, z, c=None):
        return z.unsqueeze(1).repeat(1, 6, 1)

    def synthesis(self, w, noise="const"):
        return (w @ self.paint).unsqueeze(1)

    def first_weights(self):
        return self.paint.T


class Believes(Discriminator):
    """Real is what stays below `most`."""

    def __init__(self, most):
        super().__init__()
        self.most = most

    def forward(self, x, c=None):
        return (self.most - x.flatten(1).abs().amax(dim=1)).clamp(max=0)


def only(i, dim=6):
    return Directions(torch.eye(dim)[i : i + 1], torch.ones(1), "pca")


def test_an_effect_says_how_much_and_where():
    painter, w = Painter(), torch.zeros(4, 1, 6)
    strong, weak, wide = (effect(painter, only(i), w) for i in (0, 3, 5))
    assert strong.strength == pytest.approx(6 * weak.strength) and strong.spread == pytest.approx(1 / 8)
    assert wide.spread == pytest.approx(1) and strong.score > weak.score > wide.score


def test_alike_is_what_the_eye_sees():
    painter, w = Painter(), torch.zeros(4, 1, 6)
    first, second, fifth = (effect(painter, only(i), w) for i in (0, 1, 4))
    assert alike(first, fifth) == pytest.approx(1) and alike(first, second) == pytest.approx(0, abs=1e-6)


def test_ranges_of_layers():
    assert ranges(1) == [None] and ranges(10) == [None, (0, 1, 2), (3, 4, 5, 6), (7, 8, 9)]


def test_those_that_are_kept_differ_from_each_other_and_are_seen():
    painter = Painter()
    found = find_telling(painter, 6)
    w = torch.zeros(4, 1, 6)
    effects = [effect(painter, only_of(found, i), w) for i in range(len(found))]
    assert 3 <= len(found) <= 4  # the fifth value repeats the first, the sixth cannot be seen
    assert all(alike(a, b) <= ALIKE for i, a in enumerate(effects) for b in effects[:i])
    assert effects[0].score == max(e.score for e in effects)


def only_of(found, i):
    return Directions(found.vectors[i : i + 1], found.scales[i : i + 1], "x", found.layers and (found.layers[i],))


def test_layers_move_by_themselves_where_that_changes_one_thing():
    found = find_telling(Layered(), 8)
    assert found.layers is not None and {(0, 1), (2, 3), (4, 5)} <= set(found.layers)


def test_it_is_the_same_every_time():
    a, b = find_telling(Painter()), find_telling(Painter())
    assert torch.equal(a.vectors, b.vectors) and torch.equal(a.scales, b.scales) and a.layers == b.layers


def test_orthogonal_only_where_layers_are_shared():
    leaning = torch.nn.functional.normalize(torch.tensor([[1.0, 1.0, 0.0]]), dim=1)
    a = Directions(torch.eye(3)[:1], torch.ones(1), "pca", layers=((0,),))
    b, apart = (Directions(leaning, torch.ones(1), "pca", layers=(on,)) for on in ((0, 1), (2,)))
    _, turned, same = orthogonal([a, b, apart], 3)
    assert turned.vectors[0].tolist() == pytest.approx([0, 1, 0], abs=1e-6) and torch.allclose(same.vectors, leaning)
    assert joined([a, turned, same]).layers == ((0,), (0, 1), (2,))


def test_sliders_end_where_pictures_are_still_believed():
    painter = Painter()
    w = torch.randn(16, 1, 6, generator=torch.Generator().manual_seed(0)) * 0.1
    both = joined([only(0), only(3)])
    with torch.no_grad():
        found = believable(both, painter, Believes(4.0), w, None)
    assert found.scales[0] < 0.5 and found.scales[1] == 1  # 3 x 3 x 1 is far over 4; 3 x 0.5 x 1 is not


def test_known_ones_come_first_and_are_not_found_again():
    known = only(0)
    found = find_telling(Painter(), 6, known=known)
    assert torch.equal(found.vectors[0], known.vectors[0]) and len(found) >= 3
    effects = [effect(Painter(), one, torch.zeros(4, 1, 6)) for one in found.each()]
    assert all(alike(effects[0], other) <= ALIKE for other in effects[1:])
