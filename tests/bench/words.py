"""The two halves of a word list: one to learn from, one that the model never sees.

    python tests/bench/words.py /usr/share/dict/american-english --out words.txt --held-out words-heldout.txt

Lower-case words of 4 to 12 letters a to z, mixed by a fixed seed. Debian's package wamerican gives 29,937 and
29,938.
"""

import argparse
import random
import re
from pathlib import Path

WORD = re.compile(r"[a-z]{4,12}")


def halves(lines: list[str]) -> tuple[list[str], list[str]]:
    """The words among the lines in two halves, in an order of chance that is always the same."""
    words = [word for word in (line.strip() for line in lines) if WORD.fullmatch(word)]
    random.Random(0).shuffle(words)
    return words[: len(words) // 2], words[len(words) // 2 :]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("list", type=Path)
    parser.add_argument("--out", type=Path, default=Path("words.txt"))
    parser.add_argument("--held-out", type=Path, default=Path("words-heldout.txt"))
    asked = parser.parse_args()
    parts = halves(asked.list.read_text(encoding="utf-8").splitlines())
    for path, words in zip((asked.out, asked.held_out), parts, strict=True):
        path.write_text("".join(f"{word}\n" for word in words), encoding="utf-8")
        print(f"{len(words):,} words in {path}")


if __name__ == "__main__":
    main()
