"""The recorded runs of "From dots to pictures": all are there, and they show what the lesson says."""

import io

import pytest
from PIL import Image

from gan.errors import StudioError
from gan.networks.registry import build_discriminator, build_generator
from gan.studio.lessons.lessons import lessons
from gan.studio.lessons.recordings import recording, recordings

RUNS = {name: run for name, run in recordings().items() if isinstance(run, dict)}


@pytest.mark.parametrize("name", RUNS)
def test_each_run_has_a_picture_of_every_moment_and_as_much_time(name):
    moments = RUNS[name]["moments"]
    picture = Image.open(io.BytesIO(recording(name)))
    assert picture.size == (6 * 28, 5 * 28 * len(moments)) and len(moments) > 5
    assert moments[0]["steps"] == 0 and moments[-1]["seconds"] == pytest.approx(recordings()["seconds"], abs=1)
    assert len(recording(name)) < 150_000


def test_every_part_of_the_lesson_changes_something_that_was_recorded():
    (lesson,) = [lesson for lesson in lessons() if lesson["kind"] == "pictures"]
    changed = {name.partition("-")[2] or "usual" for name in RUNS}
    assert {part["id"] for part in lesson["parts"]} == changed


def test_they_show_what_the_lesson_says():
    far = {name: run["frechet"] for name, run in RUNS.items()}
    assert 10 * far["convolutional"] < far["connected"]
    assert far["connected-same"] < 1.2 * far["convolutional"]
    assert min(far["convolutional-fast"], far["convolutional-bytes"]) > 10 * far["convolutional"]
    assert far["convolutional-zero"] < 1.5 * far["convolutional"]


def test_the_convolutional_pair_has_a_thirteenth_of_the_weights():
    shape, small = dict(image_shape=[1, 28, 28]), dict(side=28, channels=1, width=8)  # as in tests/bench/recordings.py
    connected, convolutional = (
        sum(p.numel() for build in (build_generator, build_discriminator) for p in build(family, settings).parameters())
        for family, settings in (("mlp", shape), ("dcgan", small))
    )
    assert connected / convolutional == pytest.approx(13, abs=0.1)


def test_an_unknown_run_is_named():
    with pytest.raises(StudioError, match="no recorded run called 'seconds'"):
        recording("seconds")
