"""A pair that makes short sounds: the convolutional pair of `dcgan.py` over spectrograms, as GANs for pictures do.

Donahue et al. 2019 ("Adversarial audio synthesis") compare such a SpecGAN with networks over waves: it learned as much
of what was said, and its spectrograms are an eighth of the numbers here. See `spectrograms.py` for what x is.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from gan.errors import StudioError
from gan.field_metadata import check, knob
from gan.messages import say
from gan.networks.dcgan import DCGANDiscriminator
from gan.networks.picture_knobs import asked_classes_knob, data_classes_knob
from gan.networks.styled_dcgan import StyledDCGANGenerator

SIDES = (16, 32, 64, 128)  # bands, and columns of 8 ms
USUAL_SIDE = 64


def _side_knob() -> Any:
    return knob(
        USUAL_SIDE,
        "Bands of frequencies, and columns of 8 milliseconds: with 64 a sound has half a second, with 128 one.",
        low=SIDES[0],
        high=SIDES[-1],
        unit="columns",
    )


@dataclass(frozen=True)
class SoundGeneratorConfig:
    """What a generator of sounds is built from."""

    side: int = _side_knob()
    num_classes: int = asked_classes_knob()
    z_dim: int = knob(100, "How many latent values a sound has.", low=1, high=4096)
    width: int = knob(24, "Feature maps at full size; they double with each halving of the side.", low=1, high=512)
    width_max: int = knob(192, "The most feature maps at any size.", low=1, high=2048)
    style_layers: int = knob(
        2, "Layers from the latents to a style that every size is painted in.", low=1, high=16, unit="layers"
    )

    channels: ClassVar[int] = 1

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True)
class SoundDiscriminatorConfig:
    """What its discriminator is built from."""

    side: int = _side_knob()
    num_classes: int = data_classes_knob()
    width: int = knob(24, "Feature maps after the first convolution; they double with each halving.", low=1, high=512)
    width_max: int = knob(192, "The most feature maps at any size.", low=1, high=2048)

    channels: ClassVar[int] = 1

    def __post_init__(self) -> None:
        _check(self)


def _check(config: Any) -> None:
    check(config)
    if config.side not in SIDES:
        raise StudioError(
            say("A sound has 16, 32, 64 or 128 columns of 8 milliseconds, not {side}.", side=config.side),
            "Choose one of these.",
        )


class SoundGenerator(StyledDCGANGenerator):
    """z -> x (batch, 1, side, side), a spectrogram in [-1, 1]: see `spectrograms.py`."""

    kind = "sound"

    def __init__(self, config: SoundGeneratorConfig) -> None:
        super().__init__(config)


class SoundDiscriminator(DCGANDiscriminator):
    """Spectrograms (batch, 1, side, side) to logits."""

    def __init__(self, config: SoundDiscriminatorConfig) -> None:
        super().__init__(config)
