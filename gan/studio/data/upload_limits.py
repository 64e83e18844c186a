"""How much a visitor has given for one set of pictures, and may."""

from dataclasses import dataclass
from pathlib import Path

from gan.errors import StudioError
from gan.messages import say

MOST_BYTES = 2 * 2**30  # of one set's files as they came
MOST_FILES = 25_000  # of one set; a zip counts as one


@dataclass
class UploadLimits:
    """The files of a set that came or are coming, and their bytes. Only the event loop that receives them changes
    it."""

    last: int  # the largest number
    files: int
    bytes: int

    def begin(self) -> str:
        """The number of one more file. Raises StudioError where these are too many."""
        if self.files >= MOST_FILES:
            raise StudioError(
                say("These are more than {most_files:,} files.", most_files=MOST_FILES), "Choose fewer of them."
            )
        self.files += 1
        self.last += 1
        return f"{self.last:06d}"

    def add(self, count: int) -> None:
        """So many bytes more. Raises StudioError where these are too many."""
        self.bytes += count
        if self.bytes > MOST_BYTES:
            raise StudioError(
                say("These files are more than {most_bytes} GB.", most_bytes=MOST_BYTES // 2**30),
                "Choose fewer, or smaller ones.",
            )


def count(folder: Path) -> UploadLimits:
    """Of the files in a folder, which have numbers for names."""
    files = {int(path.name): path.stat().st_size for path in folder.iterdir()}
    return UploadLimits(max(files, default=0), len(files), sum(files.values()))
