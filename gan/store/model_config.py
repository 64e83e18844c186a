"""config.json of a model's folder: what a model says of itself, read and checked without building its networks.

Nothing here imports torch, so that lists of models come at once. `model_folder` reads the weights as well.
"""

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan.errors import StudioError
from gan.field_metadata import from_values, knob, show, to_values
from gan.latents.seeds import LAST_SEED
from gan.messages import say
from gan.networks.names import check_family
from gan.store.files import MISSING, json_text, read_json

if TYPE_CHECKING:
    from gan.networks.contract import Discriminator, Generator

CONFIG, WEIGHTS, DISCRIMINATOR, CARD = "config.json", "model.safetensors", "discriminator.safetensors", "README.md"
MOST_TEXT_BYTES = 1024**2
BASE_CHECKSUM = "base"  # beside the checksums of its own files that of the weights it was trained on from
_VERSION = 1
_TABLES = "generator", "discriminator", "trained", "sliders", "drags", "checksums", "scores"
_MOST_LETTERS = 4000
FOLDER = say("A GAN Studio model is a folder with {config} and {weights}.", config=CONFIG, weights=WEIGHTS)


@dataclass(frozen=True)
class ModelConfig:
    """What config.json says. `generator` and `discriminator` hold the values of the family's own configs."""

    family: str = knob("", "The family of networks, such as dcgan.")
    generator: dict[str, Any] = field(default_factory=dict)
    discriminator: dict[str, Any] | None = None
    title: str = knob("", "What the model is called on the page.")
    summary: str = knob("", "What it makes, in a sentence or two.")
    licence: str = knob("", "Under which terms the weights may be used.")
    data: str = knob("", "What it was trained on, and its licence.")
    origin: str = knob("", "Where it was found, for a model of somebody else's code.")
    kind: str = knob("", "What such a model is, in a few words.")
    guessed: tuple[str, ...] = knob((), "What its file does not say and was guessed, a sentence each.", most=32)
    classes: tuple[str, ...] = knob((), "The names of the classes that one can ask for.", most=10000)
    directions: tuple[str, ...] = knob(
        (), "What its first directions turned out to change, in a word or two each.", most=8
    )
    psi: float = knob(1.0, "The truncation that the model looks best with.", low=-1, high=2, step=0.01)
    seed: int = knob(0, "The seed that the model opens with.", low=0, high=LAST_SEED)
    pixel_art: bool = knob(False, "Enlarge its pictures with hard edges.")
    trained: dict[str, Any] = field(default_factory=dict)
    # See gan.store.sliders, where its directions were kept with it.
    sliders: dict[str, Any] = field(default_factory=dict)
    # What was measured of dragging points on its pictures: see gan.studio.library.drag_table.
    drags: dict[str, Any] = field(default_factory=dict)
    checksums: dict[str, Any] = field(default_factory=dict, compare=False)  # SHA-256 of the weights' files, where known
    scores: dict[str, Any] = field(default_factory=dict)  # gan.evaluation.report.Report's values, where it was scored

    @property
    def can_drag(self) -> bool:
        """Whether it was measured that points of its pictures can be dragged: see `follows`."""
        return follows(self.drags)

    def build_generator(self, device: str = "cpu") -> "Generator":
        """Its generator with fresh weights; on "meta" without any. Raises StudioError for settings that make none."""
        from gan.networks.registry import build_generator  # not before: a card is read without torch

        return build_generator(self.family, self.generator, device)

    def build_discriminator(self, device: str = "cpu") -> "Discriminator":
        """Its discriminator likewise."""
        from gan.networks.registry import build_discriminator

        assert self.discriminator is not None, say("ask before whether there is one")
        return build_discriminator(self.family, self.discriminator, device)


def follows(drags: dict[str, Any]) -> bool:
    """Whether measured drags say that handles reach their targets, 8 of 10 of them, and that the rest of the picture
    stays: it changes by at most an eighth of what two pictures differ by. What is no such table says no."""
    reached, count, outside, usual = [drags.get(name) for name in ("reached", "count", "outside", "between_seeds")]
    if not (type(reached) is type(count) is int and type(outside) is type(usual) is float):
        return False
    return 0 < 8 * count <= 10 * reached and 8 * outside <= usual


def read_card(folder: Path, label: str = "") -> ModelConfig:
    """The config of the model in `folder`, whose networks nobody has tried to build. Raises StudioError."""
    folder = Path(folder)
    label = label or folder.name
    values = read_values(folder, label)
    try:
        return config_from_values(values)
    except StudioError as error:
        raise unusable(label, error) from error


def unusable(label: str, error: StudioError) -> StudioError:
    """That the config.json of a model cannot be used, and why."""
    return StudioError(
        say("The {config} of {label} cannot be used: {message}", config=CONFIG, label=label, message=error.message),
        error.hint,
    )


def config_to_values(config: ModelConfig) -> dict[str, Any]:
    """What config.json holds of it."""
    values = {"studio": _VERSION, **to_values(config), "generator": config.generator, "trained": config.trained}
    values |= {name: table for name in ("sliders", "drags", "checksums", "scores") if (table := getattr(config, name))}
    return values if config.discriminator is None else {**values, "discriminator": config.discriminator}


def config_text(config: ModelConfig) -> str:
    """The text of config.json."""
    return json_text(config_to_values(config))


def config_from_values(values: Any) -> ModelConfig:
    """config.json's table as a ModelConfig. Raises StudioError for unknown names, wrong kinds and long texts."""
    if not isinstance(values, dict):
        raise StudioError("It must be a table of names and values.")
    values = dict(values)
    version = values.pop("studio", None)
    if version != _VERSION:
        raise StudioError(
            say("It says studio: {version}, where {version2} is known.", version=show(version), version2=_VERSION),
            "It is no GAN Studio model, or a newer GAN Studio wrote it.",
        )
    tables = {name: values.pop(name) for name in _TABLES if name in values}
    for name, table in tables.items():
        if not isinstance(table, dict) and not (name == "discriminator" and table is None):
            raise StudioError(
                say("{name} must be a table of names and values, not {table}.", name=name, table=show(table))
            )
    config = dataclasses.replace(from_values(ModelConfig, values), **tables)
    check_texts(values)
    check_family(config.family)
    return config


def check_texts(values: dict[str, Any]) -> None:
    """Raise StudioError for texts that are too long to be shown."""
    for name, value in values.items():
        for text in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(text, str) and len(text) > _MOST_LETTERS:
                raise StudioError(
                    say(
                        "{name} is a text of {count:,} characters, more than {most_letters:,}.",
                        name=name,
                        count=len(text),
                        most_letters=_MOST_LETTERS,
                    ),
                    "Longer texts belong in README.md.",
                )


def read_values(folder: Path, label: str) -> Any:
    """What config.json holds, unchecked. Raises StudioError where there is none, or none that can be read."""
    try:
        return read_json(folder / CONFIG, say("The {config} of {label}", config=CONFIG, label=label), MOST_TEXT_BYTES)
    except StudioError as error:
        if error.code != MISSING:
            raise
        raise StudioError(say("{label} has no {config}.", label=label, config=CONFIG), FOLDER, MISSING) from error
