"""What can be done about a run while it goes on: settings to change, chosen from those in force.

Each remedy is a function of the config. It tries the likeliest cause first, and only that: one change at a time can be
understood, and undone. None where nothing of the kind is left to change.
"""

from dataclasses import dataclass
from typing import Any

from gan.messages import Message, say
from gan.training.config import TrainConfig

_STRONGEST_R1 = 16.0  # with which cats and people of 64 pixels still learnt: tests/bench/README.md


@dataclass(frozen=True)
class Remedy:
    """`label` is what the button says, `changes` what Trainer.change is given."""

    label: Message
    changes: dict[str, Any]

    def options(self) -> str:
        """The changes as the command line's options: "--g-lr 0.001 --augment flip,cutout"."""
        return " ".join(f"--{name.replace('_', '-')} {_text(value)}" for name, value in self.changes.items())


def calm(c: TrainConfig, factor: float = 2) -> Remedy | None:
    """Smaller steps of both networks."""
    if c.g_lr == c.d_lr == 0:
        return None
    return Remedy(
        say("Divide both learning rates by {factor}", factor=factor), dict(g_lr=c.g_lr / factor, d_lr=c.d_lr / factor)
    )


def weaker_discriminator(c: TrainConfig) -> Remedy | None:
    """First what is unusual, then what is merely strong."""
    return _smooth(c) or _not_minimax(c) or _even(c) or _once(c) or _slower(c)


def faster_discriminator(c: TrainConfig, changed: float) -> Remedy | None:
    """The discriminator's rate up to the generator's; then it is shown more pictures as they are; then the generator
    waits.

    changed: the share of the pictures to which each change is made now. Where it adapts, augment_p only says how far
    it may grow.
    """
    if c.d_lr < c.g_lr:
        return Remedy(say("Let the discriminator learn as fast as the generator"), dict(d_lr=c.g_lr))
    changed = changed if c.ada_target else c.augment_p
    if c.changes and changed > 0.25:
        return Remedy(say("Change the data half as often"), dict(augment_p=changed / 2))
    return Remedy(say("Halve the generator's learning rate"), dict(g_lr=c.g_lr / 2)) if c.g_lr else None


def more_variety(c: TrainConfig) -> Remedy | None:
    """A smooth discriminator and an even game (Mescheder et al. 2018: without a penalty the game need not settle)."""
    return _smooth(c) or _not_minimax(c) or _even(c) or calm(c)


def steadier(c: TrainConfig) -> Remedy | None:
    """What ends a chase: a smooth discriminator, a loss that does not vanish, a short memory. None for settings that
    are as usual: time may do it."""
    return _smooth(c) or _not_minimax(c) or _forgetful(c)


def stronger_r1(c: TrainConfig) -> Remedy | None:
    """Four times as strong, as far as it was tried; None for other penalties."""
    if c.penalty == "r1" and 0 < c.penalty_weight <= _STRONGEST_R1 / 4:
        return Remedy(say("Make R1 four times as strong"), dict(penalty_weight=4 * c.penalty_weight))
    return None


def less_copying(c: TrainConfig) -> Remedy | None:
    """Augmentation (Zhao et al. 2020; Karras et al. 2020): every picture is then seen in many ways."""
    new = tuple(name for name in ("translation", "cutout", "brightness") if name not in c.changes)
    return Remedy(say("Show the data in more ways"), dict(augment=c.changes + new)) if new else None


def less_leak(c: TrainConfig, name: str) -> Remedy | None:
    """Without the augmentation that shows. Where nothing is left, nothing adapts either: it would take the paper's
    changes."""
    if name not in c.changes:
        return None
    left = tuple(other for other in c.changes if other != name)
    return Remedy(
        say("Go on without {name}", name=name),
        dict(augment=left) if left or not c.ada_target else dict(augment=(), ada_target=0.0),
    )


def _smooth(c: TrainConfig) -> Remedy | None:
    if c.penalty == "none" or c.penalty_weight == 0:
        # Mescheder et al. 2018, section 4.1; the weight and rate with which this project's families start.
        return Remedy(say("Keep the discriminator smooth"), dict(penalty="r1", penalty_weight=1.0, penalty_every=4))


def _not_minimax(c: TrainConfig) -> Remedy | None:
    if c.loss == "minimax":  # Goodfellow et al. 2014, section 3: its gradient vanishes when the discriminator wins
        return Remedy(say("Use the non-saturating loss"), dict(loss="non-saturating"))


def _even(c: TrainConfig) -> Remedy | None:
    low = min(c.g_lr, c.d_lr)
    if low and max(c.g_lr, c.d_lr) > 2 * low:
        return Remedy(say("Let both learn equally fast, the slower rate for both"), dict(g_lr=low, d_lr=low))


def _forgetful(c: TrainConfig) -> Remedy | None:
    if c.beta1 > 0.5:  # Radford et al. 2016 (DCGAN), section 4
        return Remedy(say("Let both remember less of their last steps"), dict(beta1=0.5))


def _once(c: TrainConfig) -> Remedy | None:
    if c.d_steps > 1:
        return Remedy(say("Give the discriminator one update a step"), dict(d_steps=1))


def _slower(c: TrainConfig) -> Remedy | None:
    return Remedy(say("Halve the discriminator's learning rate"), dict(d_lr=c.d_lr / 2)) if c.d_lr else None


def _text(value: object) -> str:
    return (
        (",".join(value) or "''")
        if isinstance(value, tuple)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
