"""The models in the box, and what each says of itself: without torch, so that a list of them comes at once."""

import logging
import os
import re
from collections.abc import Sequence
from pathlib import Path

from gan.errors import StudioError
from gan.messages import say
from gan.store.model_config import CONFIG, DISCRIMINATOR, WEIGHTS, ModelConfig, read_card

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,95}")
_log = logging.getLogger(__name__)


def bundled_names(roots: Sequence[Path]) -> list[str]:
    """The folders right below the roots that hold a model."""
    folders = [folder for root in roots if root.is_dir() for folder in root.iterdir()]
    return sorted({f.name for f in folders if NAME.fullmatch(f.name) and _holds_a_model(f)})


def bundled_cards(roots: Sequence[Path]) -> dict[str, tuple[Path, ModelConfig]]:
    """The folder of each, and what it says of itself; nobody has tried to build its networks. One whose config.json
    cannot be used is left out, and the log says why."""
    found = {}
    for name in bundled_names(roots):
        folder = next(root / name for root in roots if (root / name).is_dir())
        try:
            found[name] = folder, read_card(without_links(folder, name), name)
        except StudioError as error:
            _log.warning("left out of the list: %s", error)
    return found


def without_links(folder: Path, label: str) -> Path:
    """The folder, unless one of its files is a link to somewhere else: a shared folder could point at anything."""
    for name in (CONFIG, WEIGHTS, DISCRIMINATOR):
        file = os.path.join(folder, name)
        if os.path.islink(file) and not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder)):
            raise StudioError(
                say("{name} of {label} is a link that leads out of its folder.", name=name, label=label),
                "Copy the file itself into the folder.",
            )
    return folder


def _holds_a_model(folder: Path) -> bool:
    return (folder / CONFIG).is_file() and (folder / WEIGHTS).is_file()
