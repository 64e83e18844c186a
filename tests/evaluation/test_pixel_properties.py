import pytest
import torch

from gan.evaluation.pixel_properties import MEASURES, ink, slant, weight, width


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
