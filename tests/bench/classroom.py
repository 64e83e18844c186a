"""A class in lesson 1, each pupil in a browser of their own: updates a second, and how soon a click is seen.

    python tests/bench/classroom.py [--pupils 10] [--seconds 30]

One Chromium with a context for each pupil opens the lesson and presses Play; every few seconds each pupil pauses, takes
a single step and plays on. An update is one step of both players. A click counts from its input event to the first
drawing of the screen after it. The games run in the pages: what the app is asked for meanwhile is counted, and so is
the processor time that it takes. Everything runs on this machine, so all pupils' browsers share its cores, which real
ones do not: the figures of --pupils 1 are nearer to what each of a class sees, those of 10 to the worst.
"""

import argparse
import asyncio
import random
import shutil
import statistics
from collections import Counter

from attacked import app
from machine import Foreign, cpu_seconds
from playwright.async_api import async_playwright

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
BETWEEN = 3.0  # seconds between two clicks of a pupil, give or take a third
WATCH = """() => {
  const seen = window.clicks = [];
  document.addEventListener("click", (event) => {
    requestAnimationFrame(() => { const channel = new MessageChannel();
      channel.port1.onmessage = () => seen.push(performance.now() - event.timeStamp);
      channel.port2.postMessage(0); });
  }, true);
}"""


class Pupil:
    """One page, and what it asked for."""

    def __init__(self, page, number: int):
        self.page, self.chance, self.asked = page, random.Random(number), Counter()
        page.on("request", lambda request: self.asked.update([request.url.partition("?")[0]]))

    async def arrive(self, url: str) -> int:
        """Open the lesson -> how many requests that took."""
        await self.page.goto(f"{url}?lesson=two-players")
        await self.page.wait_for_function("window.studio?.learn?.tables.length === 1", timeout=120_000)
        await self.page.wait_for_load_state("networkidle")
        await self.page.evaluate(WATCH)
        opened = self.asked.total()
        self.asked.clear()
        return opened

    async def play(self, seconds: float) -> float:
        """Updates a second of the time that it played."""
        played, clock = 0.0, asyncio.get_running_loop().time
        until = clock() + seconds
        await self.page.click("#learn-play")
        before = await self.steps()
        while clock() < until:
            began = clock()
            await asyncio.sleep(BETWEEN * self.chance.uniform(0.67, 1.33))
            await self.page.click("#learn-play")  # pause
            played += clock() - began
            await self.page.click("#learn-both")
            await self.page.click("#learn-play")
        await self.page.click("#learn-play")
        return (await self.steps() - before) / played

    async def steps(self) -> int:
        return await self.page.evaluate("studio.learn.tables[0].steps")


async def lesson(port: int, pid: int, pupils: int, seconds: float) -> None:
    async with async_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = await playwright.chromium.launch(executable_path=found, args=CHROMIUM)
        pages = [await (await browser.new_context()).new_page() for _ in range(pupils)]
        room = [Pupil(page, number) for number, page in enumerate(pages)]
        opened = [await pupil.arrive(f"http://127.0.0.1:{port}/") for pupil in room]
        foreign, used = Foreign(), cpu_seconds(pid)
        rates = await asyncio.gather(*(pupil.play(seconds) for pupil in room))
        used, sentence = cpu_seconds(pid) - used, foreign.sentence()
        clicks = [click for page in pages for click in await page.evaluate("clicks")]
        asked = sum((pupil.asked for pupil in room), Counter())
        await browser.close()
    cuts = statistics.quantiles(clicks, n=20)
    print(f"{pupils} pupils for {seconds:.0f} s, all on this machine's cores")
    print(f"updates a second each: {min(rates):.0f} to {max(rates):.0f}, median {statistics.median(rates):.0f}")
    print(f"clicks: {len(clicks)}, p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms")
    print(f"requests: {statistics.median(opened):.0f} to open the page; while playing {asked.total()} {dict(asked)}")
    print(f"the app took {used:.2f} s of processor time meanwhile. {sentence}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pupils", type=int, default=10, help="pages that play (default 10)")
    parser.add_argument("--seconds", type=float, default=30, help="of playing (default 30)")
    args = parser.parse_args()
    with app() as served:
        asyncio.run(lesson(served.port, served.pid, args.pupils, args.seconds))


if __name__ == "__main__":
    main()
