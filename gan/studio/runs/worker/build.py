"""A run's trainer from typed values: from scratch, from a base, or as a run's folder says that it was."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from gan.errors import StudioError
from gan.field_metadata import from_values, to_values
from gan.messages import Message, say
from gan.networks.contract import Discriminator, Generator
from gan.networks.new_classes import class_names, kept_classes, told_names
from gan.networks.registry import build_discriminator, build_generator, family
from gan.networks.words import WordGenerator
from gan.store.grids import columns_of
from gan.store.model_folder import load_discriminator, load_generator, read_config, weights_checksum
from gan.store.run_folder import Run
from gan.store.run_settings import RunSettings
from gan.studio.data.datasets import Dataset, read_dataset, words_dataset
from gan.studio.data.pixel_art import is_pixel_art
from gan.studio.runs.half_precision import COARSE, gain_sentence, pays, processor_gain
from gan.studio.runs.new_discriminators import WARMUP, new_discriminator, with_discriminator
from gan.studio.runs.other_classes import base_for_classes, fixed_for
from gan.studio.runs.pins import fixed_latents, kept_fixed, read_pins
from gan.studio.runs.worker.device import set_up
from gan.studio.runs.worker.networks import check_makes, net_values
from gan.studio.runs.worker.news import NewDiscriminator, PicturesRead, Tell, Warned
from gan.studio.runs.worker.same_run import MAY_DIFFER, check_same
from gan.studio.runs.worker.sources import Sources
from gan.studio.runs.worker.training_job import NewRun, Resumed, TrainingJob
from gan.training.config import DEFAULTS, TrainConfig, defaults
from gan.training.data import Samples
from gan.training.sample_grid import GridLatents
from gan.training.team import Team
from gan.training.trainer import Trainer

Pair = tuple[Generator, Discriminator]


def new(
    job: TrainingJob, device: torch.device, team: Team, sources: Sources, tell: Tell
) -> tuple[RunSettings, Trainer, GridLatents | None]:
    """All that a new run begins with, before anything is written. Raises StudioError."""
    start = job.run
    assert isinstance(start, NewRun)
    Run.check_free(job.out)  # before the pictures are read, which may take a while
    if start.base:
        settings, dataset, pair = _from_base(start, job.out, device, sources, tell)
    else:
        settings, dataset, pair = _from_scratch(start, job.out, sources)
    if dataset.sentences:
        tell(PicturesRead(dataset.sentences))
    config = from_values(TrainConfig, settings.train)
    if config.precision == COARSE and not pays(str(device)):
        tell(Warned(gain_sentence(processor_gain())))
    fixed = _fixed(start, job.out, columns_of(config.grid_size), sources, pair[0], dataset.classes)
    return settings, Trainer(*pair, _on(device, dataset.samples), config, fixed, team), fixed


def restored(run: Run, job: TrainingJob, team: Team, sources: Sources) -> Trainer:
    """The trainer of a run that was begun before, as it was saved last. Raises StudioError."""
    assert isinstance(job.run, Resumed)
    check_same(job.run.said, run.settings, run.config())
    trainer = rebuilt(run, job, team, sources)
    run.restore(trainer)
    change = trainer.change(**{name: value for name, value in job.run.said.train.items() if name in MAY_DIFFER})
    if change.changes:
        run.write(change)
    return trainer


def rebuilt(run: Run, job: TrainingJob, team: Team, sources: Sources) -> Trainer:
    """For the networks, the data and the settings in force of a run; its state is still to be loaded."""
    s = run.settings
    pair = build_generator(s.family, s.generator), build_discriminator(s.family, s.discriminator)
    source = job.run.data or s.data
    if not team.leads:
        source = str(sources.fetched_data(source, run.path))
    _, dataset = _read_for(pair[0], source, s.label, run.path, sources)
    check_makes(family(s.family), dataset.samples, say("Give the data that the run began with."))
    device = set_up(job.device, job.threads, team)
    return Trainer(*pair, _on(device, dataset.samples), run.config(), kept_fixed(run.path), team)


def _from_scratch(start: NewRun, out: Path, sources: Sources) -> tuple[RunSettings, Dataset, Pair]:
    path = sources.data(start.data, out, start.side, start.channels)
    dataset = read_dataset(path, start.side, start.channels, start.label)
    samples = dataset.samples
    generator, discriminator = net_values(start.net, family(start.family), samples)
    train = {**DEFAULTS[start.family], **start.train}
    torch.manual_seed(train.get("seed", 0))
    pair = build_generator(start.family, generator), build_discriminator(start.family, discriminator)
    settings = _settings(start, path, dataset, start.family, generator, discriminator, train)
    if _is_pixel_art(dataset, usual=False):
        settings.about["pixel_art"] = True
    return settings, dataset, pair


def _from_base(
    start: NewRun, out: Path, device: torch.device, sources: Sources, tell: Tell
) -> tuple[RunSettings, Dataset, Pair]:
    if start.net:
        raise StudioError(
            "The base decides the networks' settings.", "Leave out --net, or start from scratch with --family."
        )
    folder = sources.folder(start.base)
    base = read_config(folder, start.base)
    generator, known = load_generator(folder, base, start.base), weights_checksum(folder, base)
    shape = generator.image_shape
    if any(said not in (None, *own) for said, own in ((start.side, shape[1:]), (start.channels, shape[:1]))):
        raise StudioError(
            "The base decides what pictures are like.",
            "Leave out --side and --channels, or start from scratch with --family.",
        )
    side = max(shape[1:], default=0)
    train = {**defaults(base.family, side, device.type), **start.train}
    if base.discriminator is None:
        base, train = with_discriminator(base, start.base), {"warmup_steps": WARMUP, **train}
        pair = generator, new_discriminator(base, train.get("seed", 0))
        tell(NewDiscriminator(start.base_name or start.base, train["warmup_steps"]))
    else:
        pair = generator, load_discriminator(folder, base, start.base)
    label = start.label or (None if generator.num_classes else "none")
    path, dataset = _read_for(generator, start.data, label, out, sources)
    check_makes(family(base.family), dataset.samples, say("Choose another base, or other data."))
    if len(dataset.classes) == len(base.classes):
        dataset.classes = told_names(dataset.classes, base.classes)
    if generator.num_classes and not dataset.classes and start.label is None:
        tell(Warned(_without_classes(start.base_name or start.base, generator.num_classes)))
    base, pair = base_for_classes(base, pair, dataset.classes, start.base_name or start.base)
    critic = base.discriminator
    assert critic is not None, "it has one by now"
    settings = _settings(start, path, dataset, base.family, base.generator, critic, train)
    settings = replace(settings, label=label, base_checksum=known)  # label: what was read, as resuming will
    settings.about.update(psi=base.psi, pixel_art=_is_pixel_art(dataset, usual=base.pixel_art))
    return settings, dataset, pair


def _without_classes(base: str, count: int) -> Message:
    return say(
        "{base} knows {count} classes, and what you gave has none: it goes on without. Sort it into folders and give "
        "--label folder if it shall have classes.",
        base=base,
        count=count,
    )


def _is_pixel_art(data: Dataset, usual: bool) -> bool:
    """By its colours, or `usual` where these say nothing."""
    told = is_pixel_art(data.samples.x) if data.samples.makes == "picture" else None
    return usual if told is None else told


def _settings(
    start: NewRun, data: Path, dataset: Dataset, name: str, generator: dict, discriminator: dict, train: dict
) -> RunSettings:
    about: dict[str, Any] = {
        ("data" if key == "about_data" else key): text for key, text in start.about.items() if text
    }
    return RunSettings(
        str(data.resolve()),
        start.label,
        start.base_title,
        name,
        generator,
        discriminator,
        dataset.classes,
        to_values(from_values(TrainConfig, train)),
        about,
    )


def _fixed(
    start: NewRun, out: Path, most: int, sources: Sources, generator: Generator, classes: Sequence[str]
) -> GridLatents | None:
    """The pictures that come first in the grids: those pinned, as many as stand in the first row, or those that a
    branch was given by its parent."""
    if not start.pins:
        return kept_fixed(out)
    if not start.base:
        raise StudioError("Pins are pictures of the base.", "Leave out --pins, or start from a model with --base.")
    names = {start.base, start.base.partition("@")[0], start.base_name}
    recipes = read_pins(start.pins, names)[:most]
    if not recipes:
        return None
    base = sources.open(start.base)
    kept = kept_classes(class_names(base.config.classes, base.generator.num_classes), classes)
    return fixed_for(fixed_latents(base, recipes), base.generator, generator, kept)


def _read_for(
    generator: Generator, source: str, label: str | None, out: Path, sources: Sources
) -> tuple[Path, Dataset]:
    """Where the data is, and the data in the size that the generator makes."""
    if isinstance(generator, WordGenerator):
        path = sources.data(source, out, None, None)
        return path, words_dataset(path, generator.symbols, generator.image_shape[1])
    shape = generator.image_shape
    channels, side = (shape[0], shape[-1]) if len(shape) == 3 else (None, None)
    path = sources.data(source, out, side, channels)
    return path, read_dataset(path, side, channels, label)


def _on(device: torch.device, samples: Samples) -> Samples:
    return samples if device.type == "cpu" else samples.to(device)
