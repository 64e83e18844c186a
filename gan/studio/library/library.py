"""The models that visitors of one app may use: bundled ones, those that somebody opened from the Hub, runs and uploads.

A picture may be asked for fifty times a second, so asking for one fetches nothing: a model on the Hub is opened first,
once, by a person who sees the progress, and then lies in the cache. Opening shares the network with everybody and
nothing else. Runs anyone may watch, uploads whoever knows their id: no list names them, but for the uploads of one's
own computer.
"""

import dataclasses
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

from gan.errors import StudioError
from gan.field_metadata import table
from gan.kinds.table import kind_of
from gan.latents.directions import free_dimensions
from gan.latents.dragging import is_draggable
from gan.latents.mixing import first_fine
from gan.messages import as_message, say
from gan.networks.contract import Generator
from gan.networks.names import ANY_CLASSES
from gan.networks.registry import family
from gan.store.model_config import ModelConfig
from gan.store.model_folder import read_config
from gan.studio.hub.client import Progress
from gan.studio.library.loaded import Models
from gan.studio.library.model import Model, told_classes
from gan.studio.library.recent import RecentModel, RecentModels, recent_model_of
from gan.studio.library.uploads import Uploads
from gan.studio.recipes import Recipe

_log = logging.getLogger(__name__)
_TEXTS = ("title", "summary", "data", "licence", "kind", "origin")  # of a model, for people


class Library:
    """Which models are open. `models` does the loading and remembers the networks, `recent` what was opened, also
    before a restart.

    shared: several people use this studio, and nobody sees or removes what another one brought.
    """

    def __init__(
        self,
        models: Models,
        favourites: Sequence[str] = ("letters", "faces", "cats"),
        recent: RecentModels | None = None,
        shared: bool = False,
    ):
        self.models, self._favourites, self._recent, self.shared = (
            models,
            tuple(favourites),
            recent or RecentModels(),
            shared,
        )
        self._bundled = frozenset(models.cards())

    @property
    def first(self) -> str:
        """The model that a new visitor sees. Raises StudioError where no model is there at all."""
        if not self._bundled:
            raise StudioError(
                "There are no models here.", "The folder weights/ is missing or empty: get the whole project again."
            )
        return min(self._bundled, key=self._rank)

    def _rank(self, name: str) -> tuple[int, str]:
        """Favourites first, in their order, then the others by name."""
        return self._favourites.index(name) if name in self._favourites else len(self._favourites), name

    def names(self) -> list[str]:
        """The favourites, the other bundled models, then what was opened from the Hub or brought here, the newest
        first."""
        bundled = sorted(self._bundled, key=self._rank)
        return bundled + [entry.id for entry in self._entries()]

    def cards(self) -> list[dict]:
        """What the page shows of the models in `names`, without loading any: the fields of a Book, and whether each is
        one of the box ("bundled"), may be forgotten ("removable") and is in memory ("loaded")."""
        loaded = self.models.loaded()
        bundled = [recent_model_of(row) for row in self._rows([name for name in self.names() if name in self._bundled])]
        entries = [(entry, True) for entry in bundled] + [(entry, False) for entry in self._entries()]
        return [
            {
                **_in_words(dataclasses.asdict(entry)),
                "bundled": ours,
                "removable": not (ours or self.shared),
                "loaded": entry.id in loaded,
            }
            for entry, ours in entries
        ]

    def open(self, source: str, progress: Progress | None = None) -> Model:
        """Load a model, from the Hub where need be, and let everybody use it. Raises StudioError, also where it makes
        no pictures.

        A branch on the Hub is looked up anew: its author may have pushed since it was opened last.
        """
        source = source.strip() if isinstance(source, str) else source
        self.models.resolve(source, progress=progress)
        return self.remember(self.models.get(source, progress=progress))

    def take(self, source: str, file: str | None = None, progress: Progress | None = None) -> Model:
        """Open a model of the Hub, whatever code it was made with: from `file` of its files where that is not the
        likeliest one. Raises StudioError."""
        return self.remember(self.models.take(source, file, progress))

    def remember(self, model: Model) -> Model:
        """The model, which is open from now on. Raises StudioError for one that nobody could use here."""
        told = about(model)
        brought = model.run is None and self.models.is_kept(model.id)
        if (model.revision and model.run is None) or (brought and not self.shared):
            self._recent.put(recent_model_of(told))
        return model

    def forget(self, name: object) -> None:
        """Take a model off the list; an upload is deleted, what came from the Hub stays in its cache. Raises
        StudioError."""
        if self.shared:
            raise StudioError(
                "Several people use this studio, and its list is for all of them.", "Only its owner can change it."
            )
        if not self._recent.remove(name):
            raise StudioError(
                say("The model {name!r} is not on the list.", name=str(name)[:80]), "Reload the page to see what is."
            )
        if self.models.places.uploads is not None and isinstance(name, str) and self.models.is_kept(name):
            Uploads(self.models.places.uploads).kept.remove(name)

    def get(self, name: str, revision: str | None = None) -> Model:
        """An open model. Raises StudioError where nobody has opened it. Waits for the network only where somebody
        emptied the cache meanwhile."""
        return self.models.get(name, self._revision(name, revision))

    def use(self, source: str) -> Model:
        """The model if it is open, else opened now: for programs, which wait. Raises StudioError."""
        try:
            return self.get(str(source))
        except StudioError:
            return self.open(source)

    def prepare(self, recipes: list[Recipe]) -> None:
        """Load what painting the recipes needs, so that the painter, who serves everybody, never has to."""
        for recipe in _needs(recipes):
            model = self.get(recipe.model, recipe.revision)
            if recipe.uses_directions:
                model.directions()
            if recipe.blend:
                model.blended(recipe.blend)

    def is_prepared(self, recipes: list[Recipe]) -> bool:
        """Whether `prepare` would load nothing and look for nothing, since all that painting the recipes needs is in
        memory. Takes microseconds, so that those who wait for nothing may ask it. StudioError as of `get`."""
        return all(map(self._is_at_hand, _needs(recipes)))

    def _is_at_hand(self, recipe: Recipe) -> bool:
        model = self.models.at_hand(recipe.model, self._revision(recipe.model, recipe.revision))
        return model is not None and model.is_prepared(recipe.uses_directions, bool(recipe.blend))

    def about_all(self) -> list[dict]:
        """What there is to know of each open model, without loading any. A broken one is left out, and the log says
        why."""
        return self._rows(self.names())

    def _rows(self, names: list[str]) -> list[dict]:
        rows = []
        for name in names:
            try:
                rows.append(self._row(name))
            except StudioError as error:
                _log.warning("left out of the list: %s", error)
        return rows

    def _entries(self) -> list[RecentModel]:
        """What is remembered and still there, opened last first."""
        root = self.models.places.uploads
        uploads = set() if self.shared or root is None else set(Uploads(root).kept.list())
        return [entry for entry in reversed(self._recent.entries()) if entry.revision or entry.id in uploads]

    def describe(self, name: str, revision: str | None = None) -> dict:
        """What there is to know of an open model, as `about` tells it, without loading it. Raises StudioError."""
        return _in_words(self._row(name, revision))

    def _row(self, name: str, revision: str | None = None) -> dict:
        revision = self._revision(name, revision)
        path = self.models.resolve(name, revision)
        config = read_config(path, name)
        return _about(name, revision, path, config, config.build_generator("meta"))

    def check(self, recipes: list[Recipe]) -> None:
        """Raise StudioError unless every recipe's model is open. Loads nothing."""
        for name, revision in {(recipe.model, recipe.revision) for recipe in recipes}:
            self._revision(name, revision)
            if name not in self._bundled and self.models.is_kept(name):
                self.models.resolve(name, revision)

    def _revision(self, name: str, revision: str | None) -> str | None:
        """The commit that is meant, None for a bundled model, of a run what was asked for. StudioError where it is not
        open."""
        if name in self._bundled and revision is None:
            return None
        if self.models.is_kept(name):
            return revision
        commits = self._recent.revisions(name)
        if not commits or revision not in (None, *commits):
            raise StudioError(say("The model {name!r} is not open here.", name=name[:80]), _way_in(name))
        return revision or commits[-1]


def _needs(recipes: list[Recipe]) -> Iterable[Recipe]:
    """One recipe for each that painting all of them needs: a model, its directions, its base."""
    return {(r.model, r.revision, r.uses_directions, bool(r.blend)): r for r in recipes}.values()


def _way_in(name: str) -> str:
    """How a model that is not open could be."""
    if name.count("/") == 1 and not name.startswith((".", "~", "/")):
        return say("Open it in Models and try again.")
    if name.startswith("upload-"):
        return say("Upload it again: models that nobody uses are removed after a while.")
    return say(
        "It is not among the models of this studio; it may be a run that was deleted, or a folder of the computer "
        "on which the picture was made."
    )


def _in_words(told: dict) -> dict:
    """What is told of a model, its texts as messages: those of the box and of converted models have translations."""
    return told | {name: as_message(told[name]) for name in _TEXTS if isinstance(told.get(name), str)}


def _direction_count(config: ModelConfig, generator: Generator) -> int:
    """How many sliders it has: those that were kept with it, or as many as are found."""
    kept = config.sliders.get("scales")
    found = len(kept) if isinstance(kept, list) else free_dimensions(generator)
    return min(table(Recipe)["directions"].most, found)


def about(model: Model) -> dict:
    """What the page needs to know of a model: plain values. Raises StudioError for one that makes no pictures.

    run: the id of its run or None; steps: all steps that this run has kept; base: what it can be blended with, its id,
    revision and title, or None.
    """
    told = _about(model.id, model.revision, model.path, model.config, model.generator)
    base = model.base
    from_here = base and dict(id=base.id, revision=base.revision, title=as_message(base.title))
    return _in_words(told) | dict(run=model.run, steps=model.steps(), base=from_here)


def _about(id: str, revision: str | None, path: Path, config: ModelConfig, generator: Generator) -> dict:
    canvas, shape = kind_of(generator).canvas(generator), tuple(generator.image_shape)
    if canvas is None:
        raise StudioError(
            say("{id} does not make pictures, but samples of shape {shape}.", id=id, shape=shape),
            "Choose another model.",
        )
    size = sum(file.stat().st_size for file in path.glob("*.safetensors"))
    return dict(
        id=id,
        revision=revision,
        title=config.title or id,
        summary=config.summary,
        data=config.data,
        licence=config.licence,
        family=config.family,
        kind=config.kind or family(config.family).about,
        origin=config.origin,
        guessed=list(map(as_message, config.guessed)),
        megabytes=round(size / 1e6, 1),
        pair=config.discriminator is not None,
        layout=config.family == "stack",
        makes=generator.kind,
        channels=canvas.channels,
        height=canvas.height,
        width=canvas.width,
        side=shape[-1] if generator.kind == "sound" else canvas.width,
        z_dim=generator.z_dim,
        classes=told_classes(path, config, generator.num_classes),
        any_classes=not generator.num_classes or config.family in ANY_CLASSES,
        layers=generator.num_ws,
        first_fine=first_fine(generator.num_ws),
        noise=generator.has_noise,
        noise_layers=generator.noise_layers,
        psi=config.psi,
        seed=config.seed,
        pixel_art=config.pixel_art,
        directions=_direction_count(config, generator),
        drags=config.can_drag and is_draggable(generator),
        direction_names=[say(name) if name else "" for name in config.directions],
    )
