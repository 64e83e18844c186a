"""What a run was started with."""

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RunSettings:
    """What a run was started with, as config.json holds it: enough to build the same trainer again."""

    data: str  # the path of the training pictures
    label: str | None  # which label gives the class
    base: str | None  # the model it started from
    family: str
    generator: dict[str, Any]
    discriminator: dict[str, Any]
    classes: tuple[str, ...]
    train: dict[str, Any]  # the TrainConfig's values
    about: dict[str, Any] = dataclasses.field(default_factory=dict)  # title, summary, licence and data of the model
    base_checksum: str = ""  # SHA-256 of the base's generator file, "" where there is none or nobody noted it
