"""A world so small that its pictures are known by a formula, generators that paint it well or badly, and a look at
it."""

import numpy as np
import torch
from torch import Tensor, nn

from gan.evaluation.scoring import Reals
from gan.kinds.pictures import PICTURE
from gan.networks.contract import LatentGenerator

Z_DIM, SIDE, CLASSES = 4, 8, 3


def draw(seed: int, *shape: int) -> Tensor:
    """Standard normal numbers of a seed."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def world(z: Tensor, c: Tensor | None = None) -> Tensor:
    """z (n, 4), one-hot classes (n, 3) -> pictures (n, 1, 8, 8) in (-1, 1); classes lie well apart."""
    h = z @ draw(1, Z_DIM, SIDE * SIDE) / 4
    if c is not None:
        h = h / 2 + c @ draw(2, CLASSES, SIDE * SIDE)
    return h.tanh().unflatten(1, (1, SIDE, SIDE))


def reals(n: int, seed: int = 0, classes: int = 0) -> Reals:
    """So many pictures of the world, rounded as files are."""
    labels = torch.arange(n) % classes if classes else None
    x = world(draw(seed + 100, n, Z_DIM), None if labels is None else nn.functional.one_hot(labels, classes).float())
    return Reals(x.mul(127.5).add(128).clamp(0, 255).to(torch.uint8), PICTURE.plural, labels)


class Painter(LatentGenerator):
    """Paints what the real pictures show: nothing but chance tells its samples from them."""

    def __init__(self, classes: int = 0):
        super().__init__(Z_DIM, classes, (1, SIDE, SIDE))
        self.scale = nn.Parameter(torch.ones(()))  # 1 is right, 0.05 collapsed

    def synthesis(self, w: Tensor, noise="const") -> Tensor:
        z, c = w[:, 0].split([Z_DIM, self.num_classes], dim=1)
        return world(z * self.scale, c if self.num_classes else None)


class Swapping(Painter):
    """Paints class 1 where class 0 was asked for, and the other way round."""

    def mapping(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        return super().mapping(z, c[:, [1, 0, 2]])


class Copyist(Painter):
    """Paints one of the pictures that it was given, with a little grain."""

    def __init__(self, pictures: Reals):
        super().__init__()
        self.pictures = pictures.x.float() / 127.5 - 1

    def synthesis(self, w: Tensor, noise="const") -> Tensor:
        places = (w[:, 0, 0].double().abs() * 1e6).long() % len(self.pictures)
        return self.pictures[places] + 0.01 * w[:, 0, 1:2, None, None]


class Look(nn.Module):
    """Features that are a fixed linear map of the pixels."""

    name, dim = "a look", 6

    def __init__(self):
        super().__init__()
        self.register_buffer("rows", draw(3, SIDE * SIDE, self.dim) / SIDE)

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(1) @ self.rows


def numpy_frechet(a: Tensor, b: Tensor) -> float:
    """Straight from the formula, with the eigenvalues of the product of the covariances."""
    a, b = a.double().numpy(), b.double().numpy()
    first, second = np.cov(a.T), np.cov(b.T)
    roots = np.sqrt(np.linalg.eigvals(first @ second).astype(complex)).real.sum()
    return float(((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(first) + np.trace(second) - 2 * roots)
