"""The files of a model as they go to the Hub: the networks, the card, pictures, settings and scores."""

import dataclasses
import io
import math
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from gan.evaluation.report import Report
from gan.kinds.table import kind_of
from gan.store.files import cannot_read, json_text
from gan.store.grids import grid
from gan.store.model_config import CARD, CONFIG, DISCRIMINATOR, MOST_TEXT_BYTES, WEIGHTS, config_text
from gan.store.model_folder import check_model
from gan.studio.engine import Engine
from gan.studio.library.loaded import Models
from gan.studio.publishing.card import card, licence_words
from gan.studio.publishing.provenance import Provenance
from gan.studio.recipes import Recipe
from gan.studio.runs.package import EXTRAS, GRID, contents
from gan.studio.scores.reports import ReportLocation, read_report

SAMPLES, SCORES = "samples.webp", "scores.json"
NAMES = (CONFIG, WEIGHTS, DISCRIMINATOR, CARD, SAMPLES, SCORES, *EXTRAS)
"""All files that a push may put into a repository, and may take away again."""
_COUNT, _SIDE = 16, 256  # pictures in a sheet of samples, and the pixels of their longer side at most
_MOST_PICTURE = 8 * 2**20  # bytes of a picture that lies beside a model


def files_of(models: Models, source: str, revision: str | None, it: Provenance, choice: str, repo: str) -> dict:
    """{name: a path or bytes} of the model that `source` names, config.json last. Raises StudioError."""
    report = _report(it)
    facts: dict[str, Any] = {"licence": licence_words(choice, it)}
    if report:
        facts["scores"] = report.to_values()
    it = dataclasses.replace(it, config=dataclasses.replace(it.config, **facts))
    files: dict[str, Path | str] = {}
    if it.run is not None:
        files |= contents(it.run, it.step, "", **facts).files
    else:
        files |= _folder(it)
    was = files.pop(CARD, "")
    own = _text(was) if isinstance(was, Path) else was
    made: dict[str, Path | bytes] = {
        n: f if isinstance(f, Path) else _bytes(f) for n, f in files.items() if n != CONFIG
    }
    shown = next((name for name in (GRID, SAMPLES) if name in made), "")
    if not shown and (sheet := _sheet(models, source, revision, it)):
        shown, made[SAMPLES] = SAMPLES, sheet
    if report is not None:
        made[SCORES] = _bytes(json_text(report.to_values()))
    body = card(own, choice, it, report, "" if shown and f"({shown})" in own else shown, repo)
    return {**made, CARD: _bytes(body), CONFIG: _bytes(config_text(it.config))}


def _folder(it: Provenance) -> dict[str, Path | str]:
    """The files of a model that is no run's here. Links are left: they could lead anywhere."""
    check_model(it.folder, it.config)
    names = [WEIGHTS, *([DISCRIMINATOR] if it.config.discriminator is not None else [])]
    files: dict[str, Path | str] = {name: it.folder / name for name in names}
    for name, most in ((CARD, MOST_TEXT_BYTES), *((name, _MOST_PICTURE) for name in (SAMPLES, *EXTRAS))):
        path = it.folder / name
        if path.is_file() and path.resolve().parent == it.folder.resolve() and path.stat().st_size <= most:
            files[name] = path
    return files


def _report(it: Provenance) -> Report | None:
    """The scores that were kept of exactly these weights."""
    if it.run is not None:
        kept = ReportLocation(it.run.path / "scores", f"{it.step:07d}").read(it.folder)
        if kept is not None:
            return kept
    return read_report(it.config.scores)


def _sheet(models: Models, source: str, revision: str | None, it: Provenance) -> bytes | None:
    """Samples side by side as a WebP; None where no picture shows one."""
    model = models.get(source, revision)
    canvas = kind_of(model.generator).canvas(model.generator)
    if canvas is None:
        return None
    classes = model.generator.num_classes
    seeds = range(it.config.seed, it.config.seed + _COUNT)
    recipes = [
        Recipe(model.id, model.revision, seed=seed, psi=it.config.psi, label=i % classes if classes else None)
        for i, seed in enumerate(seeds)
    ]
    pictures = Engine(models).render(recipes, _SIDE if max(canvas.height, canvas.width) > _SIDE else None)
    return _webp(grid(pictures, math.isqrt(_COUNT)))


def _webp(picture: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "WEBP", quality=92)
    return file.getvalue()


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError as error:
        raise cannot_read(path.name, error) from error


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
