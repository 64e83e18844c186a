"""A model's own sliders in its config.json: directions that were found, named and measured once, and not in every
visit.

    config = dataclasses.replace(config, directions=names, sliders=to_table(directions, measured))
    from_table(config.sliders, generator)        # the same Directions again

Vectors are float32, little-endian, as base64; everything else are plain numbers.
"""

import base64
import binascii
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from gan.errors import StudioError
from gan.latents.directions import Directions
from gan.messages import say
from gan.networks.contract import Generator, LatentGenerator

MOST = 8
_HOW = say("Find them anew: python -m gan directions.")


def to_table(directions: Directions, measured: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Directions as JSON holds them. measured: facts of each, such as how purely it changes what it is named for."""
    vectors = directions.vectors.detach().cpu().numpy().astype("<f4")
    return {
        "method": directions.method,
        "vectors": [base64.b64encode(row.tobytes()).decode("ascii") for row in vectors],
        "scales": [round(float(scale), 6) for scale in directions.scales],
        "layers": [None if on is None else list(on) for on in directions.layers or [None] * len(directions)],
        **({"measured": measured} if measured else {}),
    }


def from_table(table: Mapping[str, Any], generator: Generator) -> Directions:
    """Raises StudioError unless the table holds sound directions for that generator."""
    try:
        vectors = [_vector(text, generator.w_dim) for text in table["vectors"]]
        scales = [float(scale) for scale in table["scales"]]
        layers = tuple(None if on is None else tuple(int(layer) for layer in on) for on in table["layers"])
        if not 1 <= len(vectors) <= MOST or not len(vectors) == len(scales) == len(layers):
            raise ValueError("count")
        if not all(math.isfinite(scale) and 0 < scale < 1e4 for scale in scales):
            raise ValueError("scales")
        if any(on is not None and not (on and set(on) <= set(range(generator.num_ws))) for on in layers):
            raise ValueError("layers")
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise StudioError("Its sliders do not fit its generator.", _HOW) from error
    shell: dict[str, Any] = (
        dict(shell=generator.z_dim, spread=generator.spread) if isinstance(generator, LatentGenerator) else {}
    )
    return Directions(
        torch.from_numpy(np.stack(vectors)),
        torch.tensor(scales, dtype=torch.float32),
        str(table.get("method", "kept"))[:40],
        layers if any(on is not None for on in layers) else None,
        **shell,
    )


def _vector(text: str, w_dim: int) -> np.ndarray:
    """A unit row of w_dim values. Raises ValueError or TypeError for anything else."""
    values = np.frombuffer(base64.b64decode(text, validate=True), "<f4").astype(np.float32)
    length = float(np.linalg.norm(values.astype(np.float64)))
    if values.shape != (w_dim,) or not math.isfinite(length) or abs(length - 1) > 1e-3:
        raise ValueError("vector")
    return values
