"""Sliders of a model that are kept with it: found without labels, or named for what they change, and measured.

kept = named_sliders(model, ["weight", "slant"])
keep_sliders(model.path, kept)          # the page then shows them by their names
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from gan.errors import StudioError
from gan.evaluation.pixel_properties import MEASURES
from gan.field_metadata import show
from gan.latents.choices import SLIDER_END
from gan.latents.directions import Directions, draw, few, free_dimensions
from gan.latents.probes import named
from gan.latents.sampling import one_hot
from gan.latents.telling import effect, find_telling
from gan.messages import say
from gan.networks.contract import Generator, LatentGenerator
from gan.networks.pixels import to_pixels
from gan.store.files import whole_file
from gan.store.grids import grid
from gan.store.model_folder import keep_facts
from gan.store.sliders import to_table

SAMPLES = 480  # latents whose pictures are measured
CLASSES = 6  # of a model with classes each latent is looked at in so many
TESTED = 64  # latents that are moved to see what a slider does
MOVED = 2.0  # slider units that they are moved by
_SHOWN = 3  # pictures in a film strip
SEEN = 0.5  # deviations of a property that count as a change


@dataclass(frozen=True)
class Kept:
    """Directions, a name for each ("" where it has none), and facts of each, plain numbers for the card."""

    directions: Directions
    names: tuple[str, ...]
    measured: list[dict]


def telling_sliders(model, count: int = 8, known: Kept | None = None) -> Kept:
    """The sliders that change one thing each, found without labels, after those that are known."""
    discriminator = model.discriminator() if model.has_discriminator else None
    found = find_telling(model.generator, count, discriminator, known and known.directions)
    z, c = draw(model.generator, TESTED // 4)
    with torch.no_grad():
        w = model.generator.mapping(z, c)
    names, facts = (known.names, known.measured) if known else ((), [])
    new = [effect(model.generator, one, w) for one in found.each()[len(names) :]]
    return Kept(
        found,
        (*names, *("" for _ in new)),
        [*facts, *({"strength": round(fact.strength, 4), "spread": round(fact.spread, 3)} for fact in new)],
    )


def named_sliders(model, properties: Sequence[str]) -> Kept:
    """A slider for each property that can be measured in pixels (MEASURES), with what it does to the others.

    Each moves its own property and, as far as a linear probe can see, no other. Raises StudioError for unknown
    properties, and for pictures that cannot be measured.
    """
    unknown = [name for name in properties if name not in MEASURES]
    if unknown or not properties:
        raise StudioError(
            say("{name} cannot be measured.", name=show((unknown or [""])[0])),
            say("What can be measured is {names}.", names=", ".join(MEASURES)),
        )
    measures = [MEASURES[name] for name in properties]
    generator = model.generator
    if len(generator.image_shape) != 3:
        raise StudioError("This model makes no pictures.", "Choose another one.")
    with torch.no_grad():
        w, y = _measured(generator, measures)
        free = free_dimensions(generator)
        found = named(w[:, :free], y)
        shell = dict(shell=free, spread=generator.spread) if isinstance(generator, LatentGenerator) else {}
        vectors = torch.nn.functional.pad(found.vectors, (0, generator.w_dim - free)).to(w)
        directions = Directions(vectors, found.scales.to(w), "named", **shell)
        directions = _upwards(directions, generator, measures)
        facts = purity(generator, directions, measures, y.std(dim=0))
    told = [round(float(share), 3) for share in found.told]
    return Kept(
        directions,
        tuple(name.capitalize() for name in properties),
        [{"property": name, "told": share, **fact} for name, share, fact in zip(properties, told, facts, strict=True)],
    )


def purity(generator: Generator, directions: Directions, measures, deviations: Tensor) -> list[dict]:
    """What each slider, moved by MOVED, does to its own property and to the others, in deviations of these.

    changed: the share of latents whose own property changes by SEEN deviations or more, the way it is named; own: the
    mean change; leak: the largest mean change of another; others: the largest share of latents for which another
    changes by twice SEEN.
    """
    before = _of(generator, measures, None)
    rows = []
    for i in range(len(directions)):
        amounts = torch.zeros(1, len(directions))
        amounts[0, i] = MOVED
        moved = (
            _of(generator, measures, lambda w, a=amounts: directions.apply(w, a.expand(len(w), -1))) - before
        ) / deviations
        own = moved[:, i]
        other = torch.cat([moved[:, :i], moved[:, i + 1 :]], dim=1)
        rows.append(
            {
                "own": _round(own.mean()),
                "changed": _round((own >= SEEN).float().mean()),
                "leak": _round(other.mean(dim=0).abs().max()) if other.shape[1] else 0.0,
                "others": _round((other.abs() >= 2 * SEEN).float().mean(dim=0).max()) if other.shape[1] else 0.0,
            }
        )
    return rows


def keep_sliders(folder: Path, kept: Kept) -> None:
    """Write them into the config.json of the model in `folder`. Raises StudioError where that fails."""
    keep_facts(folder, directions=kept.names, sliders=to_table(kept.directions, kept.measured))


def renamed(kept: Kept, names: Sequence[str]) -> Kept:
    """With other names for the first ones."""
    return replace(kept, names=(*names[: len(kept.names)], *kept.names[len(names) :]))


def film_strips(model, kept: Kept, path: Path) -> None:
    """Five pictures for each slider from end to end, for the first pictures of the model side by side, as a PNG."""
    generator = model.generator
    z, c = draw(generator, _SHOWN)
    rows = []
    with torch.no_grad():
        w, middle = generator.mapping(z, c), generator.center(c)
        w = middle + model.config.psi * (w - middle)
        for i in range(len(kept.names)):
            for some in range(_SHOWN):
                amounts = torch.zeros(5, len(kept.names))
                amounts[:, i] = torch.linspace(-SLIDER_END, SLIDER_END, 5)
                rows.append(
                    to_pixels(generator.synthesis(kept.directions.apply(w[some : some + 1].expand(5, -1, -1), amounts)))
                )
    pixels = torch.cat(rows).numpy()
    pixels = pixels.repeat(3, axis=3) if pixels.shape[3] == 1 else pixels
    with whole_file(path) as part:
        Image.fromarray(grid(pixels, 5 * _SHOWN, gap=1)).save(part, "PNG")


Move = Callable[[Tensor], Tensor] | None


def _measured(generator: Generator, measures) -> tuple[Tensor, Tensor]:
    """w (n, w_dim) of SAMPLES latents and their properties (n, k), both less what their class has of them."""
    z, _ = draw(generator, SAMPLES)
    cloud, properties = [], []
    for c in _classes(generator, len(z)):
        w = generator.mapping(z, c)
        y = _properties(generator, measures, w)
        cloud.append(w[:, 0] - w[:, 0].mean(dim=0))
        properties.append(y - y.mean(dim=0))
    return torch.stack(cloud).mean(dim=0), torch.stack(properties).mean(dim=0)


def _of(generator: Generator, measures, move: Move) -> Tensor:
    """The properties of TESTED other latents, (n, k), their pictures moved."""
    z, _ = draw(generator, SAMPLES + TESTED)
    z = z[SAMPLES:]
    found = []
    for c in _classes(generator, len(z)):
        w = generator.mapping(z, c)
        found.append(_properties(generator, measures, w if move is None else move(w)))
    return torch.stack(found).mean(dim=0)


def _classes(generator: Generator, n: int) -> list[Tensor | None]:
    """One-hot classes for n latents at a time: some classes spread over all, or none."""
    count = generator.num_classes
    if not count:
        return [None]
    like = next(generator.parameters())
    chosen = sorted({round(i * (count - 1) / max(min(CLASSES, count) - 1, 1)) for i in range(min(CLASSES, count))})
    return [one_hot([k] * n, count).to(like) for k in chosen]


def _properties(generator: Generator, measures, w: Tensor) -> Tensor:
    rows = []
    for some in few(generator, len(w)):
        x = generator.synthesis(w[some])
        rows.append(torch.stack([measure(x) for measure in measures], dim=1))
    return torch.cat(rows)


def _upwards(directions: Directions, generator: Generator, measures) -> Directions:
    """Turned so that each slider adds to its property."""
    signs = []
    for i in range(len(directions)):
        amounts = torch.zeros(1, len(directions))
        amounts[0, i] = 1.0
        change = _of(generator, measures, lambda w, a=amounts: directions.apply(w, a.expand(len(w), -1))) - _of(
            generator, measures, lambda w, a=-amounts: directions.apply(w, a.expand(len(w), -1))
        )
        signs.append(1.0 if change[:, i].mean() >= 0 else -1.0)
    vectors = directions.vectors * directions.vectors.new_tensor(signs).unsqueeze(1)
    return Directions(
        vectors, directions.scales, directions.method, directions.layers, directions.shell, directions.spread
    )


def _round(value: Tensor) -> float:
    return round(float(value), 3)
