"""An exported model as one zip, for whoever takes it away in a browser."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from gan.store.files import make_folder, whole_file
from gan.studio.library.model import Model


def export_zip(export: Callable[[Model, Path], Path], model: Model, into: Path) -> Path:
    """Write what `export` makes of a model as a zip into the folder `into`; returns the file.

    It holds one folder, named after the model. Raises StudioError.
    """
    name = f"{_plain_name(model.config.title) or 'model'}-{export.__name__.removeprefix('export_')}"
    folder = export(model, make_folder(into) / name)
    file = into / f"{name}.zip"
    with whole_file(file) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(path, path.relative_to(into))
    return file


def _plain_name(title: str) -> str:
    """A title as a file name: letters, digits and dashes."""
    return re.sub(r"[^\w.]+", "-", title).strip("-._")[:60]
