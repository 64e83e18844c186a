"""Every knob of a training run, and what each family of networks starts from."""

from dataclasses import dataclass
from typing import Any

from gan.field_metadata import check, knob
from gan.training.choices import BGC, CHANGES, LOSS_WORDS, PENALTY_WORDS


@dataclass(frozen=True)
class TrainConfig:
    """The rules of one adversarial game. One step is `d_steps` updates of the discriminator and one of the
    generator."""

    g_lr: float = knob(2e-4, "How large the generator's steps are.", low=0, high=1, live=True)
    d_lr: float = knob(2e-4, "How large the discriminator's steps are.", low=0, high=1, live=True)
    beta1: float = knob(0.5, "Adam's memory of the direction of past steps.", low=0, high=0.9999)
    beta2: float = knob(0.99, "Adam's memory of the size of past steps.", low=0, high=0.99999)
    loss: str = knob("non-saturating", "What the two networks compete over.", choices=LOSS_WORDS, live=True)
    d_steps: int = knob(
        1,
        "Updates of the discriminator for each one of the generator.",
        low=1,
        high=100,
        unit="updates",
        live=True,
        costly=True,
    )
    freeze_d: int = knob(
        0,
        "How many of the discriminator's first blocks, those next to the picture, keep what they know.",
        low=0,
        high=8,
        unit="blocks",
        live=True,
        costly=True,
    )  # Mo, Cho and Shin 2020 (Freeze the discriminator)
    warmup_steps: int = knob(
        0,
        "For so many steps at the start only the discriminator learns: for one that is new.",
        low=0,
        high=1000000,
        unit="steps",
    )
    penalty: str = knob(
        "r1",
        "What keeps the discriminator smooth.",
        choices={"none": "Nothing does."} | PENALTY_WORDS,
        live=True,
        costly=True,
    )
    penalty_weight: float = knob(
        1.0,
        "How strongly (gamma of R1 and R2, lambda of the gradient penalty). R1 of 4 to 16 can help where the "
        "discriminator stays right on nine samples of ten.",
        low=0,
        high=10000,
        live=True,
    )
    penalty_every: int = knob(
        4, "Penalise only every so many updates, that much more strongly.", low=1, high=64, unit="updates", costly=True
    )
    clip: float = knob(
        0.0,
        "Keep the discriminator's weights within this on either side of 0, as the first Wasserstein GANs did; "
        "0 lets them be.",
        low=0,
        high=10,
    )  # Arjovsky et al. 2017, algorithm 1
    augment: tuple[str, ...] = knob(
        (),
        "Changes made alike to real and fake samples before the discriminator sees them.",
        choices=CHANGES,
        live=True,
        costly=True,
    )
    augment_p: float = knob(
        1.0,
        "Which share of the samples each change is made to; at most, where it adapts.",
        low=0,
        high=1,
        live=True,
        costly=True,
    )
    ada_target: float = knob(
        0.0,
        "Adapt that share, from 0 on, so that the discriminator is so sure of the training data "
        "(0.6 in the paper); 0 to keep it.",
        low=0,
        high=1,
        live=True,
        costly=True,
    )  # Karras et al. 2020 (ADA), section 3
    ada_kimg: float = knob(
        500.0,
        "How fast it adapts: in so many samples from 0 to 1.",
        low=0.001,
        high=100000,
        unit="thousand samples",
        live=True,
    )
    style_mixing: float = knob(
        0.0,
        "Which share of the samples has two styles, so that each layer learns to paint by itself "
        "(0.9 in the paper); only with styles.",
        low=0,
        high=1,
        live=True,
        costly=True,
    )  # Karras et al. 2019, section 3.1
    path_length: float = knob(
        0.0,
        "How strongly equal steps in the latents are to change the sample equally (2 in the paper); only with styles.",
        low=0,
        high=1000,
        live=True,
        costly=True,
    )  # Karras et al. 2020 (StyleGAN2), section 3.2
    path_every: int = knob(
        4,
        "Ask for that only every so many steps, that much more strongly.",
        low=1,
        high=64,
        unit="steps",
        live=True,
        costly=True,
    )
    mirror: bool = knob(False, "Also learn from the training pictures' mirror images.", live=True, costly=True)
    ema_kimg: float = knob(
        1.0,
        "Half-life of the averaged generator that is shown and saved.",
        low=0,
        high=1000,
        unit="thousand samples",
        live=True,
    )
    ema_rampup: float = knob(
        0.05, "At first the half-life is at most this share of the samples seen so far.", low=0, high=10
    )
    batch_size: int = knob(32, "Pictures, words or sounds in each update.", low=1, high=4096, live=True, costly=True)
    accumulate: int = knob(
        1,
        "In how many parts each batch is worked through, so that it fits in memory. The result is the same, "
        "but for discriminators that compare four samples at a time and parts that are no multiple of four.",
        low=1,
        high=4096,
        unit="parts",
        live=True,
        costly=True,
    )
    precision: str = knob(
        "float32",
        "What the networks compute in; weights and averages are kept in float32. bfloat16 is faster "
        "and coarser where the processor has it.",
        choices=("float32", "bfloat16"),
        live=True,
        costly=True,
    )
    seed: int = knob(0, "Where all chance comes from: the same seed gives the same run.", low=0, high=2**32 - 1)
    record_every: int = knob(10, "How often losses and accuracies are reported.", low=1, high=100000, unit="steps")
    grid_every: int = knob(
        200, "How often a grid of samples is drawn; 0 for never.", low=0, high=1000000, unit="steps", costly=True
    )
    signals_every: int = knob(
        100,
        "How often the samples are measured against the data; 0 for never.",
        low=0,
        high=1000000,
        unit="steps",
        costly=True,
    )
    grid_size: int = knob(36, "Samples in each grid.", low=1, high=400, costly=True)

    def __post_init__(self) -> None:
        check(self)

    @property
    def changes(self) -> tuple[str, ...]:
        """The augmentations in use: where they adapt and none were chosen, those of the paper."""
        return self.augment or (BGC if self.ada_target else ())


# The generators of LightweightGAN and FastGAN learn at their authors' rate; their discriminator is StyleGAN2's, whose
# equalised weights want larger steps.
_PORTED = dict(
    g_lr=2e-4, d_lr=1e-3, beta1=0.0, beta2=0.99, batch_size=8, penalty="r1", penalty_weight=1.0, penalty_every=8
)

_CONVOLUTIONAL = dict(
    g_lr=2e-4, d_lr=2e-4, beta1=0.0, beta2=0.99, batch_size=32, penalty="r1", penalty_weight=1.0, penalty_every=4
)

# What works for each family, from the papers (see the field's settings) and from trials on two cores.
DEFAULTS: dict[str, dict[str, Any]] = {
    "mlp": dict(
        g_lr=2e-4, d_lr=2e-4, beta1=0.5, beta2=0.999, batch_size=64, penalty="r1", penalty_weight=1.0, penalty_every=4
    ),
    # beta1 = 0, as for StyleGAN2: letters were 3.6 times two halves apart after 48,000 pictures, with 0.5 4.5 times.
    "dcgan": _CONVOLUTIONAL,
    # Gulrajani et al. 2017, section 5.4, with one update of the critic and larger steps, which learn faster here.
    "words": dict(
        g_lr=1e-3,
        d_lr=1e-3,
        beta1=0.5,
        beta2=0.9,
        batch_size=64,
        loss="wasserstein",
        penalty="gradient",
        penalty_weight=10.0,
        penalty_every=1,
        ema_kimg=10.0,
    ),
    # Averaged over longer, since what flickers from one step to the next is heard.
    "sounds": _CONVOLUTIONAL | dict(ema_kimg=5.0),
    "stack": _CONVOLUTIONAL | dict(beta1=0.5),
    # Karras et al. 2020 (ADA): Adam with beta1 = 0; gamma 0.0002 side^2 / batch is 0.05 at 64 pixels, trials liked
    # more. A discriminator at the generator's rate, as theirs, is too slow for so short a time: letters of 16 pixels
    # were 11.0 times two halves apart after 48,000 pictures, at twice the rate 6.2 times.
    "stylegan2": dict(
        g_lr=2.5e-3,
        d_lr=5e-3,
        beta1=0.0,
        beta2=0.99,
        batch_size=16,
        penalty="r1",
        penalty_weight=0.3,
        penalty_every=8,
    ),
    "lightweight": _PORTED,
    "fastgan": _PORTED,
}

SMALL = 128  # pixels a side up to which the families' own defaults hold
_CPU_BATCH = 4  # pictures: as many as the minibatch standard deviation compares


def defaults(family: str, side: int, device: str) -> dict[str, Any]:
    """What a family starts from for pictures of so many pixels a side, on "cpu" or "cuda".

    Large StyleGAN2s follow the authors' automatic settings for one graphics card (NVlabs/stylegan2-ada, train.py,
    "auto"; Karras et al. 2020 (ADA), appendix C): the batch shrinks with the side, to what fits in memory, and R1's
    weight grows with both. Processors get the smallest batch, since time is what they lack.
    """
    usual = DEFAULTS[family]
    if side <= SMALL or family != "stylegan2":
        return dict(usual)
    batch = _CPU_BATCH if device == "cpu" else min(max(4096 // side, _CPU_BATCH), usual["batch_size"])
    lr = 2e-3 if side >= 1024 else 2.5e-3
    return usual | dict(g_lr=lr, d_lr=lr, batch_size=batch, penalty_weight=0.0002 * side**2 / batch)
