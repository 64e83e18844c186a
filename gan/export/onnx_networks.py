"""Our own generators as ONNX operations: one function per family, from (z, c, psi) to the picture.

Noise is as it was stored with the weights. Truncation is at every layer; the class is never truncated.
"""

import math
from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn

from gan.export.onnx_file import Graph
from gan.networks.dcgan import DCGANGenerator
from gan.networks.mlp import MLPGenerator
from gan.networks.resample import summed_taps
from gan.networks.styled_dcgan import StyledDCGANGenerator
from gan.networks.stylegan2 import StyleGAN2Generator
from gan.networks.stylegan2.generator import Synthesis
from gan.networks.stylegan2.mapping import GAIN, Mapping

_MORE_TAPS = torch.tensor([1.0, 3.0, 3.0, 1.0])
Draw = Callable[..., str]


def write_mlp(graph: Graph, network: MLPGenerator, z: str, c: str | None, psi: str) -> str:
    """gan/networks/mlp.py."""
    h = _joined(graph, graph.op("Mul", z, psi), c)
    for layer in network.hidden:
        h = graph.op("Relu", _linear(graph, h, layer))
    h = _linear(graph, h, network.out)
    return _shaped(graph, graph.op("Tanh", h) if network.tanh else h, *network.image_shape)


def write_dcgan(graph: Graph, network: DCGANGenerator | StyledDCGANGenerator, z: str, c: str | None, psi: str) -> str:
    """gan/networks/dcgan.py and styled_dcgan.py."""
    if isinstance(network, StyledDCGANGenerator):
        mapping, style = network.to_style, _pixel_norm(graph, z)
        for layer in mapping.layers:
            style = graph.op("LeakyRelu", _linear(graph, style, layer), alpha=0.2)
        average = graph.store(mapping.average[None])
        w = _joined(graph, _truncated(graph, average, style, psi), c)
        styles = [_linear(graph, w, layer) for layer in network.styles]
    else:
        w, styles = _joined(graph, graph.op("Mul", z, psi), c), []
    side = network.smallest
    h = _shaped(graph, _linear(graph, w, network.project), -1, side, side)
    h = _activated(graph, h, styles[0] if styles else None)
    for size, conv in enumerate(network.convs, start=1):
        assert isinstance(conv, nn.Conv2d) and conv.bias is not None
        kernel = summed_taps(conv.weight)
        h = graph.op("ConvTranspose", h, kernel, conv.bias, strides=[2, 2], pads=[1, 1, 1, 1])
        h = _activated(graph, h, styles[size] if styles else None)
    last = network.to_picture
    assert last.bias is not None
    return graph.op("Tanh", graph.op("Conv", h, last.weight, last.bias, pads=[1, 1, 1, 1]))


def write_stylegan2(graph: Graph, network: StyleGAN2Generator, z: str, c: str | None, psi: str) -> str:
    """gan/networks/stylegan2."""
    mapping, synthesis = cast(Mapping, network._modules["mapping"]), cast(Synthesis, network._modules["synthesis"])
    w = _pixel_norm(graph, z)
    if c is not None:
        w = graph.op("Concat", w, _pixel_norm(graph, _dense(graph, c, mapping.embed)), axis=1)
    for i in range(mapping.depth):
        w = graph.op("LeakyRelu", _dense(graph, w, getattr(mapping, f"fc{i}")), alpha=0.2)
    w = _truncated(graph, graph.store(mapping.w_avg[None]), w, psi)
    h, picture = "", ""
    for block in synthesis.blocks():
        if not h:
            h = graph.store(block.const[None])
        past = h
        for conv in block.convs():
            h = _styled_conv(graph, h, w, conv)
        if block.skip is not None:
            past = _upsampled(
                graph, graph.op("Conv", past, block.skip.weight * block.skip.scale), len(block.skip.weight)
            )
            h = graph.op("Add", past, graph.op("Mul", h, torch.tensor(math.sqrt(0.5))))
        if block.torgb is not None:
            y = _to_rgb(graph, h, w, block.torgb)
            picture = graph.op("Add", _upsampled(graph, picture, len(block.torgb.weight)), y) if picture else y
    return graph.op("Tanh", picture) if synthesis.tanh else picture


DRAWS: dict[str, Draw] = {"mlp": write_mlp, "dcgan": write_dcgan, "stylegan2": write_stylegan2}


def _styled_conv(graph: Graph, x: str, w: str, conv) -> str:
    """Equations 1 and 3 of StyleGAN2's paper: the style scales maps before the convolution, and back after it."""
    style = _dense(graph, w, conv.affine)
    energy = graph.op("MatMul", graph.op("Mul", style, style), conv._energy())
    demodulate = graph.op("Div", torch.tensor(GAIN), graph.op("Sqrt", graph.op("Add", energy, torch.tensor(1e-8))))
    x = graph.op("Mul", x, _as_maps(graph, style))
    outputs = len(conv.weight)
    if conv.up:
        x = graph.op("ConvTranspose", x, conv.weight.transpose(0, 1), strides=[2, 2])
        x = graph.op("Conv", x, _filter(outputs), pads=[1, 1, 1, 1], group=outputs)
    else:
        x = graph.op("Conv", x, conv.weight, pads=[1, 1, 1, 1])
    x = graph.op("Mul", x, _as_maps(graph, demodulate))
    x = graph.op("Add", x, conv.bias.reshape(1, -1, 1, 1) * GAIN)
    x = graph.op("Add", x, (conv.noise_const * conv.noise_strength * GAIN)[None, None])
    return _clamped(graph, graph.op("LeakyRelu", x, alpha=0.2), conv.clamp)


def _to_rgb(graph: Graph, x: str, w: str, layer) -> str:
    style = graph.op("Mul", _dense(graph, w, layer.affine), torch.tensor(layer.scale))
    return _clamped(
        graph, graph.op("Conv", graph.op("Mul", x, _as_maps(graph, style)), layer.weight, layer.bias), layer.clamp
    )


def _clamped(graph: Graph, x: str, clamp: float | None) -> str:
    return x if clamp is None else graph.op("Clip", x, torch.tensor(-float(clamp)), torch.tensor(float(clamp)))


def _filter(maps: int) -> Tensor:
    """The filter [1, 3, 3, 1] along both axes, map by map, four times as strong where zeros lie between the pixels."""
    return (torch.outer(_MORE_TAPS, _MORE_TAPS) / 16).expand(maps, 1, 4, 4)


def _upsampled(graph: Graph, x: str, maps: int) -> str:
    """gan/networks/resample.py, upsample: pixels with zeros between them, and the filter."""
    return graph.op("ConvTranspose", x, _filter(maps), strides=[2, 2], pads=[1, 1, 1, 1], group=maps)


def _activated(graph: Graph, h: str, style: str | None) -> str:
    h = _pixel_norm(graph, h)
    if style is not None:
        gain, bias = (_as_maps(graph, half) for half in _halves(graph, style))
        h = graph.op("Add", graph.op("Mul", h, graph.op("Add", gain, torch.tensor(1.0))), bias)
    return graph.op("LeakyRelu", h, alpha=0.2)


def _halves(graph: Graph, x: str) -> tuple[str, str]:
    """x (batch, 2 n) as two of (batch, n)."""
    pairs = graph.op("Reshape", x, torch.tensor([0, 2, -1]))
    return graph.op("Gather", pairs, torch.tensor(0), axis=1), graph.op("Gather", pairs, torch.tensor(1), axis=1)


def _pixel_norm(graph: Graph, x: str) -> str:
    square = graph.op("ReduceMean", graph.op("Mul", x, x), axes=[1], keepdims=1)
    return graph.op("Div", x, graph.op("Sqrt", graph.op("Add", square, torch.tensor(1e-8))))


def _linear(graph: Graph, x: str, layer) -> str:
    return graph.op("Gemm", x, layer.weight, layer.bias, transB=1)


def _dense(graph: Graph, x: str, layer) -> str:
    """A layer with equalised learning rate, its gain in its numbers."""
    gain = GAIN if layer.act else 1.0
    return graph.op("Gemm", x, layer.weight * (layer.scale * gain), layer.bias * (layer.lr * gain), transB=1)


def _truncated(graph: Graph, center: str, w: str, psi: str) -> str:
    return graph.op("Add", center, graph.op("Mul", graph.op("Sub", w, center), psi))


def _joined(graph: Graph, z: str, c: str | None) -> str:
    return z if c is None else graph.op("Concat", z, c, axis=1)


def _as_maps(graph: Graph, x: str) -> str:
    """(batch, maps) as (batch, maps, 1, 1)."""
    return graph.op("Reshape", x, torch.tensor([0, -1, 1, 1]))


def _shaped(graph: Graph, x: str, *shape: int) -> str:
    return graph.op("Reshape", x, torch.tensor([0, *shape]))
