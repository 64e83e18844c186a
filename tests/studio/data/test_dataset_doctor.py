"""What the dataset doctor says, on pictures that are really so."""

import json

import numpy as np
import pytest
import torch
from hostile import encoded, picture
from PIL import Image, ImageEnhance

from gan.errors import StudioError
from gan.store.grids import grid
from gan.studio.data import report_words
from gan.studio.data.dataset_doctor import MOST_NAMED, Doctor, Report, contact_sheet, spread
from gan.studio.data.near_duplicates import fingerprint, near_duplicate_pairs
from gan.studio.data.pictures import decode_seen
from gan.training.augment import AUGMENTATIONS, augment
from gan.training.random_source import RandomSource


def smooth(seed, size=(64, 64), mode="RGB") -> Image.Image:
    return picture(seed, (8, 8), mode).resize(size, Image.Resampling.BICUBIC)


def doctor_of(images, side=32, channels=3, **doctor) -> Report:
    made = Doctor(side, channels, **doctor)
    for number, image in enumerate(images):
        data = image if isinstance(image, bytes) else encoded(image)
        pixels, seen = decode_seen(data, f"{number}.png", side, channels)
        made.see(f"{number}.png", seen, pixels)
    return made.report()


def test_a_plain_dataset_has_little_to_be_said_of():
    report = doctor_of(smooth(i) for i in range(6))
    assert (report.count, report.same, report.alike, report.blank, report.cropped, report.small) == (6, 0, 0, 0, 0, 0)
    assert len(report.sentences) == 2
    assert report.sentences[0].startswith("6 different pictures: expect the model to learn these very")
    assert report.sentences[1] == "All are 64 x 64 pixels; the networks see them at 32 x 32."


def test_sizes_crops_and_small_pictures():
    report = doctor_of(smooth(i, size) for i, size in enumerate([(64, 64), (20, 30), (300, 100), (66, 64)]))
    assert report.width == (20, 65, 300) and report.height == (30, 64, 100)
    assert (report.cropped, report.small, report.aspect) == (2, 1, 1.27)
    said = " ".join(report.sentences)
    assert "20 to 300 pixels wide and 30 to 100 high, typically 65 x 64; the networks see them at 32 x 32" in said
    assert "2 of 4 pictures are not square" in said and "1 of 4 pictures is smaller than 32 pixels" in said


def test_colour_grey_and_transparency():
    images = [smooth(0), smooth(1, mode="L"), smooth(2, mode="RGBA"), smooth(3, mode="L").convert("RGB")]
    report = doctor_of(images)
    assert (report.colour, report.transparent) == (2, 1)
    assert "2 of 4 pictures are grey, the others in colour" in " ".join(report.sentences)
    assert "1 of 4 pictures is partly transparent, with white laid behind" in " ".join(report.sentences)
    assert "which the networks see too" in " ".join(doctor_of(images, channels=4).sentences)
    assert "2 of 4 pictures are in colour; the networks see grey only." in doctor_of(images, channels=1).sentences
    assert "All pictures are grey." in doctor_of(images[1:2]).sentences
    opaque = smooth(4).convert("RGBA")
    assert doctor_of([opaque]).transparent == 0
    grey_jpeg = encoded(smooth(5, mode="L").convert("RGB"), "JPEG", quality=50)
    assert doctor_of([grey_jpeg]).colour == 0


def test_the_same_and_nearly_the_same():
    one = smooth(0)
    report = doctor_of(
        [
            one,
            smooth(1),
            one,
            encoded(one, "JPEG", quality=60),
            one.resize((48, 48)),
            ImageEnhance.Brightness(one).enhance(1.02),
        ]
    )
    assert report.same_pairs == ((0, 2, "0.png", "2.png"),) and report.alike == 3
    assert {pair[1] for pair in report.alike_pairs} == {3, 4, 5}
    said = " ".join(report.sentences)
    assert said.startswith("5 different pictures") and "1 picture is there twice (0.png and 2.png)" in said
    assert "3 pictures are nearly the same as another (such as " in said


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_different_pictures_are_no_twins(channels):
    mode = {1: "L", 3: "RGB", 4: "RGBA"}[channels]
    prints = [fingerprint(np.asarray(smooth(i, mode=mode)).reshape(64, 64, channels)) for i in range(60)]
    assert all(near_duplicate_pairs(some) == [] for some in (prints, prints[:1], []))


def test_small_things_on_a_wide_ground_are_told_apart():
    """Mean differences are small wherever most of the picture is ground."""

    def dot(x, y):
        image = Image.new("RGB", (64, 64), "white")
        image.paste((200, 0, 0), (x, y, x + 6, y + 6))
        return fingerprint(np.asarray(image))

    assert near_duplicate_pairs([dot(8, 8), dot(40, 8), dot(8, 40), dot(30, 30)]) == []


def test_twins_are_found_across_blocks(monkeypatch):
    prints = [fingerprint(np.asarray(smooth(i))) for i in range(30)]
    again = prints + [prints[3], prints[28]]
    assert near_duplicate_pairs(again) == [(3, 30), (28, 31)]
    monkeypatch.setattr("gan.studio.data.near_duplicates._BLOCK", 7)
    assert near_duplicate_pairs(again) == [(3, 30), (28, 31)]


def test_a_hundred_times_the_same_picture():
    report = doctor_of([smooth(0)] * 100 + [Image.new("RGB", (32, 32), (i, 9, 9)) for i in range(50)])
    assert report.same == 99 and report.blank == 50 and len(report.same_pairs) == MOST_NAMED
    assert "50 of 150 pictures are of a single colour" in " ".join(report.sentences)


def test_films_deep_and_turned_pictures():
    exif = Image.Exif()
    exif[0x0112] = 3
    deep = Image.fromarray((np.arange(1600, dtype=np.uint16) * 40).reshape(40, 40))
    report = doctor_of(
        [
            encoded(smooth(0), "GIF", save_all=True, append_images=[smooth(1)]),
            encoded(smooth(1), "JPEG", exif=exif),
            encoded(deep),
        ]
    )
    assert (report.films, report.turned, report.deep) == (1, 1, 1)


def test_what_to_expect_of_how_many():
    for count, words in (
        (19, "by heart"),
        (20, "repeat some"),
        (99, "repeat some"),
        (100, "rough pictures"),
        (499, "rough pictures"),
        (500, "much alike"),
        (4999, "much alike"),
        (5000, "train from scratch"),
    ):
        report = Report.from_json({**doctor_of([smooth(0)]).to_json(), "count": count})
        assert report.sentences[0].startswith(f"{count:,} different picture") and words in report.sentences[0]


def test_broken_and_other_files_are_named_but_not_all():
    doctor = Doctor(32, 3)
    for i in range(50):
        doctor.broken(f"b{i}.png", f"b{i}.png is empty.")
        doctor.other(f"n{i}.txt", "not a picture")
    with pytest.raises(StudioError, match="There are no pictures. b0.png is empty"):
        doctor.report()
    doctor.see("a.png", *reversed(decode_seen(encoded(smooth(0)), "a.png", 32, 3)))
    report = doctor.report()
    assert (report.broken, len(report.broken_files), report.others, len(report.other_files)) == (50, 20, 50, 20)
    assert "50 files could not be read and were left out: b0.png, b1.png, b2.png and 47 more." in report.sentences
    assert "50 files were left out, not being pictures: n0.txt, n1.txt, n2.txt and 47 more." in report.sentences


def test_a_report_survives_json():
    report = doctor_of([smooth(0), smooth(0), smooth(1, (30, 90))], source="the model cats")
    text = json.dumps(report.to_json())
    assert Report.from_json(json.loads(text)) == report and json.loads(text)["sentences"] == list(report.sentences)
    for wrong in ({}, {"count": 3}):
        with pytest.raises(StudioError, match="no report"):
            Report.from_json(wrong)


def test_every_rule_is_one_line_and_silent_where_it_has_nothing_to_say():
    report = doctor_of([smooth(0, (32, 32))])
    spoken = [rule for rule in report_words.RULES if rule(report)]
    assert len(spoken) == 2
    assert all(text.endswith(".") and "\n" not in text for text in report.sentences)


# The contact sheet

IMAGES = np.random.RandomState(0).randint(0, 256, (50, 8, 8, 3), dtype=np.uint8)


def test_the_sheet_shows_the_pictures_to_the_bit():
    np.testing.assert_array_equal(contact_sheet(IMAGES, count=9), grid(IMAGES[spread(50, 9)], gap=1))
    levels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    np.testing.assert_array_equal(contact_sheet(levels)[..., :1], levels[0])


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_the_sheet_shows_what_the_discriminator_gets(name):
    sheet = contact_sheet(IMAGES, (name,), count=4, seed=3)
    x = torch.from_numpy(IMAGES[spread(50, 4)]).permute(0, 3, 1, 2).float() / 127.5 - 1
    x = augment(x, (name,), 1.0, RandomSource(torch.Generator().manual_seed(3)))
    want = (x * 127.5 + 127.5).clamp(0, 255).round().permute(0, 2, 3, 1).numpy()
    got = np.stack([sheet[r : r + 8, c : c + 8] for r in (0, 9) for c in (0, 9)])
    assert np.abs(got - want).max() <= 1 and not np.array_equal(got, IMAGES[spread(50, 4)])
    np.testing.assert_array_equal(sheet, contact_sheet(IMAGES, (name,), count=4, seed=3))


def test_mirror_images_and_channels():
    shown = contact_sheet(IMAGES, count=4, mirror=True, seed=1)
    one = [np.array_equal(shown[:8, :8], way) for way in (IMAGES[0], IMAGES[0][:, ::-1])]
    assert one.count(True) == 1
    for channels, out in ((1, 3), (3, 3), (4, 4)):
        images = np.zeros((2, 8, 8, channels), np.uint8)
        assert contact_sheet(images).shape == (8, 17, out)
    assert len(spread(3, 36)) == 3 and list(spread(5, 2)) == [0, 4] and list(spread(1, 1)) == [0]
