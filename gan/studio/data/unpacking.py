"""Large pictures are unpacked in a process of their own: a hundred megabytes of pixels hold up every thread of the app
while they are laid out, and whoever drags a slider meanwhile would feel each of them."""

import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import numpy as np

from gan.errors import StudioError
from gan.messages import say
from gan.studio.data.pictures import Seen, decode_seen, pixels_of

APART = 2_000_000  # pixels from which a picture is large
_NICE = 19


class Unpacker:
    """`decode_seen` for the pictures of one set. Use it in a `with`: the process begins with the first large picture,
    takes only what others leave of the processor, and ends with the block."""

    def __init__(self):
        self._process: ProcessPoolExecutor | None = None

    def __enter__(self) -> "Unpacker":
        return self

    def __exit__(self, *_) -> None:
        self._end()

    def decode_seen(self, data: bytes, name: str, side: int, channels: int) -> tuple[np.ndarray, Seen]:
        """As gan.studio.data.pictures has it. Raises StudioError also where the process did not survive the picture,
        and OSError where the app is closing."""
        if pixels_of(data) < APART:
            return decode_seen(data, name, side, channels)
        if self._process is None:
            spawn = multiprocessing.get_context("spawn")  # a fork would copy the app's threads' locks
            self._process = ProcessPoolExecutor(1, spawn, _begin)
        try:
            return self._process.submit(decode_seen, data, name, side, channels).result()
        except BrokenProcessPool as error:
            self._end()
            raise StudioError(
                say("{name} could not be unpacked: there was not enough memory.", name=name), "Make it smaller first."
            ) from error
        except RuntimeError as error:  # no process begins while the app ends; half a set is none
            raise OSError("the app is closing") from error

    def _end(self) -> None:
        if self._process is not None:
            self._process.shutdown(cancel_futures=True)
            self._process = None


def _begin() -> None:
    """In the new process: Ctrl-C is for the app, which ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICE)
