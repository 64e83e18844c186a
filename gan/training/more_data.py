"""Does a GAN's output help a classifier that has few labelled pictures? One fair experiment, seed by seed.

Of each class a few pictures have labels and others have none; what is measured on has been held out from the
classifiers and from the GANs. Every seed draws all of these anew, and five classifiers of one kind learn for equally
many steps:

    few         the labelled pictures alone
    ordinary    the same with ordinary augmentation, which all the others have, too
    gan         a quarter of each batch are samples of a conditional GAN that saw the labelled pictures and nothing else
    guessed     half of each batch are unlabelled pictures, of the class that `ordinary` takes them for (Lee 2013,
                "Pseudo-label"): what can be had of them without a GAN
    unlabelled  half of each batch are samples of a GAN that saw the labelled pictures and those, under these guesses
                (as Lucic et al. 2019, "High-fidelity image generation with fewer labels")
"""

from collections import abc
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from gan.errors import StudioError
from gan.messages import say
from gan.networks.contract import Generator
from gan.networks.registry import build_discriminator, build_generator
from gan.training.classifier import Batch, Classifier, changed, guesses, learn
from gan.training.config import TrainConfig, defaults
from gan.training.data import Samples
from gan.training.more_data_settings import MoreDataSettings
from gan.training.random_source import RandomSource
from gan.training.trainer import Trainer

ARMS = ("few", "ordinary", "gan", "guessed", "unlabelled")
MOST_HELD_OUT = 3000  # pictures that are measured on: more would not make it surer than the seeds do
_HELD_OUT = 0.25  # of all pictures, or of all groups
_PAINTED = 256  # samples at once
_TOLD = 20  # steps of a GAN between two words on how far it is
_CLASSIFIER_COST = 0.36  # of a GAN's step, for the share that is done


@dataclass(frozen=True)
class LabelledPictures:
    """x: uint8 (n, channels, side, side), labels (n,), the classes' names; groups (n,): pictures that belong together,
    such as a typeface's letters, and are held out together, None where each stands alone."""

    x: Tensor
    labels: Tensor
    classes: tuple[str, ...]
    groups: Tensor | None = None

    def at(self, places: Tensor) -> "LabelledPictures":
        """Some of them."""
        return LabelledPictures(self.x[places], self.labels[places], self.classes)

    def called(self, labels: Tensor) -> "LabelledPictures":
        """The same pictures under other classes."""
        return LabelledPictures(self.x, labels, self.classes)

    def and_(self, others: "LabelledPictures") -> "LabelledPictures":
        """These, then others."""
        return LabelledPictures(torch.cat([self.x, others.x]), torch.cat([self.labels, others.labels]), self.classes)


@dataclass(frozen=True)
class Split:
    """Who may see what: labelled for all, unlabelled without their classes, held out for nobody."""

    labelled: LabelledPictures
    unlabelled: LabelledPictures
    held_out: LabelledPictures


@dataclass(frozen=True)
class Step:
    """How far the seed is, 0 to 1."""

    done: float


@dataclass(frozen=True)
class SeedResult:
    """Of one seed the share of held-out pictures that each classifier names right; `shown`: for each GAN samples of
    each class, uint8 (rows, classes, channels, side, side)."""

    seed: int
    right: dict[str, float]
    held_out: int
    shown: dict[str, Tensor]


def split(pictures: LabelledPictures, settings: MoreDataSettings, seed: int) -> Split:
    """The pictures of one seed. Raises StudioError where a class has too few."""
    rng = torch.Generator().manual_seed(seed)
    out = _held_out(pictures, rng)
    rest = _shuffled(torch.nonzero(~out).flatten(), rng)
    of_each = [rest[pictures.labels[rest] == c] for c in range(len(pictures.classes))]
    for places, name in zip(of_each, pictures.classes, strict=True):
        if len(places) < settings.labelled:
            raise StudioError(
                say(
                    "Of the class {name} {count} pictures are left when a quarter is held out, fewer than {labelled}.",
                    name=name,
                    count=len(places),
                    labelled=settings.labelled,
                ),
                "Give more pictures, or ask for fewer labelled ones.",
            )
    few = torch.cat([places[: settings.labelled] for places in of_each])
    others = rest[~torch.isin(rest, few)][: settings.unlabelled]
    measured = _shuffled(torch.nonzero(out).flatten(), rng)[:MOST_HELD_OUT]
    return Split(pictures.at(few), pictures.at(others), pictures.at(measured))


def play(pictures: LabelledPictures, settings: MoreDataSettings, seed: int) -> Iterator[Step | SeedResult]:
    """One seed: how far it is, again and again, and at the end its result. Raises StudioError."""
    parts, clock = split(pictures, settings, seed), _Clock(settings)
    right, shown, few = {}, {}, parts.labelled

    def score(arm: str, net: Classifier) -> Step:
        found = guesses(net, parts.held_out.x) == parts.held_out.labels
        right[arm] = float(found.float().mean())
        return clock.classifier()

    yield score("few", _taught(settings, seed, _draw(settings, few, changes=False), few))
    ordinary = _taught(settings, seed, _draw(settings, few), few)
    yield score("ordinary", ordinary)
    samples = yield from _samples(settings, seed, few, clock)
    shown["gan"] = _of_each(samples)
    yield score("gan", _taught(settings, seed, _draw(settings, few, samples, settings.few_share), few))
    if len(parts.unlabelled.x):
        named = parts.unlabelled.called(guesses(ordinary, parts.unlabelled.x))
        yield score("guessed", _taught(settings, seed, _draw(settings, few, named, settings.share), few))
        samples = yield from _samples(settings, seed, few.and_(named), clock)
        shown["unlabelled"] = _of_each(samples)
        yield score("unlabelled", _taught(settings, seed, _draw(settings, few, samples, settings.share), few))
    yield SeedResult(seed, right, len(parts.held_out.x), shown)


def train_gan(settings: MoreDataSettings, seed: int, seen: LabelledPictures) -> Iterator[int | Generator]:
    """A conditional pair that sees these pictures and no others: its steps by now, at the end the averaged
    generator."""
    shape = dict(side=settings.side, channels=seen.x.shape[1], num_classes=len(seen.classes))
    sizes = shape | dict(width=settings.width, width_max=4 * settings.width)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        generator = build_generator("dcgan", sizes | dict(z_dim=64, style_layers=2))
        discriminator = build_discriminator("dcgan", sizes)
    rules = dict(
        batch_size=settings.gan_batch,
        g_lr=settings.gan_rate,
        d_lr=settings.gan_rate,
        ema_kimg=3.0,
        grid_every=0,
        signals_every=0,
        seed=seed,
    )
    config = TrainConfig(**defaults("dcgan", settings.side, "cpu") | rules)
    trainer = Trainer(generator, discriminator, Samples(seen.x, seen.labels, len(seen.classes)), config)
    while trainer.step < settings.gan_steps:
        trainer.play()
        if trainer.step % _TOLD == 0:
            yield trainer.step
    yield trainer.ema.average.eval()


@torch.no_grad()
def paint(generator: Generator, settings: MoreDataSettings, classes: tuple[str, ...], seed: int) -> LabelledPictures:
    """Samples of every class in turn, as pictures of files are: in 256 steps."""
    rng = torch.Generator().manual_seed(seed)
    labels = torch.arange(len(classes)).repeat(settings.samples)
    painted = []
    for part in labels.split(_PAINTED):
        z = torch.randn(len(part), generator.z_dim, generator=rng)
        x = generator(z, F.one_hot(part, len(classes)).float())
        painted.append(((x + 1) * 127.5).round().clamp(0, 255).byte())
    return LabelledPictures(torch.cat(painted), labels, classes)


class _Clock:
    """Which share of a seed's work is over."""

    def __init__(self, settings: MoreDataSettings) -> None:
        arms = len(ARMS) if settings.unlabelled else len(ARMS) - 2
        self._classifier = settings.steps * _CLASSIFIER_COST
        gans = settings.gan_steps * (2 if settings.unlabelled else 1)
        self._total, self._done = arms * self._classifier + gans, 0.0

    def classifier(self) -> Step:
        self._done += self._classifier
        return Step(min(self._done / self._total, 1.0))

    def gan(self, steps: int) -> Step:
        self._done += steps
        return Step(min(self._done / self._total, 1.0))


def _samples(
    settings: MoreDataSettings, seed: int, seen: LabelledPictures, clock: _Clock
) -> abc.Generator[Step, None, LabelledPictures]:
    """Train a GAN on what it may see; returns its samples."""
    before = 0
    for told in train_gan(settings, seed, seen):
        if isinstance(told, Generator):
            yield clock.gan(settings.gan_steps - before)
            return paint(told, settings, seen.classes, seed)
        yield clock.gan(told - before)
        before = told
    raise AssertionError("a GAN ends with its generator")


def _taught(settings: MoreDataSettings, seed: int, batch: Batch, like: LabelledPictures) -> Classifier:
    """A classifier that has learnt from these batches. All of a seed begin with the same weights."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = Classifier(like.x.shape[1], len(like.classes))
        learn(net, batch, settings.steps, torch.Generator().manual_seed(seed))
    return net


def _draw(
    settings: MoreDataSettings,
    few: LabelledPictures,
    more: LabelledPictures | None = None,
    share: float = 0.0,
    changes: bool = True,
) -> Batch:
    """Batches of the labelled pictures, of which a share are others."""
    extra = round(settings.batch * share)

    def batch(rng: RandomSource) -> tuple[Tensor, Tensor]:
        at = rng.randint(0, len(few.x), settings.batch - extra)
        x, labels = few.x[at], few.labels[at]
        if more:
            at = rng.randint(0, len(more.x), extra)
            x, labels = torch.cat([x, more.x[at]]), torch.cat([labels, more.labels[at]])
        x = x.float() / 127.5 - 1
        return changed(x, rng) if changes else x, labels

    return batch


def _held_out(pictures: LabelledPictures, rng: torch.Generator) -> Tensor:
    """Which pictures are held out: a quarter of the groups, or of each class a quarter, bool (n,)."""
    if pictures.groups is not None:
        names = _shuffled(pictures.groups.unique(), rng)
        return torch.isin(pictures.groups, names[: max(1, round(_HELD_OUT * len(names)))])
    out = torch.zeros(len(pictures.x), dtype=torch.bool)
    for c in range(len(pictures.classes)):
        places = _shuffled(torch.nonzero(pictures.labels == c).flatten(), rng)
        out[places[: max(1, round(_HELD_OUT * len(places)))]] = True
    return out


def _shuffled(values: Tensor, rng: torch.Generator) -> Tensor:
    return values[torch.randperm(len(values), generator=rng)]


def _of_each(samples: LabelledPictures, rows: int = 4) -> Tensor:
    """The first samples of each class: uint8 (rows, classes, channels, side, side)."""
    classes = len(samples.classes)
    return samples.x[: rows * classes].unflatten(0, (-1, classes))
