"""Files made to do harm, and files chosen by mistake: each ends in an inert tree or in a sentence, soon and in little
memory."""

import json
import pickle
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from foreign import good_files
from foreign.hostile_files import CORPUS, MISTAKEN, attacks, ended

from gan.errors import StudioError
from gan.foreign.formats.modules import held, module_table
from gan.foreign.found import Found, Inert
from gan.foreign.readers.any_file import read_tree


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def program(name: str, *args: str) -> dict:
    """What one of the programs beside this one prints."""
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name(name), *args], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def read(folder: Path, data: bytes):
    path = folder / "hostile.pt"
    path.write_bytes(data)
    return read_tree(path, "hostile.pt")


def test_the_corpus_is_large():
    assert len(CORPUS) >= 60


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_file_does_nothing(tmp_path, name):
    build, refusal = CORPUS[name]
    sentinel = tmp_path / "was-run"
    data = build(str(sentinel))
    start = cpu_seconds()
    if refusal is None:
        tree = read(tmp_path, data)
        Found(name, tree).tables()
        for entry in good_files.all_stored(tree):
            entry.read()
    else:
        with pytest.raises(StudioError, match=refusal):
            read(tmp_path, data)
    assert cpu_seconds() - start < 2.5 + len(data) / 10e6
    assert not sentinel.exists() and set(tmp_path.iterdir()) == {tmp_path / "hostile.pt"}


@pytest.mark.parametrize(
    "name", ["os.system", "eval", "open", "object", "old-instance", "stack-global", "partial", "nested-pickle"]
)
def test_pythons_own_reader_would_have_run_it(tmp_path, name):
    """So that the test above can fail."""
    sentinel, path = tmp_path / "was-run", tmp_path / "hostile.pkl"
    path.write_bytes(ended(attacks(str(sentinel))[name]))
    subprocess.run([sys.executable, "-c", "import pickle, sys; pickle.load(open(sys.argv[1], 'rb'))", path], timeout=60)
    assert sentinel.exists()


@pytest.mark.parametrize("name", MISTAKEN)
def test_a_file_chosen_by_mistake_is_called_what_it_is(tmp_path, name):
    data, what = MISTAKEN[name]
    with pytest.raises(StudioError, match=re.escape(what)) as caught:
        read(tmp_path, data)
    assert caught.value.message.startswith("hostile.pt ") and caught.value.message.endswith(".") and caught.value.hint


def test_what_is_no_file_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(StudioError, match="not a file|cannot be read"):
            read_tree(path, "x")


@pytest.mark.parametrize("name", good_files.GOOD)
def test_a_file_cut_short_anywhere_is_refused(tmp_path, name):
    """At some sixty places, and at the last byte."""
    data = good_files.GOOD[name]()
    for size in {len(data) - 1, *range(1, len(data), len(data) // 60)}:
        with pytest.raises(StudioError):
            read(tmp_path, data[:size])


def test_calls_are_written_down_and_not_made(tmp_path):
    tree = read(tmp_path, ended(attacks("x")["os.system"]))
    assert tree == Inert("os.system", ("touch 'x'",))
    assert module_table(read(tmp_path, pickle.dumps(good_files.module()))) and held(tree) is None


def test_thousands_of_damaged_files_end_in_a_tree_or_a_sentence():
    """In a process that sees every import, file, call of the system and compiled text (fuzz.py)."""
    seen = program("fuzz.py", "4000", "1")
    assert seen["trees"] + seen["refused"] == 4000 and seen["trees"] > 200 and seen["refused"] > 200, seen
    assert seen["slowest"] < 1 and seen["seconds"] < 25 and seen["grown"] < 50, seen


def test_instructions_that_unfold_stay_within_the_allowance():
    """A megabyte of one thing over and over (unfolding.py): the file's pages, its length again, and 50 MB."""
    seen = program("unfolding.py", "1")
    assert len(seen) > 10 and all(grown < 1 + 1 + 50 + 4 and seconds < 2 for grown, seconds in seen.values()), seen
