"""How the feature network learns, on two sets so small that a few steps are enough."""

import pytest
import torch
from evaluation.painters import draw

from gan.evaluation.lessons import DAMAGES, Lesson, Teacher, damaged
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
    return Lesson("discs", _pixels(((apart < 80).float() * 1.6 - 0.8)[:, None].expand(-1, 3, -1, -1)), torch.zeros(n, 0).long())


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
    assert last.loss < progress[0].loss and last.sets >= 0.9 and last.damages > 0.5      # of seven answers
    assert set(last.labels) == {"stripes"} and last.labels["stripes"] >= 0.75


def test_more_blur_is_further_away(learnt):
    net, x = learnt[0].net.eval(), stripes(60).x.float() / 127.5 - 1
    with torch.no_grad():
        clean, rest = net(x[:30]), x[30:]
        blurred = torch.nn.functional.avg_pool2d(rest, 3, 1, 1, count_include_pad=False)
        apart = [frechet_of(clean, net(rest.lerp(blurred, share))) for share in (0, 0.25, 0.5, 0.75, 1)]
    assert apart == sorted(apart) and apart[-1] > 10 * apart[0], apart


def test_learning_is_repeatable():
    once, again = (_two_steps() for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(once.values(), again.values()))


def _two_steps() -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    teacher = Teacher([stripes(8)])
    list(teacher.teach([stripes(8)], 2, 4))
    return teacher.net.state_dict()


def test_sets_without_any_label_are_enough():
    teacher = Teacher([discs(8), discs(6)])
    (last,) = teacher.teach([discs(8), discs(6)], 1, 4)
    assert last.labels == {} and 0 < last.loss < 10


def test_damages_are_repeatable_and_said_of_each_picture():
    x = discs(80).x.float() / 127.5 - 1
    x = torch.nn.functional.interpolate(x, (64, 64), mode="bilinear")
    (once, which), (again, _) = (damaged(x, torch.Generator().manual_seed(5)) for _ in range(2))
    assert torch.equal(once, again)
    changed = (once != x).flatten(1).any(dim=1)
    assert not changed[which == 0].any() and 0.2 < float((which > 0).float().mean()) < 0.6
    assert set(which.tolist()) == set(range(len(DAMAGES)))
    colourless = list(DAMAGES).index("smeared")      # these discs have no colours that could run
    assert changed[(which > 0) & (which != colourless)].all()


@pytest.mark.parametrize("name", [name for name in DAMAGES if name != "none"])
def test_each_damage_keeps_the_shape_and_changes_a_picture_visibly(name):
    x = torch.nn.functional.interpolate(draw(3, 6, 3, 16, 16).tanh(), (64, 64))
    hurt = DAMAGES[name](x, torch.Generator().manual_seed(0))
    assert hurt.shape == x.shape and hurt.isfinite().all()
    assert all(0.005 < float(change) < 1 for change in (hurt - x).abs().mean(dim=(1, 2, 3)))
