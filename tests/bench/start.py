"""How long one waits: from `python app.py` to the first answer over HTTP and to the first picture in a real Chromium.

    python tests/bench/start.py [--rounds 3] [--app app.py]

Beside it the time of `python -c "import torch, gradio"`, below which no app of these two can come. They take turns; the
table shows medians. The browser is open already and asks as soon as the app answers.
"""

import argparse
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from machine import Foreign
from playwright.sync_api import sync_playwright

APP = Path(__file__).resolve().parents[2] / "app.py"
LONGEST = 60  # seconds that an app may take


def imports() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch, gradio"], check=True)
    return time.perf_counter() - began


def app(path: Path, browser) -> tuple[float, float]:
    """Seconds to the first answer, and to the first picture."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, path.name, "--port", str(port)], cwd=path.parent, stdout=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}/"
        while not answers(url):
            if process.poll() is not None or time.perf_counter() - began > LONGEST:
                raise SystemExit(f"{path} did not start: are there models in weights/?")
            time.sleep(0.01)
        answered = time.perf_counter() - began
        page = browser.new_page()
        page.goto(url, wait_until="commit")
        page.wait_for_function("window.studio?.explore?.frames > 0", timeout=LONGEST * 1000)
        painted = time.perf_counter() - began
        page.close()
        return answered, painted
    finally:
        process.kill()
        process.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=LONGEST) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError):  # nobody listens yet
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="starts of each (default 3)")
    parser.add_argument("--app", type=Path, default=APP, help="an app.py beside its weights/ (default: this project's)")
    args = parser.parse_args()
    foreign, turns = Foreign(), []
    imports()  # once for the disk's sake
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(args.rounds):
            turns.append((imports(), *app(args.app.resolve(), browser)))
        told = foreign.sentence()
        browser.close()
    names = ("import torch, gradio", "app.py: first answer", "app.py: first picture")
    for name, times in zip(names, zip(*turns, strict=True), strict=True):
        print(f"{name:<24}{statistics.median(times):>6.2f} s")
    print(told)


if __name__ == "__main__":
    main()
