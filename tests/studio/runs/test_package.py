"""A run's model packed up, unpacked elsewhere and used there."""

import json
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan.cli.main import main
from gan.errors import StudioError
from gan.store.model_folder import read_config
from gan.store.run_folder import Run
from gan.studio.library.loaded import Models
from gan.studio.library.uploads import Uploads
from gan.studio.relatives import relatives
from gan.studio.runs.package import markdown, package
from gan.training.records import ChangeRecord

EVIL = "# <script>x</script> [a](b) *x* | y\n- z"


@pytest.fixture
def run(tmp_path):
    """Six steps with grids at every other and the model kept at every third."""
    data = tmp_path / "digits.npz"
    np.savez(data, images=np.random.RandomState(0).randint(0, 256, (12, 8, 8), dtype=np.uint8))
    words = [
        "train",
        f"--data={data}",
        "--family=mlp",
        "--net=hidden=8",
        "--net=z_dim=4",
        "--batch-size=4",
        "--record-every=1",
        "--grid-every=2",
        "--grid-size=4",
        "--snapshot-steps=3",
        "--steps=6",
        f"--out={tmp_path / 'run'}",
        f"--title={EVIL}",
        f"--summary={EVIL}",
        f"--licence={EVIL}",
        f"--about-data={EVIL}",
    ]
    assert main(words) == 0
    return Run.open(tmp_path / "run")


def unpacked(file: Path, into: Path) -> Path:
    """The one folder in the zip, unpacked."""
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        archive.extractall(into)
        stored = {Path(entry.filename).suffix: entry.compress_type for entry in archive.infolist()}
    assert (
        stored[".safetensors"] == stored.get(".webp", 0) == zipfile.ZIP_STORED and stored[".md"] == zipfile.ZIP_DEFLATED
    )
    (folder,) = into.iterdir()
    return folder


def test_the_newest_model_works_elsewhere(run, tmp_path):
    file = package(run, None, tmp_path / "packed")
    assert list((tmp_path / "packed").iterdir()) == [file]  # and nothing half-written beside it
    folder = unpacked(file, tmp_path / "elsewhere")
    assert folder.name == file.stem == "script-x-script-a-b-x-y-z-6"
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.md",
        "config.json",
        "curves.svg",
        "discriminator.safetensors",
        "events.jsonl",
        "grid.webp",
        "model.safetensors",
        "settings.json",
    ]
    for name in ("config.json", "model.safetensors", "discriminator.safetensors"):
        assert (folder / name).read_bytes() == (run.snapshot_path(6) / name).read_bytes()
    assert (folder / "grid.webp").read_bytes() == run.grid_path(6).read_bytes()
    assert Image.open(folder / "grid.webp").size == (16, 16)
    drawn = ElementTree.fromstring((folder / "curves.svg").read_text(encoding="utf-8"))
    assert [len(line.get("points").split()) for line in drawn.iter("{http://www.w3.org/2000/svg}polyline")] == 4 * [6]
    assert main(["generate", "--model", str(folder), "--seeds", "0-3", "--out", str(tmp_path / "grid.png")]) == 0
    assert Image.open(tmp_path / "grid.png").size == (16, 16)
    words = ["train", f"--data={run.settings.data}", f"--base={folder}", "--steps=1", f"--out={tmp_path / 'again'}"]
    assert main(words) == 0


def test_a_model_that_was_trained_on_takes_the_name_of_its_base_along(run, tmp_path):
    base = unpacked(package(run, None, tmp_path / "packed"), tmp_path / "box")
    words = ["train", f"--data={run.settings.data}", f"--base={base}", "--steps=1", f"--out={tmp_path / 'again'}"]
    assert main(words) == 0
    file = package(Run.open(tmp_path / "again"), None, tmp_path / "again")
    assert read_config(unpacked(file, tmp_path / "elsewhere")).trained["base"] == base.name  # and not where it lay
    id = Uploads(tmp_path / "uploads").add(file)  # which keeps nothing but the networks and their config
    models = Models((tmp_path / "box",), uploads=tmp_path / "uploads")
    assert models.get(id).base.id == base.name
    assert relatives(models, id, models.resolve(id), [base.name]) == [base.name]
    for name in ("config.json", "model.safetensors"):  # another model of that name
        (base / name).write_bytes((run.snapshot_path(3) / name).read_bytes())
    models = Models((tmp_path / "box",), uploads=tmp_path / "uploads")
    assert models.get(id).base is None and relatives(models, id, models.resolve(id), [base.name]) == []


def test_an_earlier_step_is_told_as_it_was_then(run, tmp_path):
    run.write(ChangeRecord(3, {"g_lr": 0.01}))  # after that step
    folder = unpacked(package(run, 3, tmp_path / "packed"), tmp_path / "elsewhere")
    assert read_config(folder).trained["steps"] == 3 and folder.name.endswith("-3")
    assert (folder / "grid.webp").read_bytes() == run.grid_path(2).read_bytes()
    assert [json.loads(line)["step"] for line in (folder / "events.jsonl").read_text().splitlines()] == [1, 2, 3, 3]
    assert json.loads((folder / "settings.json").read_text())["train"]["g_lr"] == 2e-4
    assert "| g_lr | 0.0002 |" in (folder / "README.md").read_text() and run.config().g_lr == 0.01
    assert (
        "| g_lr | 0.01 |"
        in unpacked(package(run, 6, tmp_path / "later"), tmp_path / "six").joinpath("README.md").read_text()
    )


def test_the_card_shows_words_as_they_are_and_no_folders(run, tmp_path):
    folder = unpacked(package(run, None, tmp_path / "packed"), tmp_path / "elsewhere")
    card = (folder / "README.md").read_text(encoding="utf-8")
    words = r"\# \<script\>x\</script\> \[a\](b) \*x\* \| y - z"
    assert card.startswith(f"# {words}\n\n{words}\n\n- Family: mlp") and f"- Licence: {words}\n" in card
    assert "(grid.webp)" in card and "(curves.svg)" in card and f"- Training pictures: {words}\n" in card
    texts = [
        path.read_text(encoding="utf-8")
        for path in folder.iterdir()
        if path.suffix in (".md", ".json", ".jsonl", ".svg")
    ]
    assert not any(str(tmp_path) in text for text in texts)


def test_large_events_and_missing_grids_are_left_out(run, tmp_path, monkeypatch):
    monkeypatch.setattr("gan.studio.runs.package._MOST_EVENT_BYTES", 100)
    for step in run.grids():
        run.grid_path(step).unlink()
    folder = unpacked(package(run, None, tmp_path / "packed"), tmp_path / "elsewhere")
    assert not {"events.jsonl", "grid.webp"} & {path.name for path in folder.iterdir()}
    assert "grid.webp" not in (folder / "README.md").read_text()


def test_what_was_not_kept_cannot_be_packed(run, tmp_path):
    with pytest.raises(StudioError, match="Step 4 of this run was not kept"):
        package(run, 4, tmp_path)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StudioError, match="cannot be written"):
        package(run, 3, tmp_path / "file")
    for step in run.snapshots():
        (run.snapshot_path(step) / "config.json").unlink()
    with pytest.raises(StudioError, match="has kept no model yet"):
        package(run, None, tmp_path)
    assert list(tmp_path.glob("*.zip")) == []


@pytest.mark.parametrize(
    "text, shown",
    [
        ("CC BY 4.0, the cats are by David Revoy", "CC BY 4.0, the cats are by David Revoy"),
        ("- a", r"\- a"),
        ("12. a", r"12\. a"),
        ("1) a", r"1\) a"),
        ("= x", r"\= x"),
        ("a\n\n# b", r"a \# b"),
        ("    code", "code"),
        ("a_b `c` &amp;", r"a\_b \`c\` \&amp;"),
        ("", ""),
        ("2020 cats", "2020 cats"),
        ("C:\\x", r"C:\\x"),
    ],
)
def test_markdown(text, shown):
    assert markdown(text) == shown
