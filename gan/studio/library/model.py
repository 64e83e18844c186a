"""A model in use: its generator, and what takes long to find of it, found once."""

import contextlib
import dataclasses
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch

from gan.errors import StudioError
from gan.latents.blending import blend
from gan.latents.directions import Directions, can_be_judged, effect_order, find
from gan.messages import say
from gan.networks.contract import Discriminator, Generator
from gan.networks.names import ANY_CLASSES
from gan.networks.new_classes import class_names, for_classes, kept_classes
from gan.store.model_config import CONFIG, WEIGHTS, ModelConfig
from gan.store.model_folder import load_discriminator, read_config
from gan.store.origins import built_alike
from gan.store.shipped import shipped_weights
from gan.store.sliders import from_table
from gan.store.snapshots import kept_steps
from gan.studio.library.single_flight import SingleFlight

BLENDS_ROOM = 64 * 2**20  # a dragged slider never comes back to most of its blends, and one takes 6 ms to make anew
_log = logging.getLogger(__name__)


def told_classes(folder: Path, config: ModelConfig, count: int) -> list[str]:
    """What the `count` classes of a model in a folder are called. Those of the box have translations; what others call
    theirs are their own words."""
    names = class_names(config.classes, count)
    return list(map(say, names)) if folder.is_relative_to(shipped_weights()) else names


def bytes_of(generator: Generator) -> int:
    """What its numbers take in memory."""
    return sum(tensor.nbytes for tensor in (*generator.parameters(), *generator.buffers()))


@dataclass(frozen=True)
class Shared:
    """What all models share: what was found of them, and their blends."""

    found: SingleFlight = field(default_factory=lambda: SingleFlight(512))
    blends: SingleFlight = field(default_factory=lambda: SingleFlight(2, BLENDS_ROOM, bytes_of))


@dataclass(frozen=True)
class Base:
    """A model that another one was trained on from: its id and revision here, its title and folder. `load` gives the
    Model, or raises StudioError; `is_loaded`: whether it would load nothing."""

    id: str
    revision: str | None
    title: str
    folder: Path
    load: "Callable[[], Model]"
    is_loaded: Callable[[], bool]


class Model:
    """A model in use. Its generator is in eval mode and takes no gradients for its weights.

    id: its source without a revision. revision: the commit of a model from the Hub, the step of a run's, else None.
    path: its folder. run: the id of its run, None where it was not asked for as a run's. first: the folder of the
    first snapshot where it comes from a run that started from another model, and `load_first` that as a Model. base:
    what it was trained on from, where that lies here. What takes long to find is found when first asked for and kept in
    `shared`, which outlives the networks; threads may share a Model.
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
        base: Base | None = None,
        shared: Shared | None = None,
    ):
        self.id, self.revision, self.path, self.config, self.generator, self.run = (
            id,
            revision,
            path,
            config,
            generator,
            run,
        )
        self._load_first, self._base, self._shared = load_first or (lambda: self), base, shared or Shared()
        self._key = key_of(path)
        self._found_key = key_of(first) if first else self._key

    @property
    def _directions_key(self) -> tuple:
        return self._found_key, "directions"

    @property
    def has_discriminator(self) -> bool:
        return self.config.discriminator is not None

    @property
    def version(self) -> tuple:
        """What tells it from all other models, and from itself once its files have changed."""
        return self._key

    @property
    def base(self) -> Base | None:
        """The model that it was trained on from, where it can be blended with it: that lies here, built alike."""
        with contextlib.suppress(StudioError):
            if self._base and built_alike(self.config, read_config(self._base.folder, self._base.id)):
                return self._base
        return None

    def steps(self) -> list[int]:
        """All steps that its run has kept by now, none where it is not a run's."""
        return kept_steps(self.path.parent.parent) if self.run else []

    def discriminator(self) -> Discriminator:
        """Its discriminator, loaded anew, likewise without gradients. Raises StudioError where it has none."""
        return frozen(load_discriminator(self.path, self.config, self.id))

    def directions(self) -> Directions:
        """Directions in w that change the picture most; with a discriminator, as far as it still finds it real.

        All snapshots of a run that started from another model have those of the first one: they stay aligned with it,
        so that a slider means the same through time.
        """
        return self._shared.found.get(self._directions_key, lambda: self._load_first()._find_directions())

    def effect_order(self) -> list[int]:
        """The indices of z, those first that change the picture most."""
        return self._shared.found.get((self._key, "effect order"), lambda: effect_order(self.generator))

    def blended(self, amounts: tuple[float, ...]) -> Generator:
        """Its generator blended with the one that it was trained on from, by three amounts (latents/blending.py).

        Raises StudioError where there is no such model, or it is built differently.
        """
        if self._base is None:
            raise StudioError(
                say("{id} has no base to blend with.", id=self.id[:80]),
                "Only a model that was trained on from another one has one, and that one must be here: set no blend.",
            )
        base = self._base.load()
        key = self._key, base._key, amounts
        return self._shared.blends.get(key, lambda: blend(self._like_this(base), self.generator, amounts).settle())

    def is_prepared(self, directions: bool, blend: bool) -> bool:
        """Whether the directions are found by now, and the base is in memory, as far as they are asked for."""
        found = not directions or self._shared.found.at_hand(self._directions_key) is not None
        return found and (not blend or (self._base is not None and self._base.is_loaded()))

    def _like_this(self, base: "Model") -> Generator:
        """The generator of the base, for the classes of this model."""
        if self.config.family not in ANY_CLASSES or not built_alike(self.config, base.config):
            return base.generator
        before, after = (class_names(m.config.classes, m.generator.num_classes) for m in (base, self))

        def made(classes: int) -> Generator:
            values = self.config.generator | {"num_classes": classes}
            return dataclasses.replace(self.config, generator=values).build_generator("meta")

        return for_classes(base.generator, made, kept_classes(before, after))

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


def frozen(network):
    """For pictures only. Convolutions are faster with the maps innermost in memory, by a third on a CPU."""
    return network.eval().requires_grad_(False).to(memory_format=torch.channels_last)


def key_of(folder: Path) -> tuple:
    """A folder as its model is now: another one once a file of it has changed."""
    return folder, _stamp(folder / CONFIG), _stamp(folder / WEIGHTS)


def _stamp(path: Path) -> tuple[int, int]:
    """Changes when the file does; (0, 0) where there is none to read, which loading it will say in words."""
    try:
        about = path.stat()
    except OSError:
        return 0, 0
    return about.st_mtime_ns, about.st_size
