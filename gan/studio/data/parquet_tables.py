"""Pictures in parquet tables, as `datasets` keeps them on the Hub: which are fetched, and a zip of their pictures.

The tables are read by pyarrow, where that is installed. It is no requirement: it takes 170 MB, more than all others but
torch, for one kind of data. It is never imported here, but in a process of its own (parquet_rows.py).
"""

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

import gan
from gan.errors import StudioError
from gan.messages import say, say_n
from gan.store.files import whole_file
from gan.studio.data import parquet_rows
from gan.studio.hub.client import Progress

ENDING = ".parquet"
_HOW = say("Choose another dataset, or download some of its pictures and drop them as a zip.")
_DEFAULTS = ("data", "default", "")  # folders of the tables that are meant where there are several sets of them
TROUBLES = {
    "no pictures": say("no column of its tables holds pictures"),
    "differ": say("its tables do not agree on their columns"),
    "torn": say("a table is torn, or of a kind that is not known"),
    "large": say("a table takes more memory than is given to it"),
    "disk": say("there is no room on the disk for its pictures"),
}
"""What the process says where it gives up."""
_GONE = say("a table made its reader fall over, or takes too long")


def can_read() -> bool:
    """Whether tables can be read here."""
    return importlib.util.find_spec("pyarrow") is not None


def check_can_read(id: str) -> None:
    """Raise StudioError where they cannot."""
    if not can_read():
        raise StudioError(
            say("{id} keeps its pictures in parquet tables, which pyarrow reads, and that is not installed.", id=id),
            "Install it with `pip install pyarrow` and try again.",
        )


def choose_tables(sizes: Mapping[str, int], most: int) -> list[str]:
    """Of tables {name: bytes} those to be fetched, at most so many bytes: of one folder, those for training where some
    are, evenly spread where they are too many, since tables are often sorted by what they show."""
    folders = sorted({str(PurePosixPath(name).parent) for name in sizes}, key=_rank)
    names = [name for name in sorted(sizes) if str(PurePosixPath(name).parent) == folders[0]] if folders else []
    names = [name for name in names if re.search(r"\btrain", PurePosixPath(name).name)] or names
    fit = [name for name in names if 0 < sizes[name] <= most]
    for count in range(len(fit), 0, -1):
        taken = [fit[i * len(fit) // count] for i in range(count)]
        if sum(sizes[name] for name in taken) <= most:
            return taken
    return []


def pictures_of_tables(id: str, tables: Sequence[Path], zip_file: Path, progress: Progress) -> tuple[str, ...]:
    """Write the pictures of the tables into a zip, sorted into folders by their label. Returns sentences on what was
    left out. `progress` ends it by raising. Raises StudioError where the tables cannot be read."""
    check_can_read(id)
    with whole_file(zip_file.absolute()) as part:
        last = _told(id, [str(part), *(str(table.absolute()) for table in tables)], progress)
        if "pictures" not in last:
            why = TROUBLES.get(last.get("trouble", ""), _GONE)
            raise StudioError(say("The tables of {id} cannot be read: {why}.", id=id, why=why), _HOW)
        if not last["pictures"]:
            raise StudioError(say("The tables of {id} name pictures, and hold none.", id=id), _HOW)
    return tuple(sentence for sentence in _said(last) if sentence)


def _told(id: str, words: Sequence[str], progress: Progress) -> dict:
    """The last line that the process told, {} where it told none; it ends with whoever waits for it."""
    last: dict = {}
    words = [sys.executable, "-m", parquet_rows.__name__, *words]
    home = Path(gan.__file__).resolve().parents[1]  # where the package is found, wherever it was started from
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=home) as process:
        try:
            for line in process.stdout or ():
                last = json.loads(line)
                if "done" in last:
                    progress(last["done"], say("Reading the tables of {id}", id=id))
        except BaseException:  # whoever waits has had enough
            process.kill()
            raise
    return last


def _said(told: dict) -> list[str]:
    rows, most, missing, left = told["rows"], parquet_rows.MOST_ROWS, told["missing"], told["left"]
    thinned = rows > most and say("Of {rows:,} rows {most:,} were taken, evenly.", rows=rows, most=most)
    large = "{n:,} picture in the tables is too large.", "{n:,} pictures in the tables are too large."
    return [
        thinned or "",
        say_n("{n:,} row holds no picture.", "{n:,} rows hold no picture.", missing) if missing else "",
        say_n(*large, left) if left else "",
    ]


def _rank(folder: str) -> tuple[int, str]:
    folder = "" if folder == "." else folder
    last = PurePosixPath(folder).name
    return (_DEFAULTS.index(last) if last in _DEFAULTS else len(_DEFAULTS)), folder
