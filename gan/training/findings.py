"""What may be wrong with a run, a function each, told from the discriminator's accuracies and losses, the generator's
gradient and the signals of gan/training/signals.py; and what is said of it.

What the thresholds rest on stands beside them; "trials" are runs of a few seconds with small pairs on 2-D points and
on pictures of 8 to 32 pixels, such as those of tests/training/test_doctor.py.
"""

import math
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import Any

import torch

from gan.messages import Message, say
from gan.training.config import TrainConfig
from gan.training.losses import LOSSES
from gan.training.records import SignalRecord, StepRecord
from gan.training.remedies import (
    Remedy,
    calm,
    faster_discriminator,
    less_copying,
    less_leak,
    more_variety,
    steadier,
    stronger_r1,
    weaker_discriminator,
)

WINDOW = 100  # steps that are looked at, and that must have passed since the start or the last change
RECORDS = 3  # records that must lie in them at least, where records are rarer

# Losses are logs and logits: -log s(x) = 200 is a logit of -200, where a sigmoid in float32 is 0 from -104 on. Trials
# with both rates at 1 stood at 240 to 70,000 (of small fully connected pairs the generator's loss stayed near 730);
# healthy ones at 0.3 to 8, a classic pair that collapses and comes back at up to 17. Scores without a cut have no
# measure of their own: those of a Wasserstein discriminator without a penalty grow as long as it learns.
BLOWN_LOSS, BLOWN_SCORE = 200.0, 1000.0
# The discriminator's loss beside that of one who knows nothing (both logits at the loss's cut). To be right is not to
# win: style-based pairs that learnt well on 20,000 cats had it right on 99 % of both all along, at 11 to 17 % of that
# loss. Trials with d_lr 10 to 100 times g_lr and no penalty: 0.0 to 3.5 %; there `apart` stayed at 0.65 to 0.70, and
# where the generator recovered it fell by 40 % in 200 steps. Below 0.05 samples are as good as the data at this
# resolution (healthy trials end at 0.00 to 0.04).
D_WINS_LOSS, D_WINS_SKILL, D_WINS_APART, STILL_LEARNING = 0.05, 0.9, 0.05, 0.9
# Skill is right-on-real + right-on-fake - 1 (Youden 1950): 0 is guessing, 1 is always right, below 0 is worse.
# With d_lr 1/100 of g_lr the skill was -0.24 to 0.00 with `apart` 0.36 to 0.85. A game well played ends with as little
# skill, but with `apart` below 0.05; one with all augmentations at once went on at 0.08 while `apart` fell from 0.3.
# Below -0.1 a generator fools the discriminator wherever it goes, and samples that come nearer do so by accident.
G_WINS_SKILL, G_WINS_FOOLED, G_WINS_APART = 0.05, -0.1, 0.15
# Games of points whose players chase each other (Adam's beta1 at 0.9; a Wasserstein loss without a penalty; a generator
# ten times as fast) stood at 0.06 to 0.58 for 1,500 steps, up and down; those that learnt were below 0.03 after 200.
ASTRAY_APART = 0.15
# Collapsed trials: 0.00 to 0.19; healthy ones of any age from 100 steps on: 0.34 to 1.17.
COLLAPSE_DIVERSITY = 0.25
# Carlini et al. 2023 (Extracting training data from diffusion models, section 5) call a sample a copy below half of its
# usual distance to near training pictures. Trials on many pictures: 0.85 and more.
COPY_NEAREST = 0.5
# Pairs of people were right on 92 and 96 % after 17,000 steps, and learnt nothing more; trained on with R1 four and
# sixteen times as strong (82 and 86 %, 68 to 81 %) they came to half the distance. Letters from nothing are worse for
# ten times R1 after 1,500 steps, so that it is not said early. See tests/bench/README.md.
AHEAD_SKILL, AHEAD_STEP = 0.85, 5_000
# Halfway between the training pictures' own width and the augmented ones'. Trials with six augmentations at once
# reached 0.27; one that went on from a generator of mirrored pictures with "flip" stood at 2.1.
LEAK = 0.5


@dataclass(frozen=True)
class Diagnosis:
    """`verdict` is a key of VERDICTS, `sentence` says it in plain words; severity is 0 (fine) to 1; `numbers` fill the
    sentence.

    improving: it is not well, but getting better, and so does not stand yet. others: what else stands, the worst first.
    """

    verdict: str
    sentence: Message
    remedy: Remedy | None = None
    severity: float = 0.0
    numbers: dict[str, float] = field(default_factory=dict)
    improving: bool = False
    others: "tuple[Diagnosis, ...]" = ()


VERDICTS = {
    "healthy": "Nothing is wrong: the two networks keep each other busy.",
    "learning": "It is too early to say how it goes.",
    "improving": "Not well yet, but getting better. {trouble}",
    "trying": "A change is being tried. Before it: {trouble}",
    "unmeasured": "Nothing wrong was seen, but not everything could be measured.",
    "warming": "The discriminator is new and learns alone until step {until:.0f}; the generator waits.",
    "d_wins": "The discriminator is winning: it is right on {real:.0f} % of the training data and on "
    "{fake:.0f} % of the samples, so the generator learns little from it.",
    "g_wins": "The discriminator cannot keep up: it tells samples from training data no better than by guessing, "
    "though they differ.",
    "astray": "The samples are still far from the training data, though the two networks keep each other busy.",
    "collapse": "The samples are all alike: they vary {diversity:.0f} % as much as the training data.",
    "diverged": "Training has broken down: its numbers are no longer meaningful.",
    "copying": "The samples are copies of the training data: half of them are nearer to it than {nearest:.0f} % of the "
    "usual distance between two of its own.",
    "leaking": "The samples show the change {leaking}, that is only meant for training.",
    "ahead": "Nothing is wrong, but after so many steps the discriminator is right on {real:.0f} % of the training "
    "data and on {fake:.0f} % of the samples: with a stronger R1 they may come nearer to the data still.",
}


@dataclass(frozen=True)
class Evidence:
    """What a finding looks at: means over the window, the newest signals, and those of about 200 steps before."""

    config: TrainConfig
    steps: list[StepRecord]
    signal: SignalRecord | None
    before: SignalRecord | None
    fade: float  # the generator's gradient beside its early size: near 0 it gets no advice any more
    margin: float = 1.0  # by which thresholds are moved for what stands already

    @property
    def real(self) -> float:
        """The share of training pictures that the discriminator judges rightly."""
        return fmean(r.accuracy_real for r in self.steps)

    @property
    def fake(self) -> float:
        """The share of samples that the discriminator judges rightly."""
        return fmean(r.accuracy_fake for r in self.steps)

    @property
    def skill(self) -> float:
        """0 where the discriminator guesses, 1 where it is always right."""
        return self.real + self.fake - 1

    @property
    def doubt(self) -> float:
        """The discriminator's loss beside that of one who knows nothing: 1; none for a loss that is 0 then."""
        loss = LOSSES[self.config.loss]
        undecided = torch.tensor([loss.cut or 0.0])
        clueless = float(loss.d(undecided, undecided))
        return fmean(r.loss_d for r in self.steps) / clueless if clueless else math.nan


def diverged(e: Evidence) -> Diagnosis | None:
    """A number that is none, or losses beyond all measure."""
    numbers = [n for r in e.steps[-RECORDS:] for n in (r.loss_d, r.loss_g, r.grad_norm_d, r.grad_norm_g)]
    most = BLOWN_SCORE if LOSSES[e.config.loss].cut is None else BLOWN_LOSS
    blown = sum(max(abs(r.loss_d), abs(r.loss_g)) > most for r in e.steps)
    recent = sum(r.step > e.steps[-1].step - WINDOW for r in e.steps)  # of rare records two must do
    if blown >= min(RECORDS, max(2, recent)) or not all(map(math.isfinite, numbers)):
        return make_diagnosis("diverged", calm(e.config, 10), 1.0)


def g_wins(e: Evidence) -> Diagnosis | None:
    """The discriminator guesses although the samples are not like the data."""
    if not e.signal or LOSSES[e.config.loss].cut is None:
        return None
    if e.skill <= G_WINS_SKILL * e.margin and e.signal.apart >= G_WINS_APART / e.margin:
        remedy = faster_discriminator(e.config, e.steps[-1].augment_p)
        found = make_diagnosis("g_wins", remedy, 0.5 + e.signal.apart / 2, skill=e.skill, apart=e.signal.apart)
        return replace(found, improving=_recovers(e, "apart", STILL_LEARNING) and e.skill > G_WINS_FOOLED)
    return None


def collapse(e: Evidence) -> Diagnosis | None:
    """Samples from different latents are nearly the same."""
    if e.signal and e.signal.diversity < COLLAPSE_DIVERSITY * e.margin:
        severity = max(1 - e.signal.diversity / COLLAPSE_DIVERSITY / 2, 0.0)
        found = make_diagnosis("collapse", more_variety(e.config), severity, diversity=100 * e.signal.diversity)
        return replace(found, improving=_recovers(e, "diversity", 1 / STILL_LEARNING))


def d_wins(e: Evidence) -> Diagnosis | None:
    """The discriminator is nearly always right, and the samples come no nearer to the data."""
    if e.signal and e.signal.apart < D_WINS_APART / e.margin:
        return None
    if e.skill >= D_WINS_SKILL / e.margin and e.doubt <= D_WINS_LOSS * e.margin:
        found = make_diagnosis(
            "d_wins",
            weaker_discriminator(e.config),
            1.0 if e.fade < 0.1 else 0.7,
            real=100 * e.real,
            fake=100 * e.fake,
            fade=e.fade,
        )
        return replace(found, improving=e.signal is not None and _recovers(e, "apart", STILL_LEARNING))


def copying(e: Evidence) -> Diagnosis | None:
    """Samples lie nearer to single training pictures than these do to each other."""
    if e.signal and e.signal.nearest < COPY_NEAREST * e.margin:
        severity = max(1 - e.signal.nearest / COPY_NEAREST / 2, 0.0)
        return make_diagnosis("copying", less_copying(e.config), severity, nearest=100 * e.signal.nearest)


def leaking(e: Evidence) -> Diagnosis | None:
    """Samples vary as augmented pictures do."""
    if e.signal and e.signal.leak > LEAK / e.margin:
        return make_diagnosis(
            "leaking",
            less_leak(e.config, e.signal.leaking),
            min(e.signal.leak, 1.0),
            leaking=e.signal.leaking,
            leak=e.signal.leak,
        )


def astray(e: Evidence) -> Diagnosis | None:
    """The samples are far from the data and come no nearer in 200 steps, which a young run may not do in 100. Once that
    was so they have to come all the way: who chases passes by the data now and then."""
    limit = ASTRAY_APART if e.margin == 1.0 else D_WINS_APART
    if e.signal and e.before and e.signal.step - e.before.step >= 2 * WINDOW and e.signal.apart >= limit:
        found = make_diagnosis("astray", steadier(e.config), 0.4, apart=e.signal.apart)
        return replace(found, improving=_recovers(e, "apart", STILL_LEARNING))
    return None


def ahead(e: Evidence) -> Diagnosis | None:
    """Late in a run the discriminator is right on nine of ten: the R1 that was enough at first is no more. Found only
    where that can be made stronger; what stands goes by its own numbers, so that the last remedy is judged, too."""
    if LOSSES[e.config.loss].cut is None or e.steps[-1].step < AHEAD_STEP or e.skill < AHEAD_SKILL / e.margin:
        return None
    remedy, stands = stronger_r1(e.config), e.margin > 1
    return make_diagnosis("ahead", remedy, 0.1, real=100 * e.real, fake=100 * e.fake) if remedy or stands else None


HINT = "ahead"  # which is no fault: it is said in the place of "healthy" only
FINDINGS = {
    "diverged": diverged,
    "leaking": leaking,
    "g_wins": g_wins,
    "collapse": collapse,
    "d_wins": d_wins,
    "copying": copying,
    "astray": astray,
    "ahead": ahead,
}
_OWN = {
    "leaking": "leak",
    "g_wins": "apart",
    "collapse": "diversity",
    "d_wins": "apart",
    "copying": "nearest",
    "astray": "apart",
}
# A leak makes the discriminator blind to it; a generator that nobody judges may collapse; a collapsed one is easily
# found out. What follows from another is not said before it.
_CAUSES = {"g_wins": "leaking", "collapse": "g_wins", "d_wins": "collapse"}


def is_measured(name: str, signal: SignalRecord | None) -> bool:
    """Whether what a finding rests on is known: what stands is not well for want of a number."""
    if name not in _OWN or (signal is None and name == "d_wins"):  # which records alone can tell
        return True
    return signal is not None and math.isfinite(getattr(signal, _OWN[name]))


def worst_first(standing: dict[str, Diagnosis]) -> list[Diagnosis]:
    """By severity, but nothing before what brings it about. What goes astray for a reason that is known is not said
    twice, and what could be better still not beside what is wrong."""
    severity: dict[str, float] = {}
    for name in FINDINGS:
        if name in standing:
            severity[name] = min(standing[name].severity, severity.get(_CAUSES.get(name, ""), 1.0))
    if len(severity) > 1:
        severity.pop(HINT, None)
    if len(severity) > 1:
        severity.pop("astray", None)
    return [standing[name] for name in sorted(severity, key=lambda name: -severity[name])]


def _recovers(e: Evidence, name: str, factor: float) -> bool:
    """Whether a signal moved by more than this factor since the oldest one remembered: below it for < 1, above for >
    1."""
    now, before = getattr(e.signal, name), getattr(e.before, name)
    return now < before * factor if factor < 1 else now > before * factor and now > 0.05


def make_diagnosis(verdict: str, remedy: Remedy | None = None, severity: float = 0.0, **numbers: Any) -> Diagnosis:
    """A verdict with its sentence, which `numbers` fill."""
    return Diagnosis(verdict, say(VERDICTS[verdict], **numbers), remedy, severity, numbers)
