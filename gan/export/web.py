"""A model as a static page: a folder that any web server offers, in which the visitor's browser paints the pictures.

    export_web(models.get("cats"), Path("cats-page"))

Its scripts (page/) hold our own networks once more, in JavaScript over one WebAssembly kernel, and a test holds them to
the engine's pictures. The folder is a Static Space as it is.
"""

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.export.folder import card_of, copy_samples, terms_of, title_of
from gan.export.words import texts_of
from gan.field_metadata import from_values, to_values
from gan.latents.directions import Directions
from gan.latents.mixing import first_fine
from gan.locales import languages
from gan.messages import listed, say
from gan.networks.contract import Generator
from gan.networks.registry import family
from gan.store.files import make_folder, write_bytes, write_json, write_text
from gan.store.model_config import CARD, ModelConfig
from gan.store.new_folder import written_folder
from gan.store.weights import write_tensors
from gan.studio.library.model import Model

FAMILIES = ("mlp", "dcgan", "stylegan2")
LARGEST_SIDE = 256  # pixels; beyond that a browser takes seconds for a picture
INDEX, MODEL, WEIGHTS = "index.html", "model.json", "model.safetensors"
_PAGE = Path(__file__).parent / "page"
_NOT_SERVED = (".wat", ".d.ts")
_FROM_Z = ("mapping.", "to_style.")
"""Weights between z and w stay in 32 bits: all that follows multiplies their errors. Of the others 16 bits are enough
for pictures that differ by two grey levels at most."""


def export_web(model: Model, folder: Path) -> Path:
    """Write the page of a model into a new or empty folder and return it; nothing is left where that fails.

    Raises StudioError for a folder that holds something, a family or a size that no page can paint, and a full disk.
    """
    check_can_be_page(model.config, model.generator)
    with written_folder(folder, INDEX) as part:
        directions = model.directions()
        _copy_scripts(part)
        write_json(part / MODEL, _about(model.config, model.generator, directions), indent=None)
        write_tensors(_weights(model.generator, directions), part / WEIGHTS)
        write_text(part / CARD, _readme(model))
        copy_samples(model, part)
    return folder


def check_can_be_page(config: ModelConfig, generator: Generator) -> None:
    """Raise StudioError for a model that no page can paint."""
    if config.family not in FAMILIES or len(generator.image_shape) != 3:
        raise StudioError(
            say("A page in the browser cannot paint models of the family {family}.", family=config.family),
            say("It can paint pictures of {names}.", names=listed(FAMILIES)),
        )
    height, width = generator.image_shape[1:]
    if max(height, width) > LARGEST_SIDE:
        raise StudioError(
            say(
                "A page in the browser cannot paint pictures of {width} x {height} pixels.", width=width, height=height
            ),
            say("It can paint those of up to {side} pixels.", side=LARGEST_SIDE),
        )


def _about(config: ModelConfig, generator: Generator, directions: Directions) -> dict[str, Any]:
    """model.json: what the scripts need to know."""
    count = len(directions)
    classes = list(config.classes) or [str(i) for i in range(generator.num_classes)]
    names = [*config.directions, *[""] * count][:count]
    return {
        "family": config.family,
        "generator": to_values(from_values(family(config.family).generator_config, config.generator)),
        **{name: getattr(generator, name) for name in ("z_dim", "w_dim", "num_ws", "num_classes", "class_columns")},
        "image_shape": generator.image_shape,
        "first_fine": first_fine(generator.num_ws),
        **{name: getattr(config, name) for name in ("psi", "seed", "pixel_art")},
        "shell": directions.shell,
        "spread": directions.spread,
        "direction_layers": list(directions.layers or [None] * count),
        "texts": {tag: texts_of(config, classes, names, locale) for tag, locale in languages().items()},
    }


def _weights(generator: Generator, directions: Directions) -> dict[str, Tensor]:
    """All numbers of the page: those of the generator and of the sliders."""
    tensors = {name: _kept(name, tensor) for name, tensor in generator.state_dict().items()}
    tensors = {name: tensor for name, tensor in tensors.items() if not name.endswith("resample_filter")}
    sliders = {"vectors": directions.vectors, "scales": directions.scales}
    return tensors | {f"directions.{name}": tensor.float().cpu().contiguous() for name, tensor in sliders.items()}


def _kept(name: str, tensor: Tensor) -> Tensor:
    """In 16 bits what may be; 32 bits also for what 16 cannot hold."""
    tensor = tensor.detach().float().cpu().contiguous()
    half = tensor.half()
    return tensor if name.startswith(_FROM_Z) or not torch.isfinite(half).all() else half


def _copy_scripts(into: Path) -> None:
    for file in sorted(_PAGE.rglob("*")):
        if file.is_file() and not file.name.endswith(_NOT_SERVED):
            target = into / file.relative_to(_PAGE)
            make_folder(target.parent)
            write_bytes(target, file.read_bytes())


def _readme(model: Model) -> str:
    """README.md: what a Static Space needs to know, how to serve the folder, and the model's card with its licence."""
    return f"""---
title: {json.dumps(title_of(model)[:60], ensure_ascii=False)}
emoji: 🎨
colorFrom: indigo
colorTo: blue
sdk: static
pinned: false
---

A page of pictures that a neural network makes in the visitor's browser. Offer this folder from any web server, such as
`python -m http.server`, or push it to a Static Space on the Hugging Face Hub: this file says all that one needs.
Nothing is fetched from elsewhere, and nothing that a visitor does is sent anywhere.

{terms_of(model)}
The scripts are part of GAN Studio (Apache 2.0). What follows is the model's own card.

{card_of(model)}"""
