"""What every family of networks promises, so that latents, training and the studio are written once.

A generator is two functions, `mapping(z, c) -> w` and `synthesis(w) -> x`; a discriminator is one, `(x, c) -> logits`.
Families without styles have num_ws = 1 and w = z (with classes: z and the one-hot class side by side), so truncation,
directions, paths and overrides work over w for every family. Shapes are data, never assumed: x may be an image
(channels, height, width), a point (2,) or a word (symbols, places).
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

Drawn = str | Callable[[tuple[int, ...]], Tensor]
"""How noise per pixel is drawn: "const" (stored with the weights), "none", or a function that is given a shape
(batch, 1, height, width) and returns the noise."""


def drawn_noise(drawn: Drawn, stored: Tensor, batch: int, dtype: torch.dtype) -> Tensor | None:
    """Noise for one layer, (batch or 1, 1, height, width), None for none. stored: its own, (height, width)."""
    if callable(drawn):
        return drawn((batch, 1, *stored.shape)).to(dtype)
    return None if drawn == "none" else stored[None, None]


@dataclass(frozen=True, eq=False)
class LayerNoise:
    """Noise of which each picture has more or less in each layer: strengths (batch, noise_layers), 1 as trained, 0
    none."""

    drawn: Drawn
    strengths: Tensor


Noise = Drawn | LayerNoise
"""What a family with noise takes. Families without noise ignore it."""


class Generator(nn.Module):
    """Latents to pictures.

    Attributes: z_dim, w_dim, num_ws (how many w the synthesis takes, 1 without styles), num_classes (0 =
    unconditional), class_columns (how many columns at the end of w say which class it is, so that no direction moves
    them), kind (what a sample is, a name in gan/kinds/table.py), image_shape (what one sample looks like, values in
    about [-1, 1]), has_noise (whether `noise` changes anything), noise_layers (in how many layers LayerNoise can
    change it, 0 where it cannot), has_maps (whether `painting` gives its feature maps), most_values (how many values
    one sample has between any two layers, where that may be far more than its picture lets expect, else 0).
    """

    z_dim: int
    w_dim: int
    num_ws: int
    num_classes: int
    image_shape: tuple[int, ...]
    kind: str = "picture"
    class_columns: int = 0
    has_noise: bool = False
    noise_layers: int = 0
    has_maps: bool = False
    most_values: int = 0

    def mapping(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        """z (batch, z_dim) ~ N(0, 1), c (batch, num_classes) one-hot or None -> w (batch, num_ws, w_dim)."""
        raise NotImplementedError

    def synthesis(self, w: Tensor, noise: Noise = "const") -> Tensor:
        """w (batch, num_ws, w_dim) -> x (batch, *image_shape) in about [-1, 1]."""
        raise NotImplementedError

    def painting(self, w: Tensor, noise: Noise = "const") -> Iterator[Tensor]:
        """What `synthesis` gives, and on the way to it, where it has_maps, the feature maps of each size, the smallest
        first: (batch, maps, height, width) each, then x."""
        yield self.synthesis(w, noise)

    def center(self, c: Tensor | None = None) -> Tensor:
        """What truncation pulls w towards: (batch or 1, num_ws, w_dim).

        Without styles it is z = 0 (with the class kept); StyleGAN's is the tracked average of w.
        """
        raise NotImplementedError

    def first_weights(self) -> Tensor:
        """The weights that w meets first, (out, w_dim): what closed-form factorisation reads directions from."""
        raise NotImplementedError

    def stages(self) -> list[list[nn.Module]]:
        """Its modules from those that lay out the picture to those that paint its finest detail.

        At least one stage; every parameter and buffer belongs to exactly one of them.
        """
        raise NotImplementedError

    def settle(self) -> "Generator":
        """Told that its weights will not change any more, it may keep what follows from them, until train() or
        eval()."""
        return self

    def forward(self, z: Tensor, c: Tensor | None = None, noise: Noise = "const") -> Tensor:
        """z (batch, z_dim), c (batch, num_classes) one-hot or None -> x (batch, *image_shape) in about [-1, 1]."""
        return self.synthesis(self.mapping(z, c), noise)


class Discriminator(nn.Module):
    """Pictures to logits: above 0 it takes the sample for real.

    Attributes: num_classes, image_shape, as the generator's; feature_dim, the width of `features`.
    """

    num_classes: int
    image_shape: tuple[int, ...]
    feature_dim: int

    def features(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        """x (batch, *image_shape) -> the last layer before the logit (batch, feature_dim)."""
        raise NotImplementedError

    def blocks(self) -> list[nn.Module]:
        """The layers from the picture inwards, in pieces that can be frozen one after the other; the head is in
        none."""
        raise NotImplementedError

    def forward(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        """x (batch, *image_shape), c (batch, num_classes) one-hot or None -> logits (batch,)."""
        raise NotImplementedError


class LatentGenerator(Generator):
    """A generator without styles: w is z itself, followed by the one-hot class where there are classes.

    The class joins z as in Mirza and Osindero 2014 (conditional GAN, section 3.2), so a path between two classes passes
    through mixtures of both. spread: the standard deviation of each value of z as it stands in w.
    """

    spread: float = 1.0

    def __init__(self, z_dim: int, num_classes: int, image_shape: tuple[int, ...]) -> None:
        super().__init__()
        self.z_dim, self.num_classes, self.image_shape = z_dim, num_classes, tuple(image_shape)
        self.w_dim, self.num_ws, self.class_columns = z_dim + num_classes, 1, num_classes

    def mapping(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        return with_class(z, c, self.num_classes).unsqueeze(1)

    def center(self, c: Tensor | None = None) -> Tensor:
        like = next(self.parameters())
        zero = like.new_zeros(1 if c is None else len(c), self.z_dim)
        return with_class(zero, c, self.num_classes).unsqueeze(1)


def with_class(z: Tensor, c: Tensor | None, num_classes: int) -> Tensor:
    """z (batch, dim) and the one-hot c (batch, num_classes) side by side; where c is None, a bit of each class."""
    each = z.new_full((len(z), num_classes), 1 / max(num_classes, 1)) if c is None else c.to(z.dtype)
    return torch.cat([z, each], dim=1)


def last(painting: Iterable[Tensor]) -> Tensor:
    """What a painting ends with; nothing else of it is kept."""
    (x,) = deque(painting, maxlen=1)
    return x


def parameter_count(network: nn.Module) -> int:
    """How many trained numbers a network holds."""
    return sum(p.numel() for p in network.parameters())
