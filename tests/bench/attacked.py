"""A room that drags while one attacker does the worst that came to our minds, one thing after the other.

    python tests/bench/attacked.py [--people 50] [--seconds 60] [--attacks films,tokens] [--controls broken]

Each person has an address (127.1.0.x, which Linux gives for the asking) and wants a picture of a new value five times
a second over one connection, as in load.py; nobody may be refused. One more is always new: four times a second they
open a connection, and ask for the list of models. The attacker has one address, another one for each attack, and a
hundred connections. First comes a turn without an attacker, then one for each attack. The aim: each attack leaves their
p95 below twice what it is without one.

People and attackers have computers of their own. So the app has all cores but the last one to itself, in the turn
without an attacker as well; people and attacker share the last one, where the attacker takes only what they leave (nice
19). What the system does with what they send, it does mostly there. `--together`: all share all cores. How many cores
app and attacker used is told for each turn, and what the app worked for each attack, beyond what it works without one.
A control is the same number of attacks a second on a server that does nothing, in the app's place: what it costs the
people is the attacker's work and the system's, and not the app's.
"""

import argparse
import asyncio
import contextlib
import functools
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from attacks import ATTACKS, Line, token
from machine import Foreign, tree_seconds

ROOT = Path(__file__).resolve().parents[2]
ATTACKS_FILE = str(Path(__file__).with_name("attacks.py"))
EVERY, WARM = 0.2, 1.0  # seconds between a person's wishes; seconds at the beginning that do not count
NEW_EVERY = 0.25  # seconds between two connections of who is always new
REST = 3.0  # seconds after an attack in which the app finishes what it began


async def person(number: int, port: int, model: str, began: float, until: float, lags: list, refused: Counter) -> None:
    """Drag until the end."""
    wish, me = began + random.random() * EVERY, token()
    async with Line(port, f"127.1.0.{number + 1}") as line:
        while wish < until:
            await asyncio.sleep(wish - time.monotonic())
            recipe = {"model": model, "seed": number, "psi": round(random.random(), 3)}
            status, told = await line.ask(
                "POST", "/studio/render", json.dumps({"recipes": [recipe]}).encode(), x_visitor=me
            )
            now = time.monotonic()
            if status != 200:
                refused[told[:80]] += 1
            elif wish > began + WARM:
                lags.append(1000 * (now - wish))
            wish += EVERY * max(1, (now - wish) // EVERY)


async def newcomer(port: int, began: float, until: float, waits: list, refused: Counter) -> None:
    """Come anew until the end, and note in milliseconds how long it took until something was seen."""
    wish = began + random.random() * NEW_EVERY
    while wish < until:
        await asyncio.sleep(wish - time.monotonic())
        async with Line(port, "127.1.1.1") as line:
            status, told = await line.ask("GET", "/studio/models", x_visitor=token())
        now = time.monotonic()
        if status != 200:
            refused[told[:80]] += 1
        elif wish > began + WARM:
            waits.append(1000 * (now - wish))
        wish += NEW_EVERY * max(1, (now - wish) // NEW_EVERY)


class Place(NamedTuple):
    """Who drag, and where."""

    port: int
    model: str
    people: int


async def turn(place: Place, seconds: float, attacker: str = "", at: int = 0, pace: float = 0, app: int = 0) -> dict:
    """A time of dragging, with an attacker who is a process of their own: what these wait for is not their lag.

    `at`: the port of another server that is attacked in the app's place, `pace` times a second. `app`: the process of
    the app."""
    port, model, people = place
    lags: list[float] = []
    waits: list[float] = []
    refused: Counter = Counter()
    given = {"attack": attacker, "port": at or port, "model": model, "seconds": WARM + seconds, "pace": pace}
    words = [sys.executable, ATTACKS_FILE, *(f"--{name}={value}" for name, value in given.items())]
    child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True) if attacker else None
    if child:
        child.stdout.readline()  # it is ready
    worked = tree_seconds(app) if app else 0.0
    began = time.monotonic()
    until = began + WARM + seconds
    room = (person(i, port, model, began, until, lags, refused) for i in range(people))
    await asyncio.gather(*room, newcomer(port, began, until, waits, refused))
    worked = (tree_seconds(app) - worked if app else 0.0) / (WARM + seconds)
    told = json.loads(child.communicate()[0]) if child else {"answers": {}, "cpu": 0.0}
    numbers = dict(done=len(lags) / seconds, median=statistics.median(lags), p95=p95(lags), new=p95(waits), app=worked)
    return numbers | dict(refused=refused, answers=told["answers"], attacker=told["cpu"] / (WARM + seconds))


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


class Served(NamedTuple):
    """The app as another process."""

    port: int
    pid: int
    log: Path


@contextlib.contextmanager
def app() -> Iterator[Served]:
    """The app as it is started for a room; its log is looked at in the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log.txt").open("w+") as log:
        words = [sys.executable, "app.py", "--host", "0.0.0.0", "--port", str(port), "--runs", f"{folder}/runs"]
        child = subprocess.Popen(words, cwd=ROOT, stdout=log, stderr=log)
        try:
            while "is open" not in (Path(folder) / "log.txt").read_text():
                if child.poll() is not None:
                    raise SystemExit((Path(folder) / "log.txt").read_text())
                time.sleep(0.2)
            yield Served(port, child.pid, Path(folder) / "log.txt")
        finally:
            child.terminate()
            child.wait(120)  # the machine may be busy
        text = (Path(folder) / "log.txt").read_text()
        print(f"lines in the log: {len(text.splitlines())}, tracebacks: {text.count('Traceback')}")


@contextlib.contextmanager
def plain_server() -> Iterator[int]:
    """The port of a server that does nothing."""
    child = subprocess.Popen([sys.executable, ATTACKS_FILE], stdout=subprocess.PIPE, text=True)
    try:
        yield int(child.stdout.readline())
    finally:
        child.terminate()
        child.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=50, help="who drag (default 50)")
    parser.add_argument("--seconds", type=float, default=60, help="of each turn that count (default 60)")
    parser.add_argument("--attacks", default=",".join(ATTACKS), help=f"which (default all: {', '.join(ATTACKS)})")
    parser.add_argument("--controls", default="", help="which of them also against a server that does nothing")
    parser.add_argument("--model", default="cats", help="a bundled model (default cats)")
    parser.add_argument("--together", action="store_true", help="app, people and attacker share all cores")
    args = parser.parse_args()
    foreign, cores = Foreign(), sorted(os.sched_getaffinity(0))
    if not args.together and len(cores) == 1:
        raise SystemExit("There is only one core here: measure with --together.")
    served_on = cores if args.together else cores[:-1]
    os.sched_setaffinity(0, served_on)  # of what is started from here on
    with app() as served, plain_server() as plain:
        os.sched_setaffinity(0, cores if args.together else cores[-1:])
        ask = functools.partial(turn, Place(served.port, args.model, args.people))
        asyncio.run(ask(3))  # everything is loaded
        usual = asyncio.run(ask(args.seconds, app=served.pid))
        print(_setup(args.people, len(served_on), args.together))
        print(" " * 22 + HEAD)
        _say("nobody", usual, usual, args.seconds)
        for name in filter(None, args.attacks.split(",")):
            told = asyncio.run(ask(args.seconds, name, app=served.pid))
            time.sleep(REST)
            _say(name, told, usual, args.seconds)
            if name in args.controls.split(","):
                pace = sum(told["answers"].values()) / (WARM + args.seconds)
                control = asyncio.run(ask(args.seconds, name, plain, pace, served.pid))
                _say("  on another server", control, usual, args.seconds)
    print(foreign.sentence())


def _setup(people: int, cores: int, together: bool) -> str:
    """The table's heading."""
    count = "1 core" if cores == 1 else f"{cores} cores"
    if together:
        return f"{people} people, the app and the attacker (nice 19) share {count}."
    return f"The app has {count}; {people} people and the attacker (nice 19) share another one."


HEAD = (
    f"{'done/s':>8}{'median ms':>11}{'p95 ms':>9}{'ratio':>7}{'new p95':>9}{'ratio':>7}{'app':>7}{'attacker':>10}"
    f"{'attacks/s':>11}{'app us':>8}  refused, attacker's answers"
)


def _say(name: str, told: dict, usual: dict, seconds: float) -> None:
    """One row. new p95: milliseconds of who is always new. app, attacker: cores that they used. app us: microseconds
    that the app worked for each attack, beyond what it works without."""
    pace = sum(told["answers"].values()) / (WARM + seconds)
    each = f"{1e6 * (told['app'] - usual['app']) / pace:>8.0f}" if pace else " " * 8
    print(
        f"{name:<22}{told['done']:>8.1f}{told['median']:>11.1f}{told['p95']:>9.1f}{told['p95'] / usual['p95']:>7.2f}"
        f"{told['new']:>9.1f}{told['new'] / usual['new']:>7.2f}{told['app']:>7.2f}{told['attacker']:>10.2f}"
        f"{pace:>11.1f}{each}  {sum(told['refused'].values())}, {dict(told['answers'])}",
        flush=True,
    )


if __name__ == "__main__":
    main()
