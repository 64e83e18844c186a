"""A model as a static page: a folder that any web server offers, in which the visitor's browser paints the pictures.

    export_web(models.get("cats"), Path("cats-page"))

Its scripts (page/) hold our own networks once more, in JavaScript over one WebAssembly kernel, and a test holds them to
the engine's pictures. The folder is a Static Space as it is.
"""

import json
from pathlib import Path
from typing import Any

from gan.export.folder import card_of, copy_samples, terms_of, title_of
from gan.export.network import check_can_be_page, network_facts, network_weights
from gan.export.words import texts_of
from gan.latents.directions import Directions
from gan.locales import languages
from gan.store.files import make_folder, write_bytes, write_json, write_text
from gan.store.model_config import CARD
from gan.store.new_folder import written_folder
from gan.store.weights import write_tensors
from gan.studio.library.model import Model, told_classes

INDEX, MODEL, WEIGHTS = "index.html", "model.json", "model.safetensors"
_PAGE = Path(__file__).parent / "page"
_NOT_SERVED = (".wat", ".d.ts")


def export_web(model: Model, folder: Path) -> Path:
    """Write the page of a model into a new or empty folder and return it; nothing is left where that fails.

    Raises StudioError for a folder that holds something, a family or a size that no page can paint, and a full disk.
    """
    check_can_be_page(model.config, model.generator)
    with written_folder(folder, INDEX) as part:
        directions = model.directions()
        _copy_scripts(part)
        write_json(part / MODEL, _about(model, directions), indent=None)
        write_tensors(network_weights(model.generator, directions), part / WEIGHTS)
        write_text(part / CARD, _readme(model))
        copy_samples(model, part)
    return folder


def _about(model: Model, directions: Directions) -> dict[str, Any]:
    """model.json: what the scripts need to know, and say."""
    config, generator = model.config, model.generator
    classes = told_classes(model.path, config, generator.num_classes)
    names = [*config.directions, *[""] * len(directions)][: len(directions)]
    texts = {tag: texts_of(config, classes, names, locale) for tag, locale in languages().items()}
    return {**network_facts(config, generator, directions), "texts": texts}


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
