"""How far from the middle of the latent space the middle of a way lies, straight and spherical: why they differ.

midpoint(engine, model, first, second)     # {"of": "z", "ends": [11.2, 11.5], "linear": 8.0, "spherical": 11.35}
"""

from typing import Any

import torch

from gan.latents.paths import PATHS
from gan.networks.contract import LatentGenerator
from gan.studio.engine import Engine
from gan.studio.recipe_latents import classes_of
from gan.studio.recipes import Recipe


def midpoint(engine: Engine, model, first: Recipe, second: Recipe) -> dict[str, Any]:
    """Lengths of what the two keyframes and the middles between them are away from the center of w, the mean over the
    layers. of: "z" where w is z itself, "w" else. The two must be of the model."""
    generator = model.generator
    with torch.no_grad():
        points = engine.latents([first, second])
        center = generator.center(classes_of(generator, [first, second], points.device)).to(points).expand_as(points)
        half, start = points.new_full((1, 1, 1), 0.5), torch.zeros(1, dtype=torch.long, device=points.device)

        def length(w: torch.Tensor, about: torch.Tensor) -> float:
            return round(float((w - about).norm(dim=-1).mean()), 2)

        middles = {name: PATHS[name](points, center, start, half, False) for name in ("linear", "spherical")}
        return {
            "of": "z" if isinstance(generator, LatentGenerator) else "w",
            "ends": [length(points[i], center[i]) for i in range(2)],
            **{name: length(w[0], center.mean(dim=0)) for name, w in middles.items()},
        }
