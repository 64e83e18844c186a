"""Features of many pictures: a batch at a time, no more kept of many than of some, of just what people see."""

import pytest
import torch
from evaluation.painters import Look, Painter, draw, reals, world

from gan.evaluation import gathering
from gan.evaluation.gathering import KEPT, Gathered, batch_size, of_pictures, of_samples, paint
from gan.latents.sampling import seeds_to_z
from gan.networks.pixels import to_pixels
from gan.networks.registry import build_generator


def test_all_rows_count_and_the_first_are_kept():
    rows, labels = draw(0, KEPT + 900, 3), torch.arange(KEPT + 900)
    gathered = Gathered(3)
    for some in labels.split(700):
        gathered.add(rows[some], some)
    assert gathered.moments.n == KEPT + 900 and torch.equal(gathered.rows, rows[:KEPT])
    assert torch.equal(gathered.labels, labels[:KEPT])
    torch.testing.assert_close(gathered.moments.mean, rows.double().mean(dim=0))


def test_halves_have_nothing_in_common():
    gathered = Gathered(1)
    gathered.add(torch.arange(7.0)[:, None])
    assert gathered.half(0).flatten().tolist() == [0, 2, 4] and gathered.half(1).flatten().tolist() == [1, 3, 5]


def test_every_picture_once_in_an_order_of_chance_that_is_always_the_same():
    pictures, done = reals(150).x, []
    parts = list(of_pictures(Look(), pictures, done.append))
    places = torch.cat([place for place, _ in parts])
    assert torch.equal(places.sort().values, torch.arange(150)) and not torch.equal(places, torch.arange(150))
    expected = Look()(pictures[places].float() / 127.5 - 1)
    torch.testing.assert_close(torch.cat([rows for _, rows in parts]), expected)
    assert torch.equal(places, torch.cat([place for place, _ in of_pictures(Look(), pictures, done.append)]))
    assert done[:3] == [64, 128, 150]


@pytest.mark.parametrize("psi", [1.0, 0.4])
def test_samples_are_the_pictures_of_the_seeds_from_0(psi):
    done = []
    parts = list(of_samples(Look(), Painter(), 70, psi, None, done.append))
    assert torch.cat([seeds for seeds, _ in parts]).tolist() == list(range(70)) and done == [64, 70]
    expected = Look()(world(psi * seeds_to_z(range(70), 4)))
    torch.testing.assert_close(
        torch.cat([rows for _, rows in parts]), expected, atol=0.02, rtol=0
    )  # but for the rounding


def test_samples_are_rounded_to_the_pixels_that_files_have():
    """So that a model which paints a file's very picture has its very features."""
    generator = build_generator("mlp", {"image_shape": [1, 8, 8], "hidden": [16], "num_classes": 0, "z_dim": 4})
    x = paint(generator, [3, 4, 5])
    pixels = to_pixels(generator(seeds_to_z([3, 4, 5], 4))).permute(0, 3, 1, 2)
    torch.testing.assert_close(x, pixels.float() / 127.5 - 1)


def test_classes_are_asked_for_one_by_one():
    labels = torch.tensor([0, 2, 1, 1])
    ((seeds, rows),) = of_samples(Look(), Painter(3), 4, 1.0, labels, lambda done: None)
    expected = world(seeds_to_z(range(4), 4), torch.eye(3)[labels])
    torch.testing.assert_close(rows, Look()(expected), atol=0.02, rtol=0)


def test_large_pictures_are_painted_fewer_at_a_time():
    assert [batch_size((3, side, side)) for side in (8, 64, 256, 1024, 4096)] == [64, 32, 2, 1, 1]
    assert batch_size((1, 28, 28)) == gathering._MOST
