"""A model is a folder: config.json, model.safetensors (the generator), discriminator.safetensors and README.md.

Folders may come from a stranger: everything is checked before it is used, and texts are data (the page must not take
them for HTML). The networks are first built on device "meta", where a config costs no memory whatever it asks for.
"""

import dataclasses
import math
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gan.errors import StudioError
from gan.field_metadata import from_values, knob, show, to_values
from gan.latents.sampling import LAST_SEED
from gan.messages import say
from gan.networks.contract import Discriminator, Generator
from gan.networks.registry import build_discriminator, build_generator, family
from gan.store.files import MISSING, cannot_read, json_text, make_folder, read_json, read_table, write_json, write_text
from gan.store.places import SNAPSHOTS, is_step
from gan.store.weights import (
    MOST_BYTES,
    check_fit,
    check_size,
    check_sum,
    checksum,
    is_signed,
    load_weights,
    pickle_among,
    pickle_offered,
    read_header,
    save_weights,
    too_big,
)

CONFIG, WEIGHTS, DISCRIMINATOR, CARD = "config.json", "model.safetensors", "discriminator.safetensors", "README.md"
MOST_TEXT_BYTES = 1024**2
_VERSION = 1
_TABLES = "generator", "discriminator", "trained", "sliders", "checksums", "scores"
_MOST_VALUES = 4 * 1024**2
_MOST_LETTERS = 4000
_FOLDER = say("A GAN Studio model is a folder with {config} and {weights}.", config=CONFIG, weights=WEIGHTS)


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
    checksums: dict[str, Any] = field(default_factory=dict, compare=False)  # SHA-256 of the weights' files, where known
    scores: dict[str, Any] = field(default_factory=dict)  # gan.evaluation.report.Report's values, where it was scored

    def build_generator(self, device: str = "cpu") -> Generator:
        return build_generator(self.family, self.generator, device)

    def build_discriminator(self, device: str = "cpu") -> Discriminator:
        assert self.discriminator is not None, say("ask before whether there is one")
        return build_discriminator(self.family, self.discriminator, device)


def read_config(folder: Path, label: str = "") -> ModelConfig:
    """The config of the model in `folder`, with networks that can be built and are no bigger than 2 GiB.

    `label` names the model in sentences; without one it is the folder's name. Raises StudioError.
    """
    folder = Path(folder)
    label = label or folder.name
    values = _read_json(folder, label)
    try:
        config = _from_values(values)
        check_networks(config, label)
    except StudioError as error:
        raise StudioError(
            say("The {config} of {label} cannot be used: {message}", config=CONFIG, label=label, message=error.message),
            error.hint,
        ) from error
    return config


def check_networks(config: ModelConfig, label: str) -> None:
    """Raise StudioError unless the networks can be built, fit each other and the classes, and have a sane size."""
    generator = config.build_generator("meta")
    check_size(generator, say("its generator"))
    if math.prod(generator.image_shape) > _MOST_VALUES:
        shape = "x".join(map(str, generator.image_shape))
        raise StudioError(
            say("It makes pictures of {shape} values, too large to show.", shape=shape),
            "The largest have 1024x1024 pixels.",
        )
    if config.classes and len(config.classes) != generator.num_classes:
        raise StudioError(
            say(
                "It names {count} classes for a generator of {num_classes}.",
                count=len(config.classes),
                num_classes=generator.num_classes,
            ),
            "Name every class, or none.",
        )
    if config.discriminator is not None:
        discriminator = config.build_discriminator("meta")
        check_size(discriminator, say("its discriminator"))
        if (discriminator.image_shape, discriminator.num_classes) != (generator.image_shape, generator.num_classes):
            raise StudioError(
                "Its generator and its discriminator are made for different pictures.",
                "They must agree on size, channels and classes.",
            )


def load_generator(folder: Path, config: ModelConfig, label: str = "") -> Generator:
    """The generator with its weights, in train mode on the CPU. Raises StudioError."""
    folder = Path(folder)
    label = label or folder.name
    return load_weights(
        config.build_generator, _weights_file(folder, WEIGHTS, label), label, config.checksums.get(WEIGHTS)
    )


def load_discriminator(folder: Path, config: ModelConfig, label: str = "") -> Discriminator:
    """The discriminator likewise. Raises StudioError also where the model has none."""
    folder = Path(folder)
    label = label or folder.name
    if config.discriminator is None:
        raise StudioError(
            say("{label} comes without a discriminator.", label=label),
            "Choose a model that has one, or train from scratch.",
        )
    path = _weights_file(folder, DISCRIMINATOR, label)
    return load_weights(config.build_discriminator, path, label, config.checksums.get(DISCRIMINATOR))


def check_model(folder: Path, config: ModelConfig, label: str = "") -> None:
    """Raise StudioError unless the model's weights are there, whole and, where their checksums are known, unchanged."""
    folder = Path(folder)
    label = label or folder.name
    networks: dict[str, Generator | Discriminator] = {WEIGHTS: config.build_generator("meta")}
    if config.discriminator is not None:
        networks[DISCRIMINATOR] = config.build_discriminator("meta")
    for name, network in networks.items():
        path, what = _weights_file(folder, name, label), f"{name} of {label}"
        check_fit(network, read_header(path, what), what)
        check_sum(path, config.checksums.get(name), what)


def is_ours(folder: Path) -> bool:
    """Whether a folder holds a model that was written here, in whatever state it is: what is ours is never guessed at.

    Its config.json says so, or its weights do, or it stands where only runs keep their models.
    """
    folder = Path(folder)
    if folder.parent.name == SNAPSHOTS and is_step(folder.name):
        return True
    try:
        if "studio" in read_table(folder / CONFIG, most=MOST_TEXT_BYTES):
            return True
    except StudioError:  # what is there may still be ours: the weights know
        pass
    return any(is_signed(folder / name) for name in (WEIGHTS, DISCRIMINATOR))


def write_model(
    folder: Path,
    config: ModelConfig,
    generator: Generator,
    discriminator: Discriminator | None = None,
    card: str | None = None,
) -> Path:
    """Write a model folder; config.json last, so that a folder which has it is complete. Returns the folder.

    Raises StudioError, before anything is written, where the config and the networks do not belong together, and where
    the disk does not take it.
    """
    folder = Path(folder)
    _check_texts(_to_values(config))
    check_networks(config, folder.name)
    if (config.discriminator is None) != (discriminator is None):
        raise StudioError("A model is written with both a discriminator and its settings, or with neither.")
    make_folder(folder)
    save_weights(generator, folder / WEIGHTS)
    if discriminator is not None:
        save_weights(discriminator, folder / DISCRIMINATOR)
    if card is not None:
        write_text(folder / CARD, card)
    written = (WEIGHTS,) if discriminator is None else (WEIGHTS, DISCRIMINATOR)
    config = dataclasses.replace(config, checksums={name: checksum(folder / name) for name in written})
    write_json(folder / CONFIG, _to_values(config))
    return folder


def keep_facts(folder: Path, **facts: Any) -> None:
    """Put facts of the model in `folder`, fields of ModelConfig, into its config.json. Raises StudioError where that
    fails."""
    config = dataclasses.replace(read_config(folder), **facts)
    write_json(Path(folder) / CONFIG, _to_values(config))


def config_text(config: ModelConfig) -> str:
    """What config.json says of a model."""
    return json_text(_to_values(config))


def _to_values(config: ModelConfig) -> dict[str, Any]:
    values = {"studio": _VERSION, **to_values(config), "generator": config.generator, "trained": config.trained}
    values |= {name: table for name in ("sliders", "checksums", "scores") if (table := getattr(config, name))}
    return values if config.discriminator is None else {**values, "discriminator": config.discriminator}


def _from_values(values: Any) -> ModelConfig:
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
    _check_texts(values)
    family(config.family)
    return config


def _check_texts(values: dict[str, Any]) -> None:
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


def _read_json(folder: Path, label: str) -> Any:
    try:
        return read_json(folder / CONFIG, say("The {config} of {label}", config=CONFIG, label=label), MOST_TEXT_BYTES)
    except StudioError as error:
        if error.code != MISSING:
            raise
        raise StudioError(say("{label} has no {config}.", label=label, config=CONFIG), _FOLDER, MISSING) from error


def _weights_file(folder: Path, name: str, label: str) -> Path:
    """The path of a weights file that is there and not too big."""
    path = folder / name
    if not os.path.isfile(path):
        try:
            pickle = pickle_among(os.listdir(folder))
        except OSError as error:
            raise cannot_read(label, error) from error
        raise (
            pickle_offered(label, name, pickle)
            if pickle
            else StudioError(say("{label} has no {name}.", label=label, name=name), _FOLDER)
        )
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise too_big(say("{name} of {label}", name=name, label=label), size)
    return path
