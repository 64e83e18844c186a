"""A generator as an ONNX file for other programs, and a README.md that shows how it is used."""

import json
from pathlib import Path

import torch

from gan.errors import StudioError
from gan.export.folder import card_of, copy_samples, terms_of, title_of
from gan.export.onnx_file import OPSET, Graph
from gan.export.onnx_networks import DRAWS
from gan.messages import listed, say
from gan.store.files import write_bytes, write_text
from gan.store.model_config import CARD
from gan.store.new_folder import written_folder
from gan.studio.library.model import Model

FILE = "generator.onnx"


def export_onnx(model: Model, folder: Path) -> Path:
    """Write a model's generator as ONNX into a new or empty folder and return it; nothing is left where that fails.

    Raises StudioError for a folder that holds something, a family that cannot be written, and a full disk.
    """
    family = model.config.family
    if family not in DRAWS or len(model.generator.image_shape) != 3:
        raise StudioError(
            say("Models of the family {family} cannot be written as ONNX.", family=family),
            say("Those of {names} can.", names=listed(DRAWS)),
        )
    with written_folder(folder, CARD) as part:
        write_bytes(part / FILE, onnx_bytes(model))
        write_text(part / CARD, _readme(model))
        copy_samples(model, part)
    return folder


@torch.no_grad()
def onnx_bytes(model: Model) -> bytes:
    """The file: inputs z (batch, z_dim), c (batch, classes) for models with classes, psi, a single number; output
    picture (batch, channels, height, width) in about [-1, 1]."""
    generator, config, graph = model.generator, model.config, Graph()
    z = graph.input("z", ["batch", generator.z_dim])
    c = graph.input("c", ["batch", generator.num_classes]) if generator.num_classes else None
    psi = graph.input("psi", [])
    made = DRAWS[config.family](graph, generator, z, c, psi)
    graph.output(made, "picture", ["batch", *generator.image_shape])
    facts = {"title": title_of(model), "licence": config.licence, "classes": json.dumps(list(config.classes))}
    return graph.model(config.summary, facts)


def _readme(model: Model) -> str:
    generator, config = model.generator, model.config
    classes, shape = generator.num_classes, ", ".join(map(str, generator.image_shape))
    first = f" (the first is {config.classes[0]})" if config.classes else ""
    about_c = f"- `c` (batch, {classes}): 1 at the class that is asked for{first}, else 0\n" if classes else ""
    return f"""# {title_of(model)}, for other programs

`{FILE}` (ONNX, opset {OPSET}) holds the generator alone; it runs in whatever reads ONNX.

```python
{_ten_lines(model)}
```

That is the picture of the same seed in GAN Studio, at truncation {config.psi:g}.

- `z` (batch, {generator.z_dim}): numbers ~ N(0, 1), as many rows as pictures are wanted
{about_c}- `psi`, a single number: 0 is the average picture, 1 all the variety that was learnt
- `picture` (batch, {shape}): from about -1, dark, to 1

{terms_of(model)}
What follows is the model's own card.

{card_of(model)}"""


def _ten_lines(model: Model) -> str:
    """A program that makes the model's first picture."""
    generator, (channels, *_) = model.generator, model.generator.image_shape
    c = f', "c": np.eye({generator.num_classes}, dtype=np.float32)[[0]]' if generator.num_classes else ""
    grey = "picture[0, 0]" if channels == 1 else "picture[0].transpose(1, 2, 0)"
    return f"""import numpy as np
import onnxruntime
from PIL import Image

session = onnxruntime.InferenceSession("{FILE}")
z = np.random.RandomState({model.config.seed}).randn(1, {generator.z_dim}).astype(np.float32)
(picture,) = session.run(None, {{"z": z{c}, "psi": np.array({model.config.psi:g}, np.float32)}})
pixels = np.floor({grey} * 127.5 + 128).clip(0, 255).astype(np.uint8)
Image.fromarray(pixels).save("picture.png")"""
