"""Feature networks from files: recognised by what they hold, never run, and refused in one sentence."""

import pickle

import pytest
import torch
from evaluation.painters import draw
from safetensors.torch import save_file
from tiny_model import sentence

from gan.evaluation.features import FeatureNet
from gan.evaluation.inception import Inception
from gan.studio.scores.feature_networks import load_extractor, save_features


@pytest.fixture(scope="module")
def inception():
    """The standard file's tensors at random, so that pictures stay apart through all layers (He et al. 2015), with the
    classifier that is not needed."""
    rng = torch.Generator().manual_seed(0)
    with torch.device("meta"):
        wanted = Inception().state_dict()
    state = {
        name: torch.randn(t.shape, generator=rng) * (2 / t[0].numel()) ** 0.5
        if t.dim() == 4
        else torch.randn(t.shape, generator=rng) * 0.02
        for name, t in wanted.items()
        if not name.endswith("tracked")
    }
    state.update({name: t.abs() + 0.9 for name, t in state.items() if name.endswith(("running_var", "bn.weight"))})
    return state | {"fc.weight": torch.zeros(1008, 2048), "fc.bias": torch.zeros(1008)}


@pytest.fixture(scope="module")
def file(inception, home):
    path = home / "pt_inception.pth"
    torch.save(inception, path)
    return path


def look(net) -> torch.Tensor:
    with torch.no_grad():
        return net(draw(1, 2, 3, 64, 64).tanh())


def test_inception_from_either_kind_of_file(inception, file, home):
    save_file(inception, home / "inception.safetensors")
    net, same = load_extractor(file), load_extractor(home / "inception.safetensors")
    rows = look(net)
    assert rows.shape == (2, 2048) and rows.isfinite().all() and not torch.equal(rows[0], rows[1])
    assert torch.equal(rows, look(same))
    assert net.name == "Inception v3 (standard FID)" and net.dim == 2048
    assert not net.training and not any(p.requires_grad for p in net.parameters())


def test_within_a_table_and_under_a_prefix(inception, home):
    path = home / "wrapped.pt"
    torch.save({"epoch": 3, "state_dict": {f"module.{name}": t.half() for name, t in inception.items()}}, path)
    net = load_extractor(path)
    torch.testing.assert_close(
        net.Mixed_7c.branch1x1.conv.weight, inception["Mixed_7c.branch1x1.conv.weight"].half().float()
    )


def test_our_own_again_as_it_was_written(tmp_path):
    torch.manual_seed(0)
    net = FeatureNet().eval()
    save_features(net, tmp_path / "own.safetensors")
    again = load_extractor(tmp_path / "own.safetensors")
    assert isinstance(again, FeatureNet) and torch.equal(look(again), look(net)) and not again.training


def test_another_inception_is_not_taken_for_the_standard_one(inception, home):
    torch.save(inception | {"fc.weight": torch.zeros(1000, 2048)}, home / "torchvision.pth")
    assert "1000 classes" in sentence(load_extractor, home / "torchvision.pth")


def test_a_file_that_is_cut_short_of_some_weights(inception, home):
    torch.save({name: t for name, t in inception.items() if "Mixed_7c" not in name}, home / "cut.pth")
    assert "lacks 45 of the weights of Inception" in sentence(load_extractor, home / "cut.pth")


def test_a_weight_of_another_shape(inception, home):
    torch.save(inception | {"Conv2d_3b_1x1.conv.weight": torch.zeros(80, 65, 1, 1)}, home / "odd.pth")
    assert "Conv2d_3b_1x1.conv.weight of odd.pth has the shape (80, 65, 1, 1)" in sentence(
        load_extractor, home / "odd.pth"
    )


def test_other_files(tmp_path):
    torch.save({"main.0.weight": torch.zeros(3, 3)}, tmp_path / "other.pth")
    assert "no feature network" in sentence(load_extractor, tmp_path / "other.pth")
    (tmp_path / "words.pth").write_text("hello")
    for path in (tmp_path / "nowhere.pth", tmp_path / "words.pth", tmp_path):
        assert path.name in sentence(load_extractor, path)


class Harm:
    """Unpickling it would make a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_nothing_in_a_file_is_run(inception, tmp_path):
    torch.save(
        {"Conv2d_1a_3x3.conv.weight": inception["Conv2d_1a_3x3.conv.weight"], "harm": Harm(tmp_path / "harm")},
        tmp_path / "bad.pth",
        pickle_module=pickle,
    )
    sentence(load_extractor, tmp_path / "bad.pth")
    assert not (tmp_path / "harm").exists()
