"""Settings that families of networks for pictures share, each with its range and its words."""

from typing import Any

from gan.errors import StudioError
from gan.field_metadata import knob


def channels_knob() -> Any:
    """The field `channels`; see `check_channels`."""
    return knob(3, "1 grey, 3 colour, 4 colour with transparency.", low=1, high=4)


def side_knob() -> Any:
    """The field `side` of families that double it from block to block, 8 to 1024 pixels."""
    return knob(64, "Height and width of the pictures, a power of two.", low=8, high=1024, unit="pixels")


def asked_classes_knob() -> Any:
    """The field `num_classes` of a generator, 0 to 10,000."""
    return knob(0, "How many classes one can ask for; 0 where there are none.", low=0, high=10000)


def data_classes_knob() -> Any:
    """The field `num_classes` of a discriminator, 0 to 10,000."""
    return knob(0, "How many classes the data has; 0 where there are none.", low=0, high=10000)


def check_channels(channels: int) -> None:
    """Raise StudioError for two channels, which no picture has."""
    if channels == 2:
        raise StudioError(
            "A picture has 1, 3 or 4 channels, not 2.", "Choose 1 (grey), 3 (colour) or 4 (with transparency)."
        )
