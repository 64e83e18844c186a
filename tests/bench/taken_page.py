"""How alive a model's own page is: bytes, the first picture, and the lag of a dragged slider, in a real Chromium.

    python tests/bench/taken_page.py [--model letters --model cats] [--seconds 4]

A mouse drags the truncation slider, about 60 moves a second. The lag of a move is the time from its input event until
the picture that was painted next is on its canvas; moves that a newer one overtook are counted with that one.
"""

import argparse
import functools
import http.server
import shutil
import statistics
import tempfile
import threading
import time
from pathlib import Path

import both  # noqa: F401 (first: it finds the project)
from machine import Foreign
from playwright.sync_api import sync_playwright

from gan.export.web import export_web
from gan.studio.library.loaded import Models

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
MOVES = 60  # a second
WATCH = """
const seen = window.bench = { first: null, lags: [] };
let moved = null;
addEventListener("input", () => { moved ??= performance.now(); }, true);
const drawImage = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (...given) {
  drawImage.apply(this, given);
  seen.first ??= performance.now();
  if (moved !== null) { seen.lags.push(performance.now() - moved); moved = null; }
};
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files, and no word about them."""

    def log_message(self, *_):
        pass


def drag(page, seconds: float) -> None:
    box = page.get_by_role("slider").first.bounding_box()
    height, began = box["y"] + box["height"] / 2, time.monotonic()
    page.mouse.move(box["x"] + 5, height)
    page.mouse.down()
    while (spent := time.monotonic() - began) < seconds:
        page.mouse.move(box["x"] + 5 + (spent % 2) / 2 * (box["width"] - 10), height)
        time.sleep(1 / MOVES)
    page.mouse.up()


def measured(browser, url: str, seconds: float) -> tuple[float, list[float]]:
    """Milliseconds to the first picture, and the lags."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(WATCH)
    page.goto(url)
    page.wait_for_function("() => window.bench.first !== null")
    page.wait_for_timeout(2000)  # small pictures, and the kernel compiled for good
    page.evaluate("window.bench.lags.length = 0")
    drag(page, seconds)
    told = page.evaluate("window.bench")
    page.close()
    return told["first"], told["lags"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", action="append", help="a model (default: letters and cats)")
    parser.add_argument("--seconds", type=float, default=4.0)
    args = parser.parse_args()
    models = Models()
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM)
        foreign = Foreign()
        for name in args.model or ["letters", "cats"]:
            folder = export_web(models.get(name), Path(home) / name)
            size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
            with http.server.ThreadingHTTPServer(
                ("127.0.0.1", 0), functools.partial(Quiet, directory=folder)
            ) as server:
                threading.Thread(target=server.serve_forever, daemon=True).start()
                first, lags = measured(browser, f"http://127.0.0.1:{server.server_port}/", args.seconds)
                server.shutdown()
            slow = statistics.quantiles(lags, n=10)[-1]
            median = statistics.median(lags)
            print(f"{name}: {size / 1e6:.1f} MB, first picture {first:.0f} ms, lag {median:.1f} ms, p90 {slow:.1f}")
        print(foreign.sentence())
        browser.close()


if __name__ == "__main__":
    main()
