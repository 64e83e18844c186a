"""Sounds as one sees them: high tones on top, the louder the brighter."""

import numpy as np
import torch
from small_models import small_generator

from gan.kinds.sounds import drawn
from gan.kinds.table import canvas_of, kind_of


def of(rows: slice, columns: slice) -> torch.Tensor:
    x = -torch.ones(1, 1, 16, 16)
    x[:, :, rows, columns] = 1
    return x


def test_what_is_loud_is_bright_where_it_sounds():
    picture = drawn(of(slice(0, 4), slice(0, 8)), (64, 64))[0].astype(int)
    assert picture.shape == (64, 64, 3)
    sums = picture.sum(axis=2)
    assert sums[2:12, 4:24].min() > 400 and sums[24:, :].max() < 100 and sums[2:12, 44:].max() < 100


def test_a_model_is_seen_and_heard():
    generator = small_generator("sounds", side=16, z_dim=4, width=4)
    x = generator(torch.zeros(2, 4))
    kind = kind_of(generator)
    assert kind.name == "sound" and kind.read is None and kind.hear(generator, x).shape == (2, 2048)
    assert (canvas_of(generator).width, canvas_of(generator).height) == (128, 128)
    assert kind.draw(generator, x, (30, 20)).shape == (2, 20, 30, 3)
    assert kind.draw(generator, x, (8, 8)).dtype == np.uint8
