"""What instructions cost that are repeated through a whole file: `python unfolding.py MB` reads such files of so many
MB.

Prints, as JSON: for each by how many MB memory grew at most while it was read (with the pages of the file), and CPU
seconds.
"""

import gc
import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from foreign import peak  # noqa: E402
from foreign.hostile_files import ended  # noqa: E402

from gan.errors import StudioError  # noqa: E402
from gan.foreign.readers.any_file import read_tree  # noqa: E402

# Those that make the most of their bytes, found among all instructions.
REPEATED = {
    "lists": b"]",
    "tables": b"}",
    "filled tables": b"}X\1\0\0\0aNs",
    "marks": b"(",
    "nothing, taken off again": b"N0",
    "numbers": b"J\1\1\1\1",
    "floats": b"G@\0\0\0\0\0\0\0",
    "bytes": b"C\0",
    "letters of four bytes": b"\x8c\4\xf0\x9f\x98\x80",
    "strings of Python 2": b"U\1\xff",
    "memo": b"]\x94",
    "recalled": b"N\x94" + b"h\0" * 50,
    "names": b"ca\nb\n",
    "objects": b"ca\nb\n)R}b",
    "tuples": b"N\x85",
    "texts": b"c_codecs\nencode\n\x8c\1a\x8c\6latin1\x86R",
    "files": b"ctorch.storage\n_load_from_bytes\nC\4\x80\2N.\x85R0",
}


def cost(path: Path) -> tuple[float, float]:
    """(MB, CPU seconds) of reading it."""
    gc.collect()
    peak.forget_the_most()
    before, began, tree = peak.megabytes(peak.ALL), time.process_time(), None
    try:
        tree = read_tree(path, "unfolding")
    except StudioError as error:
        assert "unfolds" in error.message, error
    seconds = time.process_time() - began
    del tree
    return round(peak.megabytes(peak.MOST) - before, 1), round(seconds, 2)


def main(size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, seen = Path(folder) / "unfolding.pkl", {}
        for name, piece in REPEATED.items():
            path.write_bytes(ended(b"N" + piece * (size * 2**20 // len(piece))))
            seen[name] = cost(path)
    print(json.dumps(seen))


if __name__ == "__main__":
    main(int(sys.argv[1]))
