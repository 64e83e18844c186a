"""The reader of parquet tables, a program of its own: whatever a table does to it, the studio goes on.

    python -m gan.studio.data.parquet_rows OUT.zip TABLE.parquet ...      # lines of JSON on stdout

It writes the pictures of the tables into a zip, sorted into folders by their label, which is then taken in like any
other: only file bytes are copied here, and no picture is unpacked. Memory and time are bounded by the operating system
where it can, rows and bytes are counted. Lines: {"done": share}, at the end {"pictures", "left", "missing", "label"}
or {"trouble": a name from TROUBLES of parquet_tables.py}.
"""

import contextlib
import json
import math
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

MOST_ROWS = 20_000  # as many as are trained on; of more, as many are taken evenly
MOST_PICTURE = 30 * 2**20  # bytes of one picture's file
MOST_WRITTEN = 2 * 2**30  # bytes of them all
_MEMORY = 4 * 2**30  # bytes of addresses, of which the libraries take a good part
_SECONDS = 1800  # of the processor
_BATCH = 16
_MOST_TEXT = 10 * 2**20  # bytes of one name in a table's header
_MOST_NAMES = 100_000  # entries of one list there
_IMAGES = ("image", "img", "images", "picture", "jpg", "png")  # usual names of a column of pictures, likeliest first
_LABELS = ("label", "labels", "class", "classes", "category", "fine_label", "target", "style")
_KINDS = ((b"\x89PNG", ".png"), (b"\xff\xd8", ".jpg"), (b"GIF8", ".gif"), (b"RIFF", ".webp"), (b"BM", ".bmp"))
_LONGEST = 60  # letters of a class's name


class Trouble(Exception):
    """What is wrong, as a name from TROUBLES."""


def main(part: str, tables: list[str]) -> None:
    """Write the zip, which whoever asked gives its name when it is whole, and tell how it goes. Raises Trouble, and
    whatever the reader of parquet raises."""
    _bound()
    import pyarrow
    from pyarrow import parquet

    pyarrow.set_cpu_count(1)
    limits = dict(thrift_string_size_limit=_MOST_TEXT, thrift_container_size_limit=_MOST_NAMES, pre_buffer=False)
    files = [parquet.ParquetFile(path, **limits) for path in tables]
    image, inside, label, names = _columns(files[0].schema_arrow)
    total = sum(file.metadata.num_rows for file in files)
    wanted = min(total, MOST_ROWS)
    counts = dict.fromkeys(("pictures", "left", "missing"), 0)
    written = row = 0
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            if _columns(file.schema_arrow)[:3] != (image, inside, label):
                raise Trouble("differ")
            for picture, value in _rows(file, image, inside, label):
                row += 1
                if (row * wanted) // max(1, total) == ((row - 1) * wanted) // max(1, total):
                    continue
                if not picture:
                    counts["missing"] += 1
                elif len(picture) > MOST_PICTURE or written + len(picture) > MOST_WRITTEN:
                    counts["left"] += 1
                else:
                    written += len(picture)
                    folder = f"{_folder(value, names)}/" if label else ""
                    archive.writestr(f"{folder}{counts['pictures']:06d}{_kind(picture)}", picture)
                    counts["pictures"] += 1
                if row % 256 == 0:
                    _tell({"done": row / total})
    _tell({**counts, "rows": total, "label": label or ""})


def _columns(schema: Any) -> tuple[str, bool, str | None, list[str]]:
    """(the column of pictures, whether their bytes lie in its field "bytes", the column of labels or None, the names of
    the classes that its numbers stand for). Raises Trouble where there are no pictures."""
    from pyarrow import types

    told = _features(schema)
    bare = {field.name: types.is_binary(field.type) or types.is_large_binary(field.type) for field in schema}
    wrapped = {
        field.name
        for field in schema
        if types.is_struct(field.type) and any(part.name == "bytes" for part in field.type)
    }
    said = [name for name, feature in told.items() if feature.get("_type") == "Image"]
    likely = [name for name in (*said, *_IMAGES, *sorted(wrapped)) if name in wrapped or bare.get(name)]
    if not likely:
        raise Trouble("no pictures")
    classes = {name: one["names"] for name, one in told.items() if isinstance(one.get("names"), list)}
    plain = {f.name for f in schema if types.is_integer(f.type) or types.is_string(f.type)}
    label = next((name for name in (*classes, *_LABELS) if name in plain), None)
    names = [str(name) for name in classes.get(label, [])] if label else []
    return likely[0], likely[0] in wrapped, label, names


def _features(schema: Any) -> dict[str, dict]:
    """What the library `datasets` has noted of the columns; {} where it has not."""
    try:
        told = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
    except (KeyError, ValueError, TypeError, RecursionError):
        return {}
    return {str(n): one for n, one in told.items() if isinstance(one, dict)} if isinstance(told, dict) else {}


def _rows(file: Any, image: str, inside: bool, label: str | None) -> Iterator[tuple[bytes | None, Any]]:
    """(bytes of a picture, its label) of each row, a few rows in memory at a time."""
    columns = [f"{image}.bytes" if inside else image, *([label] if label else [])]
    for batch in file.iter_batches(batch_size=_BATCH, columns=columns, use_threads=False):
        labels = batch.column(label).to_pylist() if label else [None] * len(batch)
        for value, name in zip(batch.column(image), labels, strict=True):
            data = value.as_py()
            yield (data.get("bytes") if isinstance(data, dict) else data), name


def _folder(value: Any, names: list[str]) -> str:
    """A label as the name of a folder, which sorts as the label does."""
    if isinstance(value, int):
        known = 0 <= value < len(names)
        text = names[value] if known else f"{value:0{max(1, math.ceil(math.log10(len(names) or 1000)))}d}"
    else:
        text = "none" if value is None else str(value)
    text = "".join(letter if letter.isprintable() and letter not in '/\\:*?"<>|' else " " for letter in text)
    return text.strip(" .")[:_LONGEST].strip(" .") or "none"


def _kind(data: bytes) -> str:
    """The ending of a picture's file, by its first bytes."""
    return next((ending for start, ending in _KINDS if data.startswith(start)), ".png")


def _bound() -> None:
    """Let the operating system end this process where it takes too much."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # not every system can
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _tell(line: dict) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2:])
    except Trouble as trouble:
        _tell({"trouble": str(trouble)})
    except OSError as error:
        _tell({"trouble": "disk" if error.errno else "torn"})
    except MemoryError:
        _tell({"trouble": "large"})
    except Exception as error:  # whatever the reader says of a torn table, in many ways
        print(type(error).__name__, error, file=sys.stderr)
        _tell({"trouble": "torn"})
