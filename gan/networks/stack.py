"""A generator that is a list of layers: the plain stacks of convolutions that people have trained since Radford et al.
2016.

Their state dicts hold the weights and not what was done between them, so the config spells everything out, layer by
layer (`stack_layers.py` has the kinds, `stack_text.py` the grammar of their texts). Shapes are followed through all
layers before any is built.
Its discriminator is the dcgan one for any height and width.
"""

import itertools
import math
from collections import OrderedDict
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gan.errors import StudioError
from gan.field_metadata import check, knob
from gan.messages import say
from gan.networks.contract import LatentGenerator, Noise
from gan.networks.dcgan import ConvolutionalDiscriminator
from gan.networks.picture_knobs import asked_classes_knob, data_classes_knob
from gan.networks.stack_join import JOINS, joined, joined_shape
from gan.networks.stack_join import MOST_VALUES as MOST_TABLE
from gan.networks.stack_layers import Layer, Linear, Reshape, Shape, times
from gan.networks.stack_text import MOST_WORK, parse, shapes, work

_PLAIN = (
    "linear ->4096",
    "reshape 256x4x4",
    "relu",
    "conv_transpose ->128 kernel=4 stride=2 padding=1",
    "relu",
    "conv_transpose ->64 kernel=4 stride=2 padding=1",
    "relu",
    "conv_transpose ->32 kernel=4 stride=2 padding=1",
    "relu",
    "conv_transpose ->3 kernel=4 stride=2 padding=1",
    "tanh",
)
_MOST_FIRST = 2**29  # numbers that `first_weights` may have, as many as 2 GiB of weights


@dataclass(frozen=True)
class StackGeneratorConfig:
    """What a generator of layers is built from."""

    num_classes: int = asked_classes_knob()
    z_dim: int = knob(100, "How many latent values a picture has.", low=1, high=4096)
    latent: str = knob("normal", "How the latent values were drawn when it was trained.", choices=("normal", "uniform"))
    embedding: int = knob(
        0, "How many learnt values stand for a class; 0 where it joins as it is, a 1 among zeros.", low=0, high=2**16
    )
    join: str = knob("z first", "How the class joins the latent values.", choices=JOINS)
    class_at: int = knob(
        0, "The number of the layer before which the class joins what the others made; 0: z itself.", low=0, high=255
    )
    output: str = knob(
        "-1..1",
        "Where its pictures lie, black to white; free: each as far as it goes.",
        choices=("-1..1", "0..1", "free"),
    )
    layers: tuple[str, ...] = knob(_PLAIN, "Its layers in their order, such as 'linear 100->512'.", most=256)

    def __post_init__(self) -> None:
        check(self)
        _check_classes(self)
        flow = self.flow()
        _check_picture(flow[-1][1] if flow else (self.z_dim,))

    def parsed(self) -> list[Layer]:
        """The layers as settings. Raises StudioError."""
        return [parse(text) for text in self.layers]

    def flow(self) -> list[tuple[Shape, Shape]]:
        """What each layer takes and what it gives. Raises StudioError where they do not fit each other."""
        layers, at = self.parsed(), self.class_at
        own = shapes(layers[:at], (self.z_dim,))
        values = self.embedding or self.num_classes
        met = joined_shape(self.join, own[-1], values) if self.num_classes else own[-1]
        return [*itertools.pairwise(own), *itertools.pairwise(shapes(layers[at:], met, at))]


@dataclass(frozen=True)
class StackDiscriminatorConfig:
    """What its discriminator is built from."""

    image_shape: tuple[int, ...] = knob(
        (3, 64, 64), "Channels, height and width of the pictures.", low=1, high=1024, most=3
    )
    num_classes: int = data_classes_knob()
    width: int = knob(32, "Feature maps after the first convolution; they double with each halving.", low=1, high=512)
    width_max: int = knob(256, "The most feature maps at any size.", low=1, high=2048)

    def __post_init__(self) -> None:
        check(self)
        _check_picture(self.image_shape)
        if min(self.image_shape[1:]) < 8:
            raise StudioError(
                say(
                    "Pictures of {image_shape} pixels are too small for this discriminator.",
                    image_shape=times(self.image_shape[1:]),
                ),
                "They must have 8 pixels or more each way.",
            )


def _check_classes(config: StackGeneratorConfig) -> None:
    if config.class_at and config.class_at >= len(config.layers):
        raise StudioError(
            say(
                "The class joins before layer {number}, and there are {count}.",
                number=config.class_at,
                count=len(config.layers),
            ),
            "Layers are counted from 0.",
        )
    if config.num_classes * config.embedding > MOST_TABLE:
        raise StudioError(
            say(
                "{count} classes of {values} values each are too many.",
                count=config.num_classes,
                values=config.embedding,
            ),
            say("All together may have {most:,} values.", most=MOST_TABLE),
        )


def _check_picture(shape: Shape) -> None:
    if len(shape) != 3 or shape[0] not in (1, 3, 4):
        raise StudioError(
            say("A picture has 1, 3 or 4 channels, height and width, not {shape}.", shape=times(shape)),
            "The last layers must give 1 (grey), 3 (colour) or 4 (with transparency) channels.",
        )


def _check_first(w_dim: int, first: list[Layer], flow: list[tuple[Shape, Shape]]) -> None:
    """Raise StudioError where `first_weights`, which sends w_dim rows through the first layers, would never come
    back."""
    flow = flow[: len(first)]
    largest = max(itertools.chain.from_iterable(flow), key=math.prod)
    if w_dim * math.prod(largest) > _MOST_FIRST:
        raise StudioError(
            say(
                "Its first layers make {largest} values of {w_dim} latent values, which is too many.",
                largest=times(largest),
                w_dim=w_dim,
            )
        )
    if w_dim * sum(work(layer, *shapes) for layer, shapes in zip(first, flow, strict=True)) > MOST_WORK:
        raise StudioError(say("Its first layers take too long for {w_dim} latent values.", w_dim=w_dim))


class StackGenerator(LatentGenerator):
    """w -> z joined by its class -> the layers -> x, whatever their range, in -1..1."""

    def __init__(self, config: StackGeneratorConfig) -> None:
        layers, flow = config.parsed(), config.flow()
        super().__init__(config.z_dim, config.num_classes, flow[-1][1])
        self.config, self.most_values = config, max(map(math.prod, itertools.chain.from_iterable(flow)))
        self.spread = 3**-0.5 if config.latent == "uniform" else 1.0
        has_table = config.num_classes and config.embedding
        self.embed = nn.Embedding(config.num_classes, config.embedding) if has_table else None
        self.layers = numbered([layer.module(shape) for layer, (shape, _) in zip(layers, flow, strict=True)])
        self._first = next((i for i, layer in enumerate(self.layers) if list(layer.parameters())), len(layers) - 1) + 1
        _check_first(self.w_dim, layers[: self._first], flow)
        self._begins = _stage_begins(layers, flow)
        for name, bias in self.layers.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(bias)  # so that fresh networks, too, follow their latents and not their biases

    def mapping(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        """z is N(0, 1) for the whole studio; a network trained on U(-1, 1) is given 2 Phi(z) - 1."""
        return super().mapping(torch.special.erf(z / math.sqrt(2)) if self.config.latent == "uniform" else z, c)

    def synthesis(self, w: Tensor, noise: Noise = "const") -> Tensor:
        return _RANGES[self.config.output](self._through(w.squeeze(1), len(self.layers)))

    @torch.no_grad()
    def first_weights(self) -> Tensor:
        """(out, w_dim): by how much each value of w moves what the first layer with weights gives, seen from the
        center."""
        center = self.center()[0]
        steps = torch.eye(self.w_dim, dtype=center.dtype, device=center.device)
        moved = self._through(center + steps, self._first) - self._through(center, self._first)
        return moved.flatten(1).T

    def stages(self) -> list[list[nn.Module]]:
        """Split before each layer that makes the picture larger, and between linear layers."""
        ends = [*self._begins[1:], len(self.layers)]
        stages: list[list[nn.Module]] = [
            list(self.layers.children())[a:b] for a, b in zip(self._begins, ends, strict=True)
        ]
        if self.embed is not None:
            stages[0].insert(0, self.embed)
        return stages

    def _through(self, w: Tensor, end: int) -> Tensor:
        """w (batch, z_dim + num_classes) -> what leaves the layer before the one of number `end`."""
        x, c = w.split([self.z_dim, self.num_classes], dim=1)
        for i, layer in enumerate(itertools.islice(self.layers, end)):
            if i == self.config.class_at and self.num_classes:
                e = c if self.embed is None else c @ self.embed.weight  # a mixture of classes is one of their values
                x = joined(self.config.join, x, e)
            x = layer(x)
        return x


def numbered(modules: list[nn.Module]) -> nn.Sequential:
    """The layers in their order. Numbers count those with weights alone: their names stay, whatever stands between."""
    named, numbers = OrderedDict(), itertools.count()
    for i, module in enumerate(modules):
        named[str(next(numbers)) if module.state_dict() else f"between{i}"] = module
    return nn.Sequential(named)


def _stage_begins(layers: list[Layer], flow: list[tuple[Shape, Shape]]) -> list[int]:
    """At which layers the stages begin: each has a layer with weights, except where there are none at all."""
    begins, weighty = [0], False
    for i, (layer, (before, after)) in enumerate(zip(layers, flow, strict=True)):
        larger = math.prod(after[1:]) > math.prod(before[1:]) and not isinstance(layer, Reshape)
        if weighty and (larger or isinstance(layer, Linear)):
            begins.append(i)
            weighty = False
        weighty = weighty or _has_weights(layer)
    return begins if weighty or len(begins) == 1 else begins[:-1]


def _has_weights(layer: Layer) -> bool:
    return any(hasattr(layer, name) for name in ("outputs", "affine"))


def _stretched(x: Tensor) -> Tensor:
    """Each picture from its darkest value at -1 to its brightest at 1."""
    low, high = x.amin((1, 2, 3), keepdim=True), x.amax((1, 2, 3), keepdim=True)
    return (x - low) / (high - low).clamp_min(1e-8) * 2 - 1


_RANGES = {"-1..1": lambda x: x, "0..1": lambda x: 2 * x - 1, "free": _stretched}


class StackDiscriminator(ConvolutionalDiscriminator):
    """The dcgan discriminator for any height and width: it halves while at least 4 pixels are left each way."""

    def __init__(self, config: StackDiscriminatorConfig) -> None:
        halvings = int(math.log2(min(config.image_shape[1:]) // 4))
        widths = [min(config.width * 2**k, config.width_max) for k in range(halvings + 1)]
        super().__init__(config.image_shape, config.num_classes, widths)
