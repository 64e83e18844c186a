"""How the folders of snapshots are called: snapshots/<step> in a run's folder, a step having seven digits or more."""

import re

SNAPSHOTS = "snapshots"
TYPED_STEP = re.compile(r"[0-9]{1,12}")


def is_step(name: str) -> bool:
    """Whether a snapshot's folder may be called so."""
    return bool(TYPED_STEP.fullmatch(name)) and name == f"{int(name):07d}"
