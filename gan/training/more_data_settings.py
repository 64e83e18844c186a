"""The knobs of the experiment in more_data.py. Nothing here imports torch, so that help comes at once."""

from dataclasses import dataclass

from gan.field_metadata import check, knob


@dataclass(frozen=True)
class MoreDataSettings:
    """What is compared, and for how long each learns."""

    labelled: int = knob(5, "Labelled pictures of each class.", low=2, high=1000)
    unlabelled: int = knob(3000, "Pictures without labels, at most; 0 leaves that part out.", low=0, high=50_000)
    seeds: int = knob(5, "How often all of it is repeated, with other pictures.", low=2, high=50, unit="times")
    first_seed: int = knob(0, "The first of these seeds; the others follow it.", low=0, high=10**6)
    side: int = knob(16, "Height and width in which the pictures are seen.", low=16, high=64, unit="pixels")
    gan_steps: int = knob(500, "Steps of each GAN.", low=1, high=100_000, unit="steps")
    gan_batch: int = knob(32, "Pictures in each of its batches.", low=4, high=1024)
    gan_rate: float = knob(5e-4, "How large its steps are.", low=1e-6, high=0.1)
    width: int = knob(32, "Feature maps of its largest layers.", low=4, high=256)
    samples: int = knob(200, "Samples of each class.", low=1, high=10_000)
    steps: int = knob(300, "Steps of each classifier.", low=1, high=10_000, unit="steps")
    batch: int = knob(64, "Pictures in each of its batches.", low=4, high=1024)
    share: float = knob(
        0.5,
        "Which share of a batch are unlabelled pictures, or samples of the GAN that saw these.",
        low=0.05,
        high=0.95,
        step=0.05,
    )
    few_share: float = knob(
        0.25,
        "Which share are samples of the GAN that saw the labelled pictures only: more does harm.",
        low=0.05,
        high=0.95,
        step=0.05,
    )

    def __post_init__(self) -> None:
        check(self)

    @property
    def all_seeds(self) -> range:
        """The seeds, fixed before anything is measured."""
        return range(self.first_seed, self.first_seed + self.seeds)
