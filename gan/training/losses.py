"""What the two networks compete over. Each loss is a pair of functions of logits; both networks minimise theirs.

`real` and `fake` are the discriminator's logits (batch,) for training pictures and for samples; s is the sigmoid. Both
networks' losses are given both; `real` is None for the generator of a loss that is not relativistic.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor
from torch.nn.functional import relu, softplus

from gan.training.choices import LOSS_WORDS


@dataclass(frozen=True)
class Loss:
    """d(real, fake) and g(real, fake) of logits (batch,) are scalars, to be minimised; `source` is the paper, `about`
    the idea in plain words.

    cut: the logit above which the discriminator takes a sample for real; None where there is no such value, as with a
    critic, whose scores only tell samples apart. relativistic: whether `g` looks at `real`: only then are training
    pictures judged for the generator's step, too. Their i-th has the class of the i-th sample.
    """

    d: Callable[[Tensor, Tensor], Tensor]
    g: Callable[[Any, Tensor], Tensor]  # its first argument is None unless relativistic
    source: str
    about: str
    cut: float | None = 0.0
    relativistic: bool = False


def cross_entropy_d(real: Tensor, fake: Tensor) -> Tensor:
    """-E[log s(real)] - E[log(1 - s(fake))]: binary cross-entropy, Goodfellow et al. 2014, equation 1."""
    return softplus(-real).mean() + softplus(fake).mean()


def non_saturating_g(real: Tensor | None, fake: Tensor) -> Tensor:
    """-E[log s(fake)]: Goodfellow et al. 2014, section 3; its gradient does not vanish while the discriminator wins."""
    return softplus(-fake).mean()


def minimax_g(real: Tensor | None, fake: Tensor) -> Tensor:
    """E[log(1 - s(fake))]: the generator's side of equation 1 itself."""
    return -softplus(fake).mean()


def least_squares_d(real: Tensor, fake: Tensor) -> Tensor:
    """E[(real - 1)^2] / 2 + E[fake^2] / 2: Mao et al. 2017, equation 9 (a = 0, b = 1)."""
    return (real - 1).square().mean() / 2 + fake.square().mean() / 2


def least_squares_g(real: Tensor | None, fake: Tensor) -> Tensor:
    """E[(fake - 1)^2] / 2: Mao et al. 2017, equation 9 (c = 1)."""
    return (fake - 1).square().mean() / 2


def hinge_d(real: Tensor, fake: Tensor) -> Tensor:
    """E[max(0, 1 - real)] + E[max(0, 1 + fake)]: Lim and Ye 2017; Miyato et al. 2018, equation 16."""
    return relu(1 - real).mean() + relu(1 + fake).mean()


def wasserstein_d(real: Tensor, fake: Tensor) -> Tensor:
    """-(E[D(x)] - E[D(G(z))]): the critic widens the difference of its means, Arjovsky et al. 2017, equation 3."""
    return fake.mean() - real.mean()


def mean_g(real: Tensor | None, fake: Tensor) -> Tensor:
    """-E[D(G(z))]: the generator of both the hinge and the Wasserstein game."""
    return -fake.mean()


def relativistic_d(real: Tensor, fake: Tensor) -> Tensor:
    """-E[log s(real - fake)], each picture against one sample: Jolicoeur-Martineau 2019, equation 4 (RpGAN)."""
    return softplus(fake - real).mean()


def relativistic_g(real: Tensor, fake: Tensor) -> Tensor:
    """-E[log s(fake - real)]: the same game from the other side, and so the generator sees real logits, too."""
    return softplus(real - fake).mean()


LOSSES = {
    "non-saturating": Loss(
        cross_entropy_d,
        non_saturating_g,
        "Goodfellow et al. 2014",
        LOSS_WORDS["non-saturating"],
    ),
    "minimax": Loss(
        cross_entropy_d,
        minimax_g,
        "Goodfellow et al. 2014",
        LOSS_WORDS["minimax"],
    ),
    "least-squares": Loss(
        least_squares_d,
        least_squares_g,
        "Mao et al. 2017",
        LOSS_WORDS["least-squares"],
        cut=0.5,
    ),
    "hinge": Loss(hinge_d, mean_g, "Lim and Ye 2017", LOSS_WORDS["hinge"]),
    "wasserstein": Loss(
        wasserstein_d,
        mean_g,
        "Arjovsky et al. 2017",
        LOSS_WORDS["wasserstein"],
        cut=None,
    ),
    "relativistic": Loss(
        relativistic_d,
        relativistic_g,
        "Jolicoeur-Martineau 2019; R3GAN, Huang et al. 2024",
        LOSS_WORDS["relativistic"],
        cut=None,
        relativistic=True,
    ),
}
