"""Tiny real models, held in memory, that answer as `gan.studio.library.loaded.Models` does."""

from dataclasses import dataclass, field
from functools import cached_property

import torch

from gan.errors import StudioError
from gan.latents.directions import find
from gan.networks.contract import Generator
from gan.networks.registry import build_generator


@dataclass
class SmallConfig:
    pixel_art: bool = False
    can_drag: bool = True


@dataclass(eq=False)
class SmallModel:
    generator: Generator
    config: SmallConfig = field(default_factory=SmallConfig)
    id: str = "small"
    revision: str | None = None

    @cached_property
    def _directions(self):
        return find(self.generator)

    def directions(self):
        return self._directions


class SmallModels:
    """get(source, revision) -> SmallModel, by name."""

    def __init__(self, **models: SmallModel):
        self.models = models

    def get(self, source: str, revision: str | None = None) -> SmallModel:
        if source not in self.models:
            raise StudioError(f"There is no model called {source!r}.")
        return self.models[source]


def small_generator(family: str, **values) -> Generator:
    """A generator with fixed random weights, large enough for pictures to differ, ready to use."""
    torch.manual_seed(0)
    generator = build_generator(family, values).eval().requires_grad_(False)
    for name, parameter in generator.named_parameters():
        if name.endswith("noise_strength"):
            parameter.fill_(0.3)
    return generator


def grey_digits(**config) -> SmallModel:
    """Three classes, 12 x 8 pixels, one channel."""
    generator = small_generator("mlp", image_shape=(1, 12, 8), num_classes=3, z_dim=10, hidden=(32,))
    generator.out.weight.mul_(4)
    return SmallModel(generator, SmallConfig(**config))


def styled(**values) -> SmallModel:
    """StyleGAN2 of 16 x 16 pixels with noise that shows."""
    small = dict(side=16, z_dim=16, w_dim=16, mapping_layers=2, channel_base=128, channel_max=8)
    return SmallModel(small_generator("stylegan2", **(small | values)))


def points() -> SmallModel:
    """Samples in the plane: not pictures."""
    return SmallModel(small_generator("mlp", image_shape=(2,), z_dim=2, hidden=(8,), tanh=False))
