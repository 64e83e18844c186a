"""Directions that each change one thing, found without labels: many candidates, and of these the few that tell most.

Candidates move the coarse, the middle or the fine layers alone (Karras et al. 2019, section 3.1: each range rules other
things), or all of them, along what PCA and SeFa find. Each is tried on the same pictures. Those are kept that change
much and in one place, look like none that was kept before, and leave pictures that the discriminator still believes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from gan.latents.choices import SLIDER_END
from gan.latents.directions import Directions, candidates_of, draw, few, logits
from gan.networks.contract import Discriminator, Generator

SAMPLES = 16  # pictures that each candidate is tried on
TRIED = 2.0  # scales to either side
ALIKE = 0.5  # mean |cosine| between the changes of two directions from which they are the same to the eye
FAINT = 0.15  # of the strongest change: less is hardly seen
_EACH = 8  # candidates of each method in each range of layers
_BELIEVED = 0.9  # share of pictures that must look real at the ends
_ENDS = (1.0, 0.75, 0.5, 0.35, 0.25)


@dataclass(frozen=True, eq=False)
class Effect:
    """What one direction does: change (samples, values), the picture at one side less that at the other; strength, its
    root mean square in grey levels of -1 to 1; spread, over which share of the picture it is, from near 0 to 1."""

    change: Tensor
    strength: float
    spread: float

    @property
    def score(self) -> float:
        """Much, and in one place. The eye sees a change of four times the strength as about twice as large (Stevens
        1957)."""
        return self.strength**0.5 * (1 - self.spread)


def ranges(num_ws: int) -> list[tuple[int, ...] | None]:
    """Layers that may move together: all (None), and the coarse, middle and fine third where there are three or
    more."""
    if num_ws < 3:
        return [None]
    ends = [round(num_ws * i / 3) for i in range(4)]
    return [None, *(tuple(range(a, b)) for a, b in zip(ends, ends[1:], strict=False))]


def find_telling(
    generator: Generator, k: int = 8, discriminator: Discriminator | None = None, known: Directions | None = None
) -> Directions:
    """The k directions of a generator in eval mode that change one thing each, the most telling first; fewer where
    there are no more. `known` ones come before and are kept as they are. With a discriminator the sliders end where it
    still believes 9 of 10 pictures. Deterministic."""
    with torch.no_grad():
        z, c = draw(generator, SAMPLES)
        w = generator.mapping(z, c)
        kept = known.each() if known is not None else []
        effects = [effect(generator, one, w) for one in kept]
        tried = [(one, effect(generator, one, w)) for one in _candidates(generator)]
        faint = FAINT * max((found.strength for _, found in tried), default=0.0)
        for one, found in sorted(tried, key=lambda pair: -pair[1].score):
            if found.strength < faint or any(alike(found, other) > ALIKE for other in effects):
                continue
            if len(kept) >= k:
                break
            kept.append(one)
            effects.append(found)
        first = len(known) if known is not None else 0
        together = joined(kept[:first] + orthogonal(kept, generator.num_ws)[first:])
        return believable(together, generator, discriminator, w, c, first) if discriminator is not None else together


@torch.no_grad()
def effect(generator: Generator, one: Directions, w: Tensor) -> Effect:
    """What the first direction of `one` does to the pictures of w (n, num_ws, w_dim), moved to either side."""
    amounts = w.new_full((len(w), 1), TRIED)
    change = torch.cat(
        [
            generator.synthesis(one.apply(w[rows], amounts[rows]))
            - generator.synthesis(one.apply(w[rows], -amounts[rows]))
            for rows in few(generator, len(w))
        ]
    )
    where = change.square().flatten(2).mean(dim=1) if change.dim() > 2 else change.square()
    # The share of places over which the change would be spread if it were even there: 1 over the sum of squared shares.
    shares = where / where.sum(dim=1, keepdim=True).clamp_min(1e-20)
    spread = (1 / shares.square().sum(dim=1).clamp_min(1e-20) / shares.shape[1]).mean()
    return Effect(change.flatten(1), float(change.square().mean().sqrt()), float(spread.clamp_max(1)))


def alike(a: Effect, b: Effect) -> float:
    """The mean |cosine| of what two directions change, 0 to 1: 1 where they do the same, or the reverse."""
    return float(torch.nn.functional.cosine_similarity(a.change, b.change, dim=1).abs().mean())


def orthogonal(kept: list[Directions], num_ws: int) -> list[Directions]:
    """Each of some directions of one slider less its share of those before, in the layers that both move."""
    done: list[Tensor] = []
    result: list[Directions] = []
    for one in kept:
        vector = one.vectors[0].double()
        for before, other in zip(done, result, strict=True):
            if _layers(one, num_ws) & _layers(other, num_ws):
                vector = vector - (vector @ before) * before
        length = vector.norm()
        if length < 0.3:  # hardly anything of its own is left: as it was found, it does look different
            vector, length = one.vectors[0].double(), 1.0
        done.append(vector / length)
        result.append(replace(one, vectors=(vector / length).to(one.vectors).unsqueeze(0)))
    return result


def joined(directions: list[Directions]) -> Directions:
    """Directions of one slider each as one Directions of all these sliders."""
    first = directions[0]
    layers = tuple(one.layers[0] if one.layers else None for one in directions)
    return replace(
        first,
        vectors=torch.cat([one.vectors for one in directions]),
        scales=torch.cat([one.scales for one in directions]),
        method="telling",
        layers=layers if any(row is not None for row in layers) else None,
    )


def believable(
    directions: Directions,
    generator: Generator,
    discriminator: Discriminator,
    w: Tensor,
    c: Tensor | None,
    first: int = 0,
) -> Directions:
    """Scales, from the slider `first` on, cut so that at both ends of each slider 9 of 10 pictures are no less real,
    to the discriminator, than the least real tenth is unmoved."""
    floor = logits(generator, discriminator, w, c).quantile(1 - _BELIEVED)
    scales = directions.scales.clone()
    for i in range(first, len(directions)):
        for share in _ENDS:
            scales[i] = directions.scales[i] * share
            if _believed(replace(directions, scales=scales), i, generator, discriminator, w, c, floor):
                break
    return replace(directions, scales=scales)


def _believed(
    directions: Directions,
    i: int,
    generator: Generator,
    discriminator: Discriminator,
    w: Tensor,
    c: Tensor | None,
    floor: Tensor,
) -> bool:
    for end in (-SLIDER_END, SLIDER_END):
        amounts = w.new_zeros(len(w), len(directions))
        amounts[:, i] = end
        real = logits(generator, discriminator, directions.apply(w, amounts), c) >= floor
        if real.float().mean() < _BELIEVED - 0.1:  # of the unmoved, a tenth lies below the floor already
            return False
    return True


def _candidates(generator: Generator) -> Iterator[Directions]:
    """Single sliders: each direction that PCA or SeFa finds, in each range of layers."""
    for found in candidates_of(generator, _EACH):
        for i in range(len(found)):
            for layers in ranges(generator.num_ws):
                yield replace(
                    found,
                    vectors=found.vectors[i : i + 1],
                    scales=found.scales[i : i + 1],
                    layers=None if layers is None else (layers,),
                )


def _layers(one: Directions, num_ws: int) -> set[int]:
    return set(range(num_ws)) if one.layers is None or one.layers[0] is None else set(one.layers[0])
