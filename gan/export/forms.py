"""The forms in which a model goes to other places, by their names."""

from collections.abc import Callable
from pathlib import Path

from gan.export.onnx import export_onnx
from gan.export.web import export_web
from gan.studio.library.model import Model

FORMS: dict[str, Callable[[Model, Path], Path]] = {"web": export_web, "onnx": export_onnx}
