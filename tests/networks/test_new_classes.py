"""A trained network goes on with other classes."""

import pytest
import torch
from families import KINDS, VALUES, build, latents

from gan.networks.names import ANY_CLASSES
from gan.networks.new_classes import kept_classes, same_classes, told_names, with_classes

ABLE = [name for name in VALUES if KINDS.get(name, name) in ANY_CLASSES]


def trained(name: str, classes: int):
    """A pair whose classes have something to tell apart."""
    torch.manual_seed(5)
    pair = build(name, classes)
    for network in pair:
        for tensor in network.state_dict().values():
            tensor += 0.1 * torch.randn_like(tensor)
    return pair


def test_which_classes_go_on():
    assert same_classes(["c", "new", "a"], ["a", "b", "c"]) == [2, None, 0]
    assert kept_classes(["a", "b", "c"], ["c", "new", "a"]) == [2, 1, 0]
    assert kept_classes(["a", "b"], ["x", "b", "y", "z"]) == [0, 1, 0, 1]  # as different as they can begin
    assert kept_classes([], ["a"]) == [None]
    assert kept_classes(["a", "b"], ["x", "y"]) == [0, 1] and kept_classes(["a", "b"], ["b", "y"]) == [1, 0]


def test_what_numbers_are_called():
    """An .npz often says no names. Where the network's own are numbers, they mean what they say."""
    known = ("a", "b", "c")
    for given, told in (("012", "abc"), ("01", "ab"), ("10", "ba")):
        assert told_names(tuple(given), known) == tuple(told)
    for given in ("0123", "00", "xy", ""):
        assert told_names(tuple(given), known) == tuple(given)
    assert told_names(("0", "1", "2"), ("2", "1", "0")) == ("0", "1", "2") and told_names(("0",), ()) == ("0",)


@pytest.mark.parametrize("name", ABLE)
def test_a_class_that_goes_on_is_painted_and_judged_as_before(name):
    (g, d), (g2, d2) = trained(name, 3), build(name, 2)
    with_classes(g, g2, [2, 0]), with_classes(d, d2, [2, 0])
    z = latents(g, 2)[0]
    before, after = torch.eye(3)[[2, 0]], torch.eye(2)
    x = g(z, before)
    assert torch.allclose(g2(z, after), x, atol=1e-5) and torch.allclose(d2(x, after), d(x, before), atol=1e-5)


@pytest.mark.parametrize("name", ABLE)
def test_a_new_class_begins_as_the_mean_of_all(name):
    (g, d), (g2, d2) = trained(name, 3), build(name, 4)
    with_classes(g, g2, [None, 1, None, None]), with_classes(d, d2, [None, 1, None, None])
    z, c = latents(g, 2)[0], torch.full((2, 3), 1 / 3)
    x = g(z, c)
    assert torch.allclose(g2(z, torch.eye(4)[[0, 3]]), x, atol=1e-5)
    assert torch.allclose(d2(x, torch.eye(4)[[0, 3]]), d(x, c), atol=1e-5)


@pytest.mark.parametrize("name", ABLE)
def test_without_classes_it_goes_on_as_their_mean(name):
    (g, d), (g2, d2) = trained(name, 3), build(name, 0)
    with_classes(g, g2, []), with_classes(d, d2, [])
    z, c = latents(g, 2)[0], torch.full((2, 3), 1 / 3)
    x = g(z, c)
    assert torch.allclose(g2(z), x, atol=1e-5) and torch.allclose(d2(x), d(x, c), atol=1e-5)


@pytest.mark.parametrize("name", ABLE)
def test_whatever_had_no_classes_is_the_same_in_each_at_first(name):
    (g, d), (g2, d2) = trained(name, 0), build(name, 3)
    with_classes(g, g2, [None] * 3), with_classes(d, d2, [None] * 3)
    z, c = latents(g2, 3)
    x = g(z)
    assert torch.allclose(g2(z, c), x, atol=1e-5) and torch.allclose(d2(x, c), d(x), atol=1e-5)


@pytest.mark.parametrize("network", [0, 1])
@pytest.mark.parametrize("one, other", [("stylegan2", "stylegan2"), ("mlp", "points"), ("dcgan", "stylegan2")])
def test_networks_that_differ_in_more_are_refused(one, other, network):
    trained, made = build(one, 3)[network], build(other, 0)[network]
    with pytest.raises(ValueError, match="alone|told classes|is wanted"):
        with_classes(trained, made, [])
