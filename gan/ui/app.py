"""GAN Studio in the browser: `python app.py` in a checkout, `gan-studio` where it is installed."""

import argparse
import gc
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from gan import __version__
from gan.errors import StudioError
from gan.interrupts import STOPPED, leaving_at_once
from gan.locales import locale_of_computer
from gan.messages import say
from gan.ui.doors.hosts import is_alone, known_hosts, on_the_network
from gan.ui.doors.house import House
from gan.ui.doors.keys import Key, read_key
from gan.ui.ports import check_port
from gan.ui.space import is_space, settle


def main() -> int:
    """Open the page and serve it until Ctrl-C or SIGTERM. Returns the exit status: 2 with a sentence where it cannot be
    opened."""
    stopped = _spoken(say("Stopped."))
    try:
        with leaving_at_once(stopped, signal.SIGINT, signal.SIGTERM):
            args = _parser().parse_args()
            settle(os.environ)
            check_port(args.host, args.port)  # before seconds are spent
            key = read_key(args.auth)
            _import_the_page()
        signal.signal(signal.SIGTERM, _end)
        return _serve(args, key)
    except KeyboardInterrupt:  # while the page is built, or twice
        print(stopped, file=sys.stderr)
        return STOPPED
    except (StudioError, OSError) as error:
        print(_spoken(error.said if isinstance(error, StudioError) else str(error)), file=sys.stderr)
        return 2


def _spoken(message: str) -> str:
    """In the language that the terminal is set to."""
    return locale_of_computer(os.environ).translated(message)


def _import_the_page() -> None:
    """Torch, Gradio and all that stands on them."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # no request leaves this computer unless a person asks
    import gan.ui.page  # noqa: F401 (Gradio reads its environment once, when it is imported)


def _serve(args: argparse.Namespace, key: Key | None) -> int:
    from gan.ui.page import Studio, build, launch

    bound = args.host or os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1")
    shared = not is_alone(bound, os.environ)  # several visitors: each stops their own runs only
    studio = None
    try:
        house = _house(args, bound, key)
        studio = Studio.open(args.runs, shared=shared)
        page = build(studio)
        url = launch(studio, page, args.host, args.port, house)
        print(_spoken(say("GAN Studio is open at {url}  (Ctrl-C closes it)", url=house.address(url))), flush=True)
        if shown := on_the_network(args.host or "", url):  # in a container, whose address is nobody's, no host is given
            print(_spoken(say("Other computers of this network open {url}", url=house.address(shown))), flush=True)
        studio.warm_up()
        _spare_what_stays()
        page.block_thread()
        if studio.going_on:
            print(_spoken(say("Training goes on without the page. Start it again to watch, or to stop it there.")))
    finally:
        if studio is not None:  # what was only for its visitors goes with it
            studio.close()
    return 0


def _spare_what_stays() -> None:
    """What is loaded by now, a million objects of PyTorch and Gradio, stays until the end. Python would look through
    all of it for what is no longer needed, again and again, and everybody waits for a quarter of a second each time."""
    gc.collect()
    gc.freeze()


def _end(number: int, frame: FrameType | None) -> None:
    """SIGTERM ends the app as Ctrl-C does."""
    raise KeyboardInterrupt


def _house(args: argparse.Namespace, bound: str, key: Key | None) -> House:
    """Who may come in."""
    space = is_space(os.environ)
    hosts = known_hosts(bound, args.name, os.environ, args.root_path)
    return House(hosts, key, args.proxy or space, space, args.root_path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="GAN Studio in the browser.")
    parser.add_argument(
        "--host", help="address to listen on (default: this computer only; 0.0.0.0: everybody in the room)"
    )
    parser.add_argument("--port", type=int, help="port to listen on (default: the first free one from 7860)")
    parser.add_argument(
        "--runs", type=Path, default=Path("runs"), help="folder of what is trained here (default: runs)"
    )
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        help="another name that the studio is reached by, such as studio.example; may be given several times",
    )
    parser.add_argument(
        "--auth",
        default=os.environ.get("GAN_STUDIO_AUTH"),
        help="a key that visitors need: name:password, or link for an address with a secret in it "
        "(default: the variable GAN_STUDIO_AUTH; none: whoever reaches the studio comes in)",
    )
    parser.add_argument(
        "--proxy", action="store_true", help="a proxy stands before the studio: believe what it says of who asks"
    )
    parser.add_argument(
        "--root-path", default=os.environ.get("GRADIO_ROOT_PATH", ""), help="the path below which a proxy offers it"
    )
    parser.add_argument("--version", action="version", version=f"GAN Studio {__version__}")
    return parser
