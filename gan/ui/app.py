"""GAN Studio in the browser: `python app.py` in a checkout, `gan-studio` where it is installed."""

import argparse
import os
import sys
from pathlib import Path

from gan import __version__
from gan.errors import StudioError

_ALONE = (None, "127.0.0.1", "localhost")  # where Gradio keeps pages of other sites out, too


def main() -> int:
    """Open the page and serve it until Ctrl-C. Returns the exit status: 2 with a sentence where it cannot be opened."""
    args = _parser().parse_args()
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # no request leaves this computer unless a person asks
    from gan.ui.page import Studio, build, launch  # Gradio reads its environment once, when it is imported

    shared = args.host not in _ALONE or "SPACE_ID" in os.environ  # several visitors: each stops their own runs only
    try:
        studio = Studio.open(args.runs, shared=shared)
        page = build(studio)
        url = launch(studio, page, args.host, args.port)
        print(f"GAN Studio is open at {url}  (Ctrl-C closes it)", flush=True)
        studio.warm_up()
    except (StudioError, OSError) as error:  # OSError: the port is taken
        print(error, file=sys.stderr)
        return 2
    page.block_thread()
    if studio.going_on:
        print("Training goes on without the page. Start it again to watch, or to stop it there.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="GAN Studio in the browser.")
    parser.add_argument(
        "--host", help="address to listen on (default: this computer only; 0.0.0.0: everybody in the room)"
    )
    parser.add_argument("--port", type=int, help="port to listen on (default: the first free one from 7860)")
    parser.add_argument(
        "--runs", type=Path, default=Path("runs"), help="folder of what is trained here (default: runs)"
    )
    parser.add_argument("--version", action="version", version=f"GAN Studio {__version__}")
    return parser
