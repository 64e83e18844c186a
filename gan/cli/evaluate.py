"""`gan evaluate`: the scores of a model as a table, as JSON, and the pairs that are most alike."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn.functional import interpolate

from gan.cli.parsers.evaluate import USUAL_SAMPLES
from gan.cli.progress import ProgressBar
from gan.cli.sources import CommandSources
from gan.cli.speech import filled, spoken, tell
from gan.errors import StudioError
from gan.evaluation.features import FeatureNet
from gan.evaluation.gathering import paint
from gan.evaluation.metrics import METRICS
from gan.evaluation.report import Report
from gan.evaluation.scoring import FEWEST, Reals, check_pictures, classes_asked, evaluate
from gan.evaluation.words import FEWEST as FEWEST_WORDS
from gan.evaluation.words import evaluate_words
from gan.kinds.kind import Kind
from gan.kinds.table import is_pictures, kind_of
from gan.latents.sampling import one_hot
from gan.messages import as_message, say
from gan.networks.contract import Generator
from gan.networks.new_classes import class_names, same_classes, told_names
from gan.networks.words import WordGenerator
from gan.store.files import whole_file, write_json
from gan.store.grids import grid
from gan.store.model_folder import keep_facts, load_generator, read_config
from gan.studio.data.datasets import Dataset, check_are_pictures, read_dataset
from gan.studio.data.word_lists import read_words
from gan.studio.scores.feature_networks import load_extractor
from gan.studio.scores.table import without_classes

_MOST_SAMPLES = 1_000_000


@dataclass(frozen=True)
class _Asked:
    """What is to be scored, and how; see `add_options`."""

    model: str
    data: Path
    training: Path | None
    samples: int | None
    psi: float
    label: str | None
    features: Path | None
    threads: int | None
    out: Path | None
    nearest: Path | None
    progress: bool
    keep: bool


def act(sources: CommandSources, **options) -> None:
    """Run the command. Raises StudioError for anything a person can mend."""
    asked = _Asked(**options)
    _check(asked)
    if asked.threads:
        torch.set_num_threads(asked.threads)
    folder = sources.folder(asked.model)
    config = read_config(folder, asked.model)
    generator = load_generator(folder, config, asked.model)
    if isinstance(generator, WordGenerator):
        return _of_words(asked, folder, generator)
    extractor = load_extractor(asked.features)
    check_pictures(generator)
    pictures, unknown = _read(asked.data, generator, config.classes, asked.label)
    training = None
    if asked.training is not None:
        training, _ = _read(asked.training, generator, config.classes, asked.label, training=True)
    n = asked.samples or max(FEWEST, min(USUAL_SAMPLES, len(pictures.x) // 2))
    with ProgressBar() as bar:
        told = _say if asked.progress else lambda share: bar.show(share, say("scoring"))
        report = evaluate(generator, extractor, pictures, n, training, asked.psi, told)
    report = replace(report, unknown=unknown)
    if not asked.progress:
        print("\n".join(spoken(lines(report, training is not None, kind_of(generator)))))
    if asked.nearest:
        with whole_file(asked.nearest) as part:
            Image.fromarray(pairs(report, generator, pictures, training)).save(part, "PNG")
    _keep(asked, folder, report)


def _of_words(asked: _Asked, folder: Path, generator: WordGenerator) -> None:
    """Likewise for a model of words: each list is read for its symbols and places."""
    how = (generator.symbols, generator.image_shape[1], FEWEST_WORDS)
    words = read_words(asked.data, *how).words
    training = None if asked.training is None else read_words(asked.training, *how).words
    n = asked.samples or max(FEWEST_WORDS, min(USUAL_SAMPLES, len(words) // 2))
    report = evaluate_words(generator, words, n, training, asked.psi)
    if asked.progress:
        _say(1.0)
    else:
        print("\n".join(spoken([*_rows(report, kind_of(generator)), _said_of_words(report)])))
    _keep(asked, folder, report)


def _said_of_words(report: Report) -> str:
    if "found" not in report.scores:
        return say(
            "{samples:,} samples (seeds from 0, truncation {psi:g}) beside {training:,} words, all of which it may "
            "have learned: distances in bits, of samples and of one half of the words from the other half.",
            samples=report.samples,
            psi=report.psi,
            training=report.training,
        )
    return say(
        "{samples:,} samples (seeds from 0, truncation {psi:g}) beside {training:,} training words and {words:,} "
        "others. Distances in bits between equal numbers of samples and of other words, beside those between training "
        "words and others. Each number with its 95 % interval.",
        samples=report.samples,
        psi=report.psi,
        training=report.training,
        words=report.pictures,
    )


def _keep(asked: _Asked, folder: Path, report: Report) -> None:
    """In the model's card and in a file, where that was asked for."""
    if asked.keep:
        keep_facts(folder, scores=report.to_values())
    if asked.out:
        write_json(asked.out, report.to_values(), indent=1)


def pairs(report: Report, generator: Generator, pictures: Reals, training: Reals | None) -> np.ndarray:
    """The samples most like a training picture in a row, and those pictures in a row below: uint8 (2 sides, k sides, 3
    or 4)."""
    seeds, places, _ = map(list, zip(*report.nearest, strict=True))
    asked = classes_asked(generator, pictures.labels, report.samples)
    c = None if asked is None else one_hot(asked[seeds].tolist(), generator.num_classes)
    fake = paint(generator, seeds, report.psi, c)
    # A model's pictures need not be square.
    real = interpolate((training or pictures).x[places] / 127.5 - 1, fake.shape[2:])
    rows = torch.cat([fake, real])
    return grid(kind_of(generator).draw(generator, rows, (rows.shape[3], rows.shape[2])), len(seeds))


def _say(share: float) -> None:
    print(json.dumps({"done": share}), flush=True)


def lines(report: Report, other_training: bool, kind: Kind) -> list[str]:
    """The report as a table, with what its numbers are and are not. `other_training`: whether the training data are
    others."""
    things = kind.plural
    trained = say("the {things} themselves", things=things)
    if other_training:
        trained = say("the {counted} that it was trained on", counted=kind.counted(report.training))
    features = as_message(report.features)
    return [
        *_rows(report, kind),
        say(
            "{samples:,} samples (seeds from 0, truncation {psi:g}) against {counted}; copies looked for in {trained}. "
            "Each number with its 95 % interval.",
            samples=report.samples,
            psi=report.psi,
            counted=kind.counted(report.pictures),
            trained=trained,
        ),
        say(
            "For equal numbers the samples' Fréchet distance is {ratio:.2f} times that between two halves of the "
            "{things}.",
            ratio=report.ratio,
            things=things,
        ),
        *(
            [
                say(
                    "The training {things} themselves are {times:.2f} times as far: about what whoever learns them "
                    "perfectly reaches.",
                    things=things,
                    times=report.floor_ratio,
                )
            ]
            if report.floor
            else []
        ),
        say(
            "Measured in {features}: not to be compared with published FID scores, which are taken in others.",
            features=features,
        )
        if report.features == FeatureNet.name
        else say("Measured in {features}.", features=features),
    ]


def _rows(report: Report, kind: Kind) -> list[str]:
    """The scores as lines of a table, in the terminal's language: where its columns stand depends on it."""
    columns = [
        (say("samples"), report.scores),
        (say("real {things}", things=kind.plural), report.real),
        *([(say("training {things}", things=kind.plural), report.floor)] if report.floor else []),
    ]
    rows = [("", [spoken(heading) for heading, _ in columns])]
    for name, metric in METRICS.items():
        if name in report.scores:
            estimates = [column.get(name) for _, column in columns]
            shown = [f"{e.value:.{metric.digits}f} ±{e.margin:.{metric.digits}f}" if e else "" for e in estimates]
            rows.append((spoken(say(metric.title)), shown))
    return [
        (filled(title, 24) + "   ".join(filled(text, 18, before=True) for text in shown)).rstrip()
        for title, shown in rows
    ]


def _read(
    path: Path, generator: Generator, names: Sequence[str], label: str | None, training: bool = False
) -> tuple[Reals, tuple[str, ...]]:
    """Pictures in the size that the generator makes, with the number in `names` of the class of each; of a model whose
    classes have none, and as many as they have, in their order. Where it lacks some of their classes they have none,
    which is said, and these come, too."""
    channels, side = generator.image_shape[0], generator.image_shape[-1]
    dataset: Dataset = read_dataset(path, side, channels, label if generator.num_classes else "none")
    for note in dataset.notes:
        tell(note, sys.stderr)
    if is_pictures(generator):
        check_are_pictures(dataset.samples, path.name, "Give pictures such as the model makes.")
    elif not dataset.samples.sounds:
        raise StudioError(say("{name} holds no sounds.", name=path.name), "Give WAV files such as the model makes.")
    kind, samples = kind_of(generator), dataset.samples
    if samples.labels is None:
        return Reals(samples.x, kind.plural), ()
    known = class_names(names, generator.num_classes)
    in_order = not names and len(dataset.classes) == generator.num_classes
    numbers = [*range(len(known))] if in_order else same_classes(told_names(dataset.classes, known), known)
    there = samples.labels.unique().tolist()
    if unknown := tuple(dataset.classes[label] for label in there if numbers[label] is None):
        tell(without_classes(unknown, kind, training), sys.stderr)
        return Reals(samples.x, kind.plural), unknown
    own = torch.tensor([-1 if number is None else number for number in numbers])
    return Reals(samples.x, kind.plural, own[samples.labels]), ()


def _check(asked: _Asked) -> None:
    if asked.samples is not None and not 1 <= asked.samples <= _MOST_SAMPLES:
        raise StudioError(
            say("--samples cannot be {samples}.", samples=asked.samples),
            say("Give a number from 1 to {most_samples:,}.", most_samples=_MOST_SAMPLES),
        )
    if not 0 <= asked.psi <= 2:
        raise StudioError(say("--psi cannot be {psi}.", psi=asked.psi), "Give a number from 0 to 2.")
    if asked.threads is not None and asked.threads < 1:
        raise StudioError(say("--threads cannot be {threads}.", threads=asked.threads), "Give a number above 0.")
