"""A shared server in a lesson: many visitors at once, uploads that break off, models that are opened, and a run going.

    python tests/bench/visitors.py [--people 50] [--seconds 180]

Each visitor has an address (127.1.0.x) and drags a slider of one of the models in the box five times a second; now and
then they open another model, look at the runs, load the page, or send a picture that breaks off halfway. One of them
has begun a training on digits that are drawn there. The app is another process, started with --host 0.0.0.0. Prints for
each kind of request how many came and p50, p95 and p99 in milliseconds, then errors, tracebacks in the app's log, the
app's memory before and after, and how far the training came. The aim: no error, no traceback, memory that does not
grow.
"""

import argparse
import asyncio
import json
import random
import socket
import statistics
import struct
import time
from collections import Counter, defaultdict
from pathlib import Path

from attacked import EVERY, Served, app
from attacks import Line, token
from machine import Foreign

MODELS = ("cats", "digits", "people", "letters")
SELDOM = {"open": 0.02, "runs": 0.02, "page": 0.01, "broken": 0.03}  # the share of a visitor's turns, beside dragging
Times = dict[str, list[float]]


class Visitor:
    """One person: an address, a token, a model that they look at."""

    def __init__(self, number: int, port: int, times: Times, errors: Counter):
        self.port, self.address, self.me = port, f"127.1.0.{number + 1}", token()
        self.chance, self.times, self.errors = random.Random(number), times, errors
        self.model, self.set = self.chance.choice(MODELS), ""

    async def stay(self, until: float) -> None:
        """Do one thing after the other, as far apart as a dragged slider's pictures."""
        await asyncio.sleep(self.chance.random())
        async with Line(self.port, self.address) as line:
            while time.monotonic() < until:
                began, draw = time.monotonic(), self.chance.random()
                kind, low = "drag", 0.0
                for name, share in SELDOM.items():
                    if low <= draw < low + share:
                        kind = name
                    low += share
                await getattr(self, kind)(line)
                self.times[kind].append(1000 * (time.monotonic() - began))
                await asyncio.sleep(max(0.0, began + EVERY - time.monotonic()))

    async def drag(self, line: Line) -> None:
        recipe = {"model": self.model, "seed": self.chance.randrange(1000), "psi": round(self.chance.random(), 3)}
        await self.ask(line, "POST", "/studio/render", {"recipes": [recipe]})

    async def open(self, line: Line) -> None:
        self.model = self.chance.choice(MODELS)
        await self.ask(line, "GET", f"/studio/model?id={self.model}")

    async def runs(self, line: Line) -> None:
        await self.ask(line, "GET", "/studio/train/runs")

    async def page(self, line: Line) -> None:
        await self.ask(line, "GET", "/")

    async def broken(self, line: Line) -> None:
        """A picture of which half arrives; then the connection is reset."""
        self.set = self.set or json.loads(await self.ask(line, "POST", "/studio/train/set", {}))["id"]
        async with Line(self.port, self.address) as other:
            head = f"POST /studio/train/set/{self.set}/file?name=a.png HTTP/1.1\r\nhost: localhost\r\n"
            rest = f"x-visitor: {self.me}\r\ncontent-length: 100000\r\n\r\n"
            other.writer.write((head + rest).encode() + bytes(50_000))
            await other.writer.drain()
            wire = other.writer.get_extra_info("socket")
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    async def ask(self, line: Line, method: str, path: str, body: dict | None = None) -> bytes:
        data = b"" if body is None else json.dumps(body).encode()
        status, told = await line.ask(method, path, data, x_visitor=self.me, content_type="application/json")
        if status != 200:
            self.errors[f"{path.partition('?')[0]} {status} {told[:100]!r}"] += 1
        return told


async def begin_run(port: int) -> tuple[Visitor, str]:
    """A visitor who has begun to train, and the run's id."""
    owner = Visitor(200, port, defaultdict(list), Counter())
    async with Line(port, owner.address) as line:
        shape = {"example": "digits", "base": "", "side": 28, "channels": 1}
        set_id = json.loads(await owner.ask(line, "POST", "/studio/train/drawn", shape))["id"]
        while json.loads(await owner.ask(line, "GET", f"/studio/train/set/{set_id}"))["status"] == "reading":
            await asyncio.sleep(0.5)
        order = {"set": set_id, "classic": "article", "preset": "quick", "steps": 1_000_000}
        told = json.loads(await owner.ask(line, "POST", "/studio/train/start", order))
    if "id" not in told:
        raise SystemExit(f"The run did not begin: {told}")
    return owner, told["id"]


async def run_state(owner: Visitor, id: str) -> dict:
    async with Line(owner.port, owner.address) as line:
        return json.loads(await owner.ask(line, "GET", f"/studio/train/run/{id}"))["state"]


async def lesson(served: Served, people: int, seconds: float) -> None:
    owner, run = await begin_run(served.port)
    warm, errors = defaultdict(list), Counter()
    await asyncio.gather(*(Visitor(i, served.port, warm, errors).stay(time.monotonic() + 3) for i in range(people)))
    times: Times = defaultdict(list)
    before, until = memory(served.pid), time.monotonic() + seconds
    await asyncio.gather(*(Visitor(i, served.port, times, errors).stay(until) for i in range(people)))
    after, state = memory(served.pid), await run_state(owner, run)
    async with Line(owner.port, owner.address) as line:
        await owner.ask(line, "POST", f"/studio/train/run/{run}/stop", {})
    print(f"{people} visitors, {seconds:.0f} s")
    print(f"{'':<10}{'requests':>10}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}")
    for kind, row in sorted(times.items()):
        cuts = statistics.quantiles(row, n=100) if len(row) > 1 else row * 99
        print(f"{kind:<10}{len(row):>10}{cuts[49]:>9.0f}{cuts[94]:>9.0f}{cuts[98]:>9.0f}")
    print(f"errors: {sum(errors.values())}", *(f"  {n} x {what}" for what, n in errors.most_common(5)), sep="\n")
    print(f"memory of the app: {before:.0f} MB before, {after:.0f} MB after")
    print(f"the run: {state['status']}, step {state['step']}")


def memory(pid: int) -> float:
    """MB in use."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=50, help="how many (default 50)")
    parser.add_argument("--seconds", type=float, default=180, help="that count (default 180)")
    args = parser.parse_args()
    foreign = Foreign()
    with app() as served:
        asyncio.run(lesson(served, args.people, args.seconds))
        print(foreign.sentence())


if __name__ == "__main__":
    main()
