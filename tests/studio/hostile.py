"""Datasets that strangers send: each is built in a folder, and comes with what must be said and how many are kept.

Run as a program, `python hostile.py FOLDER`, it takes in each of them and prints by how many MB memory grew at most.
"""

import bz2
import io
import os
import pickle
import resource
import struct
import sys
import zipfile
import zlib
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from gan.errors import StudioError
from gan.studio.data.intake import intake

MB = 2**20


def picture(seed=0, size=(40, 30), mode="RGB") -> Image.Image:
    bands = len(Image.new(mode, (1, 1)).getbands())
    pixels = np.random.RandomState(seed).randint(0, 256, (8, 8, bands), dtype=np.uint8)
    return (Image.fromarray(pixels, mode) if bands > 1 else Image.fromarray(pixels[..., 0])).resize(size)


def saved(path: Path, image: Image.Image | None = None, **options) -> Path:
    (image or picture()).save(path, **options)
    return path


def encoded(image: Image.Image | None = None, kind="PNG", **options) -> bytes:
    file = io.BytesIO()
    (image or picture()).save(file, kind, **options)
    return file.getvalue()


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def zipped(path: Path, entries: dict, method=zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, rows: bytes, bits=1, colour=0, extra: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def model_zip(path: Path, folder: Path, inside: str = "", **files: bytes | None) -> Path:
    """A model's folder as a zip, its files below `inside`. `files` replace some, by name without ending; None leaves
    one out."""
    entries = {file.name: file.read_bytes() for file in sorted(folder.iterdir())}
    for name in list(entries):
        data = files.get(name.partition(".")[0], entries[name])
        entries[name] = data
    return zipped(path, {inside + name: data for name, data in entries.items() if data is not None})


def lying(path: Path, name: str, packed: bytes, method: int, claim: int) -> Path:
    """A zip of one entry that unpacks to something else than it claims."""
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 46, 0, method, 0, 0x21, 0, len(packed), claim, len(name), 0)
    entry = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 46, 46, 0, method, 0, 0x21, 0, len(packed), claim, len(name), 0, 0, 0, 0, 0, 0
    )
    body = local + name.encode() + packed
    return written(
        path,
        body
        + entry
        + name.encode()
        + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(entry) + len(name), len(body), 0),
    )


def too_many_entries(folder):
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0x21, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0) + b"a.png"
    table = entry * 400_000
    return [written(folder / "x.zip", table + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, len(table), 0, 0))]


def fifty_thousand(folder):
    entries = {f"{i}.txt": b"" for i in range(50_000)} | {"a.png": encoded()}
    return [zipped(folder / "x.zip", entries, zipfile.ZIP_STORED)]


def linked(folder):
    path = folder / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("link.png")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
        archive.writestr("a.png", encoded())
    return [path]


def locked(folder):
    path = zipped(folder / "x.zip", {"a.png": encoded()})
    data = bytearray(path.read_bytes())
    for at in (data.index(b"PK\3\4") + 6, data.index(b"PK\1\2") + 8):
        data[at] |= 1
    return [written(path, bytes(data))]


def not_files(folder):
    saved(folder / "secret.png")
    (folder / "link.png").symlink_to(folder / "secret.png")
    os.mkfifo(folder / "pipe.png")
    return [folder / "link.png", folder / "pipe.png", folder / "nowhere.png", saved(folder / "b.png", picture(1))]


def scans(folder):
    """A progressive JPEG whose last scan is repeated: each time the decoder passes over all pixels again."""
    data = encoded(picture(size=(2000, 2000)), "JPEG", progressive=True, quality=5)
    last = data[data.rindex(b"\xff\xda") : -2]
    return [written(folder / "slow.jpg", data[:-2] + last * 5000 + b"\xff\xd9"), saved(folder / "b.png")]


def large_tiles(folder):
    """A TIFF that claims tiles of 2 billion by 2 billion pixels."""
    tags = [
        (256, 4, 64),
        (257, 4, 64),
        (258, 3, 8),
        (259, 3, 5),
        (262, 3, 1),
        (277, 3, 1),
        (322, 4, 2**31 - 1),
        (323, 4, 2**31 - 1),
        (324, 4, 8),
        (325, 4, 100),
    ]
    table = b"".join(struct.pack("<HHLL", tag, kind, 1, value) for tag, kind, value in tags)
    return [written(folder / "x.tif", b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + table + bytes(200))]


def text_bomb(folder):
    """A PNG whose comment unpacks to 100 MB."""
    extra = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100 * MB), 9))
    return [written(folder / "x.png", png(8, 8, zlib.compress(bytes(16)), extra=extra)), saved(folder / "b.png")]


def lzma_dictionary(folder):
    """A zip entry that asks its reader for 4 GB of memory before the first byte."""
    props = struct.pack("<BBH", 9, 4, 5) + b"\x5d" + b"\xff\xff\xff\xff"
    return [lying(folder / "x.zip", "a.png", props + bytes(200), zipfile.ZIP_LZMA, 1000)]


def huge_webp(folder):
    """268 megapixels in 60 bytes."""
    head = b"VP8X" + struct.pack("<L", 10) + b"\x02\0\0\0" + struct.pack("<L", 16382)[:3] * 2
    body = b"WEBP" + head + b"ANIM" + struct.pack("<LLH", 6, 0, 0) + encoded(kind="WEBP")[12:]
    return [written(folder / "x.webp", b"RIFF" + struct.pack("<L", len(body)) + body)]


def with_place(folder):
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "at home, in Elm Street"
    return [saved(folder / "a.jpg", exif=exif)]


def wide_gif(folder):
    return [written(folder / "x.gif", b"GIF89a" + struct.pack("<HH", 65535, 65535) + encoded(kind="GIF")[10:])]


def one(name: str, data: bytes):
    return lambda folder: [written(folder / name, data), saved(folder / "b.png", picture(1))]


FAR = {name: encoded(picture(i)) for i, name in enumerate(("../../out.png", "/abs.png", "C:\\x.png", "a/../../b.png"))}
STRANGE = "\u202egnp.<img src=x onerror=alert(1)>\n\x1b[31m" + "a" * 300 + ".png"


def arrays(make):
    """Beside a picture, an .npz of what `make()` gives."""

    def build(f):
        np.savez_compressed(f / "x.npz", **make())
        return [f / "x.npz", saved(f / "good.png")]

    return build


def claims(f):
    """An .npz whose header is larger than its data."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, dict(descr="|u1", fortran_order=False, shape=(10**9, 1000, 1000)))
    return [zipped(f / "x.npz", {"images.npy": head.getvalue()}), saved(f / "good.png")]


# name: (files, pictures that are kept or None where all is refused, what is said)
DATASETS = {
    "an entry of 100 MB": (
        lambda f: [zipped(f / "x.zip", {"b.png": bytes(100 * MB), "a.png": encoded()})],
        1,
        "b.png is larger than 30 MB",
    ),
    "an entry that hides its 100 MB": (
        lambda f: [lying(f / "x.zip", "b.png", zlib.compress(bytes(100 * MB), 9)[2:-4], 8, 1000)],
        None,
        "b.png in x.zip cannot be unpacked",
    ),
    "a bzip2 entry that hides its 80 MB": (
        lambda f: [lying(f / "x.zip", "b.png", bz2.compress(bytes(80 * MB)), 12, 1000)],
        None,
        "b.png in x.zip cannot be unpacked",
    ),
    "an entry that wants a dictionary of 4 GB": (lzma_dictionary, None, "a.png in x.zip cannot be unpacked"),
    "400,000 entries": (too_many_entries, None, "x.zip has too many entries"),
    "50,000 entries that are no pictures": (fifty_thousand, 1, "50,000 files were left out"),
    "names that lead elsewhere": (lambda f: [zipped(f / "x.zip", FAR)], 4, "4 different pictures"),
    "a link in a zip": (linked, 1, "1 file was left out, not being pictures: link.png"),
    "a zip in a zip": (
        lambda f: [zipped(f / "x.zip", {"more.zip": zipped(f / "y.zip", FAR).read_bytes(), "a.png": encoded()})],
        1,
        "not being pictures: more.zip",
    ),
    "a zip with a password": (locked, None, "it is locked with a password"),
    "half a zip": (
        lambda f: [written(f / "x.zip", zipped(f / "y.zip", FAR).read_bytes()[:-60])],
        None,
        "x.zip cannot be unpacked",
    ),
    "links, pipes and nothing": (not_files, 1, "3 files could not be read .* link.png, pipe.png, nowhere.png"),
    "100 megapixels in 12 KB": (
        one("x.png", png(10_000, 10_000, zlib.compress(bytes(10_000 * 1251), 9))),
        1,
        "x.png has 10000 x 10000 pixels",
    ),
    "3,600 megapixels": (one("x.png", png(60_000, 60_000, zlib.compress(b""))), 1, "x.png has far too many pixels"),
    "a GIF of 65,535 x 65,535": (wide_gif, None, "x.gif has far too many pixels"),
    "a WebP of 16,383 x 16,383": (huge_webp, None, "x.webp (has|is not)"),
    "a TIFF of enormous tiles": (large_tiles, None, "x.tif is not a picture"),
    "a comment of 100 MB": (text_bomb, 1, "x.png is not a picture that can be read"),
    "a JPEG of 5,000 scans": (scans, 1, "made to take forever"),
    "a picture of 50,000 x 1": (one("x.png", encoded(Image.new("RGB", (50_000, 1), "red"))), 2, "middle square"),
    "half a JPEG": (one("x.jpg", encoded(kind="JPEG")[:400]), 1, "x.jpg is not a picture"),
    "text called picture": (one("x.png", b"hello"), 1, "x.png is not a picture"),
    "an empty file": (one("x.png", b""), 1, "x.png is empty"),
    "PostScript called PNG": (one("x.png", encoded(kind="EPS")), 1, "x.png is not a picture"),
    "a pickle": (one("x.npz", pickle.dumps({"a": 1})), 1, "x.npz cannot be read as an .npz file"),
    "an .npz of objects": (
        arrays(lambda: dict(images=np.array([{"a": 1}]))),
        1,
        "x.npz cannot be read as an .npz file",
    ),
    "an .npz of 36 megapixels": (
        arrays(lambda: dict(images=np.zeros((1, 6000, 6000), np.uint8))),
        1,
        "The pictures in x.npz have 6000 x 6000 pixels",
    ),
    "an .npz that claims a petabyte": (claims, 1, "x.npz cannot be read as an .npz file"),
    "an .npz with 65 MB of classes": (
        arrays(lambda: dict(x=np.zeros((9, 8, 8), np.uint8), y=np.zeros((65, MB), np.uint8))),
        1,
        "y of x.npz is too large",
    ),
    "an LFS pointer": (one("x.png", b"version https://git-lfs.github.com/spec/v1\n"), 1, "Git LFS pointer"),
    "a web page": (one("x.jpg", b"\n<!DOCTYPE html><html>"), 1, "a web page"),
    "a HEIC photo": (one("x.heic", b"\0\0\0\x18ftypheic"), 1, "a HEIC photo"),
    "a drawing": (one("x.svg", b"<?xml version='1.0'?>\n<svg/>"), 1, "a drawing"),
    "a RAR": (one("x.rar", b"Rar!\x1a\7\0"), 1, "a RAR archive"),
    "a picture with a zip behind it": (
        lambda f: [written(f / "x.png", encoded() + zipped(f / "y", FAR).read_bytes())],
        1,
        "1 different picture:",
    ),
    "a name of tricks": (lambda f: [zipped(f / "x.zip", {STRANGE: b"?", "a.png": encoded()})], 1, r"\?gnp\.<img"),
    "a film": (lambda f: [saved(f / "x.gif", save_all=True, append_images=[picture(1)])], 1, "first frame"),
    "CMYK": (lambda f: [saved(f / "x.jpg", picture(mode="CMYK"))], 1, "1 different picture:"),
    "16 bits": (
        lambda f: [saved(f / "x.png", Image.fromarray(np.arange(1600, dtype=np.uint16).reshape(40, 40)))],
        1,
        "more than 8 bits",
    ),
    "turned, with a place": (with_place, 1, "upright"),
}


def peak(work) -> float:
    """By how many MB memory grew at most while `work` ran; elsewhere than on Linux, above all that was used before."""
    if not Path("/proc/self/clear_refs").exists():
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        work()
        return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most) / 1024
    Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS")
    work()
    return (_status("VmHWM") - before) / 1024


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])


def _intake(files: list[Path], into: Path, said: list[str]) -> None:
    """Take pictures in, and add what comes of it to `said`."""
    try:
        report = intake(files, into, 32, 3)
        said.append(f"{report.count} kept")
        said.extend(why for _, why in report.broken_files[:1])
    except StudioError as error:
        said.append(str(error))


def main(folder: Path) -> None:
    for number, (name, (build, _, _)) in enumerate(DATASETS.items()):
        place = folder / str(number)
        place.mkdir(parents=True)
        said: list[str] = []
        used = peak(partial(_intake, build(place), place / "data", said))
        print(f"{used:.0f} MB", name, "; ".join(said), sep=" | ", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
