"""Names of what lies in a file: trees that lie in themselves, and tables and modules that lie in many places, are met
once."""

import pytest
import torch
from foreign import stacks_of_the_world as world

from gan.errors import StudioError
from gan.foreign.formats import stack as stack_adapter
from gan.foreign.formats.named import named
from gan.foreign.formats.table import recognise
from gan.foreign.found import Found, Inert, stored

ONE = stored(torch.zeros(2))


def module(*names: str) -> Inert:
    return Inert("torch.nn.Module", state={"_modules": {}, "_parameters": dict.fromkeys(names, ONE)})


def test_a_table_that_lies_in_itself_is_named_once():
    tree = {"weight": ONE}
    tree |= {f"k{i}": tree for i in range(9)}
    assert Found("x", tree).tables() == {(): {"weight": ONE}} and list(named(Found("x", tree)).tensors) == ["weight"]
    assert len(list(Found("x", tree).dicts())) == 1


def test_a_module_under_many_keys_is_named_once():
    net = module("weight", "bias")
    names = named(Found("x", {"G": net, "more": {"D": module("a"), "G": net}, **{f"g{i}": net for i in range(9)}}))
    assert list(names.modules) == ["G.", "more.D."] and sorted(names.tensors) == ["G.bias", "G.weight", "more.D.a"]
    assert list(named(Found("x", net)).tensors) == ["weight", "bias"]


def test_all_modules_of_a_file_may_have_as_many_names_as_one():
    many = dict.fromkeys(map(str, range(40_000)), ONE)
    nets = [Inert(f"a.Net{i}", state={"_modules": {}, "_parameters": many}) for i in range(3)]
    assert len(named(Found("x", {"a": nets[0], "b": nets[1]})).tensors) == 80_000
    with pytest.raises(StudioError, match="'a.Net2' consists of more modules"):
        named(Found("x", dict(zip("abc", nets, strict=True))))


def test_names_without_end_are_refused():
    with pytest.raises(StudioError, match="more than 1,000 letters"):
        named(Found("x", {"a" * 600: {"b" * 600: {"weight": ONE}}}))


def test_of_very_many_tables_the_likeliest_are_tried():
    others = {f"t{i}": {"a.weight": stored(torch.zeros(3))} for i in range(50)}
    net = {key: stored(tensor) for key, tensor in world.dcgan().state_dict().items()}
    assert stack_adapter.read(Found("x", others | {"netG": net})) is not None
    assert stack_adapter.read(Found("x", others | {"zz": net})) is None


@pytest.mark.parametrize(
    "wrap", [lambda net: net, lambda net: {"step": 3, "G": net}, lambda net: [net, net], lambda net: {"a": (1, net)}]
)
def test_whole_modules_are_called_that_wherever_they_lie(wrap):
    with pytest.raises(StudioError, match="holds a whole object of the class 'torch.nn.Module'"):
        recognise(Found("G.pth", wrap(module("a", "b"))))


def test_tables_in_lists_are_found_and_tensors_in_lists_are_none():
    assert Found("x", [{"weight": ONE}, 3, (ONE, {"bias": ONE})]).tables() == {
        ("0",): {"weight": ONE},
        ("2", "1"): {"bias": ONE},
    }
