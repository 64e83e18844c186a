"""Whose a run is, and whose its training pictures are: two things, since anybody may branch a run.

A branch trains on with the pictures of the run that it came from; whoever made it does not get to see them.
"""

from pathlib import Path

from gan.store.run_reading import is_run
from gan.studio.runs.jobs import known_job
from gan.studio.visitors import digest

NOBODY = "nobody"  # the digest of no token
_MOST_PARENTS = 1000  # of a branch of a branch


def is_owner(folder: Path, visitor: str) -> bool:
    """Whether that visitor started the run. One whose job cannot be read is nobody's until it can."""
    job = known_job(folder)
    return job is not None and job.owner == digest(visitor)


def giver_of(root: Path, id: str) -> str:
    """The digest of whoever gave the pictures of a run below `root`; NOBODY where that is not known."""
    for _ in range(_MOST_PARENTS):
        folder = root / id
        job = known_job(folder) if is_run(folder) else None
        if job is None:
            return NOBODY
        if job.giver or not job.parent:
            return job.giver or job.owner or NOBODY
        id = job.parent  # made before it was written down
    return NOBODY
