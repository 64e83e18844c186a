"""Cartoon faces: each factor changes what it is named after, in the direction it says, and leaves the rest alone."""

import numpy as np
import pytest

from gan.studio.data.drawn.faces import FACES, FACTORS, Factors, draw, drawn_set, sample

SIDE = 128
# Edges of what a factor may change on the plain face: left, right, top, bottom, in shares of the picture.
PLACES = {
    "smile": (0.38, 0.62, 0.55, 0.74),
    "mouth_open": (0.38, 0.62, 0.55, 0.76),
    "nose": (0.42, 0.58, 0.5, 0.65),
    "gaze": (0.3, 0.7, 0.38, 0.58),
    "eye_size": (0.28, 0.72, 0.36, 0.58),
    "eye_spacing": (0.24, 0.76, 0.26, 0.58),
    "brow_height": (0.27, 0.73, 0.26, 0.47),
    "brow_angle": (0.27, 0.73, 0.26, 0.47),
    "glasses": (0.2, 0.8, 0.34, 0.62),
    "blush": (0.24, 0.76, 0.5, 0.72),
    "shirt": (0, 1, 0.8, 1),
    "hair_length": (0.1, 0.9, 0.37, 1),
}


def face(side: int = SIDE, **factors) -> np.ndarray:
    return draw(Factors(**factors), side).astype(int)


def patch(picture: np.ndarray, left: float, right: float, top: float, bottom: float) -> np.ndarray:
    side = len(picture)
    return picture[int(top * side) : int(bottom * side), int(left * side) : int(right * side)]


def changed(name: str) -> np.ndarray:
    """bool (SIDE, SIDE): the pixels of the plain face that the factor changes anywhere in its range."""
    row = FACES.factors.__dataclass_fields__[name].metadata["knob"]
    shown = np.stack([face(**{name: float(at)}) for at in np.linspace(row["low"], row["high"], 5)])
    return (np.ptp(shown, axis=0) > 0).any(axis=-1)


def rising(measured) -> bool:
    return bool((np.diff(np.asarray(measured, float)) > 0).all())


STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)


@pytest.mark.parametrize("name", PLACES)
def test_a_factor_stays_in_its_place(name):
    mask = changed(name)
    assert mask.sum() > 30
    patch(mask, *PLACES[name])[:] = False
    assert not mask.any(), f"{name} changes {np.argwhere(mask)[:5] / SIDE}"


def test_the_background_leaves_everybody_alone():
    mask = changed("background")
    assert mask[0, 0] and mask[0, -1] and mask[SIDE // 2, 2]
    assert not patch(mask, 0.3, 0.7, 0.25, 0.66).any()


@pytest.mark.parametrize("name", ["hair_light", "hair_hue"])
def test_the_colour_of_hair_is_that_of_hair_and_brows(name):
    assert not patch(changed(name), 0.37, 0.63, 0.42, 0.66).any()


def test_light_hair_is_light_and_deep_skin_is_deep():
    crown, cheek = (0.4, 0.6, 0.1, 0.2), (0.35, 0.4, 0.58, 0.6)
    assert rising([patch(face(hair_light=at), *crown).mean() for at in STEPS])
    assert rising([-patch(face(skin=at), *cheek).mean() for at in STEPS])


def test_long_hair_reaches_further_down():
    hair = patch(face(), 0.4, 0.6, 0.1, 0.2).reshape(-1, 3).mean(axis=0)
    reach = [(np.abs(face(hair_length=at) - hair).sum(axis=2) < 60).sum() for at in STEPS]
    assert rising(reach)


def figure(**factors) -> np.ndarray:
    """bool (SIDE, SIDE): where somebody stands before the background."""
    return (face(background=0.0, **factors) == face(background=1.0, **factors)).all(axis=2)


def test_curls_take_room_and_a_long_head_is_high_and_narrow():
    assert rising([figure(hair_curl=at, hair_length=0.1).sum() for at in STEPS])
    long = [figure(head=at, hair_length=0.1) for at in STEPS]
    assert rising([-mask.any(axis=1).argmax() for mask in long])
    assert rising([-mask[int(0.45 * SIDE)].sum() for mask in long])


def test_the_corners_of_a_smile_are_up():
    def corners_above_middle(picture: np.ndarray) -> float:
        darkness = 255 * 3 - patch(picture, 0.38, 0.62, 0.56, 0.74).sum(axis=2)
        darkness = np.where(darkness > 450, darkness, 0)
        heights = (darkness * np.arange(len(darkness))[:, None]).sum(axis=0) / np.maximum(darkness.sum(axis=0), 1)
        drawn = np.flatnonzero(darkness.sum(axis=0))
        ends = heights[[drawn[1], drawn[-2]]].mean()
        return heights[len(heights) // 2] - ends

    bends = [corners_above_middle(face(smile=at, mouth_open=0.0)) for at in (-1.0, -0.5, 0.0, 0.5, 1.0)]
    assert rising(bends) and bends[0] < -2 and bends[-1] > 2 and abs(bends[2]) < 1


@pytest.mark.parametrize(
    "name,place",
    [
        ("mouth_open", PLACES["mouth_open"]),
        ("blush", PLACES["blush"]),
        ("glasses", PLACES["glasses"]),
        ("nose", PLACES["nose"]),
    ],
)
def test_more_of_it_is_more_to_see(name, place):
    less = patch(face(**{name: 0.0}), *place)
    assert rising([np.abs(patch(face(**{name: at}), *place) - less).sum() for at in STEPS])


def test_large_eyes_show_more_white_and_a_gaze_moves_the_dark():
    def whites(picture):
        return patch(picture, *PLACES["gaze"]).min(axis=2) > 235

    assert rising([whites(face(eye_size=at)).sum() for at in STEPS])

    def middle_of_the_dark(picture):
        dark = patch(picture, 0.52, 0.72, 0.42, 0.54).sum(axis=2) < 150
        return np.argwhere(dark)[:, 1].mean()

    assert rising([middle_of_the_dark(face(gaze=at)) for at in (-1.0, -0.5, 0.0, 0.5, 1.0)])


def test_the_two_halves_are_alike_where_nothing_is_parted():
    picture = patch(face(glasses=1.0), 0, 1, 0.66, 1)  # below the fringe and the gaze; the shade falls to the right
    assert np.abs(picture - picture[:, ::-1]).mean() < 4


def test_the_module_offers_what_the_drawer_does():
    assert FACES.names == FACTORS and len(FACTORS) == 19 and sample(3, 5).shape == (5, 19)
    assert np.array_equal(drawn_set(2, 32, 3)[1], sample(3, 2))
