"""The classic fully connected pair, for small pictures and for 2-D points.

Goodfellow et al. 2014, "Generative adversarial nets", played both networks as multilayer perceptrons; with classes, z
and x are each joined by the one-hot class (Mirza and Osindero 2014, section 3.2).
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

import torch
from torch import Tensor, nn

from gan.errors import StudioError
from gan.field_metadata import check, knob
from gan.messages import say
from gan.networks.contract import Discriminator, LatentGenerator, Noise
from gan.networks.picture_knobs import asked_classes_knob, data_classes_knob


@dataclass(frozen=True)
class MLPGeneratorConfig:
    """What a fully connected generator is built from."""

    image_shape: tuple[int, ...] = knob(
        (1, 28, 28), "Shape of one sample: channels, height, width; or 2 for points.", low=1, high=4096, most=3
    )
    num_classes: int = asked_classes_knob()
    z_dim: int = knob(100, "How many latent values a sample has.", low=1, high=4096)
    hidden: tuple[int, ...] = knob(
        (256, 512, 1024), "Widths of the hidden layers, from z outwards.", low=1, high=65536, most=16
    )
    tanh: bool = knob(True, "End in tanh, which keeps values in -1..1; off for points that may lie anywhere.")

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True)
class MLPDiscriminatorConfig:
    """What its discriminator is built from."""

    image_shape: tuple[int, ...] = knob(
        (1, 28, 28), "Shape of one sample: channels, height, width; or 2 for points.", low=1, high=4096, most=3
    )
    num_classes: int = data_classes_knob()
    hidden: tuple[int, ...] = knob(
        (1024, 512, 256), "Widths of the hidden layers, from the sample inwards.", low=1, high=65536, most=16
    )

    def __post_init__(self) -> None:
        _check(self)


def _check(config: Any) -> None:
    check(config)
    if len(config.image_shape) not in (1, 3):
        raise StudioError(
            say(
                "A sample has the shape (channels, height, width) or is a point, not {image_shape}.",
                image_shape=config.image_shape,
            ),
            "Give three numbers such as 1,28,28, or one such as 2.",
        )


class MLPGenerator(LatentGenerator):
    """w -> hidden layers with ReLU -> tanh -> x (batch, *image_shape)."""

    def __init__(self, config: MLPGeneratorConfig) -> None:
        super().__init__(config.z_dim, config.num_classes, config.image_shape)
        self.kind = "picture" if len(self.image_shape) == 3 else "points"
        widths = (self.w_dim, *config.hidden)
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(widths))
        self.out = nn.Linear(widths[-1], math.prod(config.image_shape))
        self.tanh = config.tanh

    def synthesis(self, w: Tensor, noise: Noise = "const") -> Tensor:
        h = w.squeeze(1)
        for layer in self.hidden:
            h = torch.relu(layer(h))
        x = self.out(h)
        return (torch.tanh(x) if self.tanh else x).unflatten(1, self.image_shape)

    def first_weights(self) -> Tensor:
        first = self.hidden[0] if self.hidden else self.out
        return cast(Tensor, first.weight)

    def stages(self) -> list[list[nn.Module]]:
        return [*([layer] for layer in self.hidden[:-1]), [*self.hidden[-1:], self.out]]


class MLPDiscriminator(Discriminator):
    """x (and the one-hot class) -> hidden layers with leaky ReLU 0.2 -> one logit."""

    def __init__(self, config: MLPDiscriminatorConfig) -> None:
        super().__init__()
        self.image_shape, self.num_classes = tuple(config.image_shape), config.num_classes
        widths = (math.prod(config.image_shape) + config.num_classes, *config.hidden)
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(widths))
        self.out = nn.Linear(widths[-1], 1)
        self.feature_dim = widths[-1]

    def features(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        h = x.flatten(1)
        if self.num_classes:
            c = h.new_zeros(len(h), self.num_classes) if c is None else c.to(h.dtype)
            h = torch.cat([h, c], dim=1)
        for layer in self.hidden:
            h = nn.functional.leaky_relu(layer(h), 0.2)
        return h

    def blocks(self) -> list[nn.Module]:
        return list(self.hidden)

    def forward(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        return self.out(self.features(x, c)).squeeze(1)
