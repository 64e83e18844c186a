"""Training pictures from uploads: what people have, and what strangers send."""

import dataclasses
import json
import re
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch
from hostile import DATASETS, encoded, picture, png, saved, zipped
from PIL import Image
from small_models import SmallModels, grey_digits, points

from gan.errors import StudioError
from gan.messages import packed, unpacked
from gan.studio.data import intake as module
from gan.studio.data.dataset_doctor import AS_THEY_ARE, Report
from gan.studio.data.datasets import read_dataset
from gan.studio.data.intake import intake
from gan.studio.data.made_pictures import sample_from
from gan.studio.data.pictures import decode, fit
from gan.studio.data.training_file import pictures_of
from gan.studio.engine import Engine
from gan.studio.recipes import Recipe


@pytest.mark.parametrize("name", DATASETS)
def test_hostile_datasets(name, tmp_path):
    """Refused or mended with a sentence, and nothing is written but data.npz."""
    build, kept, words = DATASETS[name]
    (tmp_path / "in").mkdir()
    files, into = build(tmp_path / "in"), tmp_path / "data"
    before = sorted(tmp_path.rglob("*"))
    if kept is None:
        with pytest.raises(StudioError) as caught:
            intake(files, into, 16)
        said, left = str(caught.value), []
    else:
        report = intake(files, into, 16)
        assert report.count == kept and len(read_dataset(into / "data.npz").samples) == kept
        said, left = " ".join([*report.sentences, *(why for _, why in report.broken_files)]), [into / "data.npz"]
        assert json.loads(json.dumps(report.to_json()))["count"] == kept
    assert re.search(words, said) and said.isprintable() and len(said) < 1500
    assert sorted(set(tmp_path.rglob("*")) - set(before)) == sorted([into, *left])


def test_memory_stays_bounded(tmp_path):
    """A stranger's 100 MB, 3,600 megapixels and 400,000 entries take no more than what one picture may."""
    code = Path(__file__).parents[1] / "hostile.py"
    done = subprocess.run(
        [sys.executable, str(code), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=300,
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    grown = {line.split(" | ")[1]: int(line.split(" MB")[0]) for line in done.stdout.splitlines()}
    assert set(grown) == set(DATASETS) and max(grown.values()) < 300, grown


def test_pictures_come_out_as_the_readers_make_them(tmp_path):
    files = [
        saved(tmp_path / "a.png", picture(0)),
        zipped(tmp_path / "b.zip", {"x/c.png": encoded(picture(1))}),
        saved(tmp_path / "d", picture(2), format="PNG"),
    ]
    report = intake(files, tmp_path / "data", 24, 3)
    got = np.load(tmp_path / "data" / "data.npz")["images"]
    assert got.shape == (3, 24, 24, 3) and got.dtype == np.uint8 and report.count == 3
    for i in range(3):
        np.testing.assert_array_equal(got[i], decode(encoded(picture(i)), "x", 24, 3))


def test_pixel_art_keeps_its_pixels():
    """Drawn in its own size or in squares; what has no such squares becomes smooth."""
    palette = np.random.default_rng(0).integers(0, 256, (9, 3), dtype=np.uint8)
    art = palette[np.random.default_rng(1).integers(0, 9, (16, 16))]
    large = art.repeat(10, 0).repeat(10, 1)
    for drawn, side in ((art, 16), (art, 32), (large, 16), (large, 32)):
        got = fit(Image.fromarray(drawn), side, 3)
        np.testing.assert_array_equal(got, art.repeat(side // 16, 0).repeat(side // 16, 1))
    for drawn, side in ((art, 24), (large[3:-7, 3:-7], 30), (large[3:-7, 3:-7], 15)):
        assert len(np.unique(fit(Image.fromarray(drawn), side, 3).reshape(-1, 3), axis=0)) > 9


def test_a_stray_picture_that_undoes_the_classes_is_named(tmp_path):
    inside = {f"{kind}/{number}.png": encoded(picture(number)) for kind in "ab" for number in range(2)}
    report = intake([zipped(tmp_path / "x.zip", inside | {"cover.png": encoded(picture(9))})], tmp_path / "data", 8)
    (said,) = [text for text in report.sentences if "classes" in text]
    assert report.classes == () and "1 file lies in none of their folders: cover.png. Put it into one" in said
    assert Report.from_json(unpacked(packed(report.to_json()))) == report
    older = {name: value for name, value in report.to_json().items() if name != "unsorted"}
    assert Report.from_json(older) == dataclasses.replace(report, unsorted=None)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_the_channels_that_are_asked_for(tmp_path, channels):
    intake([saved(tmp_path / "a.png", picture(mode="RGBA"))], tmp_path, 8, channels)
    assert read_dataset(tmp_path / "data.npz").samples.shape == (channels, 8, 8)


@pytest.mark.parametrize("coloured, kept", [(0, 1), (1, 3)])
def test_pictures_as_they_are_stay_grey_where_none_has_a_colour(tmp_path, coloured, kept):
    """Also those whose file has three channels, and grey as Pillow makes it of them."""
    files = [saved(tmp_path / f"{i}.png", picture(mode="L").convert(mode)) for i, mode in enumerate(("L", "RGB", "LA"))]
    files += [saved(tmp_path / f"colour {i}.png", picture()) for i in range(coloured)]
    report = intake(files, tmp_path / "data", 8, AS_THEY_ARE)
    got = read_dataset(tmp_path / "data" / "data.npz").samples.x
    intake(files, tmp_path / "asked", 8, kept)
    assert got.shape == (3 + coloured, kept, 8, 8) and (report.channels, report.colour) == (kept, coloured)
    assert torch.equal(got, read_dataset(tmp_path / "asked" / "data.npz").samples.x)
    assert any("so will all samples be" in sentence for sentence in report.sentences) == (not coloured)


def test_a_folder_with_hidden_files(tmp_path):
    saved(tmp_path / "a.png")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "notes.txt").write_bytes(b"x")
    report = intake([tmp_path], tmp_path / "data", 8)
    assert (report.count, report.others, report.other_files) == (1, 1, (("notes.txt", "not a picture"),))


def test_nothing_of_a_file_but_its_pixels_is_kept(tmp_path):
    exif = Image.Exif()
    exif[0x010E] = "at home, in Elm Street"
    intake([saved(tmp_path / "secret name.jpg", exif=exif)], tmp_path / "data", 8)
    data = (tmp_path / "data" / "data.npz").read_bytes()
    assert b"Elm" not in data and b"secret" not in data


def test_a_turned_picture_is_measured_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 8
    report = intake([saved(tmp_path / "a.jpg", picture(size=(40, 30)), exif=exif)], tmp_path, 8)
    assert (report.width[0], report.height[0], report.turned) == (30, 40, 1)


def test_large_photos_are_unpacked_small_and_look_the_same(tmp_path):
    """A JPEG decoder can skip the fine detail that would be thrown away."""
    large = picture(size=(1600, 1600)).resize((1600, 1600), Image.Resampling.BICUBIC)
    fast = decode(encoded(large, "JPEG", quality=95), "x", 32, 3).astype(int)
    assert np.abs(fast - decode(encoded(large), "x", 32, 3)).mean() < 3


def test_too_many_pictures_too_many_bytes_and_pixels_and_broken_files(tmp_path, monkeypatch):
    files = [saved(tmp_path / f"{i}.png", picture(i)) for i in range(4)]
    for limit, value, words in [
        ("MOST_PICTURES", 2, "at most 2 pictures fit"),
        ("MOST_KEPT", 500, "at most 2 pictures fit"),
        ("MOST_READ", 2 * len(encoded(picture(0))) - 900, "GB of files"),
        ("MOST_PIXELS", 1300, "megapixels are unpacked"),
    ]:
        with monkeypatch.context() as patched:
            patched.setattr(module, limit, value)
            report = intake(files, tmp_path / "data", 8)
        assert report.count == 2 and words in report.cut
        assert report.cut.startswith("Only the first 2 pictures were taken")
        assert report.cut in report.sentences and len(np.load(tmp_path / "data/data.npz")["images"]) == 2
    monkeypatch.setattr(module, "MOST_BROKEN", 3)
    (tmp_path / "no.png").write_bytes(b"?")
    report = intake([files[0], *[tmp_path / "no.png"] * 9, files[1]], tmp_path / "data", 8)
    assert (report.count, report.broken) == (1, 3) and "at most 3 broken files" in report.cut


def test_progress_is_told_and_may_stop(tmp_path):
    files, told = [saved(tmp_path / f"{i}.png", picture(i)) for i in range(3)], []
    intake(files, tmp_path / "data", 8, progress=told.append)
    assert told == [1, 2, 3]
    before = (tmp_path / "data" / "data.npz").read_bytes()

    def stop(done):
        raise StudioError("Stopped.")

    with pytest.raises(StudioError, match="Stopped"):
        intake(files[:1], tmp_path / "data", 8, progress=stop)
    assert (tmp_path / "data" / "data.npz").read_bytes() == before  # the earlier one
    assert [p.name for p in (tmp_path / "data").iterdir()] == ["data.npz"]


@pytest.mark.parametrize(
    "files, words",
    [
        ([], "There are no pictures in what you gave"),
        ([b"a", b"b"], "None of the files is a picture that can be read. 0.png is not a picture"),
    ],
)
def test_nothing_is_left(tmp_path, files, words):
    paths = []
    for i, data in enumerate(files):
        paths.append(tmp_path / f"{i}.png")
        paths[-1].write_bytes(data)
    with pytest.raises(StudioError, match=words):
        intake(paths, tmp_path / "data", 8)
    assert list((tmp_path / "data").iterdir()) == []


def test_what_cannot_be_asked_or_written(tmp_path):
    file = saved(tmp_path / "a.png")
    for side, channels in ((0, 3), (5000, 3), (8, 2)):
        with pytest.raises(StudioError):
            intake([file], tmp_path / "data", side, channels)
    with pytest.raises(StudioError, match="cannot be written"):
        intake([file], file / "data", 8)


def test_some_pictures_of_the_file(tmp_path):
    intake([saved(tmp_path / f"{i}.png", picture(i)) for i in range(7)], tmp_path, 8)
    path = tmp_path / "data.npz"
    images = np.load(path)["images"]
    np.testing.assert_array_equal(pictures_of(path), images)
    np.testing.assert_array_equal(pictures_of(path, 3), images[[0, 3, 6]])
    np.testing.assert_array_equal(pictures_of(path, 100), images)
    np.testing.assert_array_equal(pictures_of(path, rows=[5, 0, 5, 2]), images[[5, 0, 5, 2]])
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(StudioError, match="data.npz cannot be read"):
        pictures_of(path)


# Pictures of another model


def named(model, name):
    """As gan.studio.library.loaded.Model is."""
    model.id, model.revision, model.config = name, None, Config()
    return Engine(SmallModels(**{name: model})), model


@dataclasses.dataclass
class Config:
    psi: float = 1.0
    pixel_art: bool = False


def test_pictures_of_a_model(tmp_path):
    engine, model = named(grey_digits(), "digits")
    told = []
    report = sample_from(engine, model, 40, 2**32 - 2, tmp_path, 8, 1, told.append)
    images = np.load(tmp_path / "data.npz")["images"]
    assert images.shape == (40, 8, 8, 1) and told == [32, 40]
    assert report.count == 40 and report.sentences[1].startswith("The pictures were drawn from the model digits")
    assert report.colour == 0 and report.same == 0
    # Seeds go round, classes by turns: the third picture is seed 0 of class 2.
    want = fit(Image.fromarray(engine.render([Recipe("digits", seed=0, label=2)])[0]), 8, 1)
    assert np.abs(images[2].astype(int) - want).max() <= 1


def test_a_model_of_points_and_counts_that_cannot_be(tmp_path):
    engine, model = named(points(), "points")
    with pytest.raises(StudioError, match="does not make pictures"):
        sample_from(engine, model, 3, 0, tmp_path)
    for count in (0, -1, 10**9, 2.5):
        with pytest.raises(StudioError, match="1 to 20,000 training pictures"):
            sample_from(engine, model, count, 0, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_just_within_bounds(tmp_path):
    """25 megapixels of one bit each are read."""
    file = tmp_path / "x.png"
    file.write_bytes(png(5000, 5000, zlib.compress(bytes(5000 * 626), 1)))
    assert intake([file], tmp_path, 8).width == (5000, 5000, 5000)
