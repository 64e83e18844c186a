"""What paths and sliders may be set to: names, ends, and how many frames a path has.

The functions behind the names stand in `paths`, which computes; whoever only lists or checks settings needs none of
them.
"""

PATH_NAMES = ("linear", "spherical", "smooth")
EASING_NAMES = ("none", "ease", "ease-in", "ease-out")

SLIDER_END = 3.0
"""Sliders run from -3 to 3: three of a direction's scales."""


def frame_count(keyframes: int, steps: int, loop: bool) -> int:
    """How many frames a path has at `steps` frames per segment."""
    return keyframes * steps if loop else (keyframes - 1) * steps + 1
