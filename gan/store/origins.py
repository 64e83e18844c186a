"""What a model was trained on from, as the files beside it say."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from gan.errors import StudioError
from gan.networks.names import ANY_CLASSES
from gan.store.files import read_table
from gan.store.model_config import BASE_CHECKSUM, MOST_TEXT_BYTES, ModelConfig
from gan.store.model_folder import read_config
from gan.store.places import SNAPSHOTS
from gan.store.run_reading import is_run, read_settings

PACKED_SETTINGS = "settings.json"
"""How a run's model came about, beside it where it was taken away."""


@dataclass(frozen=True)
class Origin:
    """What a model was trained on from: what that was called there, "" where nothing is known; the SHA-256 of its
    generator's file, "" where that was not noted; and whether a run here says so, whose names are those of here."""

    base: str = ""
    checksum: str = ""
    here: bool = False


def origin_of(folder: Path) -> Origin:
    """Of the model in a folder, as far as its files name it and can be read."""
    run, packed = folder.parent.parent, folder / PACKED_SETTINGS
    with contextlib.suppress(StudioError):
        if folder.parent.name == SNAPSHOTS and is_run(run):
            settings = read_settings(run)
            return Origin(settings.base or "", settings.base_checksum, here=True)
        told = read_table(packed, most=MOST_TEXT_BYTES) if packed.is_file() else {}
        if told.get("base"):
            return Origin(_text(told["base"]), _text(told.get("base_checksum")))
        config = read_config(folder)
        return Origin(_text(config.trained.get("base")), _text(config.checksums.get(BASE_CHECKSUM)))
    return Origin()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def built_alike(one: ModelConfig, other: ModelConfig) -> bool:
    """Whether the weights of the two generators stand in the same places, but for the classes of a family that can go
    on with others."""
    return _build(one) == _build(other)


def _build(config: ModelConfig) -> tuple[str, list[tuple[str, str]]]:
    free = {"num_classes"} if config.family in ANY_CLASSES else set()
    return config.family, sorted((name, repr(value)) for name, value in config.generator.items() if name not in free)
