"""Flowers: each factor changes what it is named after, in the direction it says, and leaves the rest alone."""

import numpy as np
import pytest

from gan.studio.data.drawn.flowers import FLOWERS, Factors

SIDE = 128
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)


def flower(**factors) -> np.ndarray:
    return FLOWERS.draw(Factors(**factors), SIDE).astype(int)


def blossom(**factors) -> np.ndarray:
    """bool (SIDE, SIDE): where petals are, whose colour alone depends on the hue."""
    return (flower(hue=0.0, **factors) != flower(hue=1.0, **factors)).any(axis=2)


def rising(measured) -> bool:
    return bool((np.diff(np.asarray(measured, float)) > 0).all())


@pytest.mark.parametrize("name", ["size", "width"])
def test_more_of_it_covers_more(name):
    assert rising([blossom(**{name: at}).sum() for at in STEPS])


def test_more_petals_cover_more_and_none_jumps_into_view():
    assert rising([blossom(petals=float(at), width=0.0, point=1.0).sum() for at in range(5, 13)])
    before, after = flower(petals=7.0), flower(petals=7.02)
    assert np.abs(after - before).mean() < 1


def test_a_large_middle_leaves_less_of_the_petals():
    assert rising([-blossom(centre=at).sum() for at in STEPS])


def test_pale_petals_are_light_and_a_blaze_is_dark():
    middle = blossom(centre=1.0, inner=0.0)
    assert rising([flower(pale=at)[middle].mean() for at in STEPS])
    assert rising([-flower(blaze=at)[middle].mean() for at in STEPS])


def test_the_stem_and_the_leaves_are_below():
    for name in ("stem", "leaves"):
        seen = (flower(**{name: 0.0}) != flower(**{name: 1.0})).any(axis=2)
        assert seen[SIDE // 2 :].any() and not seen[: SIDE // 2].any(), name


def test_the_background_leaves_the_blossom_alone():
    seen = (flower(background=0.0) != flower(background=1.0)).any(axis=2)
    assert seen[0, 0] and not seen[int(0.3 * SIDE) : int(0.5 * SIDE), int(0.42 * SIDE) : int(0.58 * SIDE)].any()


def test_petals_curl_to_the_side_that_is_said():
    left, straight, right = (blossom(curl=at, width=0.0, inner=0.0) for at in (-1.0, 0.0, 1.0))
    assert (left != right).mean() > 0.01 and (left != straight).any() and (right != straight).any()
    mirrored = blossom(curl=-1.0, width=0.0, inner=0.0)[:, ::-1]
    assert (mirrored != right).mean() < 0.005
