"""Training pictures from folders, zips and npz files: what people have, and what strangers send."""

import io
import os
import random
import stat
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image

from gan.errors import StudioError
from gan.messages import packed, unpacked
from gan.studio.data import dataset_doctor, datasets, npz_arrays, pictures
from gan.studio.data import listing as unpack
from gan.studio.data.datasets import read_dataset
from gan.studio.data.intake import intake
from gan.studio.data.pictures import decode, decode_seen

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def encoded(picture: Image.Image, kind="PNG", **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def flat(colour, size=(6, 6), mode="RGB") -> Image.Image:
    return Image.new(mode, size, colour)


def colours(array: np.ndarray) -> set:
    return {tuple(int(v) for v in pixel) for pixel in array.reshape(-1, array.shape[-1])}


def refuse(match, *args, **more):
    with pytest.raises(StudioError, match=match) as caught:
        read_dataset(*args, **more)
    assert len(str(caught.value)) < 300 and "\n" not in str(caught.value)


@pytest.fixture
def folder(tmp_path):
    """a/1.png red, a/2.JPG green, b/3.webp blue, and things that are no pictures."""
    for name, data in {
        "a/1.png": encoded(flat(RED)),
        "a/2.JPG": encoded(flat(GREEN), "JPEG", quality=100),
        "b/3.webp": encoded(flat(BLUE), "WEBP", lossless=True),
        "b/notes.txt": b"hello",
        "b/._3.webp": b"\0\5\x16\7",
        "c/.hidden.png": b"?",
    }.items():
        path = tmp_path / "pictures" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "pictures"


def zipped(path, entries: dict[str, bytes], method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


# Folders


def test_a_folder_in_the_order_of_its_paths(folder):
    got = read_dataset(folder, side=4)
    assert got.samples.x.shape == (3, 3, 4, 4) and got.samples.x.dtype == torch.uint8 and got.samples.x.is_contiguous()
    assert [int(x.float().mean(dim=(1, 2)).argmax()) for x in got.samples.x] == [0, 1, 2]
    assert got.samples.labels is None and got.samples.num_classes == 0 and got.classes == ()


def test_each_folder_a_class(folder):
    got = read_dataset(folder, side=4, label="folder")
    assert got.classes == ("a", "b") and got.samples.labels.tolist() == [0, 0, 1] and got.samples.num_classes == 2
    assert read_dataset(folder, side=4, label="none").samples.num_classes == 0


def test_the_defaults_are_64_pixels_in_colour(folder):
    assert read_dataset(folder).samples.shape == (3, 64, 64)
    assert read_dataset(folder, channels=1).samples.shape == (1, 64, 64)


def test_links_and_pipes_are_not_followed(folder, tmp_path):
    (folder / "d").mkdir()
    (folder / "d" / "link.png").symlink_to(folder / "a" / "1.png")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.png").write_bytes(encoded(flat(RED)))
    (folder / "far").symlink_to(tmp_path / "elsewhere")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.png")
    (folder / "folder.png").mkdir()
    assert len(read_dataset(folder, side=4).samples) == 3
    assert stat.S_ISFIFO((folder / "pipe.png").stat().st_mode)


@pytest.mark.parametrize(
    "options, words",
    [
        (dict(side=0), "side must lie between 1 and 1024 pixels, not 0"),
        (dict(side=-3), "not -3"),
        (dict(side=10**6), "not 1000000"),
        (dict(channels=2), "1, 3 or 4 channels, not 2"),
        (dict(label="fur"), "There is no label called 'fur'. Pictures and sounds have one label"),
    ],
)
def test_options_that_cannot_be(folder, options, words):
    refuse(words, folder, **options)


def test_nothing_there_and_nothing_in_it(tmp_path):
    refuse("There is nothing at .*nowhere", tmp_path / "nowhere")
    refuse("There are no pictures in empty", _made(tmp_path / "empty"))
    (tmp_path / "text.md").write_text("hello")
    refuse("text.md is neither a folder, a zip, an .npz, a .txt nor a .wav file", tmp_path / "text.md")


def _made(path):
    path.mkdir()
    return path


def test_a_broken_picture_is_left_out_and_named(folder):
    """As the page does it, in the page's words; where more than a tenth is broken, all of it is doubtful."""
    (folder / "a" / "bad.png").write_bytes(b"not a picture")
    refuse("1 of 4 pictures cannot be read, which is more than a tenth. The first: bad.png is not a picture", folder)
    for i in range(9):
        (folder / "a" / f"good {i}.png").write_bytes(encoded(flat((20 * i, 0, 99))))
    half = encoded(flat(GREEN, (90, 90)), "JPEG")
    (folder / "a" / "bad.png").rename(folder / "a" / "bad.jpg")
    (folder / "a" / "bad.jpg").write_bytes(half[: len(half) // 2])
    got, page = read_dataset(folder, 8), intake([folder], folder.parent / "read", 8)
    assert len(got.samples) == 12 == page.count
    assert "1 file could not be read and was left out: bad.jpg." in got.sentences
    assert "1 file was left out, not being pictures: notes.txt." in got.notes
    assert set(got.sentences) == {said for said in page.sentences if "sorted into" not in said}


def test_photos_of_an_iphone(tmp_path):
    pytest.importorskip("pillow_heif").register_heif_opener()
    (tmp_path / "IMG_1.HEIC").write_bytes(encoded(flat((250, 10, 10), (64, 48)), "HEIF"))
    (tmp_path / "b.avif").write_bytes(encoded(flat((10, 10, 250), (64, 48)), "AVIF"))
    got = read_dataset(tmp_path, 8)
    assert len(got.samples) == 2 and got.report.others == 0 and got.samples.x[0, 0].float().mean() > 240


def test_an_iphones_photo_is_named_where_it_cannot_be_read(monkeypatch):
    monkeypatch.setattr(pictures, "_FORMATS", ("PNG", "JPEG"))
    with pytest.raises(StudioError, match="IMG_1.HEIC is a HEIC photo that cannot be read. Save it as JPEG first"):
        decode(b"\0\0\0\x18ftypheic" + bytes(40), "IMG_1.HEIC", 8, 3)


def test_too_many_and_too_big(folder, monkeypatch):
    monkeypatch.setattr(datasets, "_MOST_PICTURES", 2)
    refuse("There are 3 pictures; at most 2 fit", folder)
    monkeypatch.undo()
    monkeypatch.setattr(unpack, "MOST_BYTES", 2**20)
    with (folder / "a" / "1.png").open("ab") as file:
        file.truncate(2**20 + 1)
    refuse("1.png is larger than 1 MB", folder)


# Pictures


def test_the_middle_square_is_kept():
    wide = Image.new("RGB", (30, 10), RED)
    wide.paste(GREEN, (10, 0, 20, 10))
    assert colours(decode(encoded(wide), "wide", 10, 3)) == {GREEN}
    assert colours(decode(encoded(wide.rotate(90, expand=True)), "tall", 10, 3)) == {GREEN}


def test_a_picture_of_the_right_size_is_kept_to_the_bit():
    pixels = np.random.RandomState(0).randint(0, 256, (16, 16, 3), dtype=np.uint8)
    np.testing.assert_array_equal(decode(encoded(Image.fromarray(pixels)), "x", 16, 3), pixels)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF", "TIFF", "WEBP", "JPEG"])
def test_every_kind_of_file(kind):
    got = decode(encoded(flat((250, 10, 10)), kind), "x", 6, 3)
    assert got.shape == (6, 6, 3) and np.abs(got.astype(int) - [250, 10, 10]).max() < 8


def test_grey_becomes_colour_and_colour_grey():
    assert colours(decode(encoded(flat(77, mode="L")), "x", 4, 3)) == {(77, 77, 77)}
    assert colours(decode(encoded(flat((255, 255, 255))), "x", 4, 1)) == {(255,)}
    assert colours(decode(encoded(flat(1, mode="1")), "x", 4, 1)) == {(255,)}
    assert decode(encoded(flat(RED)), "x", 4, 1).shape == (4, 4, 1)


def test_transparency_is_laid_on_white_or_kept():
    half = encoded(flat((255, 0, 0, 0), mode="RGBA"))
    assert colours(decode(half, "x", 4, 3)) == {(255, 255, 255)}
    assert colours(decode(half, "x", 4, 1)) == {(255,)}
    assert colours(decode(half, "x", 6, 4)) == {(255, 0, 0, 0)}
    assert colours(decode(encoded(flat((255, 0, 0, 51), mode="RGBA")), "x", 6, 3)) == {(255, 204, 204)}
    assert colours(decode(encoded(flat(RED)), "x", 4, 4)) == {(255, 0, 0, 255)}
    assert colours(decode(encoded(flat((0, 0), mode="LA")), "x", 4, 3)) == {(255, 255, 255)}


def test_a_palette_with_a_transparent_colour():
    picture = Image.new("P", (4, 4), 1)
    picture.putpalette([9, 9, 9, 200, 0, 0])
    assert colours(decode(encoded(picture), "x", 4, 3)) == {(200, 0, 0)}
    assert colours(decode(encoded(picture, transparency=1), "x", 4, 3)) == {(255, 255, 255)}
    assert colours(decode(encoded(picture, "GIF", transparency=1), "x", 4, 4)) == {(200, 0, 0, 0)}


def test_cmyk():
    got = decode(encoded(flat((0, 255, 255, 0), mode="CMYK"), "JPEG", quality=100), "x", 6, 3)  # no cyan: red
    assert got[0, 0, 0] > 230 and got[0, 0, 1:].max() < 40


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bits_become_eight(kind, channels):
    """Pillow alone cuts all above 255 off, so that such pictures turn white."""
    picture = Image.fromarray(np.linspace(0, 65535, 16).astype(np.uint16).reshape(4, 4))
    got = decode(encoded(picture, kind), "x", 4, channels)
    np.testing.assert_array_equal(got[..., 0].ravel(), np.linspace(0, 65535, 16).astype(np.uint16) // 256)


@pytest.mark.parametrize(
    "kind, white", [(np.float32, 1), (np.float32, 255), (np.float32, 65535), (np.int32, 255), (np.int32, 65535)]
)
def test_thirty_two_bits_become_eight_by_the_range_that_they_lie_in(kind, white):
    ramp = np.linspace(0, 255, 16).reshape(4, 4)
    picture = Image.fromarray((ramp / 255 * white).astype(kind))
    assert picture.mode in "IF"
    got, seen = decode_seen(encoded(picture, "TIFF"), "x", 4, 1)
    assert np.abs(got[..., 0] - ramp).max() <= 1 and seen.deep


@pytest.mark.parametrize(
    "number, words", [(np.nan, "x holds numbers that are none"), (7e4, "in x lie between 0 and 7e.04. Save it anew as")]
)
def test_thirty_two_bits_of_which_nobody_knows_what_is_white(number, words):
    numbers = np.zeros((4, 4), np.float32)
    numbers[1, 2] = number
    with pytest.raises(StudioError, match=words):
        decode(encoded(Image.fromarray(numbers), "TIFF"), "x", 4, 3)


@pytest.mark.parametrize("turn, corner", [(1, (0, 0)), (2, (0, 3)), (3, (3, 3)), (4, (3, 0)), (6, (0, 3)), (8, (3, 0))])
def test_turned_by_the_camera(turn, corner):
    picture, exif = flat((0, 0, 0), (4, 4)), Image.Exif()
    picture.putpixel((0, 0), RED)
    exif[0x0112] = turn
    got = decode(encoded(picture, exif=exif), "x", 4, 3)
    assert tuple(got[corner]) == RED


def test_the_first_frame_of_a_film():
    film = encoded(flat(RED), "GIF", save_all=True, append_images=[flat(GREEN)])
    assert colours(decode(film, "x", 6, 3)) == {RED}


def test_a_phones_jpeg_with_two_pictures_is_a_jpeg(monkeypatch):
    """Pillow calls it an MPO: it may be as large, holds as few scans, and is no film."""
    photo = encoded(flat(RED), "MPO", save_all=True, append_images=[flat(BLUE)], quality=100)
    assert Image.open(io.BytesIO(photo)).format == "MPO"
    monkeypatch.setattr(pictures, "MOST_PIXELS", 35)
    pixels, seen = decode_seen(photo, "x", 6, 3)
    assert pixels[0, 0, 0] > 250 and pixels[0, 0, 1:].max() < 5 and not seen.frames
    monkeypatch.setattr(pictures, "MOST_SCANS", 1)
    with pytest.raises(StudioError, match="x is a JPEG made to take forever to open"):
        decode(photo, "x", 6, 3)


def test_a_picture_of_absurd_size_is_not_unpacked():
    """A few hundred bytes that claim 60,000 x 60,000 pixels, and ones that are just too many."""
    bomb = bytearray(encoded(flat(0, (1, 1), "L")))
    for side, words in ((60_000, "x has far too many pixels"), (8_000, "x has 8000 x 8000 pixels")):
        header = b"IHDR" + side.to_bytes(4, "big") * 2 + bytes(bomb[24:29])
        claim = bytes(bomb[:12]) + header + zipfile.crc32(header).to_bytes(4, "big") + bytes(bomb[33:])
        with pytest.raises(StudioError, match=words):
            decode(claim, "x", 4, 3)


def test_file_kinds_that_could_run_programs_are_not_opened():
    """Pillow hands PostScript to another program, whatever the file is called."""
    eps = encoded(flat(RED), "EPS")
    assert Image.open(io.BytesIO(eps)).format == "EPS"
    with pytest.raises(StudioError, match="x.png is not a picture that can be read"):
        decode(eps, "x.png", 4, 3)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP"])
def test_damaged_files_end_in_a_sentence_or_a_picture(kind):
    exif, chance = Image.Exif(), random.Random(kind)
    exif[0x0112] = 6
    data = encoded(
        Image.fromarray(np.random.RandomState(0).randint(0, 256, (12, 9, 3), dtype=np.uint8)),
        kind,
        **({} if kind in ("GIF", "BMP") else {"exif": exif}),
    )
    for i in range(150):
        damaged = bytearray(data[: chance.randrange(len(data))] if i % 5 == 0 else data)
        for _ in range(chance.randint(1, 5)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256) if damaged else 0
        try:
            assert decode(bytes(damaged), "x", 4, 3).shape == (4, 4, 3)
        except StudioError as error:
            assert "x " in error.message


# Zips


def test_a_zip_is_read_as_its_folder(folder, tmp_path):
    entries = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    entries |= {"__MACOSX/a/._1.png": b"\0\5\x16\7", "empty/": b""}
    path = zipped(tmp_path / "pictures.zip", entries)
    got, want = read_dataset(path, 4, label="folder"), read_dataset(folder, 4, label="folder")
    assert torch.equal(got.samples.x, want.samples.x) and got.classes == want.classes
    assert torch.equal(got.samples.labels, want.samples.labels)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing(tmp_path, method):
    path = zipped(tmp_path / "x.zip", {"1.png": encoded(flat(RED))}, method)
    assert len(read_dataset(path, 4).samples) == 1


def test_names_that_lead_out_of_the_zip_lead_nowhere(tmp_path):
    inside = _made(tmp_path / "in")
    entries = {name: encoded(flat(RED)) for name in ("../../out.png", "/abs.png", "C:\\x.png", "a/../../b.png")}
    assert len(read_dataset(zipped(inside / "x.zip", entries), 4).samples) == 4
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["in", "x.zip"]


def test_an_entry_that_unpacks_to_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr(unpack, "MOST_BYTES", 2**20)
    refuse("bomb.png is larger than 1 MB", zipped(tmp_path / "x.zip", {"bomb.png": bytes(5 * 2**20)}))


def test_zips_without_pictures_with_passwords_and_torn(tmp_path):
    refuse("There are no pictures in x.zip", zipped(tmp_path / "x.zip", {"a.txt": b"", "._b.png": b""}))
    locked = bytearray(zipped(tmp_path / "x.zip", {"1.png": encoded(flat(RED))}).read_bytes())
    for at in (locked.index(b"PK\3\4") + 6, locked.index(b"PK\1\2") + 8):
        locked[at] |= 1  # says that it is encrypted
    (tmp_path / "locked.zip").write_bytes(locked)
    refuse("1.png in locked.zip cannot be unpacked", tmp_path / "locked.zip")


def test_damaged_archives_end_in_a_sentence_or_pictures(tmp_path):
    chance, picture = random.Random(0), encoded(flat(RED))
    for name, method in (("d.zip", zipfile.ZIP_DEFLATED), ("l.zip", zipfile.ZIP_LZMA), ("n.npz", None)):
        path = tmp_path / name
        if method is None:
            np.savez_compressed(path, images=np.zeros((3, 4, 4), np.uint8), labels=np.arange(3))
        else:
            zipped(path, {"é/1.png": picture, "2.png": picture}, method)
        data = path.read_bytes()
        for i in range(200):
            damaged = bytearray(data[: chance.randrange(1, len(data))] if i % 6 == 0 else data)
            for _ in range(chance.randint(1, 4)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            path.write_bytes(damaged)
            try:
                assert len(read_dataset(path, 4).samples)
            except StudioError as error:
                assert len(str(error)) < 300


# npz


def saved(tmp_path, **arrays):
    np.savez(tmp_path / "x.npz", **arrays)
    return tmp_path / "x.npz"


IMAGES = np.random.RandomState(1).randint(0, 256, (5, 8, 8, 3), dtype=np.uint8)


def test_images_of_an_npz_are_kept_as_they_are(tmp_path):
    got = read_dataset(saved(tmp_path, images=IMAGES))
    np.testing.assert_array_equal(got.samples.x, IMAGES.transpose(0, 3, 1, 2))
    grey = read_dataset(saved(tmp_path, images=IMAGES[..., 0]))
    np.testing.assert_array_equal(grey.samples.x, IMAGES[..., :1].transpose(0, 3, 1, 2))


def test_images_of_an_npz_are_resized_where_asked(tmp_path):
    path = saved(tmp_path, images=IMAGES)
    assert read_dataset(path, side=4).samples.shape == (3, 4, 4)
    assert read_dataset(path, channels=1).samples.shape == (1, 8, 8)
    assert read_dataset(saved(tmp_path, images=IMAGES[:, :6])).samples.shape == (3, 6, 6)  # the middle square
    assert read_dataset(saved(tmp_path, images=IMAGES[..., 0]), side=4, channels=3).samples.shape == (3, 4, 4)


def test_one_column_of_labels_is_the_class(tmp_path):
    for labels in (np.array([0, 2, 1, 0, 2]), np.array([[0], [2], [1], [0], [2]], dtype=np.uint8)):
        got = read_dataset(saved(tmp_path, images=IMAGES, labels=labels))
        assert got.samples.labels.tolist() == [0, 2, 1, 0, 2] and got.samples.labels.dtype == torch.int64
        assert got.samples.num_classes == 3 and got.classes == ("0", "1", "2")
    assert read_dataset(saved(tmp_path, images=IMAGES, labels=labels), label="none").samples.num_classes == 0


def test_of_several_columns_one_is_chosen_by_name(tmp_path):
    path = saved(
        tmp_path,
        images=IMAGES,
        labels=np.array([[0, 1], [1, 0], [1, 3], [0, 0], [0, 2]]),
        label_names=np.array(["fur:grey,red", "eyes:open,shut"]),
    )
    assert read_dataset(path).samples.num_classes == 0
    got = read_dataset(path, label="fur")
    assert got.classes == ("grey", "red") and got.samples.labels.tolist() == [0, 1, 1, 0, 0]
    got = read_dataset(path, label="eyes")
    assert got.classes == ("open", "shut", "2", "3") and got.samples.num_classes == 4  # classes beyond the names
    refuse("There is no label called 'nose'. The labels are fur, eyes", path, label="nose")


def test_points(tmp_path):
    points = np.random.RandomState(0).randn(7, 2)
    got = read_dataset(saved(tmp_path, points=points, labels=np.arange(7) % 2))
    assert got.samples.x.dtype == torch.float32 and got.samples.shape == (2,) and got.samples.num_classes == 2
    np.testing.assert_allclose(got.samples.x, points, rtol=1e-6)


HALF = IMAGES.astype(np.float32) / 255
ONE_HOT = np.eye(3, dtype=np.float32)[[0, 2, 1, 0, 2]]


@pytest.mark.parametrize(
    "arrays, said",
    [
        (dict(x_train=IMAGES, x_test=IMAGES), ("The pictures are the array x_train", "x_test was left out")),
        (dict(X=IMAGES.transpose(0, 3, 1, 2)), ("the array X", "Channels come first in it")),
        (dict(data=HALF), ("between 0 and 1: 0 was taken for black, 1 for white",)),
        (dict(arr_0=HALF * 2 - 1, arr_1=ONE_HOT), ("between -1 and 1", "array arr_1. Its 3 columns")),
        (dict(arr_0=np.float64(IMAGES)), ("The pictures are the array arr_0.",)),
        (dict(images=IMAGES.astype(np.int64)), ()),
        (dict(images=IMAGES.astype(np.uint16) * 257), ("between 0 and 65535",)),
        (dict(images=IMAGES > 127), ("between 0 and 1",)),
        (dict(images=(IMAGES > 127).astype(np.uint8)), ("between 0 and 1",)),
        (dict(rgb=IMAGES, y=np.float32([0, 2, 1, 0, 2])), ("the array rgb", "The classes are the array y")),
        (dict(data=IMAGES[..., 0].reshape(5, 64)), ("Its rows of 64 numbers were taken for 8 x 8 grey pixels",)),
        (dict(images=np.asfortranarray(IMAGES)), ()),
    ],
)
def test_npz_files_as_people_have_them(tmp_path, arrays, said):
    """Under other names, channels first, other numbers, one-hot: the same pixels, how they were read, and the page says
    the same."""
    path = saved(tmp_path, **arrays)
    got = read_dataset(path)
    x, two = got.samples.x.numpy().transpose(0, 2, 3, 1), arrays.get("images", IMAGES).max() == 1
    want = np.where(IMAGES > 127, 255, 0) if two else IMAGES[..., : x.shape[3]]
    assert np.abs(x.astype(int) - want).max() <= 1
    words = " ".join(got.notes)
    assert all(part in words for part in said) and bool(words) == bool(said)
    if got.classes:
        assert got.samples.labels.tolist() == [0, 2, 1, 0, 2] and got.classes == ("0", "1", "2")
    page = intake([path], tmp_path / "page", x.shape[1], x.shape[3])
    assert page.count == 5 and page.notes == got.notes
    np.testing.assert_array_equal(read_dataset(tmp_path / "page" / "data.npz").samples.x, got.samples.x)


def test_classes_of_an_npz_reach_the_page(tmp_path):
    path = saved(tmp_path, x=IMAGES[[0, 1, 2, 3, 4, 0]], y=np.eye(2, dtype=int)[[1, 0, 1, 0, 1, 0]])
    report = intake([(path, "mine.npz")], tmp_path / "page", 8)
    assert report.classes == ("0", "1") and report.notes[0].startswith("mine.npz was read like this: The pictures are")
    assert read_dataset(tmp_path / "page" / "data.npz").samples.labels.tolist() == [1, 0, 1, 0, 1, 0]
    told = dataset_doctor.Report.from_json(unpacked(packed(report.to_json())))
    assert told == report and report.notes[0] in told.sentences


def test_classes_of_an_npz_are_called_on_the_page_as_in_the_file_and_stand_in_its_order(tmp_path):
    """By their names; numbers that have none as numbers, 10 behind 9, so that a base with names for them is met."""
    images, labels = IMAGES[np.arange(24) % 5], np.arange(24) % 12
    path = saved(tmp_path, images=images, labels=labels)
    report = intake([path], tmp_path / "numbers", 8)
    assert report.classes == tuple(map(str, range(12)))
    assert read_dataset(tmp_path / "numbers" / "data.npz").samples.labels.tolist() == labels.tolist()
    for names, told in (("c:y,x", ("x", "y")), ("c:y", ("1", "y")), ("c", ("0", "1"))):
        path = saved(tmp_path, images=images, labels=labels % 2, label_names=np.array([names]))
        assert intake([path], tmp_path / "names", 8).classes == told
    for alone in (np.array(["y", "x", "x"]), np.array([b"y", b"x", b"x"])):  # as CIFAR has them: the classes' own
        path = saved(tmp_path, images=images, labels=labels % 3, label_names=alone)
        assert intake([path], tmp_path / "alone", 8).classes == ("x", "x 2", "y")
        assert read_dataset(path, 8, None, None).classes == ("y", "x", "x")
    path = saved(tmp_path, images=images, labels=labels % 2, label_names=np.arange(2))  # no text
    assert intake([path], tmp_path / "none", 8).classes == ("0", "1")
    path = saved(tmp_path, images=images, labels=labels, label_names=np.array(["c:x", "d:y"]))
    with pytest.raises(StudioError, match="There are 1 labels and 2 names for them"):
        intake([path], tmp_path / "odd", 8)


@pytest.mark.parametrize(
    "arrays, words",
    [
        (dict(flags=IMAGES, more=IMAGES), r"x.npz has no pictures. .* and has flags uint8 \(5, 8, 8, 3\), more"),
        (
            dict(images=IMAGES * 3.0),
            "The numbers in images of x.npz lie between 0 and 765. They must lie",
        ),
        (dict(images=np.full((2, 4, 4), np.nan)), "images of x.npz holds numbers that are none"),
        (dict(images=IMAGES[0, 0]), "has no pictures"),
        (dict(images=IMAGES[..., :2]), "The pictures have 2 channels"),
        (dict(images=IMAGES[:0]), "There are no pictures in it"),
        (dict(images=IMAGES[:, :0]), "There are no pictures in it"),
        (dict(images=np.array([{"a": 1}])), "cannot be read as an .npz file"),  # would need unpickling
        (dict(points=np.zeros(3)), "The points are float64"),
        (dict(points=np.full((2, 2), np.nan)), "finite numbers"),
        (dict(points=np.array([["a", "b"]])), "The points are"),
        (dict(images=IMAGES, labels=np.arange(4)), r"The labels are int64 of shape \(4, 1\) for 5 samples"),
        (dict(images=IMAGES, labels=np.zeros((5, 1, 1), int)), "must be whole numbers, one for each sample"),
        (dict(images=IMAGES, labels=np.linspace(0, 1, 5)), "The labels are float64"),
        (dict(images=IMAGES, labels=np.array(list("abcde"))), "The labels are <U1"),
        (dict(images=IMAGES, labels=np.array([0, 1, 2, 3, -1])), "between 0 and 9999"),
        (dict(images=IMAGES, labels=np.array([0, 1, 2, 3, 10_000])), "between 0 and 9999"),
        (dict(images=IMAGES, labels=np.array([2**64 - 1] * 5, dtype=np.uint64)), "between 0 and 9999"),
        (dict(images=IMAGES, labels=np.arange(5), label_names=np.array(["a:x", "b"])), "1 labels and 2 names"),
    ],
)
def test_arrays_that_do_not_fit(tmp_path, arrays, words):
    refuse(words, saved(tmp_path, **arrays))


def test_numbers_that_are_none_are_seen_in_every_part(tmp_path, monkeypatch):
    monkeypatch.setattr(npz_arrays, "_AT_ONCE", HALF[0].nbytes)  # a picture each
    images = HALF.copy()
    images[3, 2, 1, 0] = np.nan
    refuse("images of x.npz holds numbers that are none. Leave those", saved(tmp_path, images=images))


def test_a_label_is_asked_for_where_there_is_none(tmp_path):
    refuse("There is no label called 'fur'. The file has no `labels`", saved(tmp_path, images=IMAGES), label="fur")


def test_npz_files_that_are_none(tmp_path):
    path = tmp_path / "x.npz"
    np.save(tmp_path / "y.npy", IMAGES)
    for data in (b"", b"hello", b"\x80\x04K\x01.", (tmp_path / "y.npy").read_bytes()):
        path.write_bytes(data)
        refuse("x.npz cannot be read as an .npz file", path)
    refuse("images of x.npz is not an array", zipped(path, {"images.npy": b"hello, I am not an array"}))
    claim = io.BytesIO()
    np.lib.format.write_array_header_1_0(claim, dict(descr="|u1", fortran_order=False, shape=(10**15, 4, 4)))
    refuse("x.npz cannot be read", zipped(path, {"images.npy": claim.getvalue()}))


def test_an_npz_that_unpacks_to_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr(npz_arrays, "MOST_BYTES", 500)
    refuse("x.npz holds .* bytes, more than the 500 that fit", saved(tmp_path, images=IMAGES))
