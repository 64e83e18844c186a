"""What a training run tells: typed records of plain values, the seam between the game and whoever watches it."""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class StepRecord:
    """The state of the game, as means over the steps since the last record; gradient norms are those of its last step.

    accuracy_real and accuracy_fake are the shares of training pictures and of samples that the discriminator judges
    rightly (logit above or below the loss's `cut`; a Wasserstein critic's scores are cut halfway between the two
    means of their batch); 0.5 is chance. penalty is unweighted, 0 where none was due. loss_g and grad_norm_g are 0
    while the generator waits for a new discriminator (TrainConfig.warmup_steps). augment_p is the share of the
    pictures to which each change is made now, 0 where there is none. path_length is how far a picture moves with its w
    where that is evened out (TrainConfig.path_length), as the mean over the steps that measured it, the last known one
    where none did; 0 before the first and where it is off.
    """

    step: int
    images: int
    loss_d: float
    loss_g: float
    accuracy_real: float
    accuracy_fake: float
    penalty: float
    grad_norm_d: float
    grad_norm_g: float
    augment_p: float = 0.0
    path_length: float = 0.0


@dataclass(frozen=True)
class GridRecord:
    """Samples of the averaged generator from latents that stay the same all run: x float32 (n, *image_shape)."""

    step: int
    samples: np.ndarray


@dataclass(frozen=True)
class SignalRecord:
    """What the samples are like beside the training data, as ratios; see gan/training/signals.py.

    diversity: how far samples lie from one another, in the data's own such distance: 1 as varied as the data, 0 all
    alike. nearest: how far a sample is from the training picture nearest to it, in the distance of a training picture
    from another (medians): about 1 for new pictures, 0 for copies. apart: 0 where samples and data cannot be told from
    each other, towards 1 where they have nothing in common (the coefficient H of Szekely and Rizzo 2013, from mean
    distances). leak: 0 where the samples vary as the training pictures do, 1 where they vary as augmented ones;
    `leaking` is the augmentation that it was measured for, the worst of those in use, or "".
    """

    step: int
    diversity: float
    nearest: float
    apart: float
    leak: float
    leaking: str


@dataclass(frozen=True)
class ChangeRecord:
    """After step `step` the run went on with other settings: `changes` by name, and `reason` in words where there is
    one."""

    step: int
    changes: dict[str, Any]
    reason: str = ""


Record = StepRecord | GridRecord | SignalRecord | ChangeRecord
