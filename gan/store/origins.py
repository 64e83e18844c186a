"""What a model was trained on from, as the files beside it say."""

import contextlib
from pathlib import Path

from gan.errors import StudioError
from gan.store.files import read_table
from gan.store.model_config import MOST_TEXT_BYTES, ModelConfig
from gan.store.model_folder import read_config
from gan.store.places import SNAPSHOTS
from gan.store.run_reading import is_run, read_settings

PACKED_SETTINGS = "settings.json"
"""How a run's model came about, beside it where it was taken away."""


def base_of(folder: Path) -> str:
    """What the model in a folder was trained on from, "" where its files name nothing or cannot be read."""
    run, packed = folder.parent.parent, folder / PACKED_SETTINGS
    with contextlib.suppress(StudioError):
        if folder.parent.name == SNAPSHOTS and is_run(run):
            return read_settings(run).base or ""
        base = read_table(packed, most=MOST_TEXT_BYTES).get("base") if packed.is_file() else None
        base = base or read_config(folder).trained.get("base")
        return base if isinstance(base, str) else ""
    return ""


def built_alike(one: ModelConfig, other: ModelConfig) -> bool:
    """Whether the weights of the two generators stand in the same places."""
    return _build(one) == _build(other)


def _build(config: ModelConfig) -> tuple[str, list[tuple[str, str]]]:
    return config.family, sorted((name, repr(value)) for name, value in config.generator.items())
