"""Directions in w that each change one thing in the picture, found without labels, and how far a slider may move them.

Two closed forms: SeFa reads them from the weights that w meets first, PCA from where the mapping sends its samples.
Both are solved on the CPU in float64, once per model, so that sliders mean the same on every device.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gan.errors import StudioError
from gan.latents.choices import SLIDER_END
from gan.latents.sampling import one_hot
from gan.messages import say
from gan.networks.contract import Discriminator, Generator, LatentGenerator

MAPPED_SAMPLES = 4096
MOST_HALVINGS = 3
MOST_JUDGED_PIXELS = 128**2
"""A discriminator judges hundreds of pictures: of larger ones that would take minutes, so their sliders stay as they
are."""
_FEWEST_OF_A_CLASS = 4
_PIXELS_AT_ONCE = 2**18  # of all pictures that are in memory together
_VALUES_AT_ONCE = 2**26  # between two of the layers of these, which all stay until gradients are known


@dataclass(frozen=True, eq=False)
class Directions:
    """Sliders over w. vectors (k, w_dim) are unit rows, scales (k,) how far in w one unit of each slider moves.

    layers: for each slider which of the num_ws layers it moves, None for all of them; None where all sliders move all.
    shell: how many leading columns of w are a z, each value drawn with the deviation `spread`, 0 where w is no such z;
    a move keeps that z where its distribution has its mass.
    """

    vectors: Tensor
    scales: Tensor
    method: str
    layers: tuple[tuple[int, ...] | None, ...] | None = None
    shell: int = 0
    spread: float = 1.0

    def __len__(self) -> int:
        return len(self.vectors)

    def apply(self, w: Tensor, amounts: Tensor) -> Tensor:
        """w (n, num_ws, w_dim) moved by amounts (n, up to k), slider values in -3..3. Amounts of 0 give w itself.

        StudioError for more amounts than there are sliders.
        """
        count = amounts.shape[1]
        if count > len(self):
            raise StudioError(
                say("This model has {count} directions, not {count2}.", count=len(self), count2=count),
                "Set fewer of them.",
            )
        steps = amounts.to(w) * self.scales[:count].to(w)
        vectors = self.vectors[:count].to(w)
        if self.layers is None:
            moved = w + (steps @ vectors).unsqueeze(1)
        else:
            moved = w + torch.einsum("nk,kl,kd->nld", steps, self._moves(w)[:count], vectors)
        return _into_shell(moved, w, self.shell, self.spread) if self.shell else moved

    def each(self) -> list["Directions"]:
        """Every slider alone."""
        return [
            replace(
                self,
                vectors=self.vectors[i : i + 1],
                scales=self.scales[i : i + 1],
                layers=self.layers and (self.layers[i],),
            )
            for i in range(len(self))
        ]

    def _moves(self, w: Tensor) -> Tensor:
        """(k, num_ws): 1 on the layers that a slider moves, 0 elsewhere."""
        assert self.layers is not None
        rows = [[float(on is None or layer in on) for layer in range(w.shape[1])] for on in self.layers]
        return torch.tensor(rows, dtype=w.dtype, device=w.device)


def find(generator: Generator, k: int = 8, discriminator: Discriminator | None = None) -> Directions:
    """The k most telling directions of a generator in eval mode, at most as many as w has free dimensions.

    PCA of the mapped w where the mapping has given them a shape, SeFa where w is as round as z was. One unit of a
    slider is one standard deviation of w along the direction, or less where a discriminator is given and takes the
    ends of the slider for worse than its unedited pictures. Deterministic; columns of the class never move.
    StudioError where the model holds what is no number.
    """
    with torch.no_grad():
        found = candidates_of(generator, k)[0]
        return (
            shrink(found, generator, discriminator) if discriminator is not None and can_be_judged(generator) else found
        )


def candidates_of(generator: Generator, k: int) -> list[Directions]:
    """The first k directions of each method: of PCA where the mapping has given w a shape, and of SeFa, that of `find`
    first.

    One unit of a slider is one standard deviation of w along the direction. StudioError as `find`.
    """
    free = free_dimensions(generator)
    z, c = draw(generator, MAPPED_SAMPLES)
    cloud = _within_classes(generator.mapping(z, c)[:, 0, :free], c).cpu()
    shell: dict[str, Any] = dict(shell=free, spread=generator.spread) if isinstance(generator, LatentGenerator) else {}
    made = []
    vectors, deviations = pca(cloud, free)
    if not is_round(deviations, len(cloud)):
        made.append((vectors[:k], deviations[:k], "pca"))
    vectors, _ = sefa(generator.first_weights()[:, :free], k)
    made.append((vectors[:k], (cloud @ vectors.T).std(dim=0)[:k], "sefa"))
    unused = generator.w_dim - free
    return [Directions(torch.nn.functional.pad(v, (0, unused)), s, method, **shell) for v, s, method in made]


def can_be_judged(generator: Generator) -> bool:
    """Whether `find` asks a discriminator about its pictures: not about those of more than 128 x 128 pixels."""
    return _pixels(generator) <= MOST_JUDGED_PIXELS


def free_dimensions(generator: Generator) -> int:
    """In how many dimensions w may move: all, but for the columns of the class."""
    return generator.w_dim - generator.class_columns


def sefa(weights: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """Unit vectors n (k, w_dim) that maximise |A n|^2, and those maxima (k,): the eigenvectors of A^T A, largest first.

    A (out, w_dim) is `weights` with the weights of every output at unit length, as in the authors' code (there they
    are the columns of A^T). Shen and Zhou 2021 (SeFa). StudioError where A holds what is no number.
    """
    a = torch.nn.functional.normalize(weights.cpu().double(), dim=1)
    values, vectors = _leading_eigenvectors(a.T @ a, k)
    return vectors.to(weights.dtype), values.to(weights.dtype)


def pca(w: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """Principal components (k, w_dim) of samples w (n, w_dim) and the standard deviation along each (k,), widest first.

    Härkönen et al. 2020 (GANSpace), its recipe for models with a mapping. StudioError where w holds what is no number.
    """
    centred = w.cpu().double()
    centred = centred - centred.mean(dim=0)
    values, vectors = _leading_eigenvectors(centred.T @ centred / (len(w) - 1), k)
    return vectors.to(w.dtype), values.clamp_min(0).sqrt().to(w.dtype)


def is_round(deviations: Tensor, n: int) -> bool:
    """Whether n samples with these standard deviations along all their d components may come from a round cloud.

    Even of a perfectly round cloud the widest measured variance is not the mean one but about (1 + sqrt(d / n))^2 of
    it (Marchenko and Pastur 1967): half as much again counts as a shape.
    """
    variances = deviations.double() ** 2
    edge = (1 + (len(variances) / n) ** 0.5) ** 2
    return bool(variances.max() <= 1.5 * edge * variances.mean())


def shrink(directions: Directions, generator: Generator, discriminator: Discriminator, samples: int = 16) -> Directions:
    """Halve each scale, at most three times, until the discriminator believes both ends of its slider.

    It does when its median logit over the moved samples is not below the worst tenth of its logits unmoved.
    """
    with torch.no_grad():
        z, c = draw(generator, samples)
        w = generator.mapping(z, c)
        floor = logits(generator, discriminator, w, c).quantile(0.1)
        scales = directions.scales.clone()
        for i in range(len(directions)):
            for _ in range(MOST_HALVINGS):
                if _worst_end(replace(directions, scales=scales), i, generator, discriminator, w, c) >= floor:
                    break
                scales[i] /= 2
    return replace(directions, scales=scales)


def effect_order(generator: Generator, n: int = 32) -> list[int]:
    """The indices of z, the one that changes the picture most first.

    The effect of z_j is the mean squared column of the Jacobian J = dx/dz, E |J_j|^2 over z, estimated from n samples
    with one backward pass each: E_v (J^T v)_j^2 = |J_j|^2 for v ~ N(0, 1) in the space of pictures (Hutchinson 1990).
    """
    n = n if _pixels(generator) <= MOST_JUDGED_PIXELS else 4
    z, c = draw(generator, n)
    v = torch.from_numpy(np.random.RandomState(1).randn(n, *generator.image_shape)).float().to(z)
    effect = torch.zeros(generator.z_dim, device=z.device)
    for rows in few(generator, n):
        effect += _squared_pull(generator, z[rows], None if c is None else c[rows], v[rows])
    return effect.sort(descending=True, stable=True).indices.tolist()


def _squared_pull(generator: Generator, z: Tensor, c: Tensor | None, v: Tensor) -> Tensor:
    """Sum over the batch of (J^T v)^2: (z_dim,)."""
    with torch.enable_grad():
        z = z.clone().requires_grad_()
        (pull,) = torch.autograd.grad((generator(z, c) * v).sum(), z)
    return (pull**2).sum(dim=0)


def draw(generator: Generator, n: int) -> tuple[Tensor, Tensor | None]:
    """z (n, z_dim) of a fixed seed and classes in turn, c (n, num_classes) or None, where the generator lives."""
    like = next(generator.parameters())
    z = torch.from_numpy(np.random.RandomState(0).randn(n, generator.z_dim)).float().to(like)
    c = one_hot([i % max(generator.num_classes, 1) for i in range(n)], generator.num_classes)
    return z, None if c is None else c.to(like)


def _within_classes(w: Tensor, c: Tensor | None) -> Tensor:
    """w (n, w_dim) less the mean of its class: a direction shall change the picture, not lead to another class.

    Where there are too many classes to know their means, less the mean of all.
    """
    if c is None or c.shape[1] * _FEWEST_OF_A_CLASS > len(w):
        return w - w.mean(dim=0)
    means = (c.T @ w) / c.sum(dim=0).unsqueeze(1)
    return w - c @ means


def _leading_eigenvectors(matrix: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """The k largest eigenvalues of a symmetric matrix, descending, and their unit vectors as rows.

    Of the two signs of an eigenvector the one whose largest entry is positive, so a slider always means the same.
    """
    if not torch.isfinite(matrix).all():
        raise StudioError("This model holds values that are not numbers.", "Choose a model or a step before it broke.")
    values, columns = torch.linalg.eigh(matrix)
    vectors = columns.T.flip(0)[:k]
    largest = vectors.gather(1, vectors.abs().argmax(dim=1, keepdim=True))
    return values.flip(0)[:k], vectors * largest.sign()


def _into_shell(moved: Tensor, w: Tensor, shell: int, spread: float) -> Tensor:
    """Pull the z in moved (n, num_ws, w_dim) back to the length spread sqrt(z_dim), or to the one it had if that was
    more.

    N(0, 1) has its mass near sqrt(z_dim) (White 2016), U(-1, 1) near sqrt(z_dim / 3), and a sum of sliders would leave
    it outwards. Shorter ones stay as they are, so that a truncated z can be moved too.
    """
    z, before = moved[..., :shell], w[..., :shell]
    radius = before.norm(dim=-1, keepdim=True).clamp_min(spread * shell**0.5)
    inside = z * (radius / z.norm(dim=-1, keepdim=True).clamp_min(1e-12)).clamp_max(1.0)
    return torch.cat([inside, moved[..., shell:]], dim=-1)


def _worst_end(
    directions: Directions, i: int, generator: Generator, discriminator: Discriminator, w: Tensor, c: Tensor | None
) -> Tensor:
    """The lower of the discriminator's median logits at the two ends of slider i, over w (n, num_ws, w_dim)."""
    medians = []
    for end in (-SLIDER_END, SLIDER_END):
        amounts = w.new_zeros(len(w), len(directions))
        amounts[:, i] = end
        medians.append(logits(generator, discriminator, directions.apply(w, amounts), c).median())
    return torch.stack(medians).min()


def logits(generator: Generator, discriminator: Discriminator, w: Tensor, c: Tensor | None) -> Tensor:
    """The discriminator's logits of synthesis(w), (n,), a few pictures at a time."""
    parts = [
        discriminator(generator.synthesis(w[rows]), None if c is None else c[rows]) for rows in few(generator, len(w))
    ]
    return torch.cat(parts)


def few(generator: Generator, n: int) -> tuple[Tensor, ...]:
    """The rows 0..n-1 in batches that fit into memory."""
    like = next(generator.parameters())
    some = min(16, _PIXELS_AT_ONCE // _pixels(generator), _VALUES_AT_ONCE // max(1, generator.most_values))
    return torch.arange(n, device=like.device).split(max(1, some))


def _pixels(generator: Generator) -> int:
    return math.prod(generator.image_shape[1:])
