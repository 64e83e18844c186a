"""What the lessons of points claim, for ten seeds and by the trainer itself: how many of the eight groups are found by
each broken game, what the doctor says of it, and how many games each remedy that is offered cures.

    python tests/bench/lessons.py [--seeds 10] [--steps 1500] [--only few-examples] [--keep games.json]

A game is cured when all eight groups are found after its 1,500 steps, or at some moment of as many more: so long the
page waits. A broken game should find few in nine of ten; the remedy that is offered first cures nine of ten, each
within 60 s, and the file of the lesson says of each how many it cured. One thread; a game takes 3 to 15 seconds of
processor time, and games with the same rules are played once, with --keep also over several calls.
"""

import argparse
import dataclasses
import json
import sys
import time
from collections import Counter
from pathlib import Path

import torch

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from rings import played  # noqa: E402

from gan.studio.lessons.lessons import lessons  # noqa: E402

MOST = 60  # seconds that a game may take


@dataclasses.dataclass(frozen=True)
class Game:
    """What is kept of a game: see rings.Played. verdicts: of the doctor, after 1,000 steps and at the end."""

    found: int
    all_at: int
    verdicts: tuple[str, str]
    label: str
    changes: dict
    loss: float
    right: float
    seconds: float


class Games:
    """Plays each game once for each seed, and remembers what came of it, in a file where there is one."""

    def __init__(self, seeds: int, steps: int, file: Path | None):
        self.seeds, self.steps, self.file = range(seeds), steps, file
        told = json.loads(file.read_text()) if file and file.exists() else {}
        self._known = {key: Game(**game) for key, game in told.items()}

    def play(self, rules: dict, mended: bool) -> list[Game]:
        return [self._one(rules, seed, mended) for seed in self.seeds]

    def _one(self, rules: dict, seed: int, mended: bool) -> Game:
        key = json.dumps([{"clip": 0, "examples": 0, **rules}, seed, self.steps, mended], sort_keys=True)
        if key not in self._known:
            began = time.process_time()
            game = played(rules, self.steps, seed, patience=self.steps if mended else 0)
            remedy = game.earlier.remedy
            self._known[key] = Game(
                game.found,
                game.all_at,
                (game.earlier.verdict, game.said.verdict),
                str(remedy.label) if remedy else "none",
                dict(remedy.changes) if remedy else {},
                game.loss,
                game.right,
                time.process_time() - began,
            )
            if self.file:
                kept = {key: dataclasses.asdict(game) for key, game in self._known.items()}
                self.file.write_text(json.dumps(kept))
        return self._known[key]


def told(title: str, games: list[Game], claimed: int | None = None) -> None:
    """A line: the groups of each game, how many are cured and when the last one was, and what the file claims."""
    longest, cured = max(game.seconds for game in games), [game.all_at for game in games if game.all_at]
    late = "" if longest <= MOST else f"  MORE THAN {MOST} s"
    wrong = "" if claimed in (None, len(cured)) else f"  THE FILE SAYS {claimed}"
    found = " ".join(str(game.found) for game in games)
    print(f"{title:<60} {found}   cured {len(cured)}{wrong}, last at {max(cured, default=0)}, {longest:.0f} s{late}")


def doctors_remedies(games: list[Game]) -> dict[str, dict]:
    """The changes that the doctor suggests for these games, those that a game of points can make, by what they say."""
    return {game.label: game.changes for game in games if game.changes and "augment" not in game.changes}


def break_and_mend(lesson: dict, one: dict, games: Games) -> None:
    rules, breaks = {**lesson["rules"], **one["rules"]}, {other["id"]: other for other in lesson["breaks"]}
    broken = games.play(rules, mended=False)
    told(one["title"], broken)
    print(f"    the doctor: {counted(game.verdicts[0] for game in broken)}")
    print(f"    its remedy: {counted(game.label for game in broken)}")
    for id, claimed in one["cured"].items():
        told(f"  {breaks[id]['mended']}", games.play({**rules, **breaks[id]["mend"]}, mended=True), claimed)
    for label, changes in doctors_remedies(broken).items():
        claims = [word["cured"] for word in one["doctors"] if word["changes"] == changes]
        told(f"  the doctor's: {label}", games.play({**rules, **changes}, mended=True), *(claims or [-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--only", default="", help="the id of one breakdown")
    parser.add_argument("--keep", type=Path, help="a file in which games stay, so that it can be done in pieces")
    args = parser.parse_args()
    torch.set_num_threads(1)
    games = Games(args.seeds, args.steps, args.keep)
    for lesson in (lesson for lesson in lessons() if lesson["kind"] == "game"):
        if not lesson["breaks"] and not args.only:
            whole = games.play(lesson["rules"], mended=True)
            told(lesson["title"], whole)
            loss, right = ([getattr(game, name) for game in whole] for name in ("loss", "right"))
            print(f"    D's loss {min(loss):.3f} to {max(loss):.3f}, right on {min(right):.0%} to {max(right):.0%}")
        for one in (one for one in lesson["breaks"] if args.only in ("", one["id"])):
            break_and_mend(lesson, one, games)


def counted(names) -> str:
    return ", ".join(f"{name} {count}" for name, count in Counter(names).most_common())


if __name__ == "__main__":
    main()
