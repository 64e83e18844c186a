"""Of named sliders the layers that each moves, and how far: those with which it changes its own property alone.

sought = steered_ones(looked, directions, looked.w, covariance)
chosen = purest(model, directions, looked, covariance, most=8, more=sought, still=0.0)
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from gan.latents.directions import Directions
from gan.latents.steering import steer
from gan.latents.telling import believable, ranges
from gan.networks.contract import Generator
from gan.studio.library.measuring import MOVED, Effect, Looked

WORTH = 0.5  # share of pictures that a named slider must change, and deviations on the mean, or it is none
_OWN = 1.5  # deviations that a slider of some layers shall change its property by, at MOVED units
_LONGER = 1.5  # times that; tried, too
_LAYERS = 3  # from which on they may move apart (ranges)
_FARTHEST = 3.0  # deviations of w that a unit may move it
_STEEP = 0.1  # deviations that a unit must change its property by for it to be scaled to do more


def steerable(generator: Generator) -> bool:
    """Whether its sliders are sought through pictures, too: where w has layers enough that they may move apart."""
    return generator.num_ws >= _LAYERS


def steered_ones(looked: Looked, directions: Directions, w: Sequence[Tensor], covariance: Tensor) -> list[Directions]:
    """For every slider the one that is sought through pictures of w, (n, num_ws, w_dim) of each class, instead, in all
    layers."""
    read, every = looked.steeply(), torch.cat(list(w))
    return [steer(looked.generator, read, i, every, covariance, one, MOVED) for i, one in enumerate(directions.each())]


def purest(
    model,
    directions: Directions,
    looked: Looked,
    covariance: Tensor,
    most: int | None,
    more: Sequence[Directions],
    still: float,
) -> list[Directions | None]:
    """Of every slider the range of layers, and the scale, with which most pictures change in its property and fewest
    in any other; None where hardly any change, or more do in another, and for all but the `most` best. more: others
    that are tried, one for each, as they are; or none."""
    generator = model.generator
    if generator.num_ws < _LAYERS:
        return _most_alone([_upwards(one, looked, i) for i, one in enumerate(directions.each())], looked, most)
    gradients = looked.gradients()
    best: list[tuple[float, Directions | None]] = [(0.0, None)] * len(directions)
    for layers in ranges(generator.num_ws):
        on = slice(None) if layers is None else slice(layers[0], layers[-1] + 1)
        where = None if layers is None else (layers,) * len(directions)
        steepest = _with_scales(gradients[:, on].sum(dim=1) @ covariance, covariance)
        for start in (directions, replace(directions, vectors=steepest[0], scales=steepest[1])):
            for moves in _apart(replace(start, layers=where), looked):
                each = enumerate(zip(best, moves.each(), strict=True))
                best = [max(old, _judged(one, looked, i), key=_score) for i, (old, one) in each]
    longer = [(i, old, replace(old[1], scales=old[1].scales * _LONGER)) for i, old in enumerate(best) if old[1]]
    for i, old, one in longer:
        best[i] = max(old, _judged(one, looked, i), key=_score)
    for i, one in enumerate(more):
        best[i] = max(best[i], _judged(one, looked, i), key=_score)
    chosen = sorted(range(len(best)), key=lambda i: -best[i][0])[:most]
    return [_believed(model, one, looked, i, still) if one and i in chosen else None for i, (_, one) in enumerate(best)]


def _most_alone(each: list[Directions], looked: Looked, most: int | None) -> list[Directions | None]:
    """Those `most` sliders that change their own property in most pictures beyond those in which they change another,
    None in place of the others."""
    if most is None or len(each) <= most:
        return [*each]
    scores = [_alone(looked.effect(one, 0), i) for i, one in enumerate(each)]
    chosen = sorted(range(len(each)), key=lambda i: -scores[i])[:most]
    return [one if i in chosen else None for i, one in enumerate(each)]


def _score(judged: tuple[float, Directions | None]) -> float:
    return judged[0]


def _judged(one: Directions, looked: Looked, i: int) -> tuple[float, Directions | None]:
    """The share of pictures that a slider changes in property i, less that in which it changes another; (0, None)
    where it does little."""
    found = looked.effect(one, 0)
    little = found.up[i] < WORTH or found.own[i] < WORTH
    return (0.0, None) if little else (_alone(found, i), one)


def _alone(found: Effect, i: int) -> float:
    others = torch.cat([found.changed[:i], found.changed[i + 1 :]])
    return float(found.up[i] - (others.max() if len(others) else 0))


def _with_scales(moves: Tensor, covariance: Tensor) -> tuple[Tensor, Tensor]:
    """Moves (k, w_dim) as unit vectors and the deviation of w along each."""
    vectors = torch.nn.functional.normalize(moves, dim=1)
    return vectors, ((vectors @ covariance) * vectors).sum(dim=1).clamp_min(1e-12).sqrt()


def _apart(directions: Directions, looked: Looked) -> Iterator[Directions]:
    """The sliders, scaled to what they shall do, and such sums of them as leave each other's properties alone."""
    slopes = looked.slopes(directions)
    steps = directions.vectors * directions.scales.unsqueeze(1)
    own = slopes.diagonal()
    steep = torch.where(own.abs() < _STEEP, torch.full_like(own, _STEEP), own)
    for apart in (torch.diag(1 / steep), torch.linalg.pinv(slopes, rtol=0.1)):
        moves = apart.to(steps) @ steps  # one unit of each adds a deviation of its property
        lengths = moves.norm(dim=1).clamp_min(1e-9)
        scales = torch.minimum(lengths * _OWN / MOVED, directions.scales * _FARTHEST)
        yield replace(directions, vectors=moves / lengths.unsqueeze(1), scales=scales)


def _believed(model, one: Directions, looked: Looked, i: int, still: float) -> Directions:
    """The slider with ends where the discriminator still takes pictures for real, or as far on as it takes to change
    property i in `still` of the pictures."""
    if not model.has_discriminator or model.generator.num_classes:
        return one
    cut = believable(one, model.generator, model.discriminator(), looked.w[0], None)
    while cut.scales < one.scales and looked.effect(cut, 0).up[i] < still:
        cut = replace(cut, scales=torch.minimum(cut.scales * _LONGER, one.scales))
    return cut


def _upwards(one: Directions, looked: Looked, i: int) -> Directions:
    """Turned so that the slider adds to its property."""
    grows = (looked.change(one, 0, 1.0)[0] - looked.change(one, 0, -1.0)[0])[:, i].mean() >= 0
    return one if grows else replace(one, vectors=-one.vectors)
