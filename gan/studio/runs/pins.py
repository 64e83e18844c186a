"""A person's own pictures in the grid of a run: from recipes of its base to latents that the run keeps.

<run>/pins.json           the recipes, where the page was given some; read when the run begins
<run>/fixed.safetensors   what was made of them: the base may be gone by the time that the run is resumed
"""

import dataclasses
import json
from collections.abc import Collection, Sequence
from pathlib import Path

import torch

from gan.errors import StudioError
from gan.field_metadata import show
from gan.latents.sampling import one_hot, override
from gan.messages import say
from gan.store.files import file_in, unreadable
from gan.store.saved_state import load_state, save_state
from gan.studio.engine import Engine
from gan.studio.recipe_text import LONGEST_TEXT
from gan.studio.recipes import Recipe
from gan.training.sample_grid import GridLatents

PINS, FIXED = "pins.json", "fixed.safetensors"


def read_pins(file: Path, names: Collection[str]) -> list[Recipe]:
    """The recipes in a JSON list that are of a model called by one of `names`; those of other models are left out.

    Raises StudioError for a file that holds no such list, or something else than recipes in it.
    """
    try:
        with Path(file).open(encoding="utf-8") as text:
            values = json.loads(text.read(LONGEST_TEXT))
    except (OSError, ValueError, RecursionError) as error:
        raise StudioError(
            say("{file} cannot be read as a list of recipes.", file=file), "Give a file with a JSON list of them."
        ) from error
    if not isinstance(values, list):
        raise StudioError(
            say("{file} holds no list of recipes, but {values}.", file=file, values=show(values)),
            "Give a file with a JSON list of them.",
        )
    return [recipe for recipe in map(Recipe.from_json, values) if recipe.model in names]


def fixed_latents(model, recipes: Sequence[Recipe]) -> GridLatents:
    """At least one recipe as latents for a grid: all that makes its w, whatever else (noise, blend) it asks for.

    model: the one that the recipes are of, with its generator and directions; painted by that generator, they are the
    pictures of Engine.render with noise "const". Raises StudioError for what the model cannot do.
    """
    engine = Engine(_Always(model))
    recipes = [dataclasses.replace(recipe, model="base", revision=None) for recipe in recipes]
    w = engine.latents(recipes)
    plain = [
        dataclasses.replace(recipe, directions=(), cutoff=None, layer_psi=(), style=None, mix=()) for recipe in recipes
    ]
    z = [override(torch.tensor([engine.z(recipe)]), dict(recipe.overrides)) for recipe in recipes]
    c = one_hot([recipe.label for recipe in recipes], model.generator.num_classes)
    psi = torch.tensor([recipe.psi for recipe in recipes])
    return GridLatents(torch.cat(z), c, psi, None if plain == recipes else (w - engine.latents(plain)).cpu())


def keep_fixed(folder: Path, fixed: GridLatents) -> None:
    """Write them into a run's folder."""
    save_state(vars(fixed), Path(folder) / FIXED)


def kept_fixed(folder: Path) -> GridLatents | None:
    """What `keep_fixed` wrote, or None where it wrote nothing. Raises StudioError for a broken file."""
    path = Path(folder) / FIXED
    if not path.exists():
        return None
    try:
        return GridLatents(**load_state(path))
    except TypeError as error:
        raise unreadable(file_in(path), say("it holds no latents")) from error


@dataclasses.dataclass(frozen=True)
class _Always:
    """Answers as `Models` does, with one model whatever it is called."""

    model: object

    def get(self, source: str, revision: str | None = None):
        return self.model
