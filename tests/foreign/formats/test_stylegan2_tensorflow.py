"""Pickles of TensorFlow's StyleGAN2, written as its networks are pickled: the same pictures as from PyTorch's names."""

import pickle
import sys
import types

import numpy as np
import pytest
import torch
from foreign.filling import pair
from foreign.formats.test_stylegan2_official import inputs, networks

from gan.errors import StudioError
from gan.foreign.formats.stylegan2_tensorflow import read
from gan.foreign.found import Found
from gan.foreign.readers.any_file import read_tree

CONVS = {"conv0": "Conv0_up", "conv1": "Conv1", "torgb": "ToRGB", "skip": "Skip"}
PARTS = {
    "weight": "weight",
    "bias": "bias",
    "noise_strength": "noise_strength",
    "affine.weight": "mod_weight",
    "affine.bias": "mod_bias",
}


class Network:
    def __init__(self, variables, components=(), **kwargs):
        self.state = dict(
            version=5,
            name="net",
            static_kwargs=kwargs,
            components=dict(components),
            variables=variables,
            build_module_src="raise SystemExit('source text was run')",
            build_func_name="build",
        )

    def __getstate__(self):
        return self.state


def turned(name, tensor):
    """As TensorFlow keeps it."""
    array = tensor.detach().numpy()
    if name.endswith("affine.bias"):
        return array - 1
    if array.ndim == 4:
        flipped = name.startswith("synthesis.") and (".conv0." in name or ".skip." in name)
        return (array[:, :, ::-1, ::-1] if flipped else array).transpose(2, 3, 1, 0)
    return array.T if array.ndim == 2 else np.float32(array) if array.ndim == 0 else array


def synthesis_variable(name, tensor):
    _, block, layer, *part = name.split(".")
    side = int(block[1:])
    if layer == "const":
        return "4x4/Const/const", tensor.detach().numpy()[None]
    if part == ["noise_const"]:
        return f"noise{2 * int(np.log2(side)) - 5 + (layer == 'conv1')}", tensor.numpy()[None, None]
    conv = "Conv" if side == 4 and layer == "conv1" else CONVS[layer]
    return f"{side}x{side}/{conv}/{PARTS['.'.join(part)]}", turned(name, tensor)


def generator_network(g, **kwargs):
    mapping, synthesis, own = [], [], []
    for name, tensor in g.state_dict().items():
        if name == "mapping.w_avg":
            own.append(("dlatent_avg", tensor.numpy()))
        elif name.startswith("mapping."):
            _, layer, part = name.split(".")
            mapping.append(
                (f"{'LabelEmbed' if layer == 'embed' else layer.replace('fc', 'Dense')}/{part}", turned(name, tensor))
            )
        elif not name.endswith("resample_filter"):
            synthesis.append(synthesis_variable(name, tensor))
    return Network(
        [*own, ("lod", np.float32(0))], {"mapping": Network(mapping), "synthesis": Network(synthesis)}, **kwargs
    )


def discriminator_network(d, **kwargs):
    heads = {"b4.conv": "4x4/Conv", "b4.fc": "4x4/Dense0", "b4.out": "Output"}
    layers = {"fromrgb": "FromRGB", "conv0": "Conv0", "conv1": "Conv1_down", "skip": "Skip"}
    variables = []
    for name, tensor in d.state_dict().items():
        layer, part = name.rsplit(".", 1)
        if part != "resample_filter" and not layer.startswith("mapping"):
            block, _, inner = layer.partition(".")
            path = heads[layer] if layer in heads else f"{block[1:]}x{block[1:]}/{layers[inner]}"
            variables.append((f"{path}/{part}", turned(name, tensor)))
    return Network(variables, **kwargs)


def saved(tmp_path, monkeypatch, content):
    """Pickled with the class under TensorFlow's name for it, which is there only meanwhile."""
    path, module = tmp_path / "stylegan2.pkl", types.ModuleType("dnnlib.tflib.network")
    module.Network = Network
    with monkeypatch.context() as patch:
        for name in ("dnnlib", "dnnlib.tflib", "dnnlib.tflib.network"):
            patch.setitem(sys.modules, name, module)
        patch.setattr(Network, "__module__", "dnnlib.tflib.network")
        path.write_bytes(pickle.dumps(content, protocol=4))
    return read(Found(path.name, read_tree(path, path.name)))


@pytest.mark.parametrize("side, classes, blocks", [(16, 0, "skip"), (32, 3, "resnet")])
def test_the_pair_is_the_same(tmp_path, monkeypatch, side, classes, blocks):
    g, d = networks(side, classes, blocks=blocks, conv_clamp=256)
    content = (
        Network([]),
        discriminator_network(d, label_size=classes, conv_clamp=256, mbstd_group_size=2),
        generator_network(g, conv_clamp=256),
    )
    made = saved(tmp_path, monkeypatch, content)
    g2, d2 = pair(made)
    z, c = inputs(classes)
    with torch.no_grad():
        x = g(z, c)
        torch.testing.assert_close(g2(z, c), x, rtol=0, atol=1e-5)
        assert (d2 is None) == bool(classes) and made.guessed == () and torch.equal(g2.center(), g.center())
        if d2 is not None:
            d.b4.group = 2
            torch.testing.assert_close(d2(x), d(x), rtol=0, atol=1e-5)


def test_a_generator_alone(tmp_path, monkeypatch):
    g, _ = networks()
    made = saved(tmp_path, monkeypatch, generator_network(g))
    assert made.discriminator is None
    torch.testing.assert_close(pair(made)[0](*inputs(0)), g(*inputs(0)), rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    "variables, match",
    [
        ([("4x4/Const/StyleMod/weight", np.zeros((2, 2), np.float32))], "StyleMod"),
        ([], "no StyleGAN2"),
        ([("dlatent_avg", np.zeros((2, 2), np.float32))], "unusual shape"),
    ],
)
def test_other_networks_of_tensorflow_are_refused(tmp_path, monkeypatch, variables, match):
    with pytest.raises(StudioError, match=match):
        saved(tmp_path, monkeypatch, tuple(Network(variables) for _ in range(3)))


def test_unusual_settings_are_refused(tmp_path, monkeypatch):
    with pytest.raises(StudioError, match="resample_kernel .1, 2, 1., where"):
        saved(tmp_path, monkeypatch, generator_network(networks()[0], resample_kernel=[1, 2, 1]))


@pytest.mark.parametrize("tree", [(), [], None, {}, (1, 2, 3)])
def test_other_files_are_left_to_other_adapters(tree):
    assert read(Found("x.pkl", tree)) is None
