"""The pair that writes words."""

import pytest
import torch

from gan.errors import StudioError
from gan.networks.registry import build_generator
from gan.networks.words import one_hot, spelled


def test_words_come_back_from_one_hot():
    words = ["ab", "b", "abba", ""]
    x = one_hot(words, " ab", 4)
    assert (x.shape, x.dtype) == ((4, 3, 4), torch.bool) and (x.sum(dim=1) == 1).all()
    assert spelled(x.float(), " ab") == words


def test_a_character_that_is_no_symbol_is_named():
    with pytest.raises(ValueError, match="'c' is no symbol"):
        one_hot(["abc"], " ab", 4)


def test_each_place_is_a_distribution():
    g = build_generator("words", dict(symbols=" abc", places=5, z_dim=3, channels=8))
    x = g(torch.randn(7, 3, generator=torch.Generator().manual_seed(0)))
    assert x.shape == (7, 4, 5) and g.kind == "text" and x.min() >= 0
    torch.testing.assert_close(x.sum(dim=1), torch.ones(7, 5))


@pytest.mark.parametrize("symbols", ["", " ", "ab", " aa", "a b", " " + "".join(map(chr, range(300, 600)))])
def test_symbols_that_make_no_words(symbols):
    with pytest.raises(StudioError, match="must be different characters, the first of them the blank"):
        build_generator("words", dict(symbols=symbols))
