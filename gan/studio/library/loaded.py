"""The models in use: each is loaded once however many people ask for it. What a `source` may be stands in locations.py.

models = Models(runs=Path("runs"))
models.get("cats").generator
models.get("20260728-101500-0a1b2c3d", "500")      # a run at a step: one recipe moves through training time
"""

import logging
import os
from dataclasses import replace
from functools import partial
from pathlib import Path

from gan.errors import StudioError
from gan.foreign.convert import Origin
from gan.messages import say
from gan.store.model_config import CONFIG, ModelConfig
from gan.store.model_folder import load_generator, read_config
from gan.store.run_folder import first_of_tuned
from gan.store.shipped import shipped_weights
from gan.store.snapshots import is_start
from gan.studio.hub.client import Hub, Progress
from gan.studio.hub.refusals import is_commit
from gan.studio.library.bases import find_base, title_of_base
from gan.studio.library.bundled import without_links
from gan.studio.library.conversions import Conversions
from gan.studio.library.hub_models import HubModels, Look
from gan.studio.library.locations import ModelLocation, ModelLocations
from gan.studio.library.model import Base, Model, Shared, bytes_of, frozen, key_of
from gan.studio.library.single_flight import SingleFlight
from gan.studio.library.uploads import Uploads

BUNDLED = shipped_weights()
ROOM = 512 * 2**20
"""Bytes of networks that stay in memory beyond the `keep` of Models: 80 snapshots of the bundled cats, so that going to
and fro through a run loads each of them once (20 ms), or 5 networks of 1024 pixels."""
_log = logging.getLogger(__name__)


class Models:
    """The models that this app knows.

    keep: how many stay in memory however large they are; more of them stay while all take at most `room` bytes.
    runs, uploads: the folders of both, where there are any. converted: where foreign models are kept once they have
    been read (None: among the user's cached files, or in the hub's own cache where it has one).
    """

    def __init__(
        self,
        roots: tuple[Path, ...] = (BUNDLED,),
        hub: Hub | None = None,
        local: bool = True,
        keep: int = 8,
        runs: Path | None = None,
        uploads: Path | None = None,
        room: int = ROOM,
        converted: Path | None = None,
    ):
        self.hub = hub or Hub()
        self.conversions = Conversions(converted or _usual_place(self.hub))
        self.on_hub = HubModels(self.hub, self.conversions)
        self.places = ModelLocations(tuple(map(Path, roots)), local, runs and Path(runs), uploads and Path(uploads))
        self._models = SingleFlight(keep, room, lambda model: bytes_of(model.generator))
        self._folders = SingleFlight(256)
        self._shared = Shared()

    def names(self) -> list[str]:
        """The bundled models: the folders right below the roots that hold a model."""
        return self.places.names()

    def is_kept(self, name: str) -> bool:
        """Whether this is the id of a run or of an upload, which `names` does not list."""
        return self.places.is_kept(name)

    def loaded(self) -> set[str]:
        """The ids of the models that are in memory."""
        return {name for name, _ in self._models.made()}

    def cards(self) -> dict[str, ModelConfig]:
        """What each bundled model says of itself. A broken one is left out, and the log says why."""
        cards = {}
        for name in self.names():
            try:
                cards[name] = read_config(self.places.find(name, None).here, name)
            except StudioError as error:
                _log.warning("left out of the list: %s", error)
        return cards

    def resolve(self, source: str, revision: str | None = None, progress: Progress | None = None) -> Path:
        """The folder of a model, fetched from the Hub and converted where need be; a branch is looked up anew each
        time."""
        place = self._find(source, revision)
        return place.folder or self._fetch(place, progress, again=True)[1]

    def look(self, source: str) -> Look:
        """What a repository on the Hub holds, and which file of it would be read. Raises StudioError, also for other
        sources."""
        place = self.places.find(source, None)
        if place.folder is not None:
            raise StudioError(
                say("{source!r} is here already.", source=source[:80]), "Give the id of a model on the Hub: user/repo."
            )
        return self.on_hub.look(place.id, place.revision)

    def take(self, source: str, file: str | None = None, progress: Progress | None = None) -> Model:
        """A model on the Hub, opened; `file` is one of its files other than that which would be read.

        What another file holds is kept as an upload, with an id of its own. Raises StudioError.
        """
        if file is None:
            return self.get(source, progress=progress)
        place = self.places.find(source, None)
        if place.folder is not None or self.places.uploads is None:
            raise StudioError(
                say("{source!r} has no files to choose from here.", source=source[:80]),
                "Give the id of a model on the Hub: user/repo.",
            )
        _, folder = self.on_hub.fetch(place.id, place.revision, file, progress)
        return self.get(Uploads(self.places.uploads).add_copy(folder))

    def raw(
        self, source: str, file: str | None = None, settings: dict | None = None, progress: Progress | None = None
    ) -> tuple[Path, Origin]:
        """A foreign file itself and where it comes from: of the Hub, or on this computer. `file` is one of the files
        of a repository or a folder, None for the likeliest; `settings` go before the config.json beside it. Raises
        StudioError for what is a model of ours."""
        place = self.places.find(source, None)
        if place.folder is None:
            path, origin = self.on_hub.raw(place.id, place.revision, file, progress)
        elif place.foreign:
            path, origin = self.conversions.origin(place.folder, source, file)
        else:
            raise StudioError(
                say("{source!r} is a model of GAN Studio already.", source=source[:80]), "Use it as it is."
            )
        return path, origin if settings is None else replace(origin, config=settings)

    def get(self, source: str, revision: str | None = None, progress: Progress | None = None) -> Model:
        """The model, loaded. Cheap when it is in use already: a branch on the Hub then stays at the commit it was at.

        Raises StudioError for whatever is wrong with the source, the way to it or the files.
        """
        place = self._find(source, revision)
        if place.folder is None:
            commit, folder = self._fetch(place, progress)
            return self._models.get((place.id, commit), lambda: self._load(ModelLocation(place.id, commit, folder)))
        return self._here(place)

    def at_hand(self, source: str, revision: str | None = None) -> Model | None:
        """The model where `get` would load and fetch nothing, else None. Takes microseconds. Raises StudioError for
        what cannot be meant."""
        place = self.places.find(source, revision)
        if place.foreign:
            return None
        if place.folder is not None:
            return self._models.at_hand(_key_of(place))
        commit, folder = self._folders.at_hand((place.id, place.revision)) or (None, None)
        return None if folder is None or _is_gone(folder) else self._models.at_hand((place.id, commit))

    def _find(self, source: str, revision: str | None) -> ModelLocation:
        """Where the model is, which is a folder of ours by now unless it is on the Hub."""
        place = self.places.find(source, revision)
        return (
            replace(place, folder=self.conversions.local(place.here, source), foreign=False) if place.foreign else place
        )

    def _here(self, place: ModelLocation) -> Model:
        """The model in a folder, loaded anew where its files have changed."""
        return self._models.get(_key_of(place), lambda: self._load(place, first_of_tuned(place.here)))

    def _is_loaded(self, place: ModelLocation) -> bool:
        return self._models.at_hand(_key_of(place)) is not None

    def _load(self, place: ModelLocation, first: Path | None = None) -> Model:
        id, folder = place.id, place.here
        config = read_config(folder, id)
        generator = frozen(load_generator(folder, config, id)).settle()
        start = None if first is None or first == folder else lambda: self._first_of(place, first)
        base = self._base_of(place, first)
        return Model(
            id, place.revision, folder, config, generator, id if place.run else None, first, start, base, self._shared
        )

    def _base_of(self, place: ModelLocation, first: Path | None) -> Base | None:
        """The model that the one in a place was trained on from: the first snapshot of its run, or what its files name
        where that lies here."""
        if first is not None:
            begun, load = self._first_place(place, first), lambda: self._first_of(place, first)
            title = title_of_base(self.places, place.here)
            is_loaded = partial(self._is_loaded, begun)
            return Base(begun.id, begun.revision, title, first, load, is_loaded) if is_start(first) else None
        at = find_base(self.places, place.here)
        if at is None or at.folder is None or at.folder == place.folder:
            return None
        title = title_of_base(self.places, place.here)
        return Base(at.id, at.revision, title, at.folder, lambda: self._here(at), partial(self._is_loaded, at))

    def _first_of(self, place: ModelLocation, first: Path) -> Model:
        """The model in the first snapshot of the run that `place` belongs to."""
        return self.get(place.id, first.name) if place.run else self._here(self._first_place(place, first))

    @staticmethod
    def _first_place(place: ModelLocation, first: Path) -> ModelLocation:
        """Where the model in the first snapshot of the run that `place` belongs to lies."""
        if place.run:
            return ModelLocation(place.id, first.name, first, run=True)
        label = "/".join(first.parts[-3:])  # not all of the path: it gets into sentences
        return ModelLocation(label, folder=without_links(first, label))

    def _fetch(self, place: ModelLocation, progress: Progress | None, again: bool = False) -> tuple[str, Path]:
        """(commit, folder) of a model on the Hub."""

        def fetch() -> tuple[str, Path]:
            if progress:
                progress(0.0, say("Asking the Hub for {id}", id=place.id))
            return self.on_hub.fetch(place.id, place.revision, progress=progress)

        key = place.id, place.revision
        found = self._folders.get(key, fetch, again=again and not is_commit(place.revision))
        return self._folders.get(key, fetch, again=True) if _is_gone(found[1]) else found


def _key_of(place: ModelLocation) -> tuple:
    """What tells the model in a folder, as it is now, from all others in memory."""
    return place.id, key_of(place.here)


def _is_gone(folder: Path) -> bool:
    """Whether a fetched model is there no more: room was made, or somebody has emptied the cache."""
    return not (folder / CONFIG).is_file()


def _usual_place(hub: Hub) -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return Path(hub.cache) / "gan-studio" if hub.cache else cache / "gan-studio"
