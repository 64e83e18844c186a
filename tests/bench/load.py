"""A class that drags at once: our route beside the queue of a plain Gradio handler, over the same generator.

    python tests/bench/load.py [--people 50,20] [--seconds 6] [--rounds 3] [--model FOLDER]

Each person wants a picture of a new value five times a second, over one HTTP connection that stays open. Like a dragged
slider, a person who still waits for a picture does not ask for another one; of the wishes that come up meanwhile the
newest is kept. A picture's time counts from when it was wished for. On the plain page a picture is done when the queue
says so: the file that it names is not even fetched. This process is the class, another one serves both pages.
"""

import argparse
import asyncio
import json
import random
import statistics
import time

from both import HIGH, LOW, Both, a_model
from machine import Foreign

EVERY = 0.2  # seconds between a person's wishes
WARM = 1.0  # seconds at the beginning that do not count


class Connection:
    """As little of HTTP/1.1 as is needed, so that the class costs the machine as little as possible."""

    def __init__(self, url: str):
        self._host, _, port = url.removeprefix("http://").strip("/").partition(":")
        self._port = int(port)

    async def __aenter__(self) -> "Connection":
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        return self

    async def __aexit__(self, *_) -> None:
        self._writer.close()

    async def ask(self, path: str, body: dict | None = None) -> bytes:
        """The body of the answer to a GET, or to a POST of JSON."""
        data = b"" if body is None else json.dumps(body).encode()
        self._writer.write(
            f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nhost: {self._host}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(data)}\r\n\r\n".encode()
            + data
        )
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        if "chunked" in head:
            answer = b"".join([part async for part in self._chunks()])
        else:
            length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
            answer = await self._reader.readexactly(length)
        if " 200 " not in head.partition("\r\n")[0]:
            raise RuntimeError(f"{path}: {answer.decode()[:300]}")
        return answer

    async def _chunks(self):
        while length := int(await self._reader.readline(), 16):
            yield await self._reader.readexactly(length)
            await self._reader.readline()
        await self._reader.readline()


async def ask_ours(connection: Connection, person: int, value: float) -> None:
    await connection.ask("/studio/render", {"recipes": [{"model": ask_ours.model, "seed": person, "psi": value}]})


async def ask_plain(connection: Connection, person: int, value: float) -> None:
    session = f"person{person}"
    await connection.ask("/gradio_api/queue/join", {"data": [value], "fn_index": 0, "session_hash": session})
    told = await connection.ask(f"/gradio_api/queue/data?session_hash={session}")
    if b'"success":true' not in told:
        raise RuntimeError(told.decode()[-300:])


async def person(number: int, url: str, ask, began: float, until: float, times: list[tuple[float, float]]) -> None:
    """Drag until the end; `times` gets (when it was wished for, seconds until it was there)."""
    wish = began + random.random() * EVERY
    async with Connection(url) as connection:
        while wish < until:
            await asyncio.sleep(wish - time.monotonic())
            value = LOW + (HIGH - LOW) * random.random()
            await ask(connection, number, round(value, 2))
            now = time.monotonic()
            times.append((now, now - wish))
            wish += EVERY * max(1, (now - wish) // EVERY)


async def one_turn(url: str, ask, people: int, seconds: float) -> dict:
    times: list[tuple[float, float]] = []
    began = time.monotonic()
    until = began + WARM + seconds
    await asyncio.gather(*(person(i, url, ask, began, until, times) for i in range(people)))
    lags = [lag * 1000 for done, lag in times if began + WARM < done < until]
    return dict(done=len(lags) / seconds, median=statistics.median(lags), p95=statistics.quantiles(lags, n=20)[-1])


def table(people: int, turns: list[dict]) -> str:
    lines = [
        f"{people} people, {people / EVERY:.0f} pictures/s wanted",
        f"{'':<16}{'done/s':>10}{'median ms':>11}{'p95 ms':>9}",
    ]
    for side, name in (("plain", "plain handler"), ("ours", "our route")):
        values = [statistics.median(turn[side][what] for turn in turns) for what in ("done", "median", "p95")]
        lines.append(f"{name:<16}{values[0]:>10.1f}{values[1]:>11.1f}{values[2]:>9.1f}")
    ratios = [
        statistics.median(turn["ours"][what] / turn["plain"][what] for turn in turns)
        for what in ("done", "median", "p95")
    ]
    lines.append(f"{'ratio':<16}{ratios[0]:>10.2f}{ratios[1]:>11.3f}{ratios[2]:>9.3f}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", default="50,20", help="how many drag at once (default 50,20)")
    parser.add_argument("--seconds", type=float, default=6, help="of each turn that count (default 6)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each page (default 3)")
    parser.add_argument("--model", help="folder of a model (default weights/cats, else an untrained stylegan2)")
    args = parser.parse_args()

    random.seed(0)
    folder = a_model(args.model)
    ask_ours.model = folder.name
    with Both(folder) as both:
        for people in map(int, args.people.split(",")):
            foreign, turns = Foreign(), []
            for _ in range(args.rounds):
                turns.append(
                    dict(
                        plain=asyncio.run(one_turn(both.plain, ask_plain, people, args.seconds)),
                        ours=asyncio.run(one_turn(both.ours, ask_ours, people, args.seconds)),
                    )
                )
            print(f"{table(people, turns)}\n{foreign.sentence()}\n", flush=True)
    print("aim with 50 people: at least 4 times as many done, p95 below 120 ms")


if __name__ == "__main__":
    main()
