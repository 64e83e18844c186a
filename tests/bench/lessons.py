"""What the lessons of points claim, for ten seeds and by the trainer itself: how many of the eight groups are found at
the end of each game, how long it takes, what the doctor says of the broken games, and what its own remedies do.

    python tests/bench/lessons.py [--seeds 10] [--steps 1500] [--only few-examples]

A broken game should find few in nine of ten, the mended one all of them, each within 60 s. One thread; a game takes
some 15 seconds, and games with the same rules are played once.
"""

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

import torch

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from rings import Played, played  # noqa: E402

from gan.studio.lessons.lessons import lessons  # noqa: E402

MOST = 60  # seconds that a game may take


class Games:
    """Plays each game once for each seed, and remembers what came of it."""

    def __init__(self, seeds: int, steps: int):
        self.seeds, self.steps = range(seeds), steps
        self._known: dict[str, tuple[Played, float]] = {}

    def play(self, title: str, rules: dict) -> list[Played]:
        """Print how it went with every seed, which it also answers."""
        return self.report(title, [self._one(rules, seed) for seed in self.seeds])

    def play_each(self, title: str, each: list[dict]) -> list[Played]:
        """The same of a game of its own for each seed."""
        return self.report(title, [self._one(rules, seed) for rules, seed in zip(each, self.seeds, strict=True)])

    def report(self, title: str, told: list[tuple[Played, float]]) -> list[Played]:
        longest = max(seconds for _, seconds in told)
        late = "" if longest <= MOST else f"  MORE THAN {MOST} s"
        print(f"{title:<52} {' '.join(str(one.found) for one, _ in told)}   at most {longest:.1f} s{late}", flush=True)
        return [one for one, _ in told]

    def _one(self, rules: dict, seed: int) -> tuple[Played, float]:
        key = json.dumps([{"clip": 0, "examples": 0, **rules}, seed], sort_keys=True)
        if key not in self._known:
            began = time.perf_counter()
            self._known[key] = played(rules, self.steps, seed), time.perf_counter() - began
        return self._known[key]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--only", default="", help="the id of one breakdown")
    args = parser.parse_args()
    torch.set_num_threads(1)
    games = Games(args.seeds, args.steps)
    for lesson in (lesson for lesson in lessons() if lesson["kind"] == "game"):
        if not lesson["breaks"] and not args.only:
            games.play(lesson["title"], lesson["rules"])
        for one in (one for one in lesson["breaks"] if args.only in ("", one["id"])):
            broken = {**lesson["rules"], **one["rules"]}
            diagnoses = [game.earlier for game in games.play(one["title"], broken)]
            print(f"    the doctor: {counted(found.verdict for found in diagnoses)}")
            print(f"    its remedy: {counted(remedy(found) for found in diagnoses)}")
            mended = games.play(f"  {one['mended']}", {**broken, **one["mend"]})
            print(f"    the doctor: {counted(game.said.verdict for game in mended)}")
            if all(found.remedy and "augment" not in found.remedy.changes for found in diagnoses):
                games.play_each(
                    "  what the doctor suggests", [{**broken, **found.remedy.changes} for found in diagnoses]
                )


def remedy(found) -> str:
    return str(found.remedy.label) if found.remedy else "none"


def counted(names) -> str:
    return ", ".join(f"{name} {count}" for name, count in Counter(names).most_common())


if __name__ == "__main__":
    main()
