import math

import pytest
import torch

from gan.errors import StudioError
from gan.latents.choices import EASING_NAMES, PATH_NAMES, frame_count
from gan.latents.paths import EASINGS, PATHS, frames, linear, second_derivatives, spherical


def angles(rows):
    """Angles between neighbouring rows of (n, dim), in float64."""
    unit = torch.nn.functional.normalize(rows.double(), dim=-1)
    return torch.acos((unit[1:] * unit[:-1]).sum(-1).clamp(-1, 1))


def keyframes(k, num_ws=2, w_dim=16, seed=0, dtype=torch.float32):
    return torch.randn(k, num_ws, w_dim, generator=torch.Generator().manual_seed(seed), dtype=dtype)


# Between two latents


def test_linear_is_exact_at_both_ends():
    a, b = keyframes(1), keyframes(1, seed=1) * 1000
    assert torch.equal(linear(a, b, 0.0), a) and torch.equal(linear(a, b, 1.0), b)
    assert linear(torch.tensor([2.0]), torch.tensor([6.0]), 0.25).item() == 3.0


def test_spherical_on_the_quarter_circle():
    a, b = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    third = torch.tensor([math.cos(math.pi / 6), math.sin(math.pi / 6)])
    torch.testing.assert_close(spherical(a, b, 1 / 3), third)


def test_spherical_of_unequal_lengths_turns_evenly_and_grows_evenly():
    middle = spherical(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 3.0]), 0.5)
    torch.testing.assert_close(middle, torch.tensor([math.sqrt(2), math.sqrt(2)]))


def test_spherical_keeps_the_norm_and_the_angular_speed():
    a, b = torch.nn.functional.normalize(keyframes(2, 1, 64, dtype=torch.float64), dim=-1) * 8
    path = torch.cat([spherical(a, b, t) for t in torch.linspace(0, 1, 21).tolist()])
    torch.testing.assert_close(path.norm(dim=-1), torch.full((21,), 8.0, dtype=torch.float64))
    whole = angles(torch.cat([a, b]))
    torch.testing.assert_close(angles(path), (whole / 20).expand(20), rtol=1e-6, atol=1e-6)
    assert linear(a, b, 0.5).norm() < 7, "a straight path would fall inwards, so this test can fail"


@pytest.mark.parametrize(
    "a, b",
    [
        ([1.0, 0.0], [-1.0, 0.0]),
        ([1.0, 0.0], [2.0, 0.0]),
        ([0.0, 0.0], [0.0, 2.0]),
        ([3.0, 4.0], [0.0, 0.0]),
        ([0.0, 0.0], [0.0, 0.0]),
        ([1.0, 0.0], [1.0, 0.01]),
    ],
)
def test_spherical_goes_straight_where_there_is_no_circle(a, b):
    a, b = torch.tensor(a), torch.tensor(b)
    torch.testing.assert_close(spherical(a, b, 0.25), 0.75 * a + 0.25 * b)


def test_spherical_treats_every_row_alone():
    a, b = keyframes(3), keyframes(3, seed=1)
    a[1, 0] = 0
    b[2, 1] = a[2, 1]
    t = torch.tensor([0.2, 0.5, 0.9]).view(3, 1, 1)
    together = spherical(a, b, t)
    for i in range(3):
        for row in range(2):
            alone = spherical(a[i, row], b[i, row], t[i].item())
            torch.testing.assert_close(together[i, row], alone)


# Through keyframes


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("easing", EASINGS)
@pytest.mark.parametrize("loop", [False, True])
def test_every_path_passes_exactly_through_its_keyframes(path, easing, loop):
    points, center = keyframes(4), keyframes(4, seed=2)
    made = frames(points, 6, path, loop, easing, center)
    assert made.shape == ((24 if loop else 19), 2, 16)
    assert len(made) == frame_count(4, 6, loop)
    assert torch.equal(made[::6], points)


@pytest.mark.parametrize("path", PATHS)
def test_frames_beside_a_keyframe_are_near_it(path):
    points = keyframes(4, seed=3)
    made = frames(points, 500, path, loop=True, center=points.mean(0, keepdim=True) + 1)
    around = torch.cat([made, made[:1]])
    assert (around[1:] - around[:-1]).norm(dim=-1).max() < 0.1, "no jump anywhere, the seam included"


def test_linear_frames_by_hand():
    points = torch.tensor([0.0, 4.0, 2.0]).view(3, 1, 1)
    assert frames(points, 2).flatten().tolist() == [0, 2, 4, 3, 2]
    assert frames(points, 2, loop=True).flatten().tolist() == [0, 2, 4, 3, 2, 1]


def test_spherical_frames_turn_about_the_center():
    center = torch.tensor([[[10.0, 10.0]]])
    points = center + torch.tensor([[[2.0, 0.0]], [[0.0, 2.0]]])
    made = frames(points, 4, "spherical", center=center)
    torch.testing.assert_close((made - center).norm(dim=-1), torch.full((5, 1), 2.0))
    torch.testing.assert_close(made[2], center[0] + math.sqrt(2))


def test_spherical_frames_follow_a_center_that_moves():
    center = torch.tensor([[[0.0, 0.0]], [[6.0, 0.0]]])
    points = center + torch.tensor([[[1.0, 0.0]], [[0.0, 1.0]]])
    middle = frames(points, 2, "spherical", center=center)[1]
    torch.testing.assert_close(middle, torch.tensor([[3 + math.sqrt(0.5), math.sqrt(0.5)]]))


def test_natural_spline_by_hand():
    points = torch.tensor([0.0, 1.0, 0.0]).view(3, 1, 1)
    assert second_derivatives(points, loop=False).flatten().tolist() == [0, -3, 0]
    assert frames(points, 2, "smooth").flatten().tolist() == [0, 0.6875, 1, 0.6875, 0]


def test_periodic_spline_by_hand():
    points = torch.tensor([1.0, -1.0]).view(2, 1, 1)
    torch.testing.assert_close(second_derivatives(points, loop=True).flatten(), torch.tensor([-12.0, 12.0]))
    made = frames(points, 4, "smooth", loop=True).flatten()
    torch.testing.assert_close(made, torch.tensor([1, 0.6875, 0, -0.6875, -1, -0.6875, 0, 0.6875]))


def test_the_smooth_loop_through_a_circle_is_nearly_the_circle():
    turn = torch.arange(12, dtype=torch.float64) * math.tau / 12
    points = torch.stack([turn.cos(), turn.sin()], dim=-1).unsqueeze(1)
    radius = frames(points, 10, "smooth", loop=True).norm(dim=-1)
    assert (radius - 1).abs().max() < 3e-4
    assert (frames(points, 10, "linear", loop=True).norm(dim=-1) - 1).abs().max() > 0.03


def test_a_smooth_path_between_two_keyframes_is_straight():
    points = keyframes(2)
    torch.testing.assert_close(frames(points, 5, "smooth"), frames(points, 5, "linear"))


def bends(made, steps):
    """Second differences over time of a loop (n, ...), so (n, ...): [f] belongs to frame f."""
    return (made.roll(-1, 0) - 2 * made + made.roll(1, 0)) * steps**2


def test_the_smooth_loop_has_a_continuous_second_derivative_at_every_keyframe_and_the_seam():
    points, steps = keyframes(5, dtype=torch.float64), 200
    made = frames(points, steps, "smooth", loop=True)
    jumps = (bends(made, steps).roll(-1, 0) - bends(made, steps)).abs().amax(dim=(1, 2))
    assert jumps.max() < 0.02 * bends(made, steps).abs().max(), "from frame to frame it hardly changes"
    torch.testing.assert_close(bends(made, steps)[0], second_derivatives(points, loop=True)[0], rtol=0, atol=0.2)


def test_that_the_measure_of_the_seam_can_fail():
    points, steps = keyframes(5, dtype=torch.float64), 200
    open_ended = frames(torch.cat([points, points[:1]]), steps, "smooth")[:-1]
    jumps = (bends(open_ended, steps).roll(-1, 0) - bends(open_ended, steps)).abs().amax(dim=(1, 2))
    assert jumps.argmax().item() in (0, len(open_ended) - 1)
    assert jumps.max() > bends(open_ended, steps)[1:-1].abs().max()


# Time within a segment


@pytest.mark.parametrize("name", EASINGS)
def test_easings_go_from_0_to_1_and_never_back(name):
    eased = EASINGS[name](torch.linspace(0, 1, 101))
    assert eased[0] == 0 and eased[-1] == 1
    assert (eased[1:] >= eased[:-1]).all()


def test_easings_by_hand():
    quarter = torch.tensor(0.25)
    values = {name: ease(quarter).item() for name, ease in EASINGS.items()}
    assert values == {"none": 0.25, "ease": 0.15625, "ease-in": 0.0625, "ease-out": 0.4375}


def test_easing_reparametrises_time_on_the_same_curve():
    points = keyframes(3)
    plain = frames(points, 16, "smooth")
    eased = frames(points, 4, "smooth", easing="ease-in")
    torch.testing.assert_close(eased[1:4], plain[[1, 4, 9]], msg="(1/4)^2, (2/4)^2, (3/4)^2 of 16 frames")


# What is refused


@pytest.mark.parametrize("loop", [False, True])
@pytest.mark.parametrize("k", [0, 1])
def test_a_path_needs_two_pictures(k, loop):
    with pytest.raises(StudioError, match=f"A path needs at least two pictures, not {k}"):
        frames(torch.zeros(k, 1, 4), 8, loop=loop)


@pytest.mark.parametrize(
    "settings, sentence",
    [
        (dict(steps=0), "at least one frame per picture, not 0"),
        (dict(steps=4, path="zigzag"), "no path called 'zigzag'. Choose one of linear, spherical, smooth"),
        (dict(steps=4, easing="bounce"), "no easing called 'bounce'. Choose one of none, ease, ease-in, ease-out"),
    ],
)
def test_unknown_settings_are_refused_with_what_there_is(settings, sentence):
    with pytest.raises(StudioError, match=sentence):
        frames(torch.zeros(2, 1, 4), **settings)


def test_the_tables_have_the_names_that_settings_know():
    assert tuple(PATHS) == PATH_NAMES and tuple(EASINGS) == EASING_NAMES
