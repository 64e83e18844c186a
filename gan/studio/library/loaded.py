"""The models in use: each is loaded once however many people ask for it. What a `source` may be stands in locations.py.

models = Models(runs=Path("runs"))
models.get("cats").generator
models.get("20260728-101500-0a1b2c3d", "500")      # a run at a step: one recipe moves through training time
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from gan.errors import StudioError
from gan.foreign.convert import Origin
from gan.latents.blending import blend
from gan.latents.directions import Directions, can_be_judged, effect_order, find
from gan.messages import say
from gan.networks.contract import Discriminator, Generator
from gan.store.model_config import CONFIG, WEIGHTS, ModelConfig
from gan.store.model_folder import load_discriminator, load_generator, read_config, write_model
from gan.store.run_folder import first_of_tuned
from gan.store.shipped import shipped_weights
from gan.store.sliders import from_table
from gan.store.snapshots import is_start, kept_steps
from gan.studio.hub.client import Hub, Progress
from gan.studio.hub.refusals import is_commit
from gan.studio.library.bundled import without_links
from gan.studio.library.conversions import Conversions
from gan.studio.library.hub_models import HubModels, Look
from gan.studio.library.locations import ModelLocation, ModelLocations
from gan.studio.library.single_flight import SingleFlight
from gan.studio.library.uploads import Uploads

__all__ = ["BUNDLED", "Model", "ModelConfig", "Models", "read_config", "write_model"]

BUNDLED = shipped_weights()
ROOM = 512 * 2**20
"""Bytes of networks that stay in memory beyond the `keep` of Models: 80 snapshots of the bundled cats, so that going to
and fro through a run loads each of them once (20 ms), or 5 networks of 1024 pixels."""
BLENDS_ROOM = 64 * 2**20  # a dragged slider never comes back to most of its blends, and one takes 6 ms to make anew
_log = logging.getLogger(__name__)


def _bytes(generator: Generator) -> int:
    return sum(tensor.nbytes for tensor in (*generator.parameters(), *generator.buffers()))


@dataclass(frozen=True)
class _Shared:
    """What all models share: what was found of them, and their blends."""

    found: SingleFlight = field(default_factory=lambda: SingleFlight(512))
    blends: SingleFlight = field(default_factory=lambda: SingleFlight(2, BLENDS_ROOM, _bytes))


class Model:
    """A model in use. Its generator is in eval mode and takes no gradients for its weights.

    id: its source without a revision. revision: the commit of a model from the Hub, the step of a run's, else None.
    path: its folder. run: the id of its run, None where it was not asked for as a run's. first: the folder of the
    first snapshot where it comes from a run that started from another model, and `load_first` that as a Model. What
    takes long to find is found when first asked for and kept in `shared`, which outlives the networks; threads may
    share a Model.
    """

    def __init__(
        self,
        id: str,
        revision: str | None,
        path: Path,
        config: ModelConfig,
        generator: Generator,
        run: str | None = None,
        first: Path | None = None,
        load_first: "Callable[[], Model] | None" = None,
        shared: _Shared | None = None,
    ):
        self.id, self.revision, self.path, self.config, self.generator, self.run = (
            id,
            revision,
            path,
            config,
            generator,
            run,
        )
        self._first, self._load_first, self._shared = first, load_first or (lambda: self), shared or _Shared()
        self._key = _key(path)
        self._found_key = _key(first) if first else self._key

    @property
    def has_discriminator(self) -> bool:
        return self.config.discriminator is not None

    @property
    def has_base(self) -> bool:
        """Whether it can be blended with the model that its run started from."""
        return self._first is not None and is_start(self._first)

    def steps(self) -> list[int]:
        """All steps that its run has kept by now, none where it is not a run's."""
        return kept_steps(self.path.parent.parent) if self.run else []

    def discriminator(self) -> Discriminator:
        """Its discriminator, loaded anew, likewise without gradients. Raises StudioError where it has none."""
        return _frozen(load_discriminator(self.path, self.config, self.id))

    def directions(self) -> Directions:
        """Directions in w that change the picture most; with a discriminator, as far as it still finds it real.

        All snapshots of a run that started from another model have those of the first one: they stay aligned with it,
        so that a slider means the same through time.
        """
        return self._shared.found.get((self._found_key, "directions"), lambda: self._load_first()._find_directions())

    def effect_order(self) -> list[int]:
        """The indices of z, those first that change the picture most."""
        return self._shared.found.get((self._key, "effect order"), lambda: effect_order(self.generator))

    def blended(self, amounts: tuple[float, ...]) -> Generator:
        """Its generator blended with the one that its run started from, by three amounts (latents/blending.py).

        Raises StudioError where there is no such model.
        """
        if not self.has_base:
            raise StudioError(
                say("{id} has no base to blend with.", id=self.id[:80]),
                "Only a run that started from another model, and kept it at step 0, has one: set no blend.",
            )
        base = self._load_first()
        key = self._key, base._key, amounts
        return self._shared.blends.get(key, lambda: blend(base.generator, self.generator, amounts).settle())

    def _find_directions(self) -> Directions:
        """Those that were kept with the model, or else found now. Kept ones that do not fit cost their names, not the
        model."""
        if self.config.sliders:
            try:
                return from_table(self.config.sliders, self.generator)
            except StudioError as error:
                _log.warning("%s: %s", self.id, error)
        return find(self.generator, discriminator=self._judge())

    def _judge(self) -> Discriminator | None:
        """The discriminator, where it is asked and can be loaded: a broken one costs the sliders their limits, not the
        model."""
        try:
            return self.discriminator() if self.has_discriminator and can_be_judged(self.generator) else None
        except StudioError as error:
            _log.warning("%s", error)
            return None


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
        self._models, self._folders = SingleFlight(keep, room, lambda model: _bytes(model.generator)), SingleFlight(256)
        self._shared = _Shared()

    def names(self) -> list[str]:
        """The bundled models: the folders right below the roots that hold a model."""
        return self.places.names()

    def is_kept(self, name: str) -> bool:
        """Whether this is the id of a run or of an upload, which `names` does not list."""
        return self.places.is_kept(name)

    def loaded(self) -> set[str]:
        """The ids of the models that are in memory."""
        return {id for id, _ in self._models.made()}

    def cards(self) -> dict[str, ModelConfig]:
        """What each bundled model says of itself. A broken one is left out, and the log says why."""
        cards = {}
        for name in self.names():
            try:
                cards[name] = read_config(self.places.find(name, None).folder, name)
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

    def take(self, source: str, file: str | None = None, progress: Progress | None = None) -> "Model":
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

    def _find(self, source: str, revision: str | None) -> ModelLocation:
        """Where the model is, which is a folder of ours by now unless it is on the Hub."""
        place = self.places.find(source, revision)
        return (
            replace(place, folder=self.conversions.local(place.folder, source), foreign=False)
            if place.foreign
            else place
        )

    def _here(self, place: ModelLocation) -> Model:
        """The model in a folder, loaded anew where its files have changed."""
        return self._models.get((place.id, _key(place.folder)), lambda: self._load(place, first_of_tuned(place.folder)))

    def _load(self, place: ModelLocation, first: Path | None = None) -> Model:
        id, folder = place.id, place.folder
        config = read_config(folder, id)
        generator = _frozen(load_generator(folder, config, id)).settle()
        start = None if first in (None, folder) else lambda: self._first_of(place, first)
        return Model(
            id, place.revision, folder, config, generator, id if place.run else None, first, start, self._shared
        )

    def _first_of(self, place: ModelLocation, first: Path) -> Model:
        """The model in the first snapshot of the run that `place` belongs to."""
        if place.run:
            return self.get(place.id, first.name)
        label = "/".join(first.parts[-3:])  # not all of the path: it gets into sentences
        return self._here(ModelLocation(label, folder=without_links(first, label)))

    def _fetch(self, place: ModelLocation, progress: Progress | None, again: bool = False) -> tuple[str, Path]:
        """(commit, folder) of a model on the Hub."""

        def fetch() -> tuple[str, Path]:
            if progress:
                progress(0.0, say("Asking the Hub for {id}", id=place.id))
            return self.on_hub.fetch(place.id, place.revision, progress=progress)

        key = place.id, place.revision
        found = self._folders.get(key, fetch, again=again and not is_commit(place.revision))
        gone = not (found[1] / CONFIG).is_file()  # since then: room was made, or somebody has emptied the cache
        return self._folders.get(key, fetch, again=True) if gone else found


def _usual_place(hub: Hub) -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return Path(hub.cache) / "gan-studio" if hub.cache else cache / "gan-studio"


def _frozen(network):
    """For pictures only. Convolutions are faster with the maps innermost in memory, by a third on a CPU."""
    return network.eval().requires_grad_(False).to(memory_format=torch.channels_last)


def _key(folder: Path) -> tuple:
    """A folder as its model is now: another one once a file of it has changed."""
    return folder, _stamp(folder / CONFIG), _stamp(folder / WEIGHTS)


def _stamp(path: Path) -> tuple[int, int]:
    """Changes when the file does; (0, 0) where there is none to read, which loading it will say in words."""
    try:
        about = path.stat()
    except OSError:
        return 0, 0
    return about.st_mtime_ns, about.st_size
