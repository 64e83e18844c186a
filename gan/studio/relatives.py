"""Models that come from one another, and a picture moved between them: my drawing, found among the cats, in what was
trained on from them.

A model that was trained on from another keeps much of what each place in w means, so that one w is a like picture in
the style of each (Pinkney and Adler 2020, "Resolution dependent GAN interpolation", section 2). In a model that grew
from other weights the same w is just another picture, and nothing is moved there.
"""

import contextlib
from collections.abc import Iterable
from pathlib import Path

from gan.errors import StudioError
from gan.latents.directions import free_dimensions
from gan.latents.sampling import one_hot
from gan.messages import say
from gan.networks.new_classes import class_names, kept_classes
from gan.store.model_folder import read_config
from gan.store.offsets import offset_text
from gan.store.origins import Origin, built_alike, origin_of
from gan.store.places import SNAPSHOTS
from gan.store.run_reading import is_run
from gan.store.snapshots import find_snapshot
from gan.studio.classes import usual_class
from gan.studio.engine import Engine
from gan.studio.library.bases import is_it, name_of
from gan.studio.library.loaded import Models
from gan.studio.library.model import Model
from gan.studio.recipes import Recipe

_MOST_STEPS = 16  # from a model to what it comes from


def lineage(models: Models, source: str, folder: Path) -> list[str]:
    """The model in a folder and what it comes from, the nearest first, as far as their files say: names and ids."""
    chain, here = [name_of(source)], folder
    for _ in range(_MOST_STEPS):
        origin = origin_of(here)
        base = name_of(origin.base)
        if not base:
            break
        found = _folder_of(models, base, here)
        if found is not None and not _may_be(origin, found):  # another model of that name
            chain.append(f"{base} {origin.checksum}")
            break
        chain.append(base)
        if found is None:
            break
        here = found
    return chain


def related(models: Models, one: str, folder: Path, other: str, other_folder: Path) -> bool:
    """Whether two models come from one another or from the same one, and are still built alike."""
    if not set(lineage(models, one, folder)) & set(lineage(models, other, other_folder)):
        return False
    return built_alike(read_config(folder, one), read_config(other_folder, other))


def relatives(models: Models, source: str, folder: Path, others: Iterable[str]) -> list[str]:
    """Those of the others that are relatives of the model in a folder. What cannot be read is none."""
    found = []
    for other in others:
        with contextlib.suppress(StudioError):
            if other != source and related(models, source, folder, other, models.resolve(other)):
                found.append(other)
    return found


def moved(engine: Engine, recipe: Recipe, here: Model, there: Model) -> Recipe:
    """The recipe whose picture in `there` has the very w that this one has in `here`, whatever sliders made it. They
    stand at 0 then. Raises StudioError where the models are built differently."""
    if not built_alike(here.config, there.config):
        raise StudioError("The two models are built differently.", "Find your picture in the other one.")
    w = engine.latents([recipe])[0]
    generator = there.generator
    label = _class_there(recipe, here, there)
    c = one_hot([label], generator.num_classes)
    free = free_dimensions(generator)  # the other columns are the class's, of which there may be others than here
    offset = w[:, :free] - generator.center(c if c is None else c.to(w))[0, :, :free].to(w)
    rows = offset[:1] if bool((offset == offset[:1]).all()) else offset
    return Recipe(
        there.id,
        there.revision,
        seed=recipe.seed,
        label=label,
        w=offset_text(rows.detach()),
        noise=recipe.noise,
        noise_seed=recipe.noise_seed,
        layer_noise=recipe.layer_noise,
    )


def _class_there(recipe: Recipe, here: Model, there: Model) -> int | None:
    """The class that its own is there (see `kept_classes`), or its seed's where that has none there."""
    before, after = (class_names(model.config.classes, model.generator.num_classes) for model in (here, there))
    if recipe.label is None and before and after:
        return None  # the mixture of all
    if recipe.label is not None and before[recipe.label] in after:
        return after.index(before[recipe.label])
    kept = kept_classes(before, after)
    if recipe.label is not None and recipe.label in kept:
        return kept.index(recipe.label)
    return usual_class(recipe.seed, len(after))


def check_related(models: Models, here: Model, there: Model) -> None:
    """Raise StudioError unless one's pictures can be moved to the other."""
    if not related(models, here.id, here.path, there.id, there.path):
        raise StudioError(
            say(
                "{there} and {here} are not known to have one origin: the same w is another picture there.",
                there=there.config.title or there.id,
                here=here.config.title or here.id,
            ),
            "Find your picture in that model itself.",
        )


def _may_be(origin: Origin, found: Path) -> bool:
    """Whether a model found by its name may be the origin: a run keeps several, of one origin all of them."""
    if not origin.checksum or found.parent.name == SNAPSHOTS:
        return True
    with contextlib.suppress(StudioError):
        return is_it(origin, found)
    return False


def _folder_of(models: Models, name: str, near: Path) -> Path | None:
    """Where a base lies on this computer, None where it does not."""
    with contextlib.suppress(StudioError):
        beside = near.parent.parent.parent / name
        if near.parent.name == SNAPSHOTS and is_run(beside):
            return find_snapshot(beside, None)
        place = models.places.find(name, None)
        return None if place.foreign else place.folder
    return None
