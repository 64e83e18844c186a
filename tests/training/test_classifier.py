import torch

from gan.training.classifier import Classifier, changed, guesses, learn
from gan.training.random_source import RandomSource


def bars(n: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Uint8 pictures of 16 pixels in noise: a bar that lies (class 0) or stands (1), anywhere."""
    rng = torch.Generator().manual_seed(seed)
    x = torch.randint(0, 90, (n, 1, 16, 16), generator=rng, dtype=torch.uint8)
    labels = torch.randint(0, 2, (n,), generator=rng)
    for picture, label, at in zip(x, labels, torch.randint(3, 13, (n,), generator=rng).tolist(), strict=True):
        (picture[0, at : at + 2] if label == 0 else picture[0, :, at : at + 2]).fill_(255)
    return x, labels


def test_it_learns_what_tells_the_classes_apart():
    x, labels = bars(64)
    torch.manual_seed(0)
    net = Classifier(1, 2, width=8)

    def batch(rng):
        at = rng.randint(0, len(x), 16)
        return x[at].float() / 127.5 - 1, labels[at]

    learn(net, batch, 40, torch.Generator().manual_seed(0))
    unseen, wanted = bars(100, seed=1)
    assert not net.training and (guesses(net, unseen) == wanted).float().mean() > 0.9


def test_ordinary_augmentation_moves_each_picture_a_little_and_alike_for_a_seed():
    x = (bars(50)[0].float() / 127.5 - 1)[:1].expand(50, -1, -1, -1)
    one, again = (changed(x, RandomSource(torch.Generator().manual_seed(3))) for _ in range(2))
    assert one.shape == x.shape and torch.equal(one, again) and one.abs().max() <= 1
    assert len({round(float(picture.sum()), 3) for picture in one}) > 40  # each in its own way
    middle = (x - x.mean()).flatten(1)
    alike = torch.cosine_similarity(middle, (one - one.mean()).flatten(1))
    assert 0.2 < alike.mean() < 0.99  # another picture, but not any picture
