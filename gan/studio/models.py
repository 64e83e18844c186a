"""Which models there are, where they lie, and the ones in use: each is loaded once however many people ask for it.

A model is asked for by its `source`:
- the name of a bundled model, or a longer path below one of the roots ("faces", "a-run/snapshots/500");
- the id of a model on the Hub, "user/repo" or "user/repo@revision";
- a folder on this computer, written as an absolute path or with ./, ../ or ~ in front: only where `local` allows it,
  since a visitor of a web page may not name paths.
"""

import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path

import torch

from gan.errors import StudioError
from gan.latents import directions
from gan.networks.contract import Discriminator, Generator
from gan.studio.folder import (
    CONFIG,
    CRITIC,
    WEIGHTS,
    ModelConfig,
    load_discriminator,
    load_generator,
    read_config,
    write_model,
)
from gan.studio.hub import Hub, Progress
from gan.studio.hub_words import check_id, is_commit, split_revision
from gan.studio.once import Once

__all__ = ["BUNDLED", "Model", "ModelConfig", "Models", "read_config", "write_model"]

BUNDLED = Path(__file__).parents[2] / "weights"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,95}")
_HOW = "Give the name of a bundled model, or the id of a model on the Hub, such as user/repo."
_log = logging.getLogger(__name__)


class Model:
    """A model in use. Its generator is in eval mode and takes no gradients for its weights.

    id: its source without a revision. revision: the commit of a model from the Hub, else None. path: its folder. What
    takes long to find is found when first asked for and kept in `found`, which outlives the networks; threads may share a Model.
    """

    def __init__(self, id: str, revision: str | None, path: Path, config: ModelConfig, generator: Generator,
                 found: Once | None = None):
        self.id, self.revision, self.path, self.config, self.generator = id, revision, path, config, generator
        self._found, self._key = found or Once(keep=8), (path, revision, _stamp(path / WEIGHTS))

    @property
    def has_discriminator(self) -> bool:
        return self.config.discriminator is not None

    def discriminator(self) -> Discriminator:
        """Its discriminator, loaded anew, likewise without gradients. Raises StudioError where it has none."""
        return _frozen(load_discriminator(self.path, self.config, self.id))

    def directions(self) -> directions.Directions:
        """Directions in w that change the picture most; with a discriminator, as far as it still finds it real."""
        return self._found.get((self._key, "directions"), lambda: directions.find(self.generator, critic=self._critic()))

    def effect_order(self) -> list[int]:
        """The indices of z, those first that change the picture most."""
        return self._found.get((self._key, "effect order"), lambda: directions.effect_order(self.generator))

    def _critic(self) -> Discriminator | None:
        """The discriminator, where it can be loaded: a broken one costs the sliders their limits, not the model."""
        try:
            return self.discriminator() if self.has_discriminator else None
        except StudioError as error:
            _log.warning("%s", error)
            return None


@dataclass(frozen=True)
class _Place:
    """Where a source points: a folder on this computer, or (folder None) a model and revision on the Hub."""

    id: str
    revision: str | None = None
    folder: Path | None = None


class Models:
    """The models that this app knows. `keep` is how many stay in memory."""

    def __init__(self, roots: tuple[Path, ...] = (BUNDLED,), hub: Hub | None = None, local: bool = True, keep: int = 8):
        self.roots, self.hub, self.local = tuple(Path(root) for root in roots), hub or Hub(), local
        self._models, self._folders, self._found = Once(keep), Once(256), Once(512)

    def names(self) -> list[str]:
        """The bundled models: the folders right below the roots that hold a model."""
        folders = [folder for root in self.roots if root.is_dir() for folder in root.iterdir()]
        return sorted({f.name for f in folders if _NAME.fullmatch(f.name) and _holds_a_model(f)})

    def cards(self) -> dict[str, ModelConfig]:
        """What each bundled model says of itself. A broken one is left out, and the log says why."""
        cards = {}
        for name in self.names():
            try:
                cards[name] = read_config(self._place(name, None).folder, name)
            except StudioError as error:
                _log.warning("left out of the list: %s", error)
        return cards

    def resolve(self, source: str, revision: str | None = None, progress: Progress | None = None) -> Path:
        """The folder of a model, fetched from the Hub where need be; a branch is looked up anew each time."""
        place = self._place(source, revision)
        return place.folder or self._fetch(place, progress, again=True)

    def get(self, source: str, revision: str | None = None, progress: Progress | None = None) -> Model:
        """The model, loaded. Cheap when it is in use already: a branch on the Hub then stays at the commit it was at.

        Raises StudioError for whatever is wrong with the source, the way to it or the files.
        """
        place = self._place(source, revision)
        if place.folder is None:
            folder = self._fetch(place, progress)
            return self._models.get((place.id, folder.name), lambda: self._load(place.id, folder.name, folder))
        stamp = tuple(_stamp(place.folder / name) for name in (CONFIG, WEIGHTS))
        return self._models.get((place.folder, stamp), lambda: self._load(place.id, None, place.folder))

    def _load(self, id: str, revision: str | None, folder: Path) -> Model:
        config = read_config(folder, id)
        return Model(id, revision, folder, config, _frozen(load_generator(folder, config, id)).settle(), self._found)

    def _fetch(self, place: _Place, progress: Progress | None, again: bool = False) -> Path:
        """The folder of a model on the Hub. Its small config is read before its weights are asked for."""
        def fetch() -> Path:
            if progress:
                progress(0.0, f"Asking the Hub for {place.id}")
            folder = self.hub.fetch(place.id, place.revision, (CONFIG,))
            critic = () if read_config(folder, place.id).discriminator is None else (CRITIC,)
            return self.hub.fetch(place.id, folder.name, (CONFIG, WEIGHTS, *critic), progress)

        return self._folders.get((place.id, place.revision), fetch, again=again and not is_commit(place.revision))

    def _place(self, source: str, revision: str | None) -> _Place:
        """Read a source. Raises StudioError for one that cannot be meant, before the disk or the network is touched."""
        if not isinstance(source, str) or not 0 < len(source) <= 500 or not source.isprintable():
            raise StudioError(f"{str(source)[:60]!r} is not the name of a model.", _HOW)
        if source.startswith((".", "~")) or os.path.isabs(source):
            return _pinned_only(_Place(source, folder=self._local_folder(source)), revision)
        name, revision = split_revision(source, revision)
        parts = name.split("/")
        if len(parts) == 2:
            check_id(name, "main" if revision is None else revision)
            return _Place(name, revision)
        return _pinned_only(_Place(name, folder=self._below_roots(name, parts)), revision)

    def _below_roots(self, name: str, parts: list[str]) -> Path:
        """The folder that a name stands for. Each part is plain, so that it cannot lead out of the roots."""
        if not all(_NAME.fullmatch(part) for part in parts):
            raise StudioError(f"{name[:80]!r} is not the name of a model.", _HOW)
        for root in self.roots:
            if (root / name).is_dir():
                return _without_links(root / name, name)
        bundled = ", ".join(self.names()) or "none"
        raise StudioError(f"There is no model called {name[:80]!r}.",
                          f"The bundled models are {bundled}; a model on the Hub looks like user/repo.")

    def _local_folder(self, source: str) -> Path:
        if not self.local:
            raise StudioError(f"{source[:80]!r} is not the name of a model.", _HOW)
        path = os.path.realpath(os.path.expanduser(source))
        if not os.path.isdir(path):
            fault = f"{source[:200]} is a file, not a folder."
            if not os.path.exists(path):
                fault = f"There is no folder {source[:200]}."
            raise StudioError(fault, f"Give the folder that holds {CONFIG} and {WEIGHTS}.")
        return _without_links(Path(path), source)


def _frozen(network):
    """For pictures only. Convolutions are faster with the maps innermost in memory, by a third on a CPU."""
    return network.eval().requires_grad_(False).to(memory_format=torch.channels_last)


def _pinned_only(place: _Place, revision: str | None) -> _Place:
    """Only the Hub keeps older versions."""
    if revision:
        raise StudioError(f"{place.id} has no revisions, and {revision[:60]!r} was asked for.",
                          "Only models on the Hub have them; leave the revision out.")
    return place


def _without_links(folder: Path, label: str) -> Path:
    """The folder, unless one of its files is a link to somewhere else: a shared folder could point at anything."""
    for name in (CONFIG, WEIGHTS, CRITIC):
        if not Path(os.path.realpath(folder / name)).is_relative_to(os.path.realpath(folder)):
            raise StudioError(f"{name} of {label} is a link that leads out of its folder.",
                              "Copy the file itself into the folder.")
    return folder


def _holds_a_model(folder: Path) -> bool:
    return (folder / CONFIG).is_file() and (folder / WEIGHTS).is_file()


def _stamp(path: Path) -> tuple[int, int]:
    """Changes when the file does; (0, 0) where there is none to read, which loading it will say in words."""
    try:
        about = path.stat()
    except OSError:
        return 0, 0
    return about.st_mtime_ns, about.st_size
