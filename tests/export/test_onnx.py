"""ONNX files of our own generators, run by ONNX Runtime, and the ten lines that each folder shows."""

import re

import numpy as np
import onnxruntime
import pytest
import torch
from export.pages import FAMILIES, write_models
from PIL import Image

from gan.errors import StudioError
from gan.export.onnx import export_onnx, onnx_bytes
from gan.latents.sampling import one_hot, seeds_to_z, truncate
from gan.studio.engine import Engine
from gan.studio.library.loaded import BUNDLED, Models
from gan.studio.recipes import Recipe

ERROR = 1e-5  # of pictures in -1..1


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    root = tmp_path_factory.mktemp("weights")
    write_models(root)
    return Models((root, BUNDLED))


@pytest.mark.parametrize("name", [*FAMILIES, "digits-dcgan"])
def test_onnx_runtime_paints_the_same(models, name):
    model = models.get(name)
    generator, z = model.generator, seeds_to_z([1, 2, 3], model.generator.z_dim)
    c = one_hot([0, 1, 1], generator.num_classes)
    given = {"z": z.numpy()} | ({} if c is None else {"c": c.numpy()})
    session = onnxruntime.InferenceSession(onnx_bytes(model))
    for psi in (model.config.psi, 0.3):
        (picture,) = session.run(None, given | {"psi": np.array(psi, np.float32)})
        with torch.inference_mode():
            w = generator.mapping(z, c)
            wanted = generator.synthesis(truncate(w, generator.center(c), psi)).numpy()
        assert picture.shape == wanted.shape and wanted.std() > 0.01
        assert np.abs(picture - wanted).max() <= ERROR * max(1, np.abs(wanted).max())


def test_the_lines_of_the_readme_paint_the_picture_of_the_seed(models, tmp_path, monkeypatch):
    folder = export_onnx(models.get("digits-dcgan"), tmp_path / "digits")
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "MNIST" in readme
    (lines,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    monkeypatch.chdir(folder)
    exec(compile(lines, "README.md", "exec"), {})  # the folder's own words
    seen = np.asarray(Image.open(folder / "picture.png")).astype(int)
    wanted = Engine(models).render([Recipe("digits-dcgan", seed=0, label=0)])[0, ..., 0]
    assert np.abs(seen - wanted).max() <= 1


def test_what_cannot_be_written_is_refused(models, tmp_path):
    class Foreign:
        config = models.get("mlp").config.__class__("fastgan")

    with pytest.raises(StudioError, match="fastgan cannot be written as ONNX"):
        export_onnx(Foreign, tmp_path / "out")
    assert not list(tmp_path.iterdir())
