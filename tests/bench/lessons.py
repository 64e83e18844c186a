"""What the lessons claim, for ten seeds: how many of the eight groups are found at the end of each game.

    python tests/bench/lessons.py [--seeds 10] [--steps 1500] [--only few-examples]

A broken game should find few in nine of ten, the mended one all of them. One thread; a game takes some 15 seconds.
"""

import argparse
import sys
import time
from pathlib import Path

import torch

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from rings import played  # noqa: E402

from gan.studio.lessons.lessons import lessons  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--only", default="", help="the id of one breakdown")
    args = parser.parse_args()
    torch.set_num_threads(1)
    for lesson in (lesson for lesson in lessons() if lesson["kind"] == "game"):
        games = {lesson["title"]: lesson["rules"]} if not lesson["breaks"] and not args.only else {}
        for one in (one for one in lesson["breaks"] if args.only in ("", one["id"])):
            broken = {**lesson["rules"], **one["rules"]}
            games |= {one["title"]: broken, f"  {one['mended']}": {**broken, **one["mend"]}}
        for title, rules in games.items():
            began = time.perf_counter()
            found = [played(rules, args.steps, seed) for seed in range(args.seeds)]
            seconds = (time.perf_counter() - began) / args.seeds
            print(f"{title:<44} {' '.join(map(str, found))}   {seconds:.1f} s each", flush=True)


if __name__ == "__main__":
    main()
