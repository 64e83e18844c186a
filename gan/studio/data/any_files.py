"""Files that somebody gave, read as what they are: pictures, words or sounds."""

from collections.abc import Callable
from pathlib import Path

from gan.errors import StudioError
from gan.studio.data.intake import intake
from gan.studio.data.set_readers import AnyReport
from gan.studio.data.set_records import NO_PICTURES
from gan.studio.data.sound_sets import are_sounds, take_sounds
from gan.studio.data.word_lists import SUFFIX, take_words


def take_files(
    files: list[tuple[Path, str]], into: Path, side: int, channels: int, progress: Callable[[int], None] | None = None
) -> AnyReport:
    """Read files as sounds where more of them are WAV files than pictures, zips unpacked; as words where they are text
    files alone; else as pictures. Raises StudioError."""
    if are_sounds(files):
        return take_sounds(files, into, side, progress)
    if files and all(name.lower().endswith(SUFFIX) for _, name in files):
        return take_words(files, into, progress)
    if (side, channels) == NO_PICTURES:
        raise StudioError("This base makes words, and these are pictures.", "Give a text file of words, one a line.")
    return intake(files, into, side, channels, progress)
