"""Whether a run has a state to go on from, so that nobody begins anew over what it kept."""

from pathlib import Path

from gan.errors import StudioError
from gan.messages import say
from gan.store.files import MISSING, file_in
from gan.store.saved_state import check_state
from gan.store.snapshots import kept_steps
from gan.studio.runs.control import Status, read_status

_CONFIG, _STATE = "config.json", "state.safetensors"


def check_saved(folder: Path) -> None:
    """Raise StudioError where the saved state of a run is damaged, and where a run that has come further than its start
    has none: begun anew, it would write over what it kept."""
    if (folder / _STATE).exists():
        check_state(folder / _STATE)
        return
    if not (folder / _CONFIG).exists():
        return
    told = read_status(folder) or Status()
    if told.saved or any(step > 0 for step in kept_steps(folder)):
        raise StudioError(
            say("{file} is missing, and without it the run cannot go on.", file=file_in(folder / _STATE)),
            "Put it back, or branch from one of its snapshots.",
            MISSING,
        )
