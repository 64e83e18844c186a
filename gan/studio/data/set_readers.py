"""What reads a set of pictures: it is told where to, in which size, whom to tell of it, and when it is its turn."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from gan.studio.data.dataset_doctor import Report
from gan.studio.data.sound_report import SoundReport
from gan.studio.data.word_lists import WordReport

Tell = Callable[..., None]
"""Told how many pictures are done, and in words what is being done where it is something else than reading them."""

Turn = contextlib.AbstractContextManager
"""One set is read at a time, since that takes a core: whoever enters this waits until it is this one."""

AnyReport = Report | WordReport | SoundReport

Reader = Callable[[Path, int, int, Tell, Turn], AnyReport]
"""Writes data.npz, words.txt or sounds.npz into a folder, in so many pixels and channels, and tells how it goes. What
it has to fetch it fetches first, so that others need not wait for a slow network; it reads in its turn."""


def in_turn(read: Callable[[Path, int, int, Tell], AnyReport]) -> Reader:
    """A reader that has nothing to fetch."""

    def reader(into: Path, side: int, channels: int, tell: Tell, turn: Turn) -> AnyReport:
        with turn:
            return read(into, side, channels, tell)

    return reader
