"""The convolutional generator with a style for each size, so that it has layers to mix and to move, and a w to
truncate.

A small mapping network made it learn faster, too, than z at every size does by itself (tests/bench/README.md, "Which
generator").
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan.networks.contract import Generator, Noise, last, with_class
from gan.networks.dcgan import DCGANGenerator, DCGANGeneratorConfig, halvings_of, init, widths_of
from gan.networks.layers import pixel_norm
from gan.networks.resample import conv_of_doubled

_AVERAGE_BETA = 0.995  # how slowly the tracked average of w follows, as StyleGAN2's


def make_generator(config: DCGANGeneratorConfig) -> Generator:
    """With styles or without, as the config says."""
    return StyledDCGANGenerator(config) if config.style_layers else DCGANGenerator(config)


class StyleMapping(nn.Module):
    """z (batch, dim) -> style (batch, dim): a normalised z through dense layers. `average` follows what comes out of
    it."""

    average: Tensor

    def __init__(self, dim: int, layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(dim, dim) for _ in range(layers))
        for layer in self.layers:
            assert isinstance(layer, nn.Linear)
            nn.init.kaiming_normal_(layer.weight, a=0.2)  # there is no norm between these
            nn.init.zeros_(layer.bias)
        self.register_buffer("average", torch.zeros(dim))

    def forward(self, z: Tensor) -> Tensor:
        """In train mode `average` follows the mean of what leaves it."""
        w = pixel_norm(z)
        for layer in self.layers:
            w = F.leaky_relu(layer(w), 0.2)
        if self.training:
            self.average.copy_(w.detach().mean(dim=0).lerp(self.average, _AVERAGE_BETA))
        return w


class StyledDCGANGenerator(Generator):
    """z -> style, joined by the class and once for each size: w -> 4x4 features (7x7 for 28 pixels) -> (norm, style,
    leaky ReLU, upsample, 3x3 convolution) until full size -> tanh.

    A size's w sets a gain and a bias of each of its maps, as z does in Brock et al. 2019 (BigGAN), section 3.1 and
    appendix B.1 ("skip-z", there after batch norm). The mapping is StyleGAN's (Karras et al. 2019) but for the class,
    which joins its outcome: so one style is the same thing in every class, and truncation keeps the class.
    """

    has_maps = True

    def __init__(self, config: Any):
        super().__init__()
        widths = widths_of(config)
        self.z_dim, self.num_classes, self.class_columns = config.z_dim, config.num_classes, config.num_classes
        self.w_dim, self.num_ws = config.z_dim + config.num_classes, len(widths)
        self.image_shape = (config.channels, config.side, config.side)
        self.smallest = config.side >> halvings_of(config.side)  # height and width of the first features
        self.project = nn.Linear(self.w_dim, widths[0] * self.smallest**2)
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in pairwise(widths))
        self.to_picture = nn.Conv2d(widths[-1], config.channels, 3, padding=1)
        self.styles = nn.ModuleList(nn.Linear(self.w_dim, 2 * maps) for maps in widths)  # gains less 1, and biases
        self.apply(init)
        self.to_style = StyleMapping(config.z_dim, config.style_layers)

    def mapping(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        return self._each(self.to_style(z), c)

    def center(self, c: Tensor | None = None) -> Tensor:
        return self._each(self.to_style.average.expand(1 if c is None else len(c), -1), c)

    def synthesis(self, w: Tensor, noise: Noise = "const") -> Tensor:
        return last(self.painting(w, noise))

    def painting(self, w: Tensor, noise: Noise = "const") -> Iterator[Tensor]:
        h = self._styled(self.project(w[:, 0]).unflatten(1, (-1, self.smallest, self.smallest)), w, 0)
        yield h
        for size, conv in enumerate(self.convs, start=1):
            assert isinstance(conv, nn.Conv2d) and conv.bias is not None
            h = self._styled(conv_of_doubled(h, conv.weight, conv.bias), w, size)
            yield h
        yield torch.tanh(self.to_picture(h))

    def first_weights(self) -> Tensor:
        return torch.cat([layer.weight for layer in (self.project, *self.styles) if isinstance(layer, nn.Linear)])

    def stages(self) -> list[list[nn.Module]]:
        stages: list[list[nn.Module]] = [
            [part, style] for part, style in zip([self.project, *self.convs], self.styles, strict=True)
        ]
        stages[0].insert(0, self.to_style)
        stages[-1].append(self.to_picture)
        return stages

    def _each(self, style: Tensor, c: Tensor | None) -> Tensor:
        """A style (batch, z_dim) with its class, for each size: (batch, num_ws, w_dim)."""
        return with_class(style, c, self.num_classes).unsqueeze(1).expand(-1, self.num_ws, -1)

    def _styled(self, h: Tensor, w: Tensor, size: int) -> Tensor:
        gain, bias = self.styles[size](w[:, size])[:, :, None, None].chunk(2, dim=1)
        return F.leaky_relu(torch.addcmul(bias, pixel_norm(h), 1 + gain), 0.2)
