"""Large pictures are unpacked in a process of their own: a hundred megabytes of pixels hold up every thread of the app
while they are laid out, and whoever drags a slider meanwhile would feel each of them."""

import contextlib
import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

import numpy as np

from gan.errors import StudioError
from gan.messages import say
from gan.studio.data.pictures import Seen, decode_seen, pixels_of

APART = 2_000_000  # pixels from which a picture is large
_NICE = 19
_PATIENCE = 10  # seconds for a process that has nothing to do any more


class Unpacker:
    """`decode_seen` for the pictures of one set. Use it in a `with`: the process begins with the first large picture,
    takes only what others leave of the processor, and ends with the block.

    A pool of one process would do, but where its process dies while a picture is sent to it, Python before 3.11.5 waits
    for it forever (gh-94777). Here the only other end of the pipe is the process's own, so that a broken one is told.
    """

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> "Unpacker":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def decode_seen(self, data: bytes, name: str, side: int, channels: int) -> tuple[np.ndarray, Seen]:
        """As gan.studio.data.pictures has it. Raises StudioError also where the process did not survive the picture,
        and OSError where the app is closing."""
        if pixels_of(data) < APART:
            return decode_seen(data, name, side, channels)
        pipe = self._pipe or self._begun()
        try:
            pipe.send((data, name, side, channels))
            done, found = pipe.recv()
        except (OSError, EOFError) as error:
            self._end()
            raise StudioError(
                say("{name} could not be unpacked: there was not enough memory.", name=name), "Make it smaller first."
            ) from error
        if not done:
            raise found
        return found

    def _begun(self) -> Connection:
        """The pipe to a new process."""
        spawn = multiprocessing.get_context("spawn")  # a fork would copy the app's threads' locks
        pipe, other = spawn.Pipe()
        process = spawn.Process(target=_unpack, args=(other,), daemon=True)
        try:
            process.start()
        except RuntimeError as error:  # no process begins while the app ends; half a set is none
            raise OSError("the app is closing") from error
        finally:
            other.close()
        self._process, self._pipe = process, pipe
        return pipe

    def _end(self) -> None:
        if self._process is None or self._pipe is None:
            return
        self._pipe.close()
        self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process = self._pipe = None


def _unpack(pipe: Connection) -> None:
    """The new process, until the pipe is closed. Ctrl-C is for the app, which ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICE)
    with contextlib.suppress(EOFError, OSError):
        while True:
            asked = pipe.recv()
            try:
                answer: tuple[bool, object] = True, decode_seen(*asked)
            except Exception as error:  # it belongs to who asked
                answer = False, error
            pipe.send(answer)
