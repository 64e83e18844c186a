"""Words are drawn so that they can be read, and as sure as the model is of them."""

import numpy as np
import pytest
from small_models import small_generator

from gan.kinds.table import KINDS, canvas_of, kind_of
from gan.networks.words import one_hot


@pytest.fixture(scope="module")
def generator():
    return small_generator("words", symbols=" abiw", places=6, z_dim=4, channels=8)


def drawn(generator, words, sure=1.0, size=(288, 64)):
    x = one_hot(words, generator.symbols, 6).float()
    return kind_of(generator).draw(generator, x * sure + (1 - sure) / 5, size)


def test_each_letter_has_a_shape_and_a_place(generator):
    a, b, ab = drawn(generator, ["a", "b", "ab"])
    assert not np.array_equal(a, b) and a.min() < 32 and (a[:, :20] == 255).all()
    assert (255 - ab.astype(int)).sum() == pytest.approx(
        (255 - a.astype(int)).sum() + (255 - b.astype(int)).sum(), rel=0.02
    )
    assert (drawn(generator, [""]) == 255).all()


@pytest.mark.parametrize("size", [(288, 64), (90, 20), (1000, 222), (8, 2)])
def test_the_longest_word_stays_on_its_paper(generator, size):
    picture = drawn(generator, ["wwwwww"], size=size)[0]
    assert picture.shape == (size[1], size[0], 3)
    if size[0] > 50:
        assert (picture[:, 0] > 250).all() and (picture[:, -1] > 250).all() and picture.min() < 128


def test_a_letter_is_as_dark_as_it_is_sure(generator):
    assert drawn(generator, ["ab"], 0.5).min() > drawn(generator, ["ab"]).min() + 50


def test_the_canvas_grows_with_the_word(generator):
    assert (canvas_of(generator).width, canvas_of(generator).height) == (288, 128)


def test_a_canvas_fits_into_a_cell(generator):
    assert canvas_of(generator).within(256) == (256, 114) and canvas_of(generator).within(1000) == (288, 128)


def test_every_kind_says_how_it_is_shown():
    assert set(KINDS) == {"picture", "points", "text", "sound"} and all(
        kind.name == name for name, kind in KINDS.items()
    )
