"""Good files, damaged in every way: `python fuzz.py COUNT SEED` reads as many, and prints what came of them.

Each must end in a tree, whose tensors can be read, or in a StudioError; nothing may be imported, compiled, started or
opened but the file itself. Prints, as JSON: how many were read and refused, the CPU seconds of all and of the slowest,
and by how many MB memory grew at most. For the same arguments it does the same.
"""

import json
import random
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from foreign import good_files, peak  # noqa: E402
from foreign.hostile_files import CORPUS  # noqa: E402

from gan.errors import StudioError  # noqa: E402
from gan.foreign.formats.modules import held, module_table  # noqa: E402
from gan.foreign.found import Found, Inert  # noqa: E402
from gan.foreign.readers.any_file import read_tree  # noqa: E402

FORBIDDEN = (
    "import",
    "exec",
    "compile",
    "os.",
    "subprocess.",
    "socket.",
    "ctypes.",
    "shutil.",
    "pickle.find_class",
    "marshal.",
    "code.",
    "builtins.input",
    "urllib.",
    "tempfile.",
)
LENGTHS = (0, 1, 2, 127, 255, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**40, 2**63 - 1, 2**64 - 1)
INSTRUCTIONS = b"(.012BCFGHIJKLMNPQRSTUVXabcdeghijlopqrstu}])"
INSTRUCTIONS += b"\x80\x81\x82\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98"


def flip(data: bytearray, chance: random.Random) -> None:
    """A few bits."""
    for _ in range(chance.choice((1, 1, 2, 8))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def cut(data: bytearray, chance: random.Random) -> None:
    """The end goes."""
    del data[chance.randrange(len(data)) :]


def splice(data: bytearray, chance: random.Random) -> None:
    """A piece of it, put elsewhere."""
    start, to = chance.randrange(len(data)), chance.randrange(len(data))
    data[to : to + chance.choice((0, 4, 16, 64))] = data[start : start + chance.randrange(1, 200)]


def drop(data: bytearray, chance: random.Random) -> None:
    """A piece goes."""
    start = chance.randrange(len(data))
    del data[start : start + chance.randrange(1, 40)]


def relength(data: bytearray, chance: random.Random) -> None:
    """A number of two, four or eight bytes."""
    width = chance.choice((2, 4, 8))
    at = chance.randrange(max(1, len(data) - width))
    data[at : at + width] = (chance.choice(LENGTHS) % 2 ** (8 * width)).to_bytes(width, "little")


def reinstruct(data: bytearray, chance: random.Random) -> None:
    """An instruction for another."""
    places = [at for at, byte in enumerate(data[:4000]) if byte in INSTRUCTIONS]
    for _ in range(chance.choice((1, 1, 3)) if places else 0):
        data[chance.choice(places)] = chance.choice(INSTRUCTIONS)


def reword(data: bytearray, chance: random.Random) -> None:
    """One of the words that have a meaning, for another."""
    words = [
        b"_rebuild_tensor_v2",
        b"_rebuild_parameter",
        b"OrderedDict",
        b"FloatStorage",
        b"storage",
        b"_reconstruct",
        b"dtype",
        b"ndarray",
    ]
    old, new = chance.sample(words, 2)
    at = data.find(old)
    if at >= 0:
        data[at : at + len(old)] = new


DAMAGES = (flip, cut, splice, drop, relength, reinstruct, reword)


def starts() -> list[bytes]:
    """What is damaged: every good file, more often than each of the small hostile ones."""
    hostile = [build("/nowhere/was-run") for build, _ in CORPUS.values()]
    return [build() for build in good_files.GOOD.values()] * 40 + [data for data in hostile if len(data) < 5000]


def damaged(start: list[bytes], chance: random.Random) -> bytes:
    data = bytearray(chance.choice(start))
    for _ in range(chance.choice((1, 1, 1, 1, 2, 4))):
        if data:
            chance.choice(DAMAGES)(data, chance)
    return bytes(data)


def follow(tree) -> None:
    """What everybody does with a tree: tables, modules, tensors."""
    Found("fuzz", tree).tables()
    for thing in tree.values() if isinstance(tree, dict) else [tree]:
        if isinstance(thing, Inert) and held(thing):
            module_table(thing)
    for entry in good_files.all_stored(tree)[:60]:
        assert tuple(entry.read().shape) == entry.shape


class Watch:
    """An audit hook, which cannot be taken off again: what it must not see, while it looks."""

    def __init__(self, path: Path):
        self.path, self.looking, self.seen = str(path), False, []
        sys.addaudithook(self)

    def __call__(self, event: str, args: tuple) -> None:
        if self.looking and (event.startswith(FORBIDDEN) or event == "open" and str(args[0]) != self.path):
            self.seen.append(f"{event} {args}"[:300])


def attempt(path: Path, data: bytes, watch: Watch) -> bool:
    """Whether the file is read; False where it is refused, in a sentence. Whatever else happens goes up."""
    path.write_bytes(data)
    watch.looking = True
    try:
        follow(read_tree(path, "fuzz"))
        return True
    except StudioError as error:
        assert error.message and error.hint, error
        return False
    finally:
        watch.looking = False


def main(count: int, seed: int) -> None:
    chance, start = random.Random(seed), starts()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fuzz"
        watch = Watch(path)
        for data in start:  # so that everything that is imported late is there
            path.write_bytes(data)
            try:
                follow(read_tree(path, "fuzz"))
            except StudioError:
                continue
        peak.forget_the_most()
        before_all, read, slowest, began = peak.megabytes(peak.ALL), 0, 0.0, time.process_time()
        for number in range(count):
            data, before = damaged(start, chance), time.process_time()
            try:
                read += attempt(path, data, watch)
            except BaseException:
                Path(tempfile.gettempdir(), f"fuzz-{seed}-{number}").write_bytes(data)
                raise
            slowest = max(slowest, time.process_time() - before)
            assert not watch.seen, (number, watch.seen)
        grown = peak.megabytes(peak.MOST) - before_all
    print(
        json.dumps(
            {
                "trees": read,
                "refused": count - read,
                "seconds": round(time.process_time() - began, 1),
                "slowest": round(slowest, 3),
                "grown": round(grown, 1),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
