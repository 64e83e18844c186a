"""How the feature network learns, on two sets so small that a few steps are enough."""

import pytest
import torch
from evaluation.painters import draw

from gan.evaluation.lessons import Lesson, Teacher, moved
from gan.evaluation.moments import frechet_of


def stripes(n: int) -> Lesson:
    """Stripes that run down or across (the label), of random colours, 64 pixels a side."""
    across = torch.arange(n) % 2
    wave = (torch.arange(64) % 8 < 4).float() * 2 - 1
    x = torch.where(across[:, None, None] == 1, wave[:, None], wave[None, :])[:, None]
    return Lesson("stripes", _pixels(x * (0.4 + 0.5 * draw(0, n, 3, 1, 1).sigmoid())), across[:, None])


def discs(n: int) -> Lesson:
    """Discs somewhere on black, 32 pixels a side, with no label."""
    place = torch.arange(32) - 16.0
    apart = (place[:, None] - 4 * draw(1, n, 1, 1)).square() + (place - 4 * draw(2, n, 1, 1)).square()
    return Lesson(
        "discs", _pixels(((apart < 80).float() * 1.6 - 0.8)[:, None].expand(-1, 3, -1, -1)), torch.zeros(n, 0).long()
    )


def _pixels(x: torch.Tensor) -> torch.Tensor:
    return x.mul(127.5).add(128).clamp(0, 255).to(torch.uint8)


@pytest.fixture(scope="module")
def learnt():
    """A teacher after 60 steps, and what it said meanwhile."""
    torch.manual_seed(0)
    lessons = [stripes(60), discs(60)]
    teacher = Teacher(lessons)
    return teacher, list(teacher.teach(lessons, 60, 16, every=25))


def test_it_learns_what_it_is_asked(learnt):
    _, progress = learnt
    assert [p.step for p in progress] == [25, 50, 60]
    last = progress[-1]
    assert last.loss < progress[0].loss and last.sets >= 0.9
    assert set(last.labels) == {"stripes"} and last.labels["stripes"] >= 0.75


def test_what_it_learnt_to_name_lies_apart(learnt):
    """New stripes of one direction are nearer to each other than to those of the other, and to discs."""
    net, x = learnt[0].net.eval(), stripes(80).x.float() / 127.5 - 1
    with torch.no_grad():
        down, across, round_ = net(x[::2]), net(x[1::2]), net(discs(40).x.float() / 127.5 - 1)
    same, other, set_ = frechet_of(down[:20], down[20:]), frechet_of(down, across), frechet_of(down, round_)
    assert 5 * same < other and 5 * same < set_, (same, other, set_)


def test_learning_is_repeatable():
    once, again = (_two_steps() for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(once.values(), again.values(), strict=True))


def _two_steps() -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    teacher = Teacher([stripes(8)])
    list(teacher.teach([stripes(8)], 2, 4))
    return teacher.net.state_dict()


def test_sets_without_any_label_are_enough():
    teacher = Teacher([discs(8), discs(6)])
    (last,) = teacher.teach([discs(8), discs(6)], 1, 4)
    assert last.labels == {} and 0 < last.loss < 10


def test_what_is_shown_is_drawn_from_every_set_alike():
    lessons = [stripes(9), discs(7)]
    once, again = (Teacher.mixed(lessons, 5, seed=3) for _ in range(2))
    assert once.shape == (10, 3, 64, 64) and torch.equal(once, again)
    assert (once[5:].amax(dim=1) == once[5:].amin(dim=1)).all() and not (
        once[:5].amax(dim=1) == once[:5].amin(dim=1)
    ).all()


def test_pictures_are_moved_by_a_few_pixels_all_alike():
    x, rng = draw(3, 2, 3, 64, 64), torch.Generator().manual_seed(0)
    shifts = set()
    for _ in range(60):
        some = moved(x, rng)
        assert some.shape == x.shape
        found = [
            (down, right)
            for down in range(-3, 4)
            for right in range(-3, 4)
            if torch.equal(some[:, :, 3:-3, 3:-3], x[:, :, 3 + down : 61 + down, 3 + right : 61 + right])
        ]
        assert len(found) == 1
        shifts.update(found)
    assert len(shifts) > 20 and {-3, 3} <= {down for down, _ in shifts} and {-3, 3} <= {right for _, right in shifts}
