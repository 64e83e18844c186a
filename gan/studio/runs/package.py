"""A run's model to take away: one zip with a model folder that opens anywhere, its card, and how it came about."""

import dataclasses
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan.errors import StudioError
from gan.field_metadata import to_values
from gan.messages import say
from gan.store.cards import model_card
from gan.store.events import event_line
from gan.store.files import make_folder, whole_file
from gan.store.model_config import BASE_CHECKSUM, CARD, CONFIG, DISCRIMINATOR, WEIGHTS, ModelConfig, config_text
from gan.store.model_folder import check_model, read_config
from gan.store.origins import PACKED_SETTINGS
from gan.store.run_folder import Run
from gan.store.run_reading import public_base
from gan.store.run_settings import RunSettings
from gan.studio.runs.curves_svg import curves_svg
from gan.training.records import StepRecord

GRID, SETTINGS = "grid.webp", PACKED_SETTINGS
_CURVES, _EVENTS = "curves.svg", "events.jsonl"
EXTRAS = GRID, SETTINGS, _CURVES, _EVENTS
"""The files beside those of the model itself."""
UNZIP = "Unzip it and `python -m gan generate --model FOLDER --out grid.png`, or open the folder in GAN Studio."

_PACKED = ".safetensors", ".webp"  # files that do not get any smaller
_MOST_EVENT_BYTES = 1024**2
_MARKS = re.compile(r"([\\`*_\[\]<>|~&!#$])")  # what may mean something anywhere in a line of Markdown
_STARTS = re.compile(r"^([-+=]|\d+(?=[.)]))")  # and at its start


@dataclass(frozen=True)
class Package:
    """What is taken away of a run at a step: `name` for its folder, and `files` by their names, texts as texts."""

    name: str
    config: ModelConfig
    files: dict[str, Path | str]


def package(run: Run, step: int | None, into: Path) -> Path:
    """Write the snapshot of a step, with None the newest, as a zip into the folder `into`; returns the file.

    It holds one folder: the model with its card, the newest grid up to that step, the curves, the settings, and the
    events where they are not large. Raises StudioError where that step was not kept, or where the zip cannot be
    written.
    """
    packed = contents(run, step)
    file = make_folder(into) / f"{packed.name}.zip"
    with whole_file(file) as part, zipfile.ZipFile(part, "w") as archive:
        for name, given in packed.files.items():
            small = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
            if isinstance(given, Path):
                archive.write(given, f"{packed.name}/{name}", small)
            else:
                archive.writestr(f"{packed.name}/{name}", given, small)
    return file


def contents(run: Run, step: int | None, how: str = UNZIP, **facts: Any) -> Package:
    """What `package` puts into the zip, config.json last. `how`: what the card says of its use. `facts`: fields of
    ModelConfig that are to say something else there. Raises StudioError where that step was not kept."""
    kept = run.snapshots()
    if not kept or step not in (None, *kept):
        raise StudioError(
            "This run has kept no model yet."
            if step is None
            else say("Step {step} of this run was not kept.", step=step),
            "Wait until it keeps one, or choose one of its snapshots.",
        )
    step = kept[-1] if step is None else step
    model, config = run.snapshot_path(step), read_config(run.snapshot_path(step))
    check_model(model, config, f"step {step} of {run.path.name}")
    config = _with_base(dataclasses.replace(config, **facts), run.settings)
    name = f"{_plain_name(config.title) or run.path.name}-{step}"
    files: dict[str, Path | str] = {weights: model / weights for weights in (WEIGHTS, DISCRIMINATOR)}
    if (grid := _grid(run, step)) is not None:
        files[GRID] = grid
    texts = _texts(run, step, config, grid is not None, how)
    return Package(
        name, config, {**files, **texts, CONFIG: config_text(config) if facts or run.settings.base else model / CONFIG}
    )


def _with_base(config: ModelConfig, settings: RunSettings) -> ModelConfig:
    """With what the run was trained on from: uploads and the Hub keep nothing of a model's folder but this and its
    weights. A name may mean another model elsewhere, so that the base's checksum goes with it."""
    base = public_base(settings.base)
    if not base:
        return config
    checksums = config.checksums | ({BASE_CHECKSUM: settings.base_checksum} if settings.base_checksum else {})
    return dataclasses.replace(config, trained={**config.trained, "base": base}, checksums=checksums)


def markdown(text: str) -> str:
    """Somebody's words as one line of Markdown that shows them as they are."""
    text = _MARKS.sub(r"\\\1", " ".join(text.split()))
    return _STARTS.sub(lambda found: found[1] + "\\" if found[1].isdigit() else "\\" + found[1], text)


def _texts(run: Run, step: int, config: ModelConfig, has_grid: bool, how: str) -> dict[str, str]:
    """The files beside the weights."""
    events = [record for record in run.events() if record.step <= step]
    settings = dataclasses.replace(run.settings, base=public_base(run.settings.base), train=to_values(run.config(step)))
    steps = [record for record in events if isinstance(record, StepRecord)]
    texts = {
        CARD: _card(config, settings, has_grid, how),
        _CURVES: curves_svg(steps, f"Curves of {config.title or run.path.name}"),
        SETTINGS: json.dumps(_shown(settings), indent=2, ensure_ascii=False) + "\n",
    }
    lines = "".join(event_line(record) + "\n" for record in events)
    return texts | ({_EVENTS: lines} if len(lines) <= _MOST_EVENT_BYTES else {})


def _card(config: ModelConfig, settings: RunSettings, has_grid: bool, how: str) -> str:
    """README.md: the model's own card with its texts made harmless, and pictures of how it came about."""
    texts: dict[str, Any] = {name: markdown(getattr(config, name)) for name in ("title", "summary", "licence", "data")}
    trained = {name: markdown(value) if isinstance(value, str) else value for name, value in config.trained.items()}
    card = model_card(
        dataclasses.replace(config, **texts, trained=trained),
        dataclasses.replace(settings, base=markdown(settings.base) if settings.base else settings.base),
    )
    pictures = f"![Samples at this step]({GRID})\n\n" if has_grid else ""
    return (
        f"{card}\n## How it came about\n\n{pictures}![Losses, and how often the discriminator was right]({_CURVES})\n\n"
        f"{how}\n"
    )


def _grid(run: Run, step: int) -> Path | None:
    """The newest grid up to that step."""
    steps = [drawn for drawn in run.grids() if drawn <= step]
    return run.grid_path(steps[-1]) if steps else None


def _shown(settings: RunSettings) -> dict:
    """What may be known of the settings elsewhere: not where the pictures lie on this computer."""
    return {name: value for name, value in dataclasses.asdict(settings).items() if name != "data"}


def _plain_name(title: str) -> str:
    """A title as a file name: letters, digits and dashes."""
    return re.sub(r"[^\w.]+", "-", title).strip("-._")[:60]
