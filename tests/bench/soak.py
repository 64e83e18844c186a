"""A long day in a classroom: a training, somebody who drags sliders, films, sets of pictures and page loads, at once.

python tests/bench/soak.py --minutes 20      # a table: memory, descriptors, threads and temporary files over time

What grows from the first third to the last is a leak.
"""

import argparse
import io
import json
import os
import random
import sys
import tempfile
import threading
import time
import urllib.error
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

for folder in ("", "tests", "tests/studio"):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / folder))

from run_helpers import ENDLESS, end_runs, pictures, spec  # noqa: E402
from studio_app import App, running, small_weights  # noqa: E402

ME = {"X-Visitor": "soak-0123456789abcdef"}


def drag(app: App, chance: random.Random) -> tuple[int, bytes]:
    recipe = {"model": "cats", "seed": chance.randrange(50), "directions": [round(chance.uniform(-2, 2), 2)]}
    return app.ask("studio/render", {"recipes": [recipe]})[:2]


def film(app: App, chance: random.Random) -> tuple[int, bytes]:
    keyframes = [{"model": "cats", "seed": chance.randrange(50)} for _ in range(2)]
    return app.ask("studio/film", {"keyframes": keyframes, "steps": 12})[:2]


def make_set(app: App, chance: random.Random) -> tuple[int, bytes]:
    status, data, _ = app.ask("studio/train/set", {}, ME)
    if status != 200:
        return status, data
    png = io.BytesIO()
    Image.new("RGB", (32, 32), (chance.randrange(256), 0, 0)).save(png, "PNG")
    return app.ask(f"studio/train/set/{json.loads(data)['id']}/file?name=a.png", png.getvalue(), ME)[:2]


def load_page(app: App, chance: random.Random) -> tuple[int, bytes]:
    path = chance.choice(("", "studio/models", "studio/train/runs", "studio/library/list"))
    return app.ask(path, None, ME)[:2]


PEOPLE = {"drag": (drag, 0.05), "film": (film, 5.0), "set": (make_set, 10.0), "page": (load_page, 2.0)}
"""What each does, and the seconds that it then rests."""


def visit(app: App, name: str, over: threading.Event, told: Counter, seconds: list[float]) -> None:
    act, rest = PEOPLE[name]
    chance = random.Random(name)
    while not over.wait(rest):
        began = time.monotonic()
        try:
            status, data = act(app, chance)
        except (OSError, urllib.error.URLError) as error:
            status, data = 0, str(error).encode()
        if name == "drag":
            seconds.append(time.monotonic() - began)
        told[name] += 1
        if status != 200:
            told[f"{name} refused"] += 1
            print(f"{name}: {status} {data[:200]!r}", file=sys.stderr)


def measure(app: App) -> tuple[float, int, int, int]:
    """(MB of memory, descriptors, threads, files in the temporary folder)."""
    import gradio as gr

    statm = Path("/proc/self/statm").read_text(encoding="ascii").split()
    temporary = sum(len(names) for _, _, names in os.walk(gr.utils.get_upload_folder()))
    memory = int(statm[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return memory, len(os.listdir("/proc/self/fd")), threading.active_count(), temporary


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=20)
    minutes = parser.parse_args().minutes
    over, told, seconds, rows = threading.Event(), Counter(), [], []
    with (
        tempfile.TemporaryDirectory() as home,
        running(small_weights(Path(home) / "weights"), runs=Path(home) / "runs") as app,
    ):
        supervisor = app.studio.workshop.supervisor
        run = supervisor.start(spec(ENDLESS, train=dict(record_every=10)), pictures(Path(home) / "data.npz"))
        people = [threading.Thread(target=visit, args=(app, name, over, told, seconds)) for name in PEOPLE]
        for person in people:
            person.start()
        until = time.monotonic() + 60 * minutes
        print(f"{'min':>6} {'MB':>7} {'fds':>5} {'threads':>8} {'temp':>5} {'step':>8} {'p50 ms':>7} {'p99 ms':>7}")
        while (now := time.monotonic()) < until:
            over.wait(min(60 * minutes / 20, until - now))
            recent, seconds[:] = list(seconds) or [float("nan")], []
            rows.append(measure(app))
            memory, fds, threads, files = rows[-1]
            p50, p99 = (1000 * float(np.quantile(recent, q)) for q in (0.5, 0.99))
            past = minutes - (until - time.monotonic()) / 60
            step = supervisor.state(run).step
            print(f"{past:6.1f} {memory:7.0f} {fds:5} {threads:8} {files:5} {step:8} {p50:7.0f} {p99:7.0f}", flush=True)
        over.set()
        for person in people:
            person.join()
        end_runs(supervisor)
    print(", ".join(f"{count} {name}" for name, count in sorted(told.items())))
    return int(any(name.endswith("refused") for name in told))


if __name__ == "__main__":
    sys.exit(main())
