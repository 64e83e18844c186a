"""What a run costs beside the page, and what Explore loses while it trains; all in turns, on the app as people have it.

    python tests/bench/beside.py [--seconds 20] [--rounds 3] [--model FOLDER]

The run fine-tunes the model on 118 drawn shapes of 64 pixels, with as many threads as the app gives a worker. The
turns of a round: a bare loop written by hand with the same networks and pictures, in a process of its own; the run as
the app's workers make it, with nobody watching; the same while a Chromium page watches it; and Explore's truncation
slider dragged as in latency.py, once while the run is paused and once while it trains. Never do the bare loop and the
run train at once.

The run's steps a second come from its own reports: the steps between two of them, by their times. The CPU time of a
step is that of the process that trains; beside others' work it can be quoted sooner than steps a second.
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from both import a_model  # first: it finds the project
from latency import CHROMIUM, OURS, one_turn, our_value
from machine import Foreign, cpu_seconds
from playwright.async_api import async_playwright
from training import BareLoop

from gan.store.model_folder import load_discriminator, load_generator, read_config
from gan.studio.data.datasets import read_dataset
from gan.studio.runs.control import Status, read_status
from gan.studio.runs.hardware import idle_threads
from gan.studio.runs.jobs import RunSpec
from gan.studio.runs.supervisor import Supervisor
from gan.training.config import DEFAULTS, TrainConfig

PICTURES, SIDE = 118, 64
NICE = 15  # as workers are
SETTLE = 3.0  # seconds between the beginning of a turn and the first report that counts
LONGEST = 120  # seconds that anything may take to begin
ENDLESS = 10_000_000
WATCHING = "window.studio?.train?.watching === true"


def shapes(path: Path) -> Path:
    """An .npz of squares, discs and rings of random colours on random grounds."""
    rng, images = np.random.RandomState(0), []
    y, x = np.mgrid[:SIDE, :SIDE]
    for i in range(PICTURES):
        cx, cy, size = *rng.uniform(20, 44, 2), rng.uniform(8, 18)
        round_, square = np.hypot(x - cx, y - cy), np.maximum(abs(x - cx), abs(y - cy))
        inside = (square < size, round_ < size, abs(round_ - size) < 4)[i % 3]
        images.append(np.where(inside[..., None], *rng.randint(0, 256, (2, 3))))
    np.savez(path, images=np.array(images, dtype=np.uint8))
    return path


class Child:
    """This program once more, playing one of its `PARTS`: it gets and answers lines of JSON."""

    def __init__(self, part: str, *words):
        command = [sys.executable, __file__, "--part", part, *map(str, words)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def hear(self):
        while not (line := self._process.stdout.readline()).startswith("{"):
            if not line:
                raise RuntimeError("A part of the bench has ended.")
        return json.loads(line)["said"]

    def ask(self, value):
        self._process.stdin.write(f"{json.dumps(value)}\n")
        self._process.stdin.flush()
        return self.hear()

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_) -> None:
        self._process.stdin.close()
        self._process.wait(20)


def say(value) -> None:
    print(json.dumps({"said": value}), flush=True)


def pace(steps: int, seconds: float, cpu: float) -> dict:
    return dict(speed=steps / seconds, cpu=cpu / steps * 1000)  # steps a second, milliseconds a step


def bare(folder: str, data: str) -> None:
    """Told how many seconds to play, says what `pace` makes of them."""
    os.nice(NICE)
    torch.set_num_threads(idle_threads())
    path = Path(folder)
    config = read_config(path)
    pictures = read_dataset(Path(data)).samples.x
    loop = BareLoop(
        load_generator(path, config), load_discriminator(path, config), pictures, TrainConfig(**DEFAULTS[config.family])
    )
    say("ready")
    for line in sys.stdin:
        loop.play(8)
        first, began, used = loop.step, time.perf_counter(), time.process_time()
        while time.perf_counter() - began < json.loads(line):
            loop.play(8)
        say(pace(loop.step - first, time.perf_counter() - began, time.process_time() - used))


def page(folder: str, runs: str) -> None:
    """The app with the models beside `folder`, until standard input ends."""
    from gan.ui.page import Studio, build, launch

    studio = Studio.open(Path(runs), (Path(folder).parent,))
    url = launch(studio, build(studio), "127.0.0.1")
    studio.warm_up()
    say(url)
    sys.stdin.read()
    os._exit(0)  # nothing here is worth waiting for


PARTS = {"bare": bare, "page": page}


class TheRun:
    """The run, as long as the `with` lasts; it begins paused."""

    def __init__(self, root: Path, model: Path, data: Path):
        self.supervisor = Supervisor(root)
        self.id = self.supervisor.start(RunSpec(base=str(model), steps=ENDLESS, save_minutes=60.0, device="cpu"), data)
        self.folder = root / self.id

    def __enter__(self) -> "TheRun":
        self._until(lambda told: told.step > 0)
        self.pause()
        return self

    def __exit__(self, *_) -> None:
        self.supervisor.stop(self.id)
        self._until(lambda told: told.status == "stopped")

    def pause(self) -> None:
        self.supervisor.pause(self.id)
        self._until(lambda told: told.status == "paused")

    def resume(self) -> None:
        self.supervisor.resume(self.id)
        self._until(lambda told: told.status == "running")

    def pace(self, seconds: float) -> dict:
        """Its pace from now on, for so many seconds."""
        began = time.time() + SETTLE
        first = self._until(lambda told: told.heartbeat > began)
        used = cpu_seconds(first.pid)
        last = self._until(lambda told: told.heartbeat >= first.heartbeat + seconds, seconds)
        return pace(last.step - first.step, last.heartbeat - first.heartbeat, cpu_seconds(last.pid) - used)

    def _until(self, happened, seconds: float = 0.0) -> Status:
        until = time.monotonic() + seconds + LONGEST
        while not ((told := read_status(self.folder)) and happened(told)):
            if time.monotonic() > until or (told and told.status == "failed"):
                raise RuntimeError(told.sentence if told else "The run has not begun.")
            time.sleep(0.1)
        return told


async def watched(browser, url: str, run: TheRun, seconds: float) -> dict | None:
    """The run's pace while a page watches; None where the app has no such page."""
    page = await browser.new_page(viewport={"width": 1280, "height": 900})
    await page.goto(f"{url}?run={run.id}")
    await page.wait_for_function("window.studio?.ready")
    if not await page.evaluate("'train' in window.studio"):
        await page.close()
        return None
    await page.wait_for_function(WATCHING, timeout=LONGEST * 1000)
    found = await asyncio.to_thread(run.pace, seconds)
    await page.close()
    return found


async def one_round(browser, url: str, run: TheRun, loop: Child, seconds: float) -> dict:
    """All turns; the run is paused at both ends."""

    def drag():
        return one_turn(browser, url, OURS, our_value, "#psi input[type=range]", seconds)

    turn = dict(bare=await asyncio.to_thread(loop.ask, seconds), alone=await drag())
    run.resume()
    turn |= dict(headless=await asyncio.to_thread(run.pace, seconds), watched=await watched(browser, url, run, seconds))
    turn["beside"], turn["dragged"] = await asyncio.gather(drag(), asyncio.to_thread(run.pace, seconds))
    run.pause()
    return turn


def table(turns: list[dict]) -> str:
    def median(values) -> float:
        return statistics.median(values)

    lines = [f"{'':<34}{'steps/s':>9}{'of bare':>9}{'CPU ms a step':>15}{'of bare':>9}"]
    for name, words in (
        ("bare", "bare loop in a process of its own"),
        ("headless", "run, nobody watching"),
        ("watched", "run, a page watching"),
        ("dragged", "run, Explore dragged"),
    ):
        if any(turn[name] is None for turn in turns):
            lines.append(f"{words:<34}{'no Train tab':>18}")
            continue
        speed, cpu = (median(turn[name][what] for turn in turns) for what in ("speed", "cpu"))
        of_speed, of_cpu = (
            median(turn[name][what] / turn["bare"][what] for turn in turns) for what in ("speed", "cpu")
        )
        lines.append(f"{words:<34}{speed:>9.2f}{of_speed:>9.3f}{cpu:>15.0f}{of_cpu:>9.3f}")
    lines.append(f"\n{'':<34}{'frames/s':>9}{'lag ms':>9}{'p95 ms':>9}  last picture, last value")
    for name, words in (("alone", "Explore, no run"), ("beside", "Explore while the run trains")):
        values = [median(turn[name][what] for turn in turns) for what in ("fps", "median", "p95")]
        last = "yes" if all(turn[name]["last"] for turn in turns) else "NO"
        lines.append(f"{words:<34}{values[0]:>9.1f}{values[1]:>9.1f}{values[2]:>9.1f}  {last}")
    ratios = [median(turn["beside"][what] / turn["alone"][what] for turn in turns) for what in ("fps", "median", "p95")]
    lines.append(f"{'ratio':<34}{ratios[0]:>9.2f}{ratios[1]:>9.2f}{ratios[2]:>9.2f}")
    return "\n".join(lines)


async def measure(model: Path, rounds: int, seconds: float) -> str:
    """What is to be printed."""
    foreign, turns = Foreign(), []
    with tempfile.TemporaryDirectory(prefix="gan-studio-bench-") as folder:
        data, runs = shapes(Path(folder) / "shapes.npz"), Path(folder) / "runs"
        with TheRun(runs, model, data) as run, Child("bare", model, data) as loop, Child("page", model, runs) as app:
            loop.hear()
            url = app.hear()
            async with async_playwright() as playwright:
                found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
                browser = await playwright.chromium.launch(executable_path=found, args=CHROMIUM)
                for _ in range(rounds):
                    turns.append(await one_round(browser, url, run, loop, seconds))
                told = foreign.sentence()
                await browser.close()
    return f"{table(turns)}\n\n{idle_threads()} thread(s) for training. {told}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20, help="of each turn that count (default 20)")
    parser.add_argument("--rounds", type=int, default=3, help="of all turns (default 3)")
    parser.add_argument("--model", help="folder of a stylegan2 with a discriminator (default weights/cats)")
    parser.add_argument("--part", nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.part:
        name, *words = args.part
        PARTS[name](*words)
    else:
        torch.set_num_threads(1)
        print(asyncio.run(measure(a_model(args.model), args.rounds, args.seconds)))


if __name__ == "__main__":
    main()
