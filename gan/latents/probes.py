"""Directions in w that change one named thing and leave the others, from samples whose properties were measured.

    d, told = named(w, properties)      # w (n, w_dim), properties (n, k): ink, slant, ...; rows of d for each property

A linear probe says how each property follows from w (Shen et al. 2020, InterFaceGAN, section 2.2: they are close to
linear there). Of all moves that change what the probe says of one property and of no other, the one is taken that
stays most likely: InterFaceGAN's conditional manipulation (section 2.3) with the length of a move measured by the
spread of w.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.messages import say

_RIDGE = 1e-2  # of the mean variance of w: steadies probes of few samples
_FOLDS = 5


@dataclass(frozen=True, eq=False)
class Named:
    """vectors (k, w_dim), unit rows; scales (k,), how far in w one standard deviation of w along each is; told (k,),
    the share of each property's variance that w tells of samples it was not fitted on, at most 1."""

    vectors: Tensor
    scales: Tensor
    told: Tensor


def named(w: Tensor, properties: Tensor) -> Named:
    """Moves for each column of `properties` (n, k), measured on the pictures of w (n, w_dim). Deterministic.

    Raises StudioError for fewer than 4 samples a property, and where a property is the same in all of them.
    """
    w, y = w.double().cpu(), properties.double().cpu()
    if len(w) < 4 * y.shape[1] or len(w) != len(y):
        raise StudioError(
            say(
                "{count} samples are too few to tell {properties} properties apart.",
                count=len(w),
                properties=y.shape[1],
            ),
            "Measure more samples.",
        )
    deviations = y.std(dim=0)
    if not torch.isfinite(y).all() or (deviations <= 1e-12).any():
        raise StudioError("A property is the same in all samples, or is no number.", "Leave it out.")
    y = (y - y.mean(dim=0)) / deviations
    covariance = torch.cov((w - w.mean(dim=0)).T).reshape(w.shape[1], w.shape[1])
    moves = most_likely_moves(probe(w, y), covariance)
    lengths = moves.norm(dim=1)
    vectors = moves / lengths.unsqueeze(1)
    scales = torch.einsum("kd,de,ke->k", vectors, torch.linalg.pinv(covariance, rtol=1e-9, hermitian=True), vectors)
    return Named(vectors.float(), scales.clamp_min(1e-12).rsqrt().float(), told(w, y).float())


def probe(w: Tensor, y: Tensor) -> Tensor:
    """Ridge regression: how each standardised property y (n, k) grows with w (n, d), as rows (k, d)."""
    centred = w - w.mean(dim=0)
    gram = centred.T @ centred / len(w)
    ridge = _RIDGE * gram.diagonal().mean() * torch.eye(len(gram), dtype=w.dtype)
    return torch.linalg.solve(gram + ridge, centred.T @ (y - y.mean(dim=0)) / len(w)).T


def most_likely_moves(probes: Tensor, covariance: Tensor) -> Tensor:
    """For each probe the move (k, d) that adds 1 to what it says and 0 to the others, and is likeliest under N(0,
    covariance).

    min d' C^-1 d with B d = e_i has the solution C B' (B C B')^-1 e_i.
    """
    spread = probes @ covariance
    between = spread @ probes.T
    steady = 1e-6 * between.diagonal().mean() * torch.eye(len(between), dtype=between.dtype)
    return torch.linalg.solve(between + steady, spread)


def told(w: Tensor, y: Tensor) -> Tensor:
    """The share of each property's variance that a probe tells of the fifth it was not fitted on (R squared), (k,)."""
    fold = torch.arange(len(w)) % _FOLDS
    errors = torch.zeros_like(y)
    for k in range(_FOLDS):
        seen, new = fold != k, fold == k
        guess = (w[new] - w[seen].mean(dim=0)) @ probe(w[seen], y[seen]).T + y[seen].mean(dim=0)
        errors[new] = y[new] - guess
    return 1 - errors.square().mean(dim=0) / y.var(dim=0, unbiased=False)


def between_groups(having: Tensor, lacking: Tensor, cloud: Tensor) -> tuple[Tensor, float]:
    """The direction in which pictures that have something differ from those that lack it: (unit vector (d,), its
    scale).

    having, lacking: w (n, d) of a few pictures each, three suffice. cloud: w (m, d) of many. The difference of the
    means, turned by the spread of all w as in Fisher's discriminant (1936), so that what varies anyway counts for
    little; few examples are steadied by shrinking that spread towards round (Ledoit and Wolf 2004, with their share
    fixed at a half). scale: one standard deviation of the cloud along it. Raises StudioError where the two do not
    differ.
    """
    cloud = cloud.double().cpu()
    covariance = torch.cov((cloud - cloud.mean(dim=0)).T).reshape(cloud.shape[1], cloud.shape[1])
    round_ = covariance.diagonal().mean() * torch.eye(len(covariance), dtype=covariance.dtype)
    apart = having.double().cpu().mean(dim=0) - lacking.double().cpu().mean(dim=0)
    weights = torch.linalg.solve((covariance + round_) / 2, apart)
    move = covariance @ weights  # back into the space of moves: stays where w lies
    length = move.norm()
    if not torch.isfinite(length) or length <= 1e-12:
        raise StudioError("The pictures with it and those without are the same.", "Choose pictures that differ in it.")
    vector = move / length
    return vector.float(), float((vector @ covariance @ vector).clamp_min(0).sqrt())
