"""What a generator is given to paint recipes: their latents and their noise."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from gan.errors import StudioError
from gan.latents import mixing, sampling
from gan.latents.directions import Directions
from gan.messages import say
from gan.networks.contract import Drawn, Generator, LayerNoise, Noise
from gan.store.offsets import offset_of
from gan.store.slider_moves import from_move
from gan.studio.own_moves import parted
from gan.studio.recipes import Recipe


@torch.inference_mode()
def latents_of(generator: Generator, recipes: Sequence[Recipe], directions: Directions | None, device) -> Tensor:
    """w (n, num_ws, w_dim) as the synthesis takes it. `directions` where a recipe uses any.

    Raises StudioError for what the model does not have.
    """
    return _mixed(generator, recipes, directions, device, _found_offsets(generator, recipes))


def latents_at(generator: Generator, recipe: Recipe, directions: Directions | None, device, offset: Tensor) -> Tensor:
    """Likewise of one recipe whose own w lies at another `offset` (1 or num_ws, w_dim) from the centre of its class:
    what the recipe does to its w is done to that one. Slopes reach the offset."""
    return _mixed(generator, [recipe], directions, device, [offset])


def own_offset(generator: Generator, recipe: Recipe, device) -> Tensor:
    """How far a recipe's own w, that of its seed or the one that was found, lies from the centre of its class: (1 or
    num_ws, w_dim)."""
    if recipe.w:
        return offset_of(recipe.w, generator).to(device)
    c = classes_of(generator, [recipe], device)
    z = sampling.seed_to_z(recipe.seed, generator.z_dim).to(device)
    return (generator.mapping(z, c) - generator.center(c))[0]


def layer_psi(generator: Generator, recipe: Recipe) -> list[float]:
    """The truncation of each layer."""
    return sampling.layer_psi(generator.num_ws, recipe.psi, recipe.cutoff, dict(recipe.layer_psi))


Offsets = Sequence[Tensor | None]
"""For each recipe where its own w lies, None where that is for its seed to say."""


def _found_offsets(generator: Generator, recipes: Sequence[Recipe]) -> Offsets:
    return [offset_of(recipe.w, generator) if recipe.w else None for recipe in recipes]


def _mixed(
    generator: Generator, recipes: Sequence[Recipe], directions: Directions | None, device, offsets: Offsets
) -> Tensor:
    w = _own_latents(generator, recipes, directions, device, offsets)
    rows = [row for row, recipe in enumerate(recipes) if recipe.style]
    if not rows:
        return w
    styles = [style for recipe in recipes if (style := recipe.style)]
    other = _own_latents(generator, styles, directions, device, _found_offsets(generator, styles))
    coarse, fine = torch.tensor([recipes[row].mix for row in rows], device=device).T
    w = w.clone()  # the layers of a mapping share their memory
    w[rows] = mixing.mix(w[rows], other, coarse, fine)
    return w


def _own_latents(
    generator: Generator, recipes: Sequence[Recipe], directions: Directions | None, device, offsets: Offsets
) -> Tensor:
    """w of recipes before anything is mixed."""
    z = torch.cat([z_of(recipe, generator.z_dim) for recipe in recipes]).to(device)
    c = classes_of(generator, recipes, device)
    w = generator.mapping(z, c)
    if any(offset is not None for offset in offsets):
        w = _found(w, generator, recipes, offsets, c)
    psi = [layer_psi(generator, recipe) for recipe in recipes]
    if any(value != 1 for row in psi for value in row):
        w = sampling.truncate_layers(w, generator.center(c), torch.tensor(psi, device=device))
    if directions is not None:
        amounts = torch.zeros(len(recipes), max(len(recipe.directions) for recipe in recipes))
        for row, recipe in enumerate(recipes):
            amounts[row, : len(recipe.directions)] = torch.tensor(recipe.directions)
        w = directions.apply(w, amounts.to(device))
    return _moved(w, generator, [recipe.own for recipe in recipes])


def _moved(w: Tensor, generator: Generator, own: Sequence[Sequence[str]]) -> Tensor:
    """w (n, num_ws, w_dim), each moved along the sliders of its row. Raises StudioError for those of other models."""
    rows: dict[str, Tensor] = {}
    for row, values in enumerate(own):
        for value in values:
            slider, amount = parted(value)
            rows.setdefault(slider.move, torch.zeros(len(w), 1))[row] = amount
    for move in sorted(rows):
        w = from_move(move, generator).apply(w, rows[move])
    return w


def _found(w: Tensor, generator: Generator, recipes: Sequence[Recipe], offsets: Offsets, c: Tensor | None) -> Tensor:
    """w, but where a recipe's own was found for a picture. What walks and overrides do to the w of its seed, they do to
    that one."""
    w, center = w.clone(), generator.center(c)
    for row, (recipe, offset) in enumerate(zip(recipes, offsets, strict=True)):
        if offset is not None:
            found = center[row if len(center) > 1 else 0] + offset.to(w)
            if recipe.walk or recipe.overrides:
                z = sampling.seed_to_z(recipe.seed, generator.z_dim).to(w)
                found = found + w[row] - generator.mapping(z, None if c is None else c[row : row + 1])[0]
            w[row] = found
    return w


def z_of(recipe: Recipe, z_dim: int) -> Tensor:
    """z (1, z_dim) of the recipe's seed, walked and with its overrides."""
    z = sampling.seed_to_z(recipe.seed, z_dim)
    if recipe.walk:
        z = sampling.walk(z, recipe.walk)
    return sampling.override(z, dict(recipe.overrides)) if recipe.overrides else z


def classes_of(generator: Generator, recipes: Sequence[Recipe], device) -> Tensor | None:
    """c (n, num_classes), None where the model has no classes. StudioError where a recipe asks for one that is not
    there."""
    c = sampling.one_hot([recipe.label for recipe in recipes], generator.num_classes)
    if c is not None:
        return c.to(device)
    if any(recipe.label is not None for recipe in recipes):
        raise StudioError("This model has no classes.", "Leave the class out.")
    return None


def noise_of(generator: Generator, recipes: Sequence[Recipe], device) -> Noise:
    """The noise of recipes that agree in its kind, as the engine groups them. StudioError for a layer that has none."""
    drawn = _drawn(recipes, device)
    if not recipes[0].layer_noise:
        return drawn
    as_trained = [1.0] * generator.noise_layers
    strengths = [
        sampling.set_layers(as_trained, dict(recipe.layer_noise), say("layer with noise")) for recipe in recipes
    ]
    return LayerNoise(drawn, torch.tensor(strengths, device=device))


def _drawn(recipes: Sequence[Recipe], device) -> Drawn:
    """How their noise is drawn. Drawn noise depends on a recipe's own noise seed only."""
    if recipes[0].noise != "random":
        return recipes[0].noise
    streams = {recipe.noise_seed: np.random.RandomState(recipe.noise_seed) for recipe in recipes}

    def draw(shape: tuple[int, ...]) -> Tensor:
        drawn = {seed: stream.randn(*shape[1:]) for seed, stream in streams.items()}
        return torch.from_numpy(np.stack([drawn[recipe.noise_seed] for recipe in recipes])).float().to(device)

    return draw
