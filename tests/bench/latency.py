"""How alive a dragged slider feels: our page beside a plain Gradio handler, in a real Chromium, over the same
generator.

    python tests/bench/latency.py [--seconds 5] [--rounds 3] [--model FOLDER]

A mouse drags the truncation slider of each page, about 60 moves a second, always upwards and again from the left, so
that a value tells when it was set. A frame counts when the screen is drawn with a picture that it did not have before.
The lag of a move is the time from its input event to the first drawing of a picture made for its value or a newer one.
The two pages take turns; the table shows medians over the rounds, and of the ratios the median of the rounds' own.
"""

import argparse
import asyncio
import shutil
import statistics
import time

import torch
from both import LOW, MARK, STEP, Both, a_model  # first: it finds the project
from machine import Foreign
from playwright.async_api import async_playwright

from gan.studio.library.loaded import Models

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
MOVES = 60  # a second
SWEEP = 2.0  # seconds from left to right; longer than any lag
SETTLE = 1.5  # seconds after the last move

# Both pages are watched alike: at each drawing of the screen, is there another picture than at the last one?
WATCH = """(picture) => {
  const seen = window.bench = { moves: [], frames: [] };
  let last = picture();
  document.addEventListener("input", (event) => {
    if (event.target.type === "range") seen.moves.push([performance.now(), event.target.valueAsNumber]);
  }, true);
  const look = () => {
    const now = picture();
    if (now !== null && now !== last) seen.frames.push([performance.now(), last = now]);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
OURS = "() => studio.explore.frames && `${studio.explore.frames} ${studio.explore.shown.psi ?? 1}`"
PLAIN = """() => {
  const image = document.querySelector("button img, .image-container img, .image-frame img");
  return image?.complete && image.naturalWidth ? image.currentSrc : null;
}"""
READ_MARK = """async ([source, square]) => {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight).getContext("2d");
  canvas.drawImage(image, 0, 0);
  return [0, 1, 2, 3, 4].map((i) => canvas.getImageData((i + 0.5) * square, square / 2, 1, 1).data[1]);
}"""


async def our_value(page, frame: str) -> float:
    return float(frame.split()[1])


async def plain_value(page, source: str) -> float:
    digits = [round(level / 85) for level in await page.evaluate(READ_MARK, [source, MARK])]
    return LOW + STEP * sum(digit << 2 * i for i, digit in enumerate(digits))


async def drag(page, slider, seconds: float) -> None:
    """Move the mouse with its button down, and hold it where it is at the end. A hand does not wait for the page."""
    box = await slider.bounding_box()
    mouse = await page.context.new_cdp_session(page)
    left, y, loop = box["x"] + 4, box["y"] + box["height"] / 2, asyncio.get_running_loop()

    def send(kind: str, x: float):
        return mouse.send("Input.dispatchMouseEvent", dict(type=kind, x=x, y=y, button="left", buttons=1, clickCount=1))

    await send("mousePressed", left)
    began, sent = loop.time(), []
    for i in range(int(seconds * MOVES)):
        along = i / MOVES % SWEEP / SWEEP
        sent.append(asyncio.ensure_future(send("mouseMoved", left + along * (box["width"] - 8))))
        await asyncio.sleep(began + (i + 1) / MOVES - loop.time())
    await asyncio.gather(*sent)
    await page.wait_for_timeout(SETTLE * 1000)
    await send("mouseReleased", left + along * (box["width"] - 8))


def lags(moves: list, frames: list) -> list[float]:
    """Milliseconds of each move until it, or a newer one, was seen."""
    newest, waiting, found = -1, 0, []
    for painted, value in frames:
        made_for = [i for i, (moved, to) in enumerate(moves) if moved <= painted and abs(to - value) < STEP / 2]
        newest = max(newest, *made_for[-1:], -1)
        while waiting <= newest:
            found.append(painted - moves[waiting][0])
            waiting += 1
    return found


async def one_turn(browser, url: str, picture: str, value, slider: str, seconds: float) -> dict:
    """Open the page, drag, and say what was seen."""
    page = await browser.new_page(viewport={"width": 1280, "height": 900})
    await page.goto(url)
    handle = page.locator(slider).first
    await handle.wait_for()
    if picture == OURS:
        await page.wait_for_function("window.studio?.explore?.sheetKey")
    await handle.press("ArrowLeft")  # the plain page shows its first picture only when asked
    await page.wait_for_function(f"({picture})()")
    await page.wait_for_timeout(500)
    await page.evaluate(f"({WATCH})({picture})")
    await drag(page, handle, seconds)
    seen = await page.evaluate("bench")
    frames = [(at, await value(page, what)) for at, what in seen["frames"]]
    await page.close()
    end = seen["moves"][-1][0]
    found = lags(seen["moves"], frames)
    return dict(
        fps=sum(at <= end for at, _ in frames) / (end - seen["moves"][0][0]) * 1000,
        moves=len(seen["moves"]) / (end - seen["moves"][0][0]) * 1000,
        median=statistics.median(found),
        p95=statistics.quantiles(found, n=20)[-1],
        last=abs(frames[-1][1] - seen["moves"][-1][1]) < STEP / 2,
    )


def forward(model, times: int = 60) -> float:
    """Milliseconds of one bare forward pass of one picture, in a loop."""
    took = []
    with torch.inference_mode():
        z = torch.randn(1, model.z_dim)
        for _ in range(times):
            began = time.perf_counter()
            model(z)
            took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def table(rounds: list[dict]) -> str:
    def median(side, what):
        return statistics.median(turn[side][what] for turn in rounds)

    lines = [f"{'':<16}{'moves/s':>9}{'frames/s':>10}{'lag ms':>8}{'p95 ms':>8}  last picture, last value"]
    for side, name in (("plain", "plain handler"), ("ours", "our page")):
        values = [median(side, what) for what in ("moves", "fps", "median", "p95")]
        last = "yes" if all(turn[side]["last"] for turn in rounds) else "NO"
        lines.append(f"{name:<16}{values[0]:>9.1f}{values[1]:>10.1f}{values[2]:>8.1f}{values[3]:>8.1f}  {last}")
    ratios = [
        statistics.median(turn["ours"][what] / turn["plain"][what] for turn in rounds)
        for what in ("fps", "median", "p95")
    ]
    lines.append(f"{'ratio':<25}{ratios[0]:>10.2f}{ratios[1]:>8.2f}{ratios[2]:>8.2f}  (aim: at least 2.5, at most 0.4)")
    return "\n".join(lines)


async def measure(folder, rounds: int, seconds: float) -> str:
    """Both pages in turns; what is to be printed."""
    generator = Models(roots=(folder.parent,), local=False).get(folder.name).generator
    foreign, turns, bare = Foreign(), [], []
    with Both(folder) as both:
        async with async_playwright() as playwright:
            found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
            browser = await playwright.chromium.launch(executable_path=found, args=CHROMIUM)
            for _ in range(rounds):
                bare.append(forward(generator))
                turns.append(
                    dict(
                        plain=await one_turn(browser, both.plain, PLAIN, plain_value, "input[type=range]", seconds),
                        ours=await one_turn(browser, both.ours, OURS, our_value, "#psi input[type=range]", seconds),
                    )
                )
            told = foreign.sentence()
            await browser.close()
    return f"bare forward pass of one picture: {statistics.median(bare):.1f} ms\n{table(turns)}\n{told}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5, help="of dragging in each turn (default 5)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each page (default 3)")
    parser.add_argument("--model", help="folder of a model (default weights/cats, else an untrained stylegan2)")
    args = parser.parse_args()

    torch.set_num_threads(1)
    print(asyncio.run(measure(a_model(args.model), args.rounds, args.seconds)))


if __name__ == "__main__":
    main()
