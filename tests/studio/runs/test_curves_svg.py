"""The curves as a picture: sound XML whatever the numbers and the title are."""

import dataclasses
import math
import re
import xml.etree.ElementTree as ElementTree

import pytest

from gan.studio.runs.curves_svg import curves_svg
from gan.training.records import StepRecord

SVG = "{http://www.w3.org/2000/svg}"


def record(step: int, **values) -> StepRecord:
    zero = dict.fromkeys((f.name for f in dataclasses.fields(StepRecord)), 0.5)
    return StepRecord(**(zero | dict(step=step, images=4 * step) | values))


def curves(records, title="Cats") -> dict[str, list[list[tuple[float, float]]]]:
    """The polylines of the picture by class, of both panels."""
    root = ElementTree.fromstring(curves_svg(records, title))
    found: dict[str, list] = {"a": [], "b": []}
    for line in root.iter(f"{SVG}polyline"):
        found[line.get("class")].append([tuple(map(float, pair.split(","))) for pair in line.get("points").split()])
    return found


def test_losses_and_accuracies_where_they_belong():
    """Losses fill their panel between the least and the greatest; accuracies lie between 0 and 1."""
    found = curves([record(10, loss_d=0, loss_g=4, accuracy_real=1, accuracy_fake=0), record(30, loss_d=2, loss_g=2)])
    bottom, top, middle = 194.0, 34.0, 114.0
    assert found["a"] == [[(56.0, bottom), (624.0, middle)], [(56.0, top), (624.0, middle)]]
    assert found["b"] == [[(56.0, top), (624.0, middle)], [(56.0, bottom), (624.0, middle)]]


def test_what_adapts_and_path_lengths_are_shown_where_they_move():
    plain, moving = [record(1), record(2)], [record(1, augment_p=0.0), record(2, augment_p=0.5)]
    assert len(curves(plain)["a"]) == 2 and curves(moving)["a"][2] == [(56.0, 194.0), (624.0, 114.0)]
    assert len(curves([record(1, path_length=0.1), *moving])["a"]) == 4


def test_records_without_a_path_length_show_the_one_before():
    found = curves([record(step, path_length=length) for step, length in enumerate((0, 2, 0, 4, 0))])
    assert found["a"][2] == [(198.0, 194.0), (340.0, 194.0), (482.0, 34.0), (624.0, 34.0)]


def test_numbers_that_are_none_leave_a_gap():
    found = curves([record(step, loss_d=math.nan if step == 3 else step) for step in range(1, 6)])
    assert [len(line) for line in found["a"]] == [2, 2, 5] and [len(line) for line in found["b"]] == [5, 5]


def test_many_records_are_as_many_points_as_can_be_seen():
    found = curves([record(step, loss_g=step % 2) for step in range(10_000)])
    assert len(found["b"][0]) == 320 and all(100 < y < 130 for _, y in found["b"][0])


@pytest.mark.parametrize("records", [[], [record(0)], [record(1, loss_d=math.inf, loss_g=math.nan)]])
def test_few_or_no_records_are_a_picture_too(records):
    root = ElementTree.fromstring(curves_svg(records, "Cats"))
    assert root.tag == f"{SVG}svg" and "nan" not in "".join(root.itertext()) and len(list(root)) == 5


def test_a_title_is_only_words():
    evil = "</title><script>alert(1)</script> & \x07 \"'"
    root = ElementTree.fromstring(curves_svg([record(1)], evil))
    assert root.find(f"{SVG}title").text == evil.replace("\x07", " ") and root.find(f"{SVG}script") is None


def test_light_and_dark_have_their_own_colours():
    text = curves_svg([record(1)], "Cats")
    light, dark = text.split("prefers-color-scheme: dark")
    assert len(set(re.findall(r"#[0-9a-f]{6}", light))) == len(set(re.findall(r"#[0-9a-f]{6}", dark))) == 5
