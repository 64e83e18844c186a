import pytest
import torch

from gan.latents import inversion
from gan.latents.inversion import closer_as_negative, sample, seek, w_of
from gan.networks.registry import build_generator

torch.manual_seed(0)
STYLED = build_generator("stylegan2", dict(side=16, z_dim=8, w_dim=8, channel_base=64, channel_max=8)).eval()
PLAIN = build_generator("mlp", dict(image_shape=[1, 8, 8], z_dim=6, num_classes=3, hidden=[16])).eval()
for name, weight in STYLED.named_parameters():
    if "affine.weight" in name:
        weight.data.mul_(4)  # a style that shows
    if "torgb.weight" in name:
        weight.data.mul_(0.1)  # in pictures that are not all black and white
PLAIN.out.weight.data.mul_(5)
PLAIN.hidden[0].weight.data[:, -3:].mul_(5)  # a class that shows


def look(x):
    return [x, torch.nn.functional.avg_pool2d(x, 2)]


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    torch.manual_seed(0)
    for network in (STYLED, PLAIN):
        network.requires_grad_(False)
    for name, value in dict(TOGETHER=15, ALONE=60, COARSE=4).items():
        monkeypatch.setattr(inversion, name, value)


@pytest.mark.parametrize("generator", [STYLED, PLAIN])
def test_a_picture_of_the_generator_is_found_again(generator):
    with torch.no_grad():
        c = torch.eye(3)[1:2] if generator.num_classes else None
        picture = generator(torch.randn(1, generator.z_dim), c).clamp(-1, 1)
        found = list(seek(generator, picture, sample(generator, 60), look))
        last = found[-1]
        labels = None if c is None else torch.tensor([last.label])
        again = generator.synthesis(w_of(generator, last.offset[None], labels)).clamp(-1, 1)
    apart = float((again - picture).square().mean().sqrt() / 2)
    assert apart == pytest.approx(last.apart, rel=0.02) and last.apart < 0.5 * last.begun
    assert [one.done for one in found] == sorted(one.done for one in found) and last.done == 1
    assert last.label == (None if c is None else 1)


def test_a_class_that_is_meant_is_kept():
    samples = sample(PLAIN, 20, label=2)
    assert (samples.labels == 2).all()
    assert all(one.label == 2 for one in seek(PLAIN, torch.zeros(1, 1, 8, 8), samples, look))


def test_a_negative_is_recognised():
    samples = sample(PLAIN, 20)
    with torch.no_grad():
        picture = PLAIN.synthesis(w_of(PLAIN, samples.offsets[3:4, None], samples.labels[3:4]))
    assert closer_as_negative(-picture, samples) and not closer_as_negative(picture, samples)
