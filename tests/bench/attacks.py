"""What one attacker may do to the app, and the process that does it: attacked.py starts it, and watches the others.

python tests/bench/attacks.py --attack films --port 7860 --model cats --seconds 20 [--pace 100]
"""

import argparse
import asyncio
import contextlib
import copy
import functools
import io
import json
import os
import random
import socket
import struct
import time
import zipfile
from collections import Counter

CONNECTIONS = 100
LARGE, OVERLAPPING = (40, 0), (1, 1600)  # pictures in a zip, and names more for the first of them
FILES = {"zips": (LARGE,), "overlapping": (OVERLAPPING,)}  # what an attack needs before it begins


class Line:
    """One HTTP/1.1 connection from an address."""

    def __init__(self, port: int, address: str):
        self.port, self.address = port, address

    async def __aenter__(self) -> "Line":
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(self.address, 0), limit=2**24
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


# What one attacker may do: functions of (line, model), called again and again on each of the connections


async def films(line: Line, model: str) -> int:
    path = {"keyframes": [{"model": model, "seed": random.getrandbits(20)} for _ in range(4)], "steps": 60}
    return (await line.ask("POST", "/studio/film", json.dumps(path).encode(), x_visitor=token()))[0]


async def pictures(line: Line, model: str) -> int:
    recipes = [{"model": model, "seed": random.getrandbits(20)} for _ in range(16)]
    return (await line.ask("POST", "/studio/render", json.dumps({"recipes": recipes}).encode(), x_visitor=token()))[0]


async def singles(line: Line, model: str) -> int:
    """One picture at a time, on each of the connections."""
    recipes = [{"model": model, "seed": random.getrandbits(20)}]
    return (await line.ask("POST", "/studio/render", json.dumps({"recipes": recipes}).encode(), x_visitor=token()))[0]


async def facts(line: Line, model: str) -> int:
    """What costs next to nothing, as often as one can."""
    return (await line.ask("GET", "/studio/models", x_visitor=token()))[0]


async def queue(line: Line, model: str) -> int:
    body = {"data": [model, "0-63", None, None, None, 0, 1]}
    return (await line.ask("POST", "/gradio_api/call/generate", json.dumps(body).encode()))[0]


async def tokens(line: Line, model: str) -> int:
    return (await line.ask("POST", "/studio/train/set", b"{}", x_visitor=token()))[0]


async def nonsense(line: Line, model: str) -> int:
    body = b'{"recipes": [{"model": "cats", "psi": NaN, "seed": 1e400}], "size": Infinity}'
    return (await line.ask("POST", "/studio/render", body, x_visitor=token()))[0]


async def broken(line: Line, model: str) -> int:
    async with Line(line.port, line.address) as other:
        other.writer.write(b"POST /studio/open HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000\r\n\r\nhalf")
        await other.writer.drain()
        _break_off(other)
    return 0


async def wordless(line: Line, model: str) -> int:
    """Connections on which nothing is sent before they are broken off."""
    async with Line(line.port, line.address) as other:
        _break_off(other)
    return 0


def _break_off(line: Line) -> None:
    """It will not be closed, but end without a farewell."""
    line.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def zips(line: Line, model: str) -> int:
    """Sets of one zip with large pictures, to be read."""
    return await _read_set(line, model, _zip(*LARGE))


async def overlapping(line: Line, model: str) -> int:
    """Likewise, of a small zip whose 1,600 entries all lie on one large picture."""
    return await _read_set(line, model, _zip(*OVERLAPPING))


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
def _zip(count: int, names: int) -> bytes:
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
    for attack in (
        films,
        pictures,
        singles,
        facts,
        queue,
        tokens,
        nonsense,
        broken,
        wordless,
        uploads,
        strangers,
        page,
        overlapping,
        zips,
    )
}


class Slots:
    """When an attack may begin: so many a second, 0 for as many as one likes."""

    def __init__(self, pace: float):
        self._gap, self._next = 1 / pace if pace else 0.0, time.monotonic()

    async def wait(self) -> None:
        if self._gap:
            self._next += self._gap
            await asyncio.sleep(self._next - time.monotonic())


def address_of(name: str) -> str:
    """Each attack comes from an address of its own: what the one before it spent is not held against it."""
    return f"127.66.6.{list(ATTACKS).index(name) + 1}"


async def attack(what, port: int, address: str, model: str, until: float, slots: Slots, answers: Counter) -> None:
    """One of the attacker's connections."""
    while time.monotonic() < until:
        try:
            async with Line(port, address) as line:
                while time.monotonic() < until:
                    await slots.wait()
                    answers[await what(line, model)] += 1
        except (OSError, asyncio.IncompleteReadError, ValueError):
            answers["cut off"] += 1
            await asyncio.sleep(0.01)


async def all_attack(name: str, port: int, model: str, seconds: float, pace: float) -> Counter:
    """What came of one attacker's connections."""
    answers: Counter = Counter()
    until, slots = time.monotonic() + seconds, Slots(pace)
    how = ATTACKS[name], port, address_of(name), model, until, slots, answers
    tasks = [asyncio.create_task(attack(*how)) for _ in range(CONNECTIONS)]
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return answers


async def _answer_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A server that does nothing for anybody: what an attack on it costs the people is the attacker's own work."""
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower():
            await reader.readexactly(int(head.partition("content-length: ")[2].partition("\r\n")[0]))
            writer.write(b"HTTP/1.1 429 No\r\ncontent-length: 2\r\n\r\n{}")
    writer.close()


async def serve_plainly() -> None:
    """Until it is ended. Prints the port first."""
    server = await asyncio.start_server(_answer_plainly, "0.0.0.0", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--attack", choices=ATTACKS, help="none: be a server that does nothing")
    parser.add_argument("--port", type=int)
    parser.add_argument("--model", default="cats")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--pace", type=float, default=0, help="attacks a second (default as many as one can)")
    args = parser.parse_args()
    if not args.attack:
        asyncio.run(serve_plainly())
        return
    os.nice(19)  # on a machine of its own an attacker would take no time of the others'
    for needed in FILES.get(args.attack, ()):
        _zip(*needed)
    print("ready", flush=True)
    began = time.process_time()
    answers = asyncio.run(all_attack(args.attack, args.port, args.model, args.seconds, args.pace))
    print(json.dumps({"answers": answers, "cpu": time.process_time() - began}))


if __name__ == "__main__":
    main()
