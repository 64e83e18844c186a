"""FastGAN's checkpoints against a plain stand-in of its generator: the same pictures."""

import pytest
import torch
from foreign.fastgan import Generator, port_names, trained
from foreign.filling import pair

from gan.errors import StudioError
from gan.foreign.formats.fastgan import read
from gan.foreign.found import Found
from gan.foreign.readers.any_file import read_tree


def generator(**more):
    torch.manual_seed(0)
    return trained(Generator(**more))


def saved(tmp_path, content):
    path = tmp_path / "all_50000.pth"
    torch.save(content, path)
    return read(Found(path.name, read_tree(path, path.name)))


def assert_same(made, g, squash=False):
    ours, none = pair(made)
    z = torch.randn(2, g.init.init[0].in_channels)
    with torch.no_grad():
        x = torch.tanh(g(z)) if squash else g(z)
        assert none is None and x.std() > 1e-3
        torch.testing.assert_close(ours(z, noise="none"), x, rtol=0, atol=min(1e-4, 0.01 * x.std().item()))


@pytest.mark.parametrize("side, channels", [(256, 3), (512, 1), (1024, 3)])
def test_the_pictures_are_the_same(tmp_path, side, channels):
    g = generator(side=side, channels=channels)
    table = {f"module.{name}": tensor for name, tensor in g.state_dict().items()}
    made = saved(tmp_path, {"g": table, "d": {"module.rf_big.0.weight": torch.zeros(2)}})
    assert made.generator["squash"] == (side == 1024) and made.generator["side"] == side
    assert_same(made, g)


def test_a_port_with_other_names_and_a_tanh(tmp_path):
    g = generator()
    made = saved(tmp_path, port_names(g.state_dict()))
    assert made.generator["squash"] and len(made.guessed) == 1
    assert_same(made, g, squash=True)


def test_averaged_weights_come_as_a_list(tmp_path):
    """In the order of the parameters; spectral norms and statistics are those of the last weights."""
    g = generator()
    average = [p.detach() + 0.01 * torch.randn(p.shape) for p in g.parameters()]
    table = {name: tensor.clone() for name, tensor in g.state_dict().items()}
    made = saved(tmp_path, {"g": table, "g_ema": average})
    with torch.no_grad():
        for p, new in zip(g.parameters(), average, strict=True):
            p.copy_(new)
    assert_same(made, g)


def test_a_list_that_does_not_fit_is_left_alone(tmp_path):
    g = generator()
    assert_same(saved(tmp_path, {"g": g.state_dict(), "g_ema": [torch.zeros(2)]}), g)


def test_without_spectral_norms(tmp_path):
    g = generator()
    for module in g.modules():
        if hasattr(module, "weight_orig"):
            torch.nn.utils.remove_spectral_norm(module)
    assert_same(saved(tmp_path, g.state_dict()), g)


def test_noise_is_stored_and_always_the_same(tmp_path):
    first, second = (pair(saved(tmp_path, generator().state_dict()))[0] for _ in range(2))
    z = torch.randn(2, 6)
    assert torch.equal(first(z), second(z)) and not torch.equal(first(z), first(z, noise="none"))
    assert not torch.equal(first(z), first(z, noise=lambda shape: torch.ones(shape)))


@pytest.mark.parametrize(
    "change, match",
    [
        (lambda table: table.pop("feat_8.2.weight"), "lacks 8.2.weight"),
        (lambda table: table.update({"feat_16.5.weight_orig": torch.zeros(2)}), "has 16.5.weight_orig"),
        (lambda table: table.pop("to_big.weight_orig"), "to_big.weight is missing"),
        (lambda table: table.update({"feat_16.1.weight_u": torch.zeros(2)}), "does not fit"),
        (lambda table: [table.pop(name) for name in list(table) if name.startswith("feat_16.")], "cannot be used"),
    ],
)
def test_other_builds_are_refused(tmp_path, change, match):
    table = dict(generator().state_dict())
    change(table)
    with pytest.raises(StudioError, match=match):
        saved(tmp_path, table)


def test_other_files_are_left_to_other_adapters(tmp_path):
    assert saved(tmp_path, {"init.weight": torch.zeros(4, 8, 4, 4)}) is None
