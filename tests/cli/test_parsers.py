"""What is typed for each command is known without what computes: help and mistakes come at once."""

import subprocess
import sys
from pathlib import Path

from gan.cli.main import COMMANDS
from gan.export.forms import FORMS
from gan.export.names import FORM_NAMES
from gan.foreign.formats.names import FORMAT_FILES
from gan.foreign.formats.table import FORMATS

ROOT = Path(__file__).resolve().parents[2]

_ALL = """
import sys
from gan.cli.main import COMMANDS, main
for words in (["--help"], ["nope"], *([name, flag] for name in COMMANDS for flag in ("--help", "--nope"))):
    try:
        main(words)
    except SystemExit as end:
        assert end.code == (0 if "--help" in words else 2), words
found = {"torch", "gradio", "huggingface_hub", "PIL"} & set(sys.modules)
assert not found, found
"""


def test_help_and_mistakes_wait_for_nothing_that_computes():
    done = subprocess.run([sys.executable, "-c", _ALL], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert all(f"python -m gan {name}" in done.stdout for name in COMMANDS) and "e+0" not in done.stdout
    assert done.stderr.count("\n") == 1 + len(COMMANDS)  # a sentence for each mistake


def test_help_names_what_there_is():
    assert tuple(FORMATS) == tuple(FORMAT_FILES)
    assert tuple(FORMS) == FORM_NAMES
