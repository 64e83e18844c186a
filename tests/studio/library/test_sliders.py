"""Sliders that are named for what they change, and how purely they do."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from gan.errors import StudioError
from gan.evaluation.traits import Measure
from gan.latents.directions import Directions
from gan.networks.contract import Generator, LatentGenerator
from gan.store.cards import with_section
from gan.studio.library.measuring import Looked
from gan.studio.library.slider_table import card_text, lines
from gan.studio.library.sliders import Kept, chosen_measures, distinct, kept_sliders, measured, named_sliders, visible

LEFT = Measure(lambda x: x[:, 0, :, :4].mean(dim=(1, 2)))
RIGHT = Measure(lambda x: x[:, 0, :, 4:].mean(dim=(1, 2)))
BOTH = {"left": LEFT, "right": RIGHT}
Z = 64  # so many that a move hardly changes the length of z


class Halves(LatentGenerator):
    """The first value of z lights the left half of a picture, the second both halves."""

    def __init__(self):
        super().__init__(Z, 0, (1, 8, 8))
        paint = torch.zeros(Z, 8, 8)
        paint[0, :, :4], paint[1] = 0.5, 0.5
        self.paint = nn.Parameter(paint)

    def synthesis(self, w, noise="const"):
        return torch.einsum("nk,khw->nhw", w[:, 0], self.paint).unsqueeze(1)

    def first_weights(self):
        return self.paint.flatten(1).T


class Layers(Generator):
    """Three layers: w of the first lights the left half, that of the last the right one, both from the same value."""

    def __init__(self):
        super().__init__()
        self.z_dim = self.w_dim = 2
        self.num_ws, self.num_classes, self.image_shape = 3, 0, (1, 8, 8)
        self.gain = nn.Parameter(torch.tensor(0.5))

    def mapping(self, z, c=None):
        return z.unsqueeze(1).expand(-1, 3, -1)

    def synthesis(self, w, noise="const"):
        x = w.new_zeros(len(w), 1, 8, 8)
        x[..., :4] = (self.gain * w[:, 0, 0])[:, None, None, None]
        x[..., 4:] = (self.gain * w[:, 2, 0])[:, None, None, None]
        return x

    def first_weights(self):
        return torch.eye(2)


class InClasses(Layers):
    """Likewise, and the left half is far brighter in the second class."""

    def __init__(self):
        super().__init__()
        self.num_classes, self.w_dim = 2, 3

    def mapping(self, z, c=None):
        return torch.cat([z, c[:, 1:]], dim=1).unsqueeze(1).expand(-1, 3, -1)

    def synthesis(self, w, noise="const"):
        return super().synthesis(w) + 50 * w[:, :1, 2, None, None] * torch.tensor([1.0] * 4 + [0] * 4)


def model(generator, **config):
    return SimpleNamespace(generator=generator, has_discriminator=False, config=SimpleNamespace(sliders={}, **config))


def only(i, dim=Z):
    return Directions(torch.eye(dim)[i : i + 1], torch.ones(1), "pca")


def test_an_effect_says_what_changes_in_how_many_pictures():
    with torch.no_grad():
        looked = Looked(Halves(), BOTH, 0, 64)
        left, both, nothing = (looked.effect(only(i), 0) for i in (0, 1, 2))
    assert left.changed.tolist() == [1, 0] and left.own[0] > 1 and abs(left.own[1]) < 1e-6
    assert left.picture == pytest.approx(0.5) and both.changed.tolist() == [1, 1] and both.picture == 1
    assert left.alone.tolist() == [1, 0] and both.alone.tolist() == [0, 0]
    assert nothing.changed.tolist() == [0, 0] and nothing.picture == 0


def test_a_label_changes_with_its_chance():
    chance = Measure(lambda x: torch.sigmoid(9 * x[:, 0, :, :4].mean(dim=(1, 2))), least=0.5)
    with torch.no_grad():
        found = Looked(Halves(), {"lit": chance}, 0, 64).effect(only(0), 0)
    assert 0.7 < found.changed[0] < 1 and found.up[0] == found.changed[0]


def test_named_ones_leave_the_other_property_alone_and_the_table_says_so():
    it = model(Halves())
    kept = measured(it, named_sliders(it, BOTH), BOTH)
    assert kept.names == ("Left", "Right")
    for facts in kept.measured:
        assert facts["changed"] > 0.95 and facts["others"] == 0 and facts["leak"] < 0.05 and facts["own"] > 1
        assert facts["alone"] == facts["changed"]
    head, first, _ = lines(kept)
    assert head.split() == ["slider", "layers", "picture", "own", "leak", "alone", "left", "right"]
    assert first.split()[0] == "Left" and first.split()[-2:] == ["100%", "0%"]
    card = with_section("# It\n\nText.\n\n## Scores\n\nNone.\n", "sliders", card_text(kept, BOTH, "gan directions"))
    assert card.index("| Left | all |") < card.index("## Scores") and "**100%**" in card
    again = with_section(card, "sliders", "Nothing.")
    assert "| Left" not in again and again.count("sliders -->") == 2 and again.endswith("None.\n")


def test_a_slider_moves_the_layers_that_it_is_named_for():
    found = named_sliders(model(Layers()), BOTH, sought=True)
    assert found.names == ("Left", "Right") and found.directions.layers == ((0,), (2,))
    assert len(named_sliders(model(Layers()), BOTH, most=1).names) == 1


def test_few_layers_cost_the_search_through_pictures_and_no_slider_beyond_the_most(monkeypatch):
    monkeypatch.setattr("gan.studio.library.slider_layers.steer", None)
    found = named_sliders(model(Halves()), BOTH | {"sum": Measure(lambda x: x[..., 3:].mean(dim=(1, 2, 3)))}, 2, True)
    assert len(found.names) == len(found.directions) == len(found.measured) == 2


def test_it_is_sought_in_all_classes_and_what_tells_them_apart_is_no_deviation(monkeypatch):
    seen = []

    def stay(generator, read, own, w, covariance, like, moved):
        for half in w.chunk(2):
            assert read(generator.synthesis(half)).std(dim=0) == pytest.approx(1, abs=0.5)  # of 32 latents
        seen.append((float(w[:, 0, 2].mean()), float(covariance[2].abs().max())))
        return like

    monkeypatch.setattr("gan.studio.library.slider_layers.steer", stay)
    assert set(named_sliders(model(InClasses()), BOTH, sought=True).names) == {"Left", "Right"}
    assert set(seen) == {(0.5, 0)}


def test_a_discriminator_shortens_a_slider_as_long_as_it_does_what_it_is_named_for():
    class Doubts(nn.Module):
        """Takes for real what is neither bright nor dark."""

        def forward(self, x, c=None):
            return -x.abs().mean(dim=(1, 2, 3))

    it = model(Layers())
    it.has_discriminator, it.discriminator = True, Doubts
    free, short, still = (
        named_sliders(one, BOTH, still=share).directions.scales
        for one, share in ((model(Layers()), 0), (it, 0), (it, 0.9))
    )
    assert (short < free).all() and (short < still).all() and (still <= free).all()


def test_those_that_do_the_same_go():
    twins = Directions(torch.eye(Z)[[0, 1, 0]], torch.tensor([1.0, 1.0, 0.5]), "telling")
    kept, gone = distinct(model(Halves()), Kept(twins, ("a", "b", "c"), [{}, {}, {}]))
    assert kept.names == ("a",) and [(i, twin) for i, twin, _ in gone] == [(1, 0), (2, 0)]  # b is half a's
    near = Directions(torch.stack([torch.eye(Z)[0], torch.eye(Z)[1]]), torch.ones(2), "named")
    for names, stay in (([{}, {}], 1), ([dict(property="left"), dict(property="both")], 2)):
        assert len(distinct(model(Halves()), Kept(near, ("a", "b"), names))[0].names) == stay
    lone = Kept(only(0), ("a",), [{}])
    assert distinct(model(Halves()), lone) == (lone, [])


def test_those_that_change_nothing_go():
    kept = Kept(Directions(torch.eye(Z)[:3], torch.ones(3), "telling"), ("a", "b", "c"), [{}, {}, {}])
    seen, faint = visible(measured(model(Halves()), kept, BOTH))
    assert seen.names == ("a", "b") and faint == [2] and len(seen.directions) == len(seen.measured) == 2
    small = [{"picture": 0.01, "alone": 0.3, "changed": changed} for changed in (0.4, 0.9, 0.4)]
    assert visible(replace(kept, measured=small))[1] == [0, 2]  # a small one that does what it is named for stays


def test_what_cannot_be_done_is_said():
    with pytest.raises(StudioError, match="'beauty' cannot be measured"):
        chosen_measures(BOTH, ["left", "beauty"])
    with pytest.raises(StudioError, match="no sliders of its own"):
        kept_sliders(model(Halves()))
