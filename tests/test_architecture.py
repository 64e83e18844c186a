"""The house rules, held from the sources and by really importing: who may import whom, and no work at import."""

import ast
import functools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "gan").rglob("*.py"))
CORE = ("networks", "latents", "training", "evaluation")
# Arrows point down: a part imports itself and what stands in a lower row. errors and knobs stand below all.
RANKS = {
    "errors": -2,
    "messages": -3,
    "field_metadata": -1,
    "interrupts": -1,
    "locales": -1,
    "networks": 0,
    "latents": 1,
    "evaluation": 2,
    "training": 3,
    "kinds": 3,
    "store": 4,
    "foreign": 5,
    "studio": 6,
    "export": 7,
    "cli": 8,
    "ui": 8,
}
# The same holds within a part, or a room, that has rooms of its own: a room is a folder or a file; "" stands for the
# files that are not named.
ROOMS = {
    "kinds": {"kind": 0, "": 1, "table": 2},
    "networks": {"": 0, "stylegan2": 1, "ported": 2, "lightweight": 3, "fastgan": 3, "registry": 4},
    "foreign": {"found": 0, "readers": 1, "stack": 1, "formats": 2, "convert": 3},
    "studio": {
        "": 0,
        "hub": 1,
        "library": 2,
        "data": 2,
        "lessons": 3,
        "runs": 3,
        "remote": 3,
        "scores": 4,
        "publishing": 5,
        "inversion": 5,
        "dragging": 5,
        "relatives": 5,
        "atlas": 5,
        "loops": 5,
    },
    "studio.data": {"drawn": 0, "": 1},
    "studio.runs": {"": 0, "worker": 1},
    "cli": {"options": 0, "parsers": 1, "": 2},
    "ui": {"": 0, "doors": 1, "tabs": 1, "routes": 1, "api": 1, "page": 2, "app": 3},
}
# What the core is made of: numbers, words and nothing that reaches a disk, a network, a clock or a process.
CORE_IMPORTS = {
    "torch",
    "numpy",
    "abc",
    "bisect",
    "collections",
    "contextlib",
    "copy",
    "dataclasses",
    "enum",
    "functools",
    "itertools",
    "json",
    "math",
    "operator",
    "re",
    "statistics",
    "types",
    "typing",
}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(name: str) -> str:
    """ "gan.studio.engine" -> "studio"; "gan" itself -> ""."""
    return (name.split(".") + [""])[1]


@functools.cache
def imports(path: Path, everywhere: bool = True) -> list[str]:
    """The modules that a file imports, as absolute names; with everywhere=False only those imported when it is."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.walk(tree) if everywhere else tree.body
    found = []
    for node in nodes:
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            found += [node.module] + [f"{node.module}.{alias.name}" for alias in node.names if node.module == "gan"]
    return found


MODULES = {module_name(path): path for path in SOURCES if path.name != "__main__.py"}


def test_the_parts_are_known():
    assert {part_of(name) for name in MODULES} - {""} <= set(RANKS)
    assert {"networks", "latents", "training"} <= {part_of(name) for name in MODULES}


@pytest.mark.parametrize("name", MODULES)
def test_arrows_point_down(name):
    mine = part_of(name)
    for other in imports(MODULES[name]):
        if part_of(other) in RANKS and part_of(other) != mine and other.startswith("gan."):
            assert RANKS[part_of(other)] < RANKS[mine], f"{name} imports {other}, which lies above or beside it"


def room_of(name: str, house: str) -> str:
    """In the house "studio" "gan.studio.runs.queue" -> "runs", and "" for a file without a row of its own."""
    room = name.removeprefix(f"gan.{house}.").split(".")[0]
    return room if room in ROOMS[house] else ""


def test_the_rooms_are_known():
    folders = [init.parent.relative_to(ROOT / "gan") for init in (ROOT / "gan").glob("*/**/__init__.py")]
    rooms = [folder for folder in folders if len(folder.parts) > 1]
    unknown = [folder for folder in rooms if folder.name not in ROOMS.get(".".join(folder.parts[:-1]), ())]
    assert not unknown, "say in ROOMS what they may import"
    assert Path("studio/runs/worker") in rooms


@pytest.mark.parametrize("house, name", [(h, n) for h in ROOMS for n in MODULES if n.startswith(f"gan.{h}.")])
def test_arrows_point_down_within_a_part(house, name):
    ranks, mine = ROOMS[house], room_of(name, house)
    for other in imports(MODULES[name]):
        if other.startswith(f"gan.{house}.") and other in MODULES and room_of(other, house) != mine:
            assert ranks[room_of(other, house)] < ranks[mine], f"{name} imports {other}, which lies above or beside it"


def test_the_command_line_hands_on_typed_values():
    """What argparse makes of the words is taken apart where they are parsed: nothing else takes its namespace."""
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if part_of(name) == "cli" and isinstance(node, ast.FunctionDef):
                given = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
                kinds = [ast.unparse(arg.annotation) for arg in node.args.args if arg.annotation]
                assert "args" not in given and not any("Namespace" in kind for kind in kinds), f"{name}: {node.name}"


@pytest.mark.parametrize("name", [n for n in MODULES if part_of(n) in CORE])
def test_the_core_knows_numbers_only(name):
    foreign = {other.split(".")[0] for other in imports(MODULES[name])} - CORE_IMPORTS - {"gan"}
    assert not foreign, f"{name} imports {foreign}"
    calls = [
        node.func.id
        for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert not {"open", "print", "input"} & set(calls)


def test_gradio_only_in_the_ui():
    for path in [*SOURCES, *ROOT.glob("*.py")]:
        if any(name.split(".")[0] in ("gradio", "gradio_client") for name in imports(path)):
            assert (ROOT / "gan" / "ui") in path.parents, path


def test_only_the_ui_and_the_app_import_the_ui():
    for name, path in MODULES.items():
        assert part_of(name) == "ui" or not any(other.startswith("gan.ui") for other in imports(path)), name


def run_python(code: str, *args: str) -> str:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", code, *args], env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_core_and_training_work_without_gradio_and_the_hub():
    """Also from the command line's side: training from scratch needs neither."""
    code = """
import importlib, sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("gradio", "gradio_client", "huggingface_hub"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
for name in sys.argv[1:]:
    importlib.import_module(name)
print(sorted({name.split(".")[0] for name in sys.modules} & {"gradio", "huggingface_hub"}))
"""
    core = [name for name in MODULES if part_of(name) in (*CORE, "errors", "messages", "field_metadata")]
    assert run_python(code, *core, "gan.cli.train").strip() == "[]"


def test_no_work_at_import():
    """Whatever the modules import of others is there already; then they may start, write and allocate nothing."""
    others = {name for path in SOURCES for name in imports(path, everywhere=False) if name.split(".")[0] != "gan"}
    code = """
import gc, importlib, sys, threading
others, mine = (text.split(",") for text in sys.argv[1:])
for name in others:
    importlib.import_module(name)
import torch
seen = []
def watch(event, args):
    writes = event == "open" and isinstance(args[1], str) and any(letter in args[1] for letter in "wax+")
    starts = ("socket.", "subprocess.", "os.mkdir", "os.rename", "os.remove", "os.system", "os.exec", "os.fork",
              "os.posix_spawn", "_thread.start_new_thread", "shutil.", "tempfile.", "signal.")
    if writes or event.startswith(starts):
        seen.append(f"{event} {args[:2]}")
def tensors():
    return {id(o): o for o in gc.get_objects() if isinstance(o, torch.Tensor)}
sys.addaudithook(watch)
threads, random = threading.active_count(), torch.get_rng_state()
before = tensors()
for name in mine:
    importlib.import_module(name)
assert not seen, seen
assert threading.active_count() == threads, threading.enumerate()
large = [tuple(t.shape) for i, t in tensors().items() if i not in before and t.numel() > 64]
assert not large, large
assert torch.equal(torch.get_rng_state(), random)
"""
    run_python(code, ",".join(sorted(others)), ",".join(MODULES))


def public_definitions(tree: ast.Module):
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_public_thing_says_what_it_is(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.name not in ("__init__.py", "__main__.py"):
        assert ast.get_docstring(tree), f"{path.name} has no docstring"
    silent = [node.name for node in public_definitions(tree) if not ast.get_docstring(node)]
    assert not silent, f"without a docstring in {path.name}: {silent}"


def test_no_paths_of_anyones_machine():
    """Somebody's home or workplace in a source works on that machine only."""
    paths = re.compile(r"(?<![\w./~-])/(?:home|Users|root|work|workspace|mnt)/\w|[A-Z]:\\\\Users")
    texts = [p for ending in ("py", "md", "toml", "txt", "yml", "json", "js", "css") for p in ROOT.rglob(f"*.{ending}")]
    for path in texts:
        inside = path.relative_to(ROOT).parts
        ours = inside[0] in ("gan", "tests", "weights", ".ci", ".github") or len(inside) == 1
        if ours and "node_modules" not in inside:
            found = paths.search(path.read_text(encoding="utf-8"))
            assert not found, f"{path.relative_to(ROOT)}: {found.group()}"


# Where files are written: everybody else takes what these give.
WRITERS = ("gan.store.files", "gan.store.passing", "gan.store.weights")  # that of safetensors has words of its own
WRITING = {"write_text", "write_bytes", "touch", "mkdir", "makedirs", "symlink_to", "hardlink_to"}
GIVEN = {"part", "archive"}  # names of what whole_file gave, and of a zip file that is written to it


def written_here(node: ast.Call) -> bool:
    """Whether a call makes a file or a folder, other than under the name that whole_file gave."""
    called, given = (
        ast.unparse(node.func),
        [ast.unparse(arg) for arg in (*node.args, *(k.value for k in node.keywords))],
    )
    owner, _, name = called.rpartition(".")
    if owner.split(".")[-1].lstrip("_") in GIVEN or (given and given[0].split(".")[-1].lstrip("_") in GIVEN):
        return False
    if owner in ("tempfile", "shutil") or called == "os.open":
        reads = name in ("gettempdir", "rmtree", "which", "get_terminal_size", "copyfileobj")
        return not reads and not (called == "os.open" and ("os.O_RDONLY" in given or given[0] == "os.devnull"))
    if name in ("save_file", "serialize_file"):
        return True
    if name in ("open", "ZipFile"):
        mode = [arg for arg in given if re.fullmatch("['\"][rwaxbt+]+['\"]", arg)]
        return any(set("wax+") & set(text) for text in mode)
    return name in WRITING and owner not in ("files", "")


def test_files_are_written_in_one_place():
    """So that each appears whole or not at all, and a full disk is told of by a sentence; see the test of every
    write."""
    elsewhere = [
        f"{name}:{node.lineno} {ast.unparse(node.func)}"
        for name, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if name not in WRITERS and isinstance(node, ast.Call) and written_here(node)
    ]
    assert elsewhere == [], "write through gan.store.files"


@pytest.mark.parametrize(
    "text, writes",
    [
        ("open(path, 'w')", True),
        ("open(path, mode='r+b')", True),
        ("path.open('ab')", True),
        ("Path(x).write_text('')", True),
        ("zipfile.ZipFile(path, 'w')", True),
        ("tempfile.TemporaryFile()", True),
        ("os.open(path, os.O_RDWR)", True),
        ("shutil.copyfile(a, b)", True),
        ("folder.mkdir()", True),
        ("save_file(tensors, part)", True),
        ("open(path)", False),
        ("path.open('rb')", False),
        ("part.open('wb')", False),
        ("zipfile.ZipFile(self._part, 'w')", False),
        ("write_bytes(path, data)", False),
        ("os.open(path, os.O_RDONLY)", False),
    ],
)
def test_what_counts_as_writing(text, writes):
    assert written_here(ast.parse(text).body[0].value) == writes


def test_no_bare_except_and_no_swallowed_errors():
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ExceptHandler) and node.type is None), f"{path.name}:{node.lineno}"
