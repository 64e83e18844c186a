"""Few colours, pixel by pixel, are pixel art; smooth edges and greys are not."""

import itertools

import numpy as np
import pytest
import torch

from gan.studio.data.examples import EXAMPLES
from gan.studio.data.pixel_art import is_pixel_art


def a_few(name: str, side: int) -> torch.Tensor:
    pictures = np.stack([picture for picture, _ in itertools.islice(EXAMPLES[name].pictures(side), 24)])
    return torch.from_numpy(pictures).permute(0, 3, 1, 2)


def of_colours(count: int, side: int) -> torch.Tensor:
    """Sixteen pictures in so many colours each."""
    draw = torch.Generator().manual_seed(0)
    palettes = torch.randint(256, (16, count, 3), dtype=torch.uint8, generator=draw)
    cells = torch.randint(count, (16, side, side), generator=draw)
    return torch.stack([palette[cell] for palette, cell in zip(palettes, cells, strict=True)]).permute(0, 3, 1, 2)


@pytest.mark.parametrize(
    ("colours", "side", "told"), [(2, 16, True), (15, 32, True), (15, 16, True), (200, 32, False), (15, 8, False)]
)
def test_few_colours(colours, side, told):
    assert is_pixel_art(of_colours(colours, side)) is told


@pytest.mark.parametrize("side", [16, 32])
@pytest.mark.parametrize("name", ["letters", "faces", "digits"])
def test_what_is_drawn_with_smooth_edges_is_none(name, side):
    assert is_pixel_art(a_few(name, side)) is (False if name == "faces" else None)


def test_the_half_counts():
    mixed = torch.cat([of_colours(15, 32)[:7], of_colours(200, 32)[:9]])
    assert not is_pixel_art(mixed) and is_pixel_art(torch.cat([mixed, of_colours(9, 32)[:4]]))


def test_points_and_nothing_say_nothing():
    assert is_pixel_art(torch.zeros(8, 2)) is None and is_pixel_art(of_colours(9, 32)[:0]) is None


def test_greys_say_nothing():
    """Scans, and digits in black and white, have few of them, too."""
    assert is_pixel_art(of_colours(2, 32)[:, :1]) is None
    assert is_pixel_art(of_colours(9, 32)[:, :1].expand(-1, 3, -1, -1)) is None
