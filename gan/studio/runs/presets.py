"""Three ways to train, named for what people want. What they set stands in one table; everything else is the family's
own.

The steps rest on fine-tuning cats on 118 emoji faces (a StyleGAN2 then, 64 pixels, batches of 16): their colours turn
into round blobs by step 50 to 100, faces have eyes and mouths by step 300 to 400, and by 1,000 most samples are clean.
A pair from scratch needs some 2,000 steps before its pictures mean anything.
"""

from dataclasses import dataclass, field

from gan.field_metadata import to_values
from gan.studio.runs.hardware import has_no_card
from gan.training.config import DEFAULTS, SMALL, TrainConfig, defaults

MOMENTS = 16  # snapshots that a run keeps on the way, beside those of its first steps ...
FEWEST = 4  # ... or as many as fit in ROOM, but so many at least
ROOM = 2**29  # bytes of snapshots; cats' have 17 MB each, a full StyleGAN2's at 256 pixels 216 MB
SHEET = 1024  # pixels a side that a grid of large pictures may have
SIDE = 64  # pixels a side that pairs from scratch are proposed in ...
SIDE_OF_PROCESSOR = 32  # ... and without a graphics card: a quarter of the time, so that one sees what is learnt
FEW = 2000  # training pictures below which the discriminator would learn them by heart

# Zhao et al. 2020, section 4.3: the stronger the fewer. Cut-out is left out: on small pictures it leaks first (trials).
_NO_AUGMENT = ("mlp", "words")
_NO_MIRROR = ("sounds",)  # which would run backwards
_AUGMENT = ("brightness", "contrast", "translation")


@dataclass(frozen=True)
class Preset:
    """`tuned` and `scratch` are steps, from a base and from nothing; `train` are settings in either case.

    freeze: how many of the discriminator's blocks a fine-tune leaves as they were.
    """

    name: str
    tuned: int
    scratch: int
    train: dict = field(default_factory=dict)
    freeze: int = 0


PRESETS = {
    preset.name: preset
    for preset in (
        # A short half-life of the averaged generator shows the change at once.
        Preset("quick", 300, 2_000, dict(ema_kimg=0.3)),
        Preset("good", 1_200, 8_000, dict(ema_kimg=0.5)),
        # Long enough for D to learn few pictures by heart: its early blocks keep what they know of pictures (Mo et al.
        # 2020). Shorter runs gain nothing by that: after 400 steps with 0 and 2 blocks frozen, `apart` was 0.031 and
        # 0.038.
        Preset("thorough", 5_000, 40_000, dict(ema_kimg=1.0), freeze=2),
    )
}


def moments(weights: int) -> int:
    """How many snapshots of a pair with so many weights a run keeps."""
    return max(FEWEST, min(MOMENTS, ROOM // max(4 * weights, 1)))


def usual_side() -> int:
    """The side in pixels that a new pair of networks for pictures is proposed in."""
    return SIDE_OF_PROCESSOR if has_no_card() else SIDE


def settings(
    name: str, family: str, tuned: bool, pictures: int, side: int = 64, device: str = "cpu"
) -> tuple[int, dict]:
    """(steps, values of TrainConfig) of a preset, for a family of networks and so many training pictures of `side`
    pixels, on "cpu" or "cuda"."""
    preset = PRESETS[name]
    few = (
        dict(augment=_AUGMENT, mirror=family not in _NO_MIRROR) if pictures < FEW and family not in _NO_AUGMENT else {}
    )
    values = {
        **defaults(family, side, device),
        **few,
        **preset.train,
        **_grid(side),
        "freeze_d": preset.freeze if tuned else 0,
    }
    # A half-life is meant in steps: smaller batches make it as many pictures shorter.
    values["ema_kimg"] *= values["batch_size"] / DEFAULTS[family]["batch_size"]
    return (preset.tuned if tuned else preset.scratch), to_values(TrainConfig(**values))


def _grid(side: int) -> dict:
    """Large pictures stand in grids that are not larger than a screen, two by two at least."""
    return dict(grid_size=max(2, SHEET // side) ** 2) if side > SMALL else {}
