"""ONNX files are followed, not run: the pictures are those of PyTorch's own network, and the rest is refused by its
name."""

import random
import resource

import pytest
import torch
from foreign.onnx_files import field, model, node, tensor
from torch import nn

from gan.errors import StudioError
from gan.foreign.convert import convert
from gan.foreign.formats import onnx as onnx_adapter
from gan.foreign.found import Found
from gan.foreign.readers.any_file import read_tree
from gan.networks.registry import build_generator
from gan.store.model_folder import load_generator

CONV = {"kernel_shape": [4, 4], "strides": [2, 2], "pads": [1, 1, 1, 1], "dilations": [1, 1], "group": 1}


def dcgan() -> nn.Sequential:
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.ConvTranspose2d(5, 6, 4, bias=False),
        nn.BatchNorm2d(6, 0.001),
        nn.LeakyReLU(0.2),
        nn.ConvTranspose2d(6, 3, 4, 2, 1),
        nn.Tanh(),
    )
    network[1].running_mean.normal_()
    network[1].running_var.uniform_(0.5, 2)
    return network.eval()


def dcgan_file(packed=False, **changes) -> bytes:
    """The same network as exporters of PyTorch write it."""
    weights = {key: t for key, t in dcgan().state_dict().items() if t.dtype == torch.float32}
    norm = " ".join(f"1.{leaf}" for leaf in ("weight", "bias", "running_mean", "running_var"))
    nodes = [
        node("ConvTranspose", "z 0.weight", "a", kernel_shape=[4, 4], strides=[1, 1], pads=[0, 0, 0, 0]),
        node("BatchNormalization", f"a {norm}", "b", epsilon=0.001, momentum=0.9, training_mode=0),
        node("LeakyRelu", "b", "c", alpha=0.2),
        node("ConvTranspose", "c 3.weight 3.bias", "d", **CONV),
        node("Tanh", "d", "x"),
    ]
    return model(nodes, weights, {"z": ["batch", 5, 1, 1]}, ["x"], packed)


def linear_file(batch: str | int, ways: str = "constant") -> tuple[bytes, nn.Module]:
    """A linear layer whose row becomes maps, enlarged and convolved; and the network itself."""
    torch.manual_seed(1)
    linear, conv = nn.Linear(7, 2 * 3 * 4), nn.Conv2d(2, 3, 3, padding=1)
    weights = {
        "w": linear.weight.T.contiguous(),
        "b": linear.bias,
        "k": conv.weight,
        "kb": conv.bias,
        "scales": torch.tensor([1.0, 1, 2, 2]),
    }
    weights = {key: t.detach() for key, t in weights.items()}
    reshape = {
        "constant": [node("Constant", "", "shape", value=torch.tensor([-1, 2, 3, 4]))],
        "reckoned": [
            node("Shape", "z", "s"),
            node("Constant", "", "zero", value=torch.tensor(0)),
            node("Gather", "s zero", "n", axis=0),
            node("Constant", "", "axes", value=torch.tensor([0])),
            node("Unsqueeze", "n axes", "n1"),
            node("Constant", "", "rest", value=torch.tensor([2, 3, 4])),
            node("Concat", "n1 rest", "shape", axis=0),
        ],
    }[ways]
    nodes = [
        node("MatMul", "z w", "m"),
        node("Add", "b m", "a"),
        *reshape,
        node("Reshape", "a shape", "r"),
        node("Resize", "r - scales", "u", mode="linear", coordinate_transformation_mode="half_pixel"),
        node("Conv", "u k kb", "c", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        node("Sigmoid", "c", "x"),
    ]
    network = nn.Sequential(
        linear, nn.Unflatten(1, (2, 3, 4)), nn.Upsample(scale_factor=2, mode="bilinear"), conv, nn.Sigmoid()
    )
    return model(nodes, weights, {"z": [batch, 7]}, ["x"]), network


def read(folder, data: bytes) -> Found:
    (folder / "g.onnx").write_bytes(data)
    return Found("g.onnx", read_tree(folder / "g.onnx", "g.onnx"))


@torch.no_grad()
def layers_of(conversion, z):
    generator = build_generator("stack", conversion.generator)
    generator.load_state_dict({key: weight.read() for key, weight in conversion.weights.items()})
    return generator.layers(z)


@pytest.mark.parametrize("packed", [False, True])
@torch.no_grad()
def test_a_dcgan_gives_its_pictures(tmp_path, packed):
    (tmp_path / "g.onnx").write_bytes(dcgan_file(packed))
    config = convert(tmp_path / "g.onnx", tmp_path / "model")
    z = torch.randn(2, 5, generator=torch.Generator().manual_seed(0))
    expected = dcgan()(z[:, :, None, None])
    assert (
        config.family == "stack" and (load_generator(tmp_path / "model", config)(z, None) - expected).abs().max() < 1e-6
    )


@pytest.mark.parametrize("batch, ways", [("n", "constant"), (2, "constant"), ("n", "reckoned")])
@torch.no_grad()
def test_linear_layers_and_shapes_that_are_reckoned(tmp_path, batch, ways):
    data, network = linear_file(batch, ways)
    z = torch.randn(2, 7, generator=torch.Generator().manual_seed(0))
    assert (layers_of(onnx_adapter.read(read(tmp_path, data)), z) - network(z)).abs().max() < 1e-6


def one(op: str, inputs: str = "z", shape=("n", 4, 1, 1), tensors=None, domain="", **settings) -> bytes:
    """A file of one operation."""
    return model([node(op, inputs, "x", domain, **settings)], tensors or {}, {"z": list(shape)}, ["x"])


KERNEL = {"k": torch.ones(4, 3, 4, 4)}
REFUSED = {
    "an operation that is not read": (one("Einsum"), "uses the operation 'Einsum', which is not read here"),
    "one of somebody's own": (one("Relu", domain="com.evil"), "'Relu' of 'com.evil', which is not read"),
    "weights that are not there": (one("ConvTranspose", "z k"), "no stored numbers as its input 1"),
    "weights that do not fit": (
        one("ConvTranspose", "z k", ("n", 9, 1, 1), KERNEL),
        "of the shape 4x3x4x4, which do not fit",
    ),
    "padding by half": (one("ConvTranspose", "z k", tensors=KERNEL, auto_pad="SAME_UPPER"), "auto_pad='SAME_UPPER'"),
    "a side more": (one("ConvTranspose", "z k", tensors=KERNEL, pads=[0, 0, 1, 1]), r"pads=\[0, 0, 1, 1\]"),
    "groups": (one("ConvTranspose", "z k", tensors=KERNEL, group=2), "group=2"),
    "dilation": (one("ConvTranspose", "z k", tensors=KERNEL, dilations=[2, 2]), "dilations="),
    "two inputs": (
        model([node("Relu", "z", "x")], {}, {"z": ["n", 4], "label": ["n", 10]}, ["x"]),
        "starts from 2 inputs",
    ),
    "pictures": (one("Relu", shape=("n", 3, 64, 64)), "takes pictures"),
    "a shape that is not known": (one("Relu", shape=("n", "m")), "no row of latent values"),
    "two results": (model([node("Relu", "z", "x")], {}, {"z": ["n", 4]}, ["x", "z"]), "gives 2 results"),
    "branches": (
        model([node("Relu", "z", "a"), node("Tanh", "a", "b"), node("Tanh", "a", "x")], {}, {"z": ["n", 4]}, ["x"]),
        "'Tanh' does not follow",
    ),
    "a sum": (
        model([node("Relu", "z", "a"), node("Add", "a z", "x")], {}, {"z": ["n", 4]}, ["x"]),
        "uses the operation 'Add'",
    ),
    "no picture": (one("Relu", shape=("n", 5, 1, 1)), "gives 5x1x1 values, not a picture"),
    "other corners": (
        one(
            "Resize",
            "z - s",
            tensors={"s": torch.tensor([1.0, 1, 2, 2])},
            mode="linear",
            coordinate_transformation_mode="align_corners",
        ),
        "'align_corners",
    ),
    "a shape reckoned from pictures": (one("Reshape", "z s"), "not known beforehand"),
    "a shape without numbers": (
        model([node("Shape", "q", "s"), node("Relu", "z", "x")], {}, {"z": ["n", 4]}, ["x"]),
        "not known",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_read_is_refused_by_its_name(tmp_path, what):
    data, said = REFUSED[what]
    with pytest.raises(StudioError, match=said) as caught:
        onnx_adapter.read(read(tmp_path, data))
    assert caught.value.message.startswith("g.onnx ") and caught.value.hint


def holding(stored: bytes) -> bytes:
    return model([node("Relu", "z", "x")], [stored], {"z": ["n", 4]}, ["x"])


ONES = torch.ones(3)
MADE_UP = {
    "numbers in another file": (
        holding(tensor("w", ONES, at=field(13, field(1, "location") + field(2, "../../etc/passwd")))),
        "in another file beside it, which is not opened",
    ),
    "a huge tensor": (holding(field(1, 2**40) + field(2, 1) + field(8, "w") + field(9, b"1234")), "not as long"),
    "a tensor of less than nothing": (
        holding(field(1, -3) + field(2, 1) + field(8, "w") + field(9, b"")),
        "not as long",
    ),
    "numbers of no kind": (holding(field(1, 3) + field(2, 99) + field(8, "w")), "unknown kind"),
    "counts that do not agree": (
        holding(field(1, 2**50) + field(2, 7) + field(8, "w") + field(7, b"\1\2")),
        "not as long",
    ),
    "no graph": (field(1, 8) + field(2, "tests"), "an ONNX model without a graph"),
    "a length past the end": (field(1, 8) + b"\x12\xff\xff\xff\xff\x0f", "ends too early"),
    "a number without end": (field(1, 8) + b"\x12" + b"\xff" * 30, "a number without end"),
    "a field of no kind": (field(1, 8) + b"\x12\0\x0f", "a field of no kind"),
    "fields without end": (field(1, 8) + field(2, "t") + field(7, b"\x08\0" * 3_000_000), "unfolds to far more"),
    "graphs in graphs": (
        model(
            [node("If", "z", "x") + field(5, field(1, "then") + field(6, b"\x0a\0" * 50))], {}, {"z": ["n", 4]}, ["x"]
        ),
        "uses the operation 'If'",
    ),
}


@pytest.mark.parametrize("what", MADE_UP)
def test_a_made_up_file_ends_in_a_sentence(tmp_path, what):
    data, said = MADE_UP[what]
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    with pytest.raises(StudioError, match=said):
        onnx_adapter.read(read(tmp_path, data))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - used < 3


def test_damaged_files_are_read_or_refused(tmp_path):
    good, chance = [dcgan_file(), linear_file("n", "reckoned")[0]], random.Random(3)
    outcomes = {"read": 0, "refused": 0}
    for _ in range(600):
        data = bytearray(chance.choice(good))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(3, len(data)) if chance.random() < 0.5 else chance.randrange(3, 500)
            data[at] = chance.choice((0, 1, 127, 255, chance.randrange(256), data[at] ^ 1 << chance.randrange(8)))
        if chance.random() < 0.1:
            del data[chance.randrange(3, len(data)) :]
        try:
            for weight in onnx_adapter.read(read(tmp_path, bytes(data))).weights.values():
                assert tuple(weight.read().shape) == weight.shape
            outcomes["read"] += 1
        except StudioError:
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 60
