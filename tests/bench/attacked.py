"""A room that drags while one attacker does the worst that came to our minds, one thing after the other.

    python tests/bench/attacked.py [--people 50] [--seconds 60] [--attacks films,tokens] [--model FOLDER]

Each person has an address (127.1.0.x, which Linux gives for the asking) and wants a picture of a new value five times
a second over one connection, as in load.py; nobody may be refused. The attacker has one address, 127.66.6.6, and a
hundred connections. First comes a turn without an attacker, then one for each attack. The aim: each attack leaves their
p95 below twice what it is without one. The app is another process, and shares the processor with all of them.
"""

import argparse
import asyncio
import contextlib
import copy
import functools
import io
import json
import random
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from machine import Foreign

ROOT = Path(__file__).resolve().parents[2]
EVERY, WARM = 0.2, 1.0  # seconds between a person's wishes; seconds at the beginning that do not count
EVIL, CONNECTIONS = "127.66.6.6", 100


class Line:
    """One HTTP/1.1 connection from an address."""

    def __init__(self, port: int, address: str):
        self._port, self._address = port, address

    async def __aenter__(self) -> "Line":
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", self._port, local_addr=(self._address, 0), limit=2**24
        )
        return self

    async def __aexit__(self, *_) -> None:
        self.writer.close()

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """(status, body)."""
        rows = {"host": "localhost", "content-length": str(len(body)), **headers}
        head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in rows.items())
        self.writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        told = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if "transfer-encoding: chunked" in told:
            answer = b""
            while length := int(await self.reader.readline(), 16):
                answer += await self.reader.readexactly(length)
                await self.reader.readline()
            await self.reader.readline()
        else:
            answer = await self.reader.readexactly(int(told.partition("content-length: ")[2].partition("\r\n")[0]))
        return int(told.split(" ", 2)[1]), answer


def token() -> str:
    return f"{random.getrandbits(96):024x}"


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


# What one attacker may do: functions of (line, model), called again and again on each of the connections


async def films(line: Line, model: str) -> int:
    path = {"keyframes": [{"model": model, "seed": random.getrandbits(20)} for _ in range(4)], "steps": 60}
    return (await line.ask("POST", "/studio/film", json.dumps(path).encode(), x_visitor=token()))[0]


async def pictures(line: Line, model: str) -> int:
    recipes = [{"model": model, "seed": random.getrandbits(20)} for _ in range(16)]
    return (await line.ask("POST", "/studio/render", json.dumps({"recipes": recipes}).encode(), x_visitor=token()))[0]


async def queue(line: Line, model: str) -> int:
    body = {"data": [model, "0-63", None, None, None, 0, 1]}
    return (await line.ask("POST", "/gradio_api/call/generate", json.dumps(body).encode()))[0]


async def tokens(line: Line, model: str) -> int:
    return (await line.ask("POST", "/studio/train/set", b"{}", x_visitor=token()))[0]


async def nonsense(line: Line, model: str) -> int:
    body = b'{"recipes": [{"model": "cats", "psi": NaN, "seed": 1e400}], "size": Infinity}'
    return (await line.ask("POST", "/studio/render", body, x_visitor=token()))[0]


async def broken(line: Line, model: str) -> int:
    async with Line(line._port, EVIL) as other:
        other.writer.write(b"POST /studio/open HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000\r\n\r\nhalf")
        await other.writer.drain()
        linger = struct.pack("ii", 1, 0)
        other.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    return 0


async def zips(line: Line, model: str) -> int:
    """Sets of one zip with large pictures, to be read."""
    return await _read_set(line, model, _zip(40))


async def overlapping(line: Line, model: str) -> int:
    """Likewise, of a small zip whose 1,600 entries all lie on one large picture."""
    return await _read_set(line, model, _zip(1, 1600))


async def _read_set(line: Line, model: str, data: bytes) -> int:
    me = token()
    status, told = await line.ask("POST", "/studio/train/set", b"{}", x_visitor=me)
    if status != 200:
        return status
    id = json.loads(told)["id"]
    await line.ask("POST", f"/studio/train/set/{id}/file?name=a.zip", data, x_visitor=me)
    body = json.dumps({"base": model, "side": 64}).encode()
    return (await line.ask("POST", f"/studio/train/set/{id}/read", body, x_visitor=me))[0]


@functools.cache
def _zip(count: int, names: int = 0) -> bytes:
    """A zip of so many pictures of 25 megapixels, and so many names more for the first one."""
    from PIL import Image

    picture, file = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (5000, 5000)).save(picture, "PNG")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(count):
            archive.writestr(f"{i}.png", picture.getvalue())
        for i in range(names):
            again = copy.copy(archive.filelist[0])
            again.filename = f"again-{i}.png"
            archive.filelist.append(again)
    return file.getvalue()


async def uploads(line: Line, model: str) -> int:
    """Files for Gradio's own upload, which nobody needs here."""
    head = b'--x\r\ncontent-disposition: form-data; name="files"; filename="a"\r\n\r\n'
    body = head + bytes(1_000_000) + b"\r\n--x--\r\n"
    return (await line.ask("POST", "/gradio_api/upload", body, content_type="multipart/form-data; boundary=x"))[0]


async def strangers(line: Line, model: str) -> int:
    """As the page of a site whose name points here."""
    return (await line.ask("GET", "/studio/train/runs", host="evil.example", x_visitor=token()))[0]


async def page(line: Line, model: str) -> int:
    return (await line.ask("GET", "/config"))[0]


ATTACKS = {
    attack.__name__: attack
    for attack in (films, pictures, queue, tokens, nonsense, broken, zips, overlapping, uploads, strangers, page)
}


async def attack(what, port: int, model: str, until: float, answers: Counter) -> None:
    """One of the attacker's connections."""
    while time.monotonic() < until:
        try:
            async with Line(port, EVIL) as line:
                while time.monotonic() < until:
                    answers[await what(line, model)] += 1
        except (OSError, asyncio.IncompleteReadError, ValueError):
            answers["cut off"] += 1
            await asyncio.sleep(0.01)


async def all_attack(name: str, port: int, model: str, seconds: float) -> Counter:
    """What came of one attacker's connections."""
    answers: Counter = Counter()
    until = time.monotonic() + seconds
    tasks = [asyncio.create_task(attack(ATTACKS[name], port, model, until, answers)) for _ in range(CONNECTIONS)]
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return answers


async def turn(port: int, model: str, people: int, seconds: float, attacker: str = "") -> dict:
    """A time of dragging, with an attacker who is a process of their own: what these wait for is not their lag."""
    lags: list[float] = []
    refused: Counter = Counter()
    given = {"attack": attacker, "port": port, "model": model, "seconds": WARM + seconds}
    words = [sys.executable, __file__, *(f"--{name}={value}" for name, value in given.items())]
    child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True) if attacker else None
    began = time.monotonic()
    until = began + WARM + seconds
    await asyncio.gather(*(person(i, port, model, began, until, lags, refused) for i in range(people)))
    answers = json.loads(child.communicate()[0]) if child else {}
    p95 = statistics.quantiles(lags, n=20)[-1]
    return dict(done=len(lags) / seconds, median=statistics.median(lags), p95=p95, refused=refused, answers=answers)


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=50, help="who drag (default 50)")
    parser.add_argument("--seconds", type=float, default=60, help="of each turn that count (default 60)")
    parser.add_argument("--attacks", default=",".join(ATTACKS), help=f"which (default all: {', '.join(ATTACKS)})")
    parser.add_argument("--model", default="cats", help="a bundled model (default cats)")
    parser.add_argument("--attack", help=argparse.SUPPRESS)  # be the attacker
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.attack:
        print(json.dumps(asyncio.run(all_attack(args.attack, args.port, args.model, args.seconds))))
        return
    foreign = Foreign()
    with app() as served:
        port = served.port
        asyncio.run(turn(port, args.model, args.people, 3))  # everything is loaded
        usual = asyncio.run(turn(port, args.model, args.people, args.seconds))
        head = f"{'done/s':>8}{'median ms':>11}{'p95 ms':>9}{'ratio':>7}  refused, attacker's answers"
        print(f"{args.people} people".ljust(22) + head)
        for name in ("", *filter(None, args.attacks.split(","))):
            told = asyncio.run(turn(port, args.model, args.people, args.seconds, name)) if name else usual
            print(
                f"{name or 'nobody':<22}{told['done']:>8.1f}{told['median']:>11.1f}{told['p95']:>9.1f}"
                f"{told['p95'] / usual['p95']:>7.2f}  {sum(told['refused'].values())}, {dict(told['answers'])}",
                flush=True,
            )
    print(foreign.sentence())


if __name__ == "__main__":
    main()
