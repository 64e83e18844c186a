import pytest
import torch
from training.test_classifier import bars

from gan.errors import StudioError
from gan.training import more_data
from gan.training.more_data import ARMS, LabelledPictures, SeedResult, Step, play, split
from gan.training.more_data_settings import MoreDataSettings

TINY = dict(labelled=2, unlabelled=12, gan_steps=3, gan_batch=4, width=4, samples=6, steps=3, batch=8)


def pictures(n: int = 60, groups: bool = False) -> LabelledPictures:
    """Each picture has its own number in its first pixel."""
    x, labels = bars(n)
    x[:, 0, 0, 0] = torch.arange(n)
    return LabelledPictures(x, labels, ("lies", "stands"), torch.arange(n) // 4 if groups else None)


def numbers(some: LabelledPictures) -> set[int]:
    return set(some.x[:, 0, 0, 0].tolist())


@pytest.mark.parametrize("groups", [False, True])
def test_nobody_sees_what_is_held_out(groups):
    given, settings = pictures(groups=groups), MoreDataSettings(**TINY)
    parts = split(given, settings, 3)
    few, others, out = map(numbers, (parts.labelled, parts.unlabelled, parts.held_out))
    assert len(few) == 4 and torch.bincount(parts.labelled.labels).tolist() == [2, 2]
    assert len(others) == 12 and 12 <= len(out) <= 18
    assert not few & others and not few & out and not others & out
    if groups:  # what belongs together stays together
        assert not {n // 4 for n in few | others} & {n // 4 for n in out}
    assert numbers(split(given, settings, 4).labelled) != few


def test_a_class_with_too_few_pictures_is_said():
    with pytest.raises(StudioError, match=r"Of the class lies \d+ pictures are left .* fewer than 50"):
        split(pictures(), MoreDataSettings(**TINY | dict(labelled=50)), 0)


def test_a_seed_gives_the_same_accuracies_and_each_gan_saw_what_it_may(monkeypatch):
    seen, train = [], more_data.train_gan

    def watched(settings, seed, shown):
        seen.append((numbers(shown), shown.labels.tolist()))
        return train(settings, seed, shown)

    monkeypatch.setattr(more_data, "train_gan", watched)
    given, settings = pictures(), MoreDataSettings(**TINY)
    parts = split(given, settings, 5)
    told = list(play(given, settings, 5))
    *steps, result = told
    assert all(isinstance(step, Step) for step in steps) and isinstance(result, SeedResult)
    shares = [step.done for step in steps]
    assert shares == sorted(shares) and shares[-1] == pytest.approx(1)
    assert tuple(result.right) == ARMS and all(0 <= share <= 1 for share in result.right.values())
    assert result.held_out == len(parts.held_out.x)
    assert {name: tuple(x.shape) for name, x in result.shown.items()} == {
        "gan": (4, 2, 1, 16, 16),
        "unlabelled": (4, 2, 1, 16, 16),
    }
    few, others = numbers(parts.labelled), numbers(parts.unlabelled)
    assert [who for who, _ in seen] == [few, few | others]
    assert seen[1][1][:4] == parts.labelled.labels.tolist()
    assert list(play(given, settings, 5))[-1].right == result.right


def test_without_unlabelled_pictures_there_are_three_classifiers():
    *_, result = play(pictures(), MoreDataSettings(**TINY | dict(unlabelled=0)), 0)
    assert tuple(result.right) == ARMS[:3] and set(result.shown) == {"gan"}
