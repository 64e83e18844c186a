import pytest
import torch

from gan.evaluation.pixel_properties import COLOURS, MEASURES, STROKES, height, ink, slant, weight, width


def stroke(lean=0.0, thick=3.0, side=32, wide=0.0, paper=1.0):
    """A stroke from top to bottom, dark on light: so many columns to the right for each row upwards."""
    rows, columns = torch.meshgrid(torch.arange(side) - 15.5, torch.arange(side) - 15.5, indexing="ij")
    inside = (rows.abs() < 10) & ((columns + lean * rows).abs() < thick + wide)
    return torch.where(inside, -paper, paper)[None, None]


def test_ink_is_what_differs_from_the_corners_whichever_is_dark():
    assert torch.equal(ink(stroke()), ink(stroke(paper=-1.0))) and ink(stroke()).sum() == 20 * 6


def test_bold_letters_weigh_more():
    assert weight(stroke(thick=6)) - weight(stroke(thick=3)) == pytest.approx(0.693, abs=0.01)


@pytest.mark.parametrize("lean", [-0.3, 0.0, 0.25])
def test_slant_is_read_off(lean):
    assert slant(stroke(lean)).item() == pytest.approx(lean, abs=0.02)


def test_width_leaves_slant_aside():
    assert width(stroke(0.3)).item() == pytest.approx(width(stroke(0)).item(), abs=0.06)
    assert width(stroke(wide=3)) - width(stroke()) == pytest.approx(0.693, abs=0.03)


def test_a_blank_picture_is_measured_too():
    blank = torch.zeros(2, 1, 8, 8)
    assert all(torch.isfinite(measure(blank)).all() for measure in MEASURES.values())
    assert set(STROKES) | set(COLOURS) == set(MEASURES)


def test_height_is_that_of_the_ink():
    tall = stroke()
    low = torch.nn.functional.interpolate(tall, (16, 32), mode="area")
    low = torch.nn.functional.pad(low, (0, 0, 8, 8), value=1.0)
    assert float(height(tall) - height(low)) == pytest.approx(0.693, abs=0.02)
    assert torch.allclose(height(stroke(thick=6)), height(tall), atol=1e-3)


def test_colours_are_read_where_they_are():
    x = torch.zeros(1, 3, 9, 9)
    x[:, 0, :3], x[:, 2, 6:] = 1.0, 1.0  # red above, blue below
    read = {name: float(measure(x)) for name, measure in COLOURS.items()}
    assert read["top-warmth"] == pytest.approx(0.5) and read["bottom-warmth"] == pytest.approx(-0.5)
    assert read["warmth"] == pytest.approx(0) and read["middle-brightness"] == 0
    assert read["top-brightness"] == pytest.approx(0.299) and read["bottom-brightness"] == pytest.approx(0.114)
