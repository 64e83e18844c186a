"""The runs that "From dots to pictures" replays, recorded by tests/bench/recordings.py."""

import functools
import json
from pathlib import Path

from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import say

_FOLDER = Path(__file__).parent / "recordings"


@functools.cache
def recordings() -> dict:
    """{"seconds": CPU seconds of each run, "real": how far two halves of real digits are apart, and of each run by its
    name {"moments": [{"seconds", "steps"}], "frechet": how far its last samples are from real digits}}."""
    return json.loads((_FOLDER / "recordings.json").read_text(encoding="utf-8"))


def recording(name: str) -> bytes:
    """The moments of a run one below the other, as WebP. Raises StudioError where there is no such run."""
    if not isinstance(recordings().get(name), dict):
        raise StudioError(say("There is no recorded run called {name}.", name=show(name)), "Reload the page.")
    return (_FOLDER / f"{name}.webp").read_bytes()
