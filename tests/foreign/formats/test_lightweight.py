"""LightweightGAN's files against plain stand-ins of two of its versions: the same pictures."""

import pytest
import torch
from foreign.filling import pair
from foreign.lightweight_gan import Generator, trained
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from gan.errors import StudioError
from gan.foreign.formats.lightweight import read
from gan.foreign.found import Found
from gan.foreign.readers.any_file import read_tree
from gan.networks.registry import build_generator


def generator(version="2021", widths=(6, 5), **more):
    torch.manual_seed(0)
    return trained(Generator(version, 4, widths, **more))


def saved(tmp_path, content):
    path = tmp_path / "model_15.pt"
    torch.save(content, path)
    return read(Found(path.name, read_tree(path, path.name)))


def names(network, prefix):
    return {prefix + name: tensor for name, tensor in network.state_dict().items()}


@torch.no_grad()
@pytest.mark.parametrize(
    "version, widths, more",
    [
        ("2021", (6, 5, 4), dict(attention=(8,))),
        ("2021", (4, 6), dict(attention=(4, 8), blurred=True, channels=1)),
        ("2021", (6, 5, 4, 4, 3, 2), dict(channels=4)),
        ("2022", (6, 5, 4), dict(attention=(8,))),
        ("2022", (4, 4), dict()),
        ("2022", (6, 5, 4, 4, 3, 2, 2), dict(attention=(4, 16))),
    ],
)
def test_the_pictures_are_the_same(tmp_path, version, widths, more):
    """Ours lie in [-1, 1], theirs in [0, 1]."""
    g = generator(version, widths, **more)
    made = saved(tmp_path, {"GAN": names(g, "GE."), "version": "1.1.1"})
    ours, none = pair(made)
    z = torch.randn(3, 4)
    assert none is None and ours.image_shape == (more.get("channels", 3), 4 * 2 ** len(widths), 4 * 2 ** len(widths))
    torch.testing.assert_close(ours(z, noise="none"), 2 * g(z) - 1, rtol=0, atol=1e-4)


class Largest(TorchDispatchMode):
    """Remembers how many values the largest tensor has that is made."""

    values = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        made = func(*args, **(kwargs or {}))
        self.values = max(self.values, *(one.numel() for one in tree_leaves(made) if isinstance(one, torch.Tensor)), 0)
        return made


@torch.no_grad()
def test_neighbours_are_looked_at_one_after_the_other():
    """All nine at once would be 16 GB at 512 pixels."""
    g = build_generator("lightweight", dict(side=64, widths=[4, 4, 4, 4], attention=[32], local=True))
    with Largest() as largest:
        g(torch.randn(1, 256))
    assert g.most_values == 1024 * 32**2 and largest.values < 1.2 * g.most_values


def test_averaged_weights_go_first(tmp_path):
    g = generator()
    other = {f"G.{name}": torch.zeros_like(tensor) for name, tensor in g.state_dict().items()}
    made = saved(tmp_path, {**other, **names(g, "GE."), "D.to_logits.0.weight": torch.zeros(2)})
    z = torch.randn(2, 4)
    torch.testing.assert_close(pair(made)[0](z), 2 * g(z) - 1, rtol=0, atol=1e-4)


def test_noise_is_stored_and_always_the_same(tmp_path):
    tables = [saved(tmp_path, names(generator("2022"), "")) for _ in range(2)]
    first, second = (pair(made)[0] for made in tables)
    z = torch.randn(2, 4)
    assert first.has_noise and torch.equal(first(z), second(z)) and not torch.equal(first(z), first(z, noise="none"))
    assert any("noise" in sentence for sentence in tables[0].guessed)


def test_training_keeps_its_statistics(tmp_path):
    ours, _ = pair(saved(tmp_path, names(generator(), "")))
    z = torch.randn(4, 4)
    before = ours(z)
    assert torch.equal(ours.train()(z), before)


def test_the_version_is_a_guess_where_nothing_tells(tmp_path):
    assert [len(saved(tmp_path, names(generator(widths=widths), "")).guessed) for widths in ((6, 5), (4,) * 5)] == [
        1,
        0,
    ]


@pytest.mark.parametrize(
    "change, match",
    [
        (lambda table: table.update({"layers.0.1.dct_weights": torch.zeros(1, 4, 8, 8)}), "dct_weights"),
        (lambda table: table.pop("layers.1.0.3.bias"), "lacks layers.1.0.3.bias"),
        (lambda table: table.pop("layers.0.0.2.weight"), "layers.0.0.2"),
        (lambda table: table.update({"out_conv.weight": torch.zeros(2, 5, 3, 3)}), "1, 3 or 4 channels"),
    ],
)
def test_unknown_versions_are_refused(tmp_path, change, match):
    table = dict(generator().state_dict())
    change(table)
    with pytest.raises(StudioError, match=match):
        saved(tmp_path, table)


def test_other_files_are_left_to_other_adapters(tmp_path):
    assert saved(tmp_path, {"initial_conv.0.weight": torch.zeros(4, 8, 4, 4)}) is None
