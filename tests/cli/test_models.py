"""`python -m gan models`, and what all commands share."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gan.cli.main import main
from gan.store.run_folder import Run
from gan.store.run_settings import RunSettings
from gan.studio.library.loaded import Models
from gan.training.records import StepRecord

ROOT = Path(__file__).parents[2]


def test_the_table(gan):
    done = gan("models")
    head, *rows = done.out.splitlines()
    assert done.status == 0 and done.err == ""
    assert head.split() == ["NAME", "MAKES", "FAMILY", "PICTURES", "CLASSES", "LICENCE", "MB"]
    assert [row.split("  ")[0] for row in rows] == ["cats", "digits", "points"]
    for text in ("Cats, drawn by nobody.", "mlp", "8 x 12 colour", "CC0", "0.0"):
        assert text in rows[0]
    assert "Digits" in rows[1] and "8 x 8 grey" in rows[1] and "CC BY 4.0" in rows[1]
    assert "none: 2 numbers" in rows[2] and "not said" in rows[2]
    column = head.index("FAMILY")
    assert {row[column : column + 3] for row in rows} == {"mlp"}


def test_for_programs(gan):
    cats, digits, points = json.loads(gan("models --json").out)
    assert cats["name"] == "cats" and cats["shape"] == [3, 12, 8] and cats["psi"] == 0.7 and cats["num_classes"] == 0
    assert digits["classes"] == ["zero", "One", "two, or so"] and digits["num_classes"] == 3
    assert points["shape"] == [2] and points["megabytes"] >= 0


def test_no_models(gan, tmp_path):
    empty = Models((tmp_path / "nowhere",))
    assert gan("models", empty).out.startswith("No models came with this copy.")
    assert json.loads(gan("models --json", empty).out) == []


def test_a_broken_model_is_left_out(gan, weights, caplog):
    (weights / "cats" / "config.json").write_text("{")
    assert "cats" not in gan("models").out and "config.json of cats cannot be read: it is not JSON" in caplog.text


def test_a_program_that_reads_only_the_start(models, monkeypatch, capsys):
    """As `python -m gan models | head -0` does."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as out:
        monkeypatch.setattr("sys.stdout", out)
        assert main(["models"], models) == 0
    assert capsys.readouterr().err == ""


def test_commands_that_do_not_exist(refused):
    assert "invalid choice: 'paint'" in refused("paint")
    assert "required: COMMAND" in refused([])
    assert "unrecognized arguments: --fast" in refused("models --fast")
    assert len(refused(["models", "x\x1b[31m\n" * 1000])) < 500


@pytest.mark.parametrize(
    "words",
    [
        "models",
        "models --json",
        "runs --root nowhere",
        "runs --root {runs}",
    ],
)
def test_what_only_prints_does_not_wait_for_torch(words, tmp_path):
    """Nor for the Hub's client, whether it lists what is there or complains."""
    run = tmp_path / "one"
    settings = RunSettings("x.npz", None, None, "mlp", {}, {}, (), {"loss": "hinge"}, {"title": "Mine"})
    Run.create(run, settings).write(StepRecord(3, 6, *[0.5] * 7))
    code = (
        "import sys; from gan.cli.main import main\ntry: main(sys.argv[1:])\n"
        "finally: assert not {'torch', 'huggingface_hub', 'gradio'} & set(sys.modules)"
    )
    words = words.format(runs=tmp_path).split()
    ended = subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "Traceback" not in ended.stderr, ended.stderr
    assert ("Mine" in ended.stdout) == (str(tmp_path) in words)
    assert ("cats" in ended.stdout) == (words in (["models"], ["models", "--json"]))
