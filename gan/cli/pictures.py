"""What `generate` and `interpolate` share: recipes from options, and where pictures go."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gan.cli.options import given_texts
from gan.cli.parsers.recipe_options import OWN_OPTIONS
from gan.cli.sources import CommandSources
from gan.errors import StudioError
from gan.field_metadata import show
from gan.latents.seeds import parse_seeds
from gan.messages import listed, say
from gan.store.files import make_folder
from gan.studio.classes import read_classes, usual_class
from gan.studio.library.model import Model
from gan.studio.mixes import mixed
from gan.studio.png_recipes import read_recipe
from gan.studio.recipes import Recipe


@dataclass(frozen=True)
class PictureOptions:
    """What was typed for the options of `add_recipe_options`; knobs: of those that were given the text."""

    model: str | None
    seeds: str | None
    size: int | None
    label: str | None
    style_seed: int | None
    style_file: Path | None
    knobs: Mapping[str, Any]

    @classmethod
    def of(cls, asked: Mapping) -> "PictureOptions":
        """Those among the options of a command."""
        names = [f.name for f in dataclasses.fields(cls) if f.name != "knobs"]
        knobs = {name: text for name, text in given_texts(asked, Recipe).items() if name not in OWN_OPTIONS}
        return cls(**{name: asked[name] for name in names}, knobs=knobs)

    @property
    def mix(self) -> dict[str, Any]:
        """The knob "mix" where it was given."""
        return {name: text for name, text in self.knobs.items() if name == "mix"}


def seeded(asked: PictureOptions, saved: Recipe | None = None) -> list[Recipe]:
    """A recipe for each of --seeds, otherwise like the `saved` one, if there is one."""
    start = saved
    if start is None:
        if asked.model is None:
            raise StudioError("Which model?", "Name one, such as --model cats; `python -m gan models` lists them.")
        start = Recipe(asked.model)
    return [replace(start, seed=seed) for seed in parse_seeds(asked.seeds)] if asked.seeds is not None else [start]


def read_saved(file: Path) -> Recipe:
    """The recipe in a PNG; a StudioError says in which file it was looked for."""
    try:
        return read_recipe(file)
    except StudioError as error:
        raise StudioError(say("{file}: {message}", file=file, message=error.message), error.hint) from error


def finished(
    asked: PictureOptions, sources: CommandSources, recipes: Sequence[Recipe], fresh: bool
) -> tuple[Model, list[Recipe]]:
    """The model, and the recipes with the options given, of its exact revision; what is mixed into them comes after
    this.

    fresh: the recipes come from seeds alone, so that truncation and class are the model's own unless they were given.
    All must be of one model. Raises StudioError for what cannot be, before the model is fetched where that is possible.
    """
    given = {name: text for name, text in asked.knobs.items() if name != "mix"}
    changed = [replace(recipe, **given) for recipe in recipes]
    if asked.model is None:
        model = sources.open(changed[0].model, changed[0].revision)
    else:
        model = sources.open(asked.model, asked.knobs.get("revision"))
        changed = [replace(_at_home(sources, recipe, model), **given) for recipe in recipes]
    own = {"psi": model.config.psi} if fresh and "psi" not in asked.knobs else {}
    labels = _labels(asked.label, model, changed, fresh)
    return model, [
        replace(recipe, model=model.id, revision=model.revision, label=label, **own)
        for recipe, label in zip(changed, labels, strict=True)
    ]


def _at_home(sources: CommandSources, recipe: Recipe, model) -> Recipe:
    """The recipe of a picture that was found in another model, with the same w in this one. Raises StudioError where
    the two have no origin in common."""
    if recipe.w is None or (recipe.model, recipe.revision) == (model.id, model.revision):
        return recipe
    from gan.studio.engine import Engine  # not before: most pictures come from seeds
    from gan.studio.relatives import check_related, moved

    found_in = sources.open(recipe.model, recipe.revision)
    check_related(sources.models, found_in, model)
    return moved(Engine(sources.models), recipe, found_in, model)


def with_style(asked: PictureOptions, recipes: Sequence[Recipe]) -> list[Recipe]:
    """Finished recipes mixed with the second picture that was asked for, if one was. Raises StudioError."""
    if asked.style_file is not None:
        second = read_saved(asked.style_file)
        return [mixed(recipe, second, **asked.mix) for recipe in recipes]
    if asked.style_seed is not None:
        return [mixed(recipe, another(recipe, asked.style_seed), **asked.mix) for recipe in recipes]
    return [replace(recipe, **asked.mix) for recipe in recipes]


def another(recipe: Recipe, seed: int) -> Recipe:
    """The picture of another seed under the same settings; what belongs to one seed alone is gone."""
    return replace(recipe, seed=seed, w=None, walk=(), overrides=(), style=None, mix=())


def read_out(text: str, kinds: Collection[str]) -> tuple[Path, str | None]:
    """Where --out points and which of the `kinds` of file that is, None for a folder. Raises StudioError."""
    path = Path(text).expanduser()
    if not text.strip():
        raise StudioError("--out is empty.", "Give the name of a file or a folder.")
    if text.endswith("/") or path.is_dir() or not path.suffix:
        return path, None
    kind = path.suffix[1:].lower()
    if kind not in kinds:
        raise StudioError(
            say("There is no way to write {suffix} files here.", suffix=show(path.suffix)),
            say("Use {names}, or a folder: a name that ends in /.", names=listed("." + k for k in kinds)),
        )
    return path, kind


def make_room(path: Path, kind: str | None) -> None:
    """Make the folder that will hold the file or the files. Raises StudioError where that cannot be."""
    make_folder(path if kind is None else path.absolute().parent)


def _labels(text: str | None, model, recipes: Sequence[Recipe], fresh: bool) -> list[int | None]:
    """The class of each recipe."""
    count = model.generator.num_classes
    if text is not None:
        labels = read_classes(text, model.id, model.config.classes, count)
        if len(labels) > len(recipes):
            raise StudioError(
                say("These are {count} classes for {count2} pictures.", count=len(labels), count2=len(recipes)),
                "Give fewer classes.",
            )
        return [labels[i % len(labels)] for i in range(len(recipes))]
    return [usual_class(recipe.seed, count) if fresh else recipe.label for recipe in recipes]
