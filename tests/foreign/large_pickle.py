"""How much memory a StyleGAN-like pickle of so many MB costs: `python large_pickle.py 400`.

Prints the file's length, what its tree costs, what reading its tensors one by one costs at most beside that, and the
largest tensor: all in MB of the process' own memory, which the pages of the mapped file are no part of.
"""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import torch  # noqa: E402
from foreign import good_files, peak  # noqa: E402

from gan.foreign.readers.any_file import read_tree  # noqa: E402

MB = 2**20


def write(path: Path, size: int) -> None:
    """In a process of its own, so that what writing costs is not measured."""
    width = 240
    per_layer = width * width * 9 * 4
    if os.fork() == 0:
        with path.open("wb") as file:
            good_files.stylegan_pickle(file, max(1, size * MB // (3 * per_layer)), width)
        os._exit(0)
    assert os.wait()[1] == 0


def main(size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.pkl"
        write(path, size)
        small = Path(folder) / "small.pt"
        torch.save({"a": torch.ones(300_000)}, small)
        read_tree(small, "small")["a"].read()  # what PyTorch and numpy keep for themselves from the first time on
        before = peak.megabytes(peak.OWN)
        tensors = good_files.all_stored(read_tree(path, "large.pkl"))
        tree = peak.megabytes(peak.OWN)
        most, largest = tree, 0
        for entry in tensors:
            tensor = entry.read()
            most, largest = max(most, peak.megabytes(peak.OWN)), max(largest, tensor.nbytes / MB)
            del tensor
        print(f"{path.stat().st_size / MB:.1f} {tree - before:.1f} {most - tree:.1f} {largest:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
