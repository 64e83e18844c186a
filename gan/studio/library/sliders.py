"""Sliders of a model that are kept with it: found without labels, or named for what they change, and measured.

kept = named_sliders(model, measures)
keep_sliders(model.path, kept)          # the page then shows them by their names
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.evaluation.traits import Measure
from gan.field_metadata import show
from gan.latents.directions import Directions, draw, free_dimensions
from gan.latents.probes import named
from gan.latents.telling import ALIKE, alike, effect, find_telling, joined
from gan.messages import listed, say
from gan.networks.contract import LatentGenerator
from gan.store.model_folder import keep_facts
from gan.store.sliders import to_table
from gan.studio.library.measuring import Looked
from gan.studio.library.slider_layers import WORTH, purest, steerable, steered_ones

SAMPLES = 480  # latents whose pictures are measured, of a model with classes
SAMPLES_ALONE = 2048  # of one without: nothing of its pictures averages out
TESTED = 64  # latents that are moved to see what a slider does
CHOSEN = 32  # others, by which layers are chosen
_ALIKE_NAMED = 0.75  # as ALIKE, of two that are named for different properties
_FAINT = 0.03  # share of the picture: who changes less is no slider


@dataclass(frozen=True)
class Kept:
    """Directions, a name for each ("" where it has none), and facts of each, plain numbers for the card."""

    directions: Directions
    names: tuple[str, ...]
    measured: list[dict]


def telling_sliders(model, count: int = 8, known: Kept | None = None) -> Kept:
    """The sliders that change one thing each, found without labels, after those that are known."""
    discriminator = model.discriminator() if model.has_discriminator else None
    found = find_telling(model.generator, count, discriminator, known.directions if known else None)
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


def chosen_measures(known: Mapping[str, Measure], names: Sequence[str]) -> dict[str, Measure]:
    """Those of these names. Raises StudioError for one that is not known."""
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise StudioError(
            say("{name} cannot be measured.", name=show((unknown or [""])[0])),
            say("What can be measured is {names}.", names=listed(list(known))),
        )
    return {name: known[name] for name in names}


def named_sliders(
    model, measures: Mapping[str, Measure], most: int | None = None, sought: bool = False, still: float = 0.0
) -> Kept:
    """A slider for each property that is measured and can be moved by itself, or for the `most` of which this is
    truest: as far as a linear probe sees, it moves no other, and it moves those layers alone with which it is purest.
    sought: in models of three layers or more it is looked for through the pictures, too, minutes for each property
    (latents/steering.py). It ends where the discriminator doubts its pictures, but changes its property in `still` of
    them, if it can. Raises StudioError where none is left."""
    generator = model.generator
    if generator.kind == "points":
        raise StudioError("This model makes no pictures.", "Choose another one.")
    samples = SAMPLES if generator.num_classes else SAMPLES_ALONE
    with torch.no_grad():
        learnt = Looked(generator, measures, 0, samples)
        w, y = learnt.cloud()
        free = free_dimensions(generator)
        found = named(w[:, :free], y)
        vectors = torch.nn.functional.pad(found.vectors, (0, generator.w_dim - free)).to(w)
        directions = Directions(vectors, found.scales.to(w), "named")
        if isinstance(generator, LatentGenerator):
            directions = replace(directions, shell=free, spread=generator.spread)
        looked = Looked(generator, measures, samples, CHOSEN)
        covariance = torch.cov(w.T).reshape(w.shape[1], w.shape[1])
        by_pictures = sought and steerable(generator)
        steered = steered_ones(looked, directions, learnt.w, covariance) if by_pictures else []
        chosen = purest(model, directions, looked, covariance, most, steered, still)
    told = [round(float(share), 3) for share in found.told]
    worth = [(name, one, share) for name, one, share in zip(measures, chosen, told, strict=True) if one is not None]
    if not worth:
        raise StudioError("None of these properties can be moved by itself.", "Leave some of them out.")
    return Kept(
        joined([one for _, one, _ in worth]),
        tuple(name.replace("-", " ").capitalize() for name, _, _ in worth),
        [{"property": name, "told": share} for name, _, share in worth],
    )


def kept_sliders(model) -> Kept:
    """Those that the model has. Raises StudioError where it has none of its own."""
    if not model.config.sliders:
        raise StudioError("This model has no sliders of its own.", "Find some: leave out --kept.")
    facts = list(model.config.sliders.get("measured") or [{} for _ in range(len(model.config.sliders["vectors"]))])
    names = (*model.config.directions, *("" for _ in facts))[: len(facts)]
    return Kept(model.directions(), names, facts)


def distinct(model, kept: Kept) -> tuple[Kept, list[tuple[int, int, float]]]:
    """Without those that do the same to the eye as one before; of these (slider, the one before, mean |cosine|),
    counted from 0. Two that are named for different properties may be nearer: how light hair is, and its hue."""
    z, c = draw(model.generator, TESTED // 4)
    with torch.no_grad():
        w = model.generator.mapping(z, c)
        each = kept.directions.each()
        effects = [effect(model.generator, one, w) for one in each]
    stay: list[int] = []
    gone: list[tuple[int, int, float]] = []
    for i, found in enumerate(effects):
        twins = [(alike(found, effects[j]), j) for j in stay]
        twins = [(likeness, j) for likeness, j in twins if likeness > _alike_from(kept.measured[i], kept.measured[j])]
        if twins:
            likeness, twin = max(twins)
            gone.append((i, twin, round(likeness, 2)))
        else:
            stay.append(i)
    return _those(kept, stay), gone


def _alike_from(facts: dict, others: dict) -> float:
    return _ALIKE_NAMED if "property" in facts and "property" in others else ALIKE


def visible(kept: Kept) -> tuple[Kept, list[int]]:
    """Of measured sliders without those that hardly change anything, all but the first where none does; which these
    are, counted from 0. A mouth is small: one that does what it is named for stays."""
    stay = [i for i, facts in enumerate(kept.measured) if facts["picture"] >= _FAINT or _does_its_own(facts)] or [0]
    return _those(kept, stay), [i for i in range(len(kept.names)) if i not in stay]


def _does_its_own(facts: dict) -> bool:
    return "alone" in facts and facts["changed"] >= WORTH


def _those(kept: Kept, stay: Sequence[int]) -> Kept:
    if len(stay) == len(kept.names):
        return kept
    each = kept.directions.each()
    directions = replace(joined([each[i] for i in stay]), method=kept.directions.method)
    return Kept(directions, tuple(kept.names[i] for i in stay), [kept.measured[i] for i in stay])


def measured(model, kept: Kept, measures: Mapping[str, Measure]) -> Kept:
    """With what each slider does to TESTED latents that nothing was fitted on, moved by MOVED to either side.

    picture: the share of the picture that changes visibly; own, in deviations, and changed, a share of latents: the
    property that it is named for, or changes in most of them; leak: the largest mean change of another; others: the
    largest share of latents for which another changes; alone: of a named one, the share for which its property changes
    and no other does; shares: that of each.
    """
    samples = SAMPLES if model.generator.num_classes else SAMPLES_ALONE
    with torch.no_grad():
        looked = Looked(model.generator, measures, samples + CHOSEN, TESTED)
        return replace(kept, measured=[_facts(looked, kept, i) for i in range(len(kept.names))])


def _facts(looked: Looked, kept: Kept, i: int) -> dict:
    told, found = kept.measured[i], looked.effect(kept.directions, i)
    is_named = told.get("property") in looked.names
    own = looked.names.index(told["property"]) if is_named else int(found.changed.argmax())
    other = [j for j in range(len(looked.names)) if j != own]
    return {
        **{name: told[name] for name in ("property", "told", "strength", "spread") if name in told},
        "picture": round(found.picture, 3),
        "own": _round(found.own[own]),
        "changed": _round(found.up[own] if is_named else found.changed[own]),
        "leak": _round(found.own[other].abs().max()) if other else 0.0,
        "others": _round(found.changed[other].max()) if other else 0.0,
        **({"alone": _round(found.alone[own])} if is_named else {}),
        "shares": {name: _round(share) for name, share in zip(looked.names, found.changed, strict=True)},
    }


def keep_sliders(folder: Path, kept: Kept) -> None:
    """Write them into the config.json of the model in `folder`. Raises StudioError where that fails."""
    keep_facts(folder, directions=kept.names, sliders=to_table(kept.directions, kept.measured))


def renamed(kept: Kept, names: Sequence[str]) -> Kept:
    """With other names for the first ones; an empty one leaves the name as it is, and - takes it away."""
    given = [("" if new == "-" else new or old) for new, old in zip(names, kept.names, strict=False)]
    return replace(kept, names=(*given, *kept.names[len(given) :]))


def _round(value: Tensor) -> float:
    return round(float(value), 3)
