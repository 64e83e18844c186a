"""A model is a folder: config.json, model.safetensors (the generator), discriminator.safetensors and README.md.

Folders may come from a stranger: everything is checked before it is used, and texts are data (the page must not take
them for HTML). The networks are first built on device "meta", where a config costs no memory whatever it asks for.
"""

import dataclasses
import math
import os
from pathlib import Path
from typing import Any

from gan.errors import StudioError
from gan.messages import say
from gan.networks.contract import Discriminator, Generator
from gan.store.files import cannot_read, make_folder, read_table, write_json, write_text
from gan.store.model_config import (
    CARD,
    CONFIG,
    DISCRIMINATOR,
    FOLDER,
    MOST_TEXT_BYTES,
    WEIGHTS,
    ModelConfig,
    check_texts,
    config_from_values,
    config_to_values,
    read_card,
    unusable,
)
from gan.store.places import SNAPSHOTS, is_step
from gan.store.safetensors_header import read_header
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
    save_weights,
    too_big,
)

_MOST_VALUES = 4 * 1024**2


def read_config(folder: Path, label: str = "") -> ModelConfig:
    """The config of the model in `folder`, with networks that can be built and are no bigger than 2 GiB.

    `label` names the model in sentences; without one it is the folder's name. Raises StudioError.
    """
    folder = Path(folder)
    label = label or folder.name
    config = read_card(folder, label)
    try:
        check_networks(config, label)
    except StudioError as error:
        raise unusable(label, error) from error
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


def weights_checksum(folder: Path, config: ModelConfig) -> str:
    """The SHA-256 of a model's generator file: as its config says, against which loading holds it, or else as it is
    now. Raises StudioError where the file cannot be read."""
    known = config.checksums.get(WEIGHTS)
    try:
        return known if isinstance(known, str) else checksum(folder / WEIGHTS)
    except OSError as error:
        raise cannot_read(WEIGHTS, error) from error


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
    check_texts(config_to_values(config))
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
    write_json(folder / CONFIG, config_to_values(config))
    return folder


def keep_facts(folder: Path, **facts: Any) -> None:
    """Put facts of the model in `folder`, fields of ModelConfig, into its config.json. Raises StudioError where that
    fails, and before anything is written where the config could not be read again."""
    values = config_to_values(dataclasses.replace(read_config(folder), **facts))
    config_from_values(values)
    write_json(Path(folder) / CONFIG, values)


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
            else StudioError(say("{label} has no {name}.", label=label, name=name), FOLDER)
        )
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise too_big(say("{name} of {label}", name=name, label=label), size)
    return path
