"""From a seed to a latent: drawing z, choosing a class, truncating w, and editing z by hand.

A seed means the same z on every machine and device, and the same z as in the field's own tools: they all draw
`numpy.random.RandomState(seed).randn(1, z_dim)` (NVlabs/stylegan2-ada-pytorch, generate.py).
"""

import functools
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from gan.errors import StudioError
from gan.latents.paths import spherical
from gan.latents.seeds import LAST_SEED
from gan.messages import say


def seed_to_z(seed: int, z_dim: int) -> Tensor:
    """z ~ N(0, 1) of one seed: float32 (1, z_dim). StudioError for a seed outside 0 to 4294967295."""
    if not 0 <= seed <= LAST_SEED:
        raise StudioError(
            say("A seed cannot be {seed}.", seed=seed),
            say("Choose a whole number from 0 to {last_seed}.", last_seed=LAST_SEED),
        )
    return torch.from_numpy(_drawn(seed, z_dim).copy())


@functools.lru_cache(maxsize=1024)
def _drawn(seed: int, z_dim: int) -> np.ndarray:
    """Kept, since a dragged slider asks for the same seed many times a second and seeding takes 0.1 ms."""
    return np.random.RandomState(seed).randn(1, z_dim).astype(np.float32)


def seeds_to_z(seeds: Sequence[int], z_dim: int) -> Tensor:
    """One row of z per seed, at least one: float32 (n, z_dim). A row does not depend on the seeds beside it.

    StudioError as `seed_to_z`.
    """
    return torch.cat([seed_to_z(seed, z_dim) for seed in seeds])


def one_hot(labels: Sequence[int | None], num_classes: int) -> Tensor | None:
    """Classes as the networks take them: (n, num_classes), or None for a model without classes.

    A label of None stands for no class in particular and becomes the even mixture of all, as the networks themselves
    do when they are given no class. StudioError for a class that the model has not learnt.
    """
    if num_classes == 0:
        return None
    return torch.stack([_class_row(label, num_classes) for label in labels])


def truncate(w: Tensor, center: Tensor, psi: float | Tensor, cutoff: int | None = None) -> Tensor:
    """w' = center + psi (w - center) on the first `cutoff` layers, on all of them where it is None.

    w (n, num_ws, w_dim), center (n or 1, num_ws, w_dim), psi one number or one per row (n,). psi = 1 gives w and
    psi = 0 the center, both to the last bit. Karras et al. 2019 (StyleGAN), appendix B.
    """
    psi = torch.as_tensor(psi, dtype=w.dtype, device=w.device).reshape(-1, 1)
    layer = torch.arange(w.shape[1], device=w.device)
    return truncate_layers(w, center, torch.where(layer < (w.shape[1] if cutoff is None else cutoff), psi, 1.0))


def truncate_layers(w: Tensor, center: Tensor, psi: Tensor) -> Tensor:
    """The same with a psi of its own for each layer of each row: psi (n or 1, num_ws)."""
    return torch.lerp(center.to(w), w, psi.to(w).unsqueeze(-1))


def layer_psi(num_ws: int, psi: float, cutoff: int | None, own: Mapping[int, float]) -> list[float]:
    """psi of each layer: `psi` on the first `cutoff` layers and 1 behind them, but where a layer has its `own`.

    A `cutoff` past the last layer takes in all of them: links keep theirs when the model changes. StudioError for a
    layer that the network does not have.
    """
    first = num_ws if cutoff is None else min(cutoff, num_ws)
    return set_layers([psi] * first + [1.0] * (num_ws - first), own, say("layer"))


def set_layers(values: list[float], own: Mapping[int, float], what: str) -> list[float]:
    """`values` of the layers, but where a layer has its `own`. StudioError for a layer that is not there."""
    for layer in own:
        if not 0 <= layer < len(values):
            raise StudioError(
                say("This model has no {what} {layer}.", what=what, layer=layer),
                say("They are numbered 0 to {count}.", count=len(values) - 1)
                if values
                else say("It has no {what} at all.", what=what),
            )
    return [own.get(layer, value) for layer, value in enumerate(values)]


def walk(z: Tensor, steps: Sequence[tuple[int, float]]) -> Tensor:
    """Go from z (1, z_dim) to a neighbour of a neighbour: each step (seed, amount) turns z towards that seed's z.

    An amount of 0 stays, 1 arrives at the seed, about 0.2 is a picture alike. The turn is spherical, so that every
    stop on the way is as likely a latent as where the walk began. StudioError as `seed_to_z`.
    """
    for seed, amount in steps:
        z = spherical(z, seed_to_z(seed, z.shape[-1]).to(z), amount)
    return z


def override(z: Tensor, values: Mapping[int, float]) -> Tensor:
    """A copy of z (n, z_dim) in which single latent values {index: value} are set by hand, in every row.

    StudioError for an index outside 0 to z_dim - 1.
    """
    z = z.clone()
    for index, value in values.items():
        if not 0 <= index < z.shape[-1]:
            raise StudioError(
                say("This model has no latent value {index}.", index=index),
                say("They are numbered 0 to {shape}.", shape=z.shape[-1] - 1),
            )
        z[:, index] = value
    return z


def _class_row(label: int | None, num_classes: int) -> Tensor:
    if label is None:
        return torch.full((num_classes,), 1 / num_classes)
    if not 0 <= label < num_classes:
        raise StudioError(
            say("This model has no class {label}.", label=label),
            say("Its classes are 0 to {num_classes}.", num_classes=num_classes - 1),
        )
    row = torch.zeros(num_classes)
    row[label] = 1
    return row
