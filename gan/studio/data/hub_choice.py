"""Which files of a dataset on the Hub are fetched as training pictures, and what is said of the others."""

import re
from collections.abc import Collection, Mapping, Sequence

from gan.errors import StudioError
from gan.messages import listed, say, say_n
from gan.store.archives import clean
from gan.studio.data.dataset_doctor import spread
from gan.studio.data.listing import MOST_BYTES
from gan.studio.data.parquet_tables import ENDING, check_can_read, choose_tables
from gan.studio.data.pictures import SUFFIXES

MOST_FILES = 2_000
MOST_IN_ALL = 10**9  # bytes
_LONGEST_NAME, _LONGEST_PART = 1000, 200  # bytes of a file's name with its folders, and of each of them
_OUTSIDE = re.compile(r"[/\\]|[A-Za-z]:|(.*[/\\])?\.\.([/\\]|$)", re.DOTALL)
_HINT = say("Choose a dataset of PNG or JPEG files, or download some pictures and drop them as a zip.")

# Files that are not pictures: (endings, what a dataset of them does, what they are; "" where nobody needs to be told).
_OTHERS = (
    ((ENDING,), say("has parquet tables and no pictures that fit"), say("parquet tables")),
    ((".arrow", ".feather"), say("keeps its data inside Arrow tables, which are not read here"), say("Arrow tables")),
    (
        (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst"),
        say("keeps its data inside tar archives, which are not read here"),
        say("tar archives"),
    ),
    (
        (".rar", ".7z", ".gz", ".bz2", ".xz", ".zst"),
        say("keeps its data inside archives that are not read here"),
        say("archives"),
    ),
    (
        (".npz", ".npy", ".h5", ".hdf5", ".mat", ".tfrecord", ".pkl", ".pt", ".safetensors", ".bin", ".mdb"),
        say("keeps its data inside arrays, which are not read here"),
        say("arrays"),
    ),
    ((".wav", ".mp3", ".flac", ".ogg", ".opus", ".m4a"), say("holds sound and no pictures"), say("sound")),
    ((".mp4", ".webm", ".avi", ".mov", ".mkv"), say("holds films and no pictures"), say("films")),
    (
        (".jxl", ".svg", ".psd", ".dng"),
        say("holds pictures of a kind that is not read here"),
        say("pictures of another kind"),
    ),
    ((".csv", ".tsv", ".json", ".jsonl", ".txt", ".xml"), say("holds text and no pictures"), ""),
)


def choose(id: str, sizes: Mapping[str, int], folder: str = "") -> tuple[dict[str, int], tuple[str, ...]]:
    """({name: bytes} to be fetched, sentences on what is left out) of a dataset's files {name: bytes}.

    Zips go first, in the order of their names; then pictures, evenly spread over all, as many as there is room for.
    `folder` is the one to look in ("" for all, else with a slash behind). Raises StudioError where nothing is left, or
    where a name leads out of the dataset.
    """
    for name in sizes:
        if _OUTSIDE.match(name):
            raise StudioError(
                say("{id} lists a file that would lie outside of it, {name!r}.", id=id, name=clean(name)),
                "Choose another dataset.",
            )
    shown = {name: size for name, size in sorted(sizes.items()) if name.startswith(folder) and not _is_hidden(name)}
    files = [name for name in shown if name.lower().endswith((*SUFFIXES, ".zip"))]
    odd = [name for name in files if _is_odd(name)]
    unfit = [name for name in files if name not in set(odd) and not _fits(name, shown[name])]
    fit = [name for name in files if name not in {*odd, *unfit}]
    if not fit and (tables := _tables(id, {name: size for name, size in shown.items() if not _is_odd(name)})):
        return tables
    if not fit:
        raise _nothing(id, shown, folder, [*odd, *unfit])
    zips, pictures = [n for n in fit if _is_zip(n)], [n for n in fit if not _is_zip(n)]
    first = _first(zips, shown)
    taken = _evenly(pictures, shown, MOST_FILES - len(first), MOST_IN_ALL - sum(shown[name] for name in first))
    said = [
        _thinned(pictures, taken),
        _left(set(zips) - set(first), say("since {limits} fetched", limits=_limits())),
        _left(unfit, say("being empty or too large")),
        _left(odd, say("since their names cannot be used here")),
        *_left_others(shown),
    ]
    return {name: shown[name] for name in (*first, *taken)}, tuple(sentence for sentence in said if sentence)


def _tables(id: str, shown: Mapping[str, int]) -> tuple[dict[str, int], tuple[str, ...]] | None:
    """Likewise of a dataset whose pictures lie in parquet tables; None where it has none that can be fetched. Raises
    StudioError where they cannot be read here."""
    sizes = {name: size for name, size in shown.items() if name.lower().endswith(ENDING)}
    taken = choose_tables(sizes, MOST_IN_ALL)
    if not taken:
        return None
    check_can_read(id)
    left = len(sizes) - len(taken)
    said = left and say_n("{n:,} parquet table of it was left out.", "{n:,} parquet tables of it were left out.", left)
    return {name: shown[name] for name in taken}, ((said,) if said else ())


def _is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def _is_odd(name: str) -> bool:
    """A name that not every disk would take."""
    return (
        not name.isprintable()
        or "\\" in name
        or len(name.encode()) > _LONGEST_NAME
        or any(not 0 < len(part.encode()) <= _LONGEST_PART for part in name.split("/"))
    )


def _fits(name: str, size: int) -> bool:
    return 0 < size <= (MOST_IN_ALL if _is_zip(name) else MOST_BYTES)


def _first(names: Sequence[str], sizes: Mapping[str, int]) -> list[str]:
    """Those for which there is room, in their order."""
    taken, room = [], MOST_IN_ALL
    for name in names[:MOST_FILES]:
        if sizes[name] <= room:
            taken.append(name)
            room -= sizes[name]
    return taken


def _evenly(names: Sequence[str], sizes: Mapping[str, int], most: int, room: int) -> list[str]:
    """At most so many of them and so many bytes, spread over all: datasets are often sorted by what they show."""
    count = min(len(names), most)
    while True:
        taken = [names[i] for i in spread(len(names), count)] if count else []
        total = sum(sizes[name] for name in taken)
        if total <= room:
            return taken
        count = min(count - 1, int(count * room / total))


def _nothing(id: str, shown: Mapping[str, int], folder: str, unfit: Sequence[str]) -> StudioError:
    if unfit:
        return StudioError(
            say(
                "{id} has no pictures but such as are empty, too large or cannot be saved: {unfit}.",
                id=id,
                unfit=_names(unfit),
            ),
            say(
                "A picture may have {most_bytes} MB and a zip {most_in_all} GB.",
                most_bytes=MOST_BYTES // 2**20,
                most_in_all=MOST_IN_ALL // 10**9,
            ),
        )
    if folder:
        return StudioError(
            say("{id} has no pictures in {folder}.", id=id, folder=clean(folder)),
            "Give the dataset without the folder.",
        )
    if all(name.lower().endswith(".md") for name in shown):
        return StudioError(say("{id} is empty.", id=id), _HINT)
    weights = [sum(1 + shown[name] for name in _ending(shown, endings)) for endings, _, _ in _OTHERS]
    does = _OTHERS[weights.index(max(weights))][1] if max(weights) else say("has no pictures")
    return StudioError(say("{id} {does}.", id=id, does=does), _HINT)


def _ending(names: Collection[str], endings: tuple[str, ...]) -> list[str]:
    return [name for name in names if name.lower().endswith(endings)]


def _left_others(shown: Collection[str]) -> list[str]:
    rows = [(_ending(shown, endings), what) for endings, _, what in _OTHERS if what]
    return [_left(names, say("being {what}", what=what)) for names, what in rows]


def _thinned(pictures: Sequence[str], taken: Sequence[str]) -> str:
    if len(taken) == len(pictures):
        return ""
    return say(
        "Of {count:,} pictures {taken:,} were fetched, evenly spread over all: {limits} fetched.",
        count=len(pictures),
        taken=len(taken),
        limits=_limits(),
    )


def _left(names: Collection[str], why: str) -> str:
    """A sentence, "" where there are none."""
    if not names:
        return ""
    return say_n(
        "{n:,} file was left out, {why}: {names}.",
        "{n:,} files were left out, {why}: {names}.",
        len(names),
        why=why,
        names=_names(names),
    )


def _limits() -> str:
    return say(
        "at most {most_files:,} files and {most_in_all} GB are", most_files=MOST_FILES, most_in_all=MOST_IN_ALL // 10**9
    )


def _names(names: Collection[str]) -> str:
    first = listed(clean(name) for name in sorted(names)[:3])
    return say("{names} and {count:,} more", names=first, count=len(names) - 3) if len(names) > 3 else first
