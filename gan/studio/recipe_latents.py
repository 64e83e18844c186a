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
    w = _own_latents(generator, recipes, directions, device)
    rows = [row for row, recipe in enumerate(recipes) if recipe.style]
    if not rows:
        return w
    other = _own_latents(generator, [recipes[row].style for row in rows], directions, device)
    coarse, fine = torch.tensor([recipes[row].mix for row in rows], device=device).T
    w = w.clone()  # the layers of a mapping share their memory
    w[rows] = mixing.mix(w[rows], other, coarse, fine)
    return w


def _own_latents(generator: Generator, recipes: Sequence[Recipe], directions: Directions | None, device) -> Tensor:
    """w of recipes before anything is mixed."""
    z = torch.cat([z_of(recipe, generator.z_dim) for recipe in recipes]).to(device)
    c = classes_of(generator, recipes, device)
    w = generator.mapping(z, c)
    if any(recipe.w for recipe in recipes):
        w = _found(w, generator, recipes, c)
    psi = [sampling.layer_psi(generator.num_ws, r.psi, r.cutoff, dict(r.layer_psi)) for r in recipes]
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


def _found(w: Tensor, generator: Generator, recipes: Sequence[Recipe], c: Tensor | None) -> Tensor:
    """w, but where a recipe's own was found for a picture. What walks and overrides do to the w of its seed, they do to
    that one."""
    w, center = w.clone(), generator.center(c)
    for row, recipe in enumerate(recipes):
        if recipe.w:
            found = center[row if len(center) > 1 else 0] + offset_of(recipe.w, generator).to(w)
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
    if generator.num_classes:
        return sampling.one_hot([recipe.label for recipe in recipes], generator.num_classes).to(device)
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

    def draw(shape: tuple[int, int, int, int]) -> Tensor:
        drawn = {seed: stream.randn(*shape[1:]) for seed, stream in streams.items()}
        return torch.from_numpy(np.stack([drawn[recipe.noise_seed] for recipe in recipes])).float().to(device)

    return draw
