"""Who paints faster, the app or the visitor's own browser: a dragged slider of our page, in a real Chromium.

    python tests/bench/painters.py [--model letters --model cats ...] [--seconds 4] [--rounds 3]

The hand and the lag are those of latency.py. Each model is dragged with either painter in turns, whatever the page
would choose; the last columns say what the app's process works for one visitor who drags, and how often the page chose
that painter. The app of this bench shares its cores with the browser: elsewhere it is farther away, and visitors have
cores of their own.
"""

import argparse
import asyncio
import shutil
import statistics

from both import ROOT, STEP, Both  # first: it finds the project
from latency import CHROMIUM, OURS, WATCH, drag, lags, our_value
from machine import Foreign, cpu_seconds
from playwright.async_api import async_playwright

NAMES = ("letters", "cats", "people", "digits", "digits-dcgan")
TRIED = "(id) => studio.server.browser.networks.get(`${id}@`)?.tried"
CHOOSE = """(here) => Object.defineProperty(
  [...studio.server.browser.networks.values()].at(-1), "isFast", { value: here, configurable: true })"""


async def one_turn(browser, both: Both, name: str, here: bool, seconds: float) -> dict:
    """Open the page, drag with that painter, and say what was seen."""
    page = await browser.new_page(viewport={"width": 1280, "height": 900})
    await page.goto(f"{both.ours}?model={name}")
    await page.wait_for_function("window.studio?.explore?.sheetKey")
    await page.wait_for_function(TRIED, arg=name)
    chosen = await page.evaluate("studio.server.browser.by(studio.explore.recipe).here")
    await page.evaluate(CHOOSE, here)
    handle = page.locator("#psi input[type=range]").first
    await handle.press("ArrowLeft")
    await page.wait_for_timeout(1500)
    await page.evaluate(f"({WATCH})({OURS})")
    worked = cpu_seconds(both.process.pid)
    await drag(page, handle, seconds)
    worked = cpu_seconds(both.process.pid) - worked
    seen = await page.evaluate("bench")
    frames = [(at, await our_value(page, what)) for at, what in seen["frames"]]
    await page.close()
    begin, end = seen["moves"][0][0], seen["moves"][-1][0]
    found = lags(seen["moves"], frames)
    return dict(
        fps=sum(at <= end for at, _ in frames) / (end - begin) * 1000,
        median=statistics.median(found),
        p95=statistics.quantiles(found, n=20)[-1],
        worked=worked / seconds * 1000,
        chosen=chosen,
        last=abs(frames[-1][1] - seen["moves"][-1][1]) < STEP / 2,
    )


def row(name: str, here: bool, turns: list[dict], chosen: list[bool]) -> str:
    """Of the table: medians over the turns of one painter."""
    fps, lag, p95, worked = (
        statistics.median(turn[what] for turn in turns) for what in ("fps", "median", "p95", "worked")
    )
    painter, last = "browser" if here else "app", "yes" if all(turn["last"] for turn in turns) else "NO"
    numbers = f"{fps:>9.1f}{lag:>8.1f}{p95:>8.1f}{worked:>10.0f}"
    return f"{name:<14}{painter:<10}{numbers}  {chosen.count(here)} of {len(chosen)}, {last}"


async def measure(names: list[str], rounds: int, seconds: float) -> None:
    """Print the table as it comes."""
    print(f"{'':<14}{'painter':<10}{'frames/s':>9}{'lag ms':>8}{'p95 ms':>8}{'app ms/s':>10}  chosen, last value")
    foreign = Foreign()
    with Both(ROOT / "weights" / "letters") as both:
        async with async_playwright() as playwright:
            found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
            browser = await playwright.chromium.launch(executable_path=found, args=CHROMIUM)
            for name in names:
                turns = {True: [], False: []}
                for _ in range(rounds):
                    for here, made in turns.items():
                        made.append(await one_turn(browser, both, name, here, seconds))
                for here, made in turns.items():
                    print(row(name, here, made, [turn["chosen"] for turn in turns[True] + turns[False]]), flush=True)
            print(foreign.sentence())
            await browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", action="append", help=f"a bundled model (default: {', '.join(NAMES)})")
    parser.add_argument("--seconds", type=float, default=4, help="of dragging in each turn (default 4)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each painter (default 3)")
    args = parser.parse_args()
    asyncio.run(measure(args.model or list(NAMES), args.rounds, args.seconds))


if __name__ == "__main__":
    main()
