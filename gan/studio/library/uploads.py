"""Models that visitors bring, as the zip that the app offers for download or as a foreign file: checked, then kept for
a while.

    uploads = Uploads(Path("uploads"))
    id = uploads.add(Path("my-model.zip"))      # "upload-3f2a9c0b71de": the same model always has the same id
    Models(uploads=uploads.root).get(id)

A zip may come from anybody. Only three files of it are read, each up to what its network can need and no name inside
it is ever used as a path; an id follows from the contents, so that whoever has not got the model cannot guess it.
"""

import contextlib
import hashlib
import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

from torch import nn

from gan.errors import StudioError
from gan.foreign.convert import Origin, convert
from gan.messages import say
from gan.store.archives import TORN, clean, open_archive, torn
from gan.store.files import link_or_copy, new_file
from gan.store.folder_cache import FolderCache
from gan.store.model_config import CARD, CONFIG, DISCRIMINATOR, MOST_TEXT_BYTES, WEIGHTS, ModelConfig
from gan.store.model_folder import load_discriminator, load_generator, read_config
from gan.store.safetensors_header import MOST_HEADER_BYTES
from gan.store.weights import pickle_among, pickle_offered
from gan.studio.library.file_choice import ENDINGS

MOST_MODEL = 512 * 2**20
"""Bytes of one model's networks, however large the file that they came in: both of StyleGAN2 at 1024 pixels have 240
MB."""
MOST_KEPT = 5 * 10**9  # bytes of all uploads
MOST_UPLOADS = 200
_ID = re.compile(r"upload-[0-9a-f]{12}")
_PIECE = 2**20
_METHODS = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED  # others make any amount of bytes out of one piece
_MOST_PACKED, _SMALL = 20, 2**20  # trained weights shrink by a tenth; what shrinks to a twentieth is work for nothing
_MOST_NUMBER = 8  # bytes: no kind of number in a weights file has more
_HOW = say("A model's zip holds {config} and {weights}, in one folder or in none.", config=CONFIG, weights=WEIGHTS)


def _kept(root: Path) -> FolderCache:
    return FolderCache(Path(root), _ID, MOST_UPLOADS, MOST_KEPT)


def find_upload(root: Path, id: str) -> Path | None:
    """The folder of an upload, None where there is none. Notes that it is in use."""
    return _kept(root).find(id)


class Uploads:
    """The folder `root`, with one folder for each upload. Threads may share it."""

    def __init__(self, root: Path):
        self.root, self.kept = Path(root), _kept(root)

    def add(self, path: Path, called: str = "", settings: dict | None = None) -> str:
        """Check the model in our zip, or convert a foreign file; keep it and return its id. Those not used for longest
        make room.

        `called` is what its owner calls the file, for sentences; else it is its own name. `settings`: the table in the
        config.json that belongs to a foreign file. Raises StudioError for whatever is wrong with the file or with the
        model.
        """
        name = clean(called or Path(path).name)
        with self.kept.part() as folder:
            if not _unpack_ours(Path(path), folder, name):
                convert(Path(path), folder, Origin(name, title=Path(name).stem, place=name, config=settings or {}))
            return self.keep(folder, name)

    def add_copy(self, model: Path) -> str:
        """Keep a copy of a checked model's folder, and return its id. Raises StudioError."""
        with self.kept.part() as folder:
            for file in (CONFIG, WEIGHTS, DISCRIMINATOR, CARD):
                if (model / file).is_file():
                    link_or_copy(model / file, folder / file)
            return self.keep(folder)

    def keep(self, part: Path, name: str = say("this model")) -> str:
        """Keep a model whose folder is whole and checked, and lies on the same disk; it moves. Returns its id.

        Raises StudioError where its networks, `name` in sentences, are too large.
        """
        _check_total(_networks(read_config(part, name)), name)
        return self.kept.keep(part, f"upload-{_digest(part)}").name


def _unpack_ours(path: Path, folder: Path, name: str) -> bool:
    """Unpack a zip of our layout; whether it was one. PyTorch's files are zips, too, with a data.pkl inside."""
    if name.lower().endswith(ENDINGS) or not _is_zip(path):
        return False
    with open_archive(path, name, _HOW) as archive:
        if any(entry.rpartition("/")[2] == "data.pkl" for entry in archive.namelist()):
            return False
        _unpack(archive, folder, name)
    return True


def _is_zip(path: Path) -> bool:
    """What is no file at all is never opened, which could wait for ever: `convert` says what is wrong with it."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except OSError:
        return False


def _networks(config: ModelConfig) -> dict[str, int]:
    """How many numbers the networks of a model have, by their files."""
    networks: dict[str, nn.Module] = {WEIGHTS: config.build_generator("meta")}
    if config.discriminator is not None:
        networks[DISCRIMINATOR] = config.build_discriminator("meta")
    return {file: sum(tensor.numel() for tensor in network.state_dict().values()) for file, network in networks.items()}


def _check_total(numbers: dict[str, int], name: str) -> None:
    if 4 * sum(numbers.values()) > MOST_MODEL:
        raise StudioError(
            say("The networks of {name} are larger than {most_model} MB.", name=name, most_model=MOST_MODEL // 2**20),
            "Choose a smaller model.",
        )


def _unpack(archive: zipfile.ZipFile, folder: Path, name: str) -> None:
    """Write the model in the zip into the empty `folder` and check it. `name` is the zip's, for sentences."""
    entries = _model_entries(archive, name)
    _write(archive, entries, CONFIG, folder, MOST_TEXT_BYTES, name)
    config = read_config(folder, name)
    numbers = _networks(config)
    _check_total(numbers, name)
    for file in numbers:
        if file not in entries and (pickle := pickle_among(archive.namelist())):
            raise pickle_offered(name, file, clean(pickle))
        _write(archive, entries, file, folder, MOST_HEADER_BYTES + _MOST_NUMBER * numbers[file], name)
    load_generator(folder, config, name)
    if config.discriminator is not None:
        load_discriminator(folder, config, name)


def _model_entries(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """The files of the one model in the zip, those that there are. Everything else is left alone."""
    folders: dict[tuple[str, ...], dict[str, zipfile.ZipInfo]] = {}
    for entry in archive.infolist():
        *inside, file = entry.filename.split("/")
        if file in (CONFIG, WEIGHTS, DISCRIMINATOR) and len(inside) <= 1 and not {"", ".", ".."} & set(inside):
            files = folders.setdefault(tuple(inside), {})
            if file in files:
                raise StudioError(say("{name} holds {file} twice.", name=name, file=file), "Make the zip anew.")
            files[file] = entry
    models = [files for files in folders.values() if CONFIG in files]
    if not models:
        inner = next((name.rpartition("/")[2] for name in archive.namelist() if name.lower().endswith(ENDINGS)), None)
        raise StudioError(
            say("{name} has no {config}.", name=name, config=CONFIG),
            say("Unpack it, and give {file} by itself.", file=clean(inner)) if inner else _HOW,
        )
    if len(models) > 1:
        raise StudioError(
            say("{name} holds {count} models.", name=name, count=len(models)), "Give each in a zip of its own."
        )
    return models[0]


def _write(
    archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], file: str, folder: Path, most: int, name: str
) -> None:
    """Unpack one file of the model, of at most so many bytes."""
    entry = entries.get(file)
    if entry is None:
        raise StudioError(say("{name} has no {file}.", name=name, file=file), _HOW)
    _check_entry(entry, file, most, name)
    with new_file(folder / file) as out:
        for piece in _pieces(archive, entry, file, most, name):
            out.write(piece)


def _check_entry(entry: zipfile.ZipInfo, file: str, most: int, name: str) -> None:
    """What the zip's table of contents says of a file, before any of it is unpacked."""
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise StudioError(say("{file} in {name} is a link.", file=file, name=name), "Put the file itself into the zip.")
    if entry.compress_type not in _METHODS:
        raise StudioError(
            say("{file} in {name} is packed in an unusual way.", file=file, name=name),
            "Make the zip anew, with the usual compression.",
        )
    _check_bytes(entry.file_size, file, most, name)
    if entry.file_size > max(_SMALL, _MOST_PACKED * entry.compress_size):
        raise StudioError(
            say(
                "{file} in {name} unpacks to more than {most_packed} times its size, as trained weights never do.",
                file=file,
                name=name,
                most_packed=_MOST_PACKED,
            ),
            "Choose a model that has been trained.",
        )


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: str, most: int, name: str) -> Iterator[bytes]:
    """What an entry unpacks to, counted, whatever size it claims."""
    count = 0
    with contextlib.ExitStack() as stack:
        try:
            packed = stack.enter_context(archive.open(entry))
            while piece := packed.read(_PIECE):
                count += len(piece)
                _check_bytes(count, file, most, name)
                yield piece
        except TORN as error:
            raise torn(entry, file, name) from error


def _check_bytes(size: int, file: str, most: int, name: str) -> None:
    if size > most:
        raise StudioError(
            say("{file} in {name} has more than the {most:,} bytes that it can have.", file=file, name=name, most=most),
            "A config is a short table, and weights are as large as the networks in it.",
        )


def _digest(folder: Path) -> str:
    """12 hex digits that follow from what the model's files hold."""
    total = hashlib.sha256()
    for file in (folder / CONFIG, folder / WEIGHTS, folder / DISCRIMINATOR):
        if file.exists():
            total.update(b"%d:" % file.stat().st_size)  # so that no two models run together to the same bytes
            with file.open("rb") as data:
                while piece := data.read(_PIECE):
                    total.update(piece)
    return total.hexdigest()[:12]
