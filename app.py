"""GAN Studio in the browser: python app.py"""

import argparse
import os

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")    # no request leaves this computer unless a person asks for one

from gan.ui.page import Studio, build, launch  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", help="address to listen on (default: this computer only; 0.0.0.0 for everybody in the room)")
    parser.add_argument("--port", type=int, help="port to listen on (default: the first free one from 7860)")
    args = parser.parse_args()
    studio = Studio.open()
    page = build(studio)
    url = launch(studio, page, args.host, args.port)
    print(f"GAN Studio is open at {url}  (Ctrl-C closes it)", flush=True)
    studio.warm_up()
    page.block_thread()


if __name__ == "__main__":
    main()
