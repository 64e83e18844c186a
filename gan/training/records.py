"""What a training run tells: typed records of plain values, the seam between the game and whoever watches it."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class StepRecord:
    """The state of the game, as means over the steps since the last record; gradient norms are those of its last step.

    accuracy_real and accuracy_fake are the shares of training pictures and of samples that the discriminator judges
    rightly (logit above or below 0); 0.5 is chance. penalty is unweighted, 0 where none was due.
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


@dataclass(frozen=True)
class GridRecord:
    """Samples of the averaged generator from latents that stay the same all run: x float32 (n, *image_shape)."""

    step: int
    samples: np.ndarray


Record = StepRecord | GridRecord
