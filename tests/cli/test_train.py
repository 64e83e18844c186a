"""`python -m gan train`: runs from scratch and from a base, that stop and go on exactly, and every way to be wrong."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from waiting import wait_for

from gan.field_metadata import table
from gan.store.model_folder import load_discriminator, load_generator, read_config
from gan.store.run_folder import Run
from gan.store.saved_state import load_state
from gan.studio.engine import Engine
from gan.studio.recipes import Recipe
from gan.studio.runs.control import read_status, touch_watched
from gan.studio.runs.pins import kept_fixed
from gan.training.config import TrainConfig
from gan.training.records import ChangeRecord

ROOT = Path(__file__).resolve().parents[2]
SMALL = "--family mlp --net hidden=8 --net z_dim=4 --batch-size 4 --record-every 1 --grid-every 0 --grid-size 4"


@pytest.fixture
def digits(tmp_path):
    """Twelve grey pictures of 8 pixels in three classes."""
    path = tmp_path / "digits.npz"
    np.savez(
        path, images=np.random.RandomState(0).randint(0, 256, (12, 8, 8), dtype=np.uint8), labels=np.arange(12) % 3
    )
    return path


@pytest.fixture
def pictures(tmp_path):
    """A zip of six pictures in two folders."""
    path, rng = tmp_path / "pictures.zip", np.random.RandomState(1)
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(6):
            with archive.open(f"{'ab'[i % 2]}/{i}.png", "w") as file:
                Image.fromarray(rng.randint(0, 256, (10, 14, 3), dtype=np.uint8)).save(file, "PNG")
    return path


def start(words: str, cwd: Path) -> subprocess.Popen:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "gan", *words.split()],
        cwd=cwd,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def same_states(first: Path, second: Path) -> None:
    one, two = (load_file(folder / "state.safetensors") for folder in (first, second))
    assert one.keys() == two.keys() and [name for name in one if not torch.equal(one[name], two[name])] == []
    assert Run.open(first).events() == Run.open(second).events()


# From scratch


def test_from_scratch_as_a_person_types_it(cold_starts, digits, tmp_path):
    process = start(f"train --data {digits} {SMALL} --steps 6 --grid-every 3 --out runs/one --title Tiny", tmp_path)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out == "Done at step 6. The model is in runs/one/snapshots/0000006.\n"
    assert "step 1 " in err and "Traceback" not in err and "Warning" not in err
    run = Run.open(tmp_path / "runs/one")
    assert [r.step for r in run.events()] == [1, 2, 3, 4, 5, 6] and run.settings.data == str(digits)
    assert sorted(p.name for p in run.path.iterdir()) == [
        ".lock",
        "config.json",
        "events.jsonl",
        "grids",
        "snapshots",
        "state.safetensors",
        "status.json",
    ]
    assert sorted(p.name for p in (run.path / "grids").iterdir()) == ["0000000.webp", "0000003.webp", "0000006.webp"]
    model = run.path / "snapshots/0000006"
    assert sorted(p.name for p in model.iterdir()) == [
        "README.md",
        "config.json",
        "discriminator.safetensors",
        "model.safetensors",
    ]
    config = read_config(model)
    assert (config.title, config.classes, config.trained["steps"], config.trained["pictures_seen"]) == (
        "Tiny",
        ("0", "1", "2"),
        6,
        24,
    )
    assert load_generator(model, config).image_shape == (1, 8, 8)


@pytest.mark.parametrize("family, nets", [("dcgan", "width=1"), ("stylegan2", "channel_max=4")])
def test_families_on_a_zip_of_pictures(gan, pictures, family, nets):
    done = gan(
        f"train --data {pictures} --side 16 --family {family} --net {nets} --net z_dim=4 --label folder "
        "--steps 2 --batch-size 2 --grid-size 4 --out run --augment flip,cutout --mirror"
    )
    assert done.status == 0, done.err
    config = read_config(Path("run/snapshots/0000002"))
    assert config.classes == ("a", "b") and config.generator["side"] == 16 and config.generator["z_dim"] == 4
    assert (
        Run.open("run").settings.train["augment"] == ["flip", "cutout"]
        and Run.open("run").settings.train["mirror"] is True
    )


def test_what_is_left_out_is_named_before_it_begins(gan, tmp_path):
    """One photo that was cut short does not end a run; how an .npz was read is said, too."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for i in range(11):
        Image.new("RGB", (20, 20), (20 * i, 0, 90)).save(folder / f"{i}.jpg")
    (folder / "7.jpg").write_bytes((folder / "7.jpg").read_bytes()[:300])
    done = gan(f"train --data {folder} --side 8 {SMALL} --steps 1 --out one")
    assert done.status == 0 and "1 file could not be read and was left out: 7.jpg.\n" in done.err
    np.savez(tmp_path / "k.npz", x_train=np.random.RandomState(0).rand(6, 1, 8, 8), y_train=np.eye(2)[[0, 1] * 3])
    done = gan(f"train --data {tmp_path / 'k.npz'} {SMALL} --steps 1 --out two")
    assert done.status == 0 and "k.npz was read like this: The pictures are the array x_train. Channels" in done.err
    assert read_config(Path("two/snapshots/0000001")).classes == ("0", "1")


def test_the_articles_pair_by_its_name(gan):
    """On digits that are drawn here, with what makes it work, and lines as articles have them."""
    done = gan("train --classic article --data example:digits --steps 2 --record-every 1 --batch-size 8 --out run")
    assert done.status == 0, done.err
    lines = [line for line in done.out.splitlines() if "D loss" in line]
    assert [bool(re.fullmatch(r"[12] \[D loss: [0-9.]+, acc.: [0-9.]+%\] \[G loss: [0-9.]+\]", x)) for x in lines] == [
        True
    ] * 2
    settings = Run.open(Path("run")).settings
    assert settings.family == "mlp" and settings.generator["image_shape"] == [1, 28, 28] and not settings.classes
    assert settings.generator["hidden"] == [256, 512, 1024] and settings.discriminator["hidden"] == [1024, 512, 256]
    train = settings.train
    assert (train["g_lr"], train["beta1"], train["penalty"], train["batch_size"]) == (1e-3, 0.0, "r1", 8)
    assert gan("train --classic article --resume --steps 3 --record-every 1 --batch-size 8 --out run").status == 0
    assert gan("train --classic article --family mlp --data example:digits --steps 1 --out two").status == 2
    assert "The examples are" in gan("train --classic article --data example:cars --steps 1 --out two").err


def test_points(gan, tmp_path):
    np.savez(tmp_path / "points.npz", points=np.random.RandomState(0).randn(20, 2))
    done = gan(f"train --data {tmp_path / 'points.npz'} {SMALL} --net tanh=off --steps 2 --out run --grid-every 1")
    assert done.status == 0, done.err
    assert read_config(Path("run/snapshots/0000002")).generator["image_shape"] == [2]
    assert gan("train --resume --steps 3 --out run").status == 0


def test_the_seed_is_the_run(gan, digits):
    for out, seed in (("one", 5), ("two", 5), ("three", 6)):
        assert gan(f"train --data {digits} {SMALL} --steps 3 --seed {seed} --out {out}").status == 0
    same_states(Path("one"), Path("two"))
    assert Run.open("one").events() != Run.open("three").events()


def test_snapshots_and_time(gan, digits):
    done = gan(f"train --data {digits} {SMALL} --record-every 100 --steps 7 --snapshot-steps 3 --out run")
    assert done.status == 0 and [p.name for p in sorted(Path("run/snapshots").iterdir())] == [
        "0000000",
        "0000001",
        "0000003",
        "0000006",
        "0000007",
    ]
    run = Run.open("run")
    assert [read_config(run.snapshot_path(step)).trained["steps"] for step in run.snapshots()] == [0, 1, 3, 6, 7]
    done = gan(f"train --data {digits} {SMALL} --record-every 100000 --minutes 0.003 --out timed")
    assert done.status == 0 and "Continue with: python -m gan train --out timed --resume" in done.out


def test_grids_by_time_change_nothing_else(gan, digits):
    """Watched from the start: a grid before every step but the last few, and after it."""
    words = f"train --data {digits} {SMALL} --steps 12 --snapshot-steps 4"
    assert gan(f"{words} --out without").status == 0
    Path("with").mkdir()
    touch_watched(Path("with"))
    assert gan(f"{words} --grid-seconds 1e-9 --out with").status == 0
    same_states(Path("without"), Path("with"))
    assert Path("without/events.jsonl").read_bytes() == Path("with/events.jsonl").read_bytes()
    assert Run.open("without").grids() == [12]
    grids = Run.open("with").grids()
    assert grids[:4] == [0, 1, 2, 3] and grids[-1] == 12
    for step in (0, 1, 2, 4, 8, 12):
        assert all((Run.open(out).snapshot_path(step) / "config.json").exists() for out in ("with", "without"))


def test_grids_by_time_are_few_where_nobody_watches(gan, digits):
    assert gan(f"train --data {digits} {SMALL} --steps 12 --grid-seconds 3600 --out run").status == 0
    assert Run.open("run").grids() == [0, 12]


# From a base


def test_fine_tuning_starts_from_the_base(gan, weights, digits):
    done = gan(
        f"train --data {digits} --base digits --steps 2 --g-lr 0 --d-lr 0 --batch-size 4 --out run --summary Mine"
    )
    assert done.status == 0, done.err
    base, tuned = weights / "digits", Path("run/snapshots/0000002")
    for name in ("model.safetensors", "discriminator.safetensors"):
        before, after = load_file(base / name), load_file(tuned / name)
        assert all(torch.equal(before[key], after[key]) for key in before)
    config = read_config(tuned)
    assert config.pixel_art and config.classes == ("zero", "One", "two, or so") and config.summary == "Mine"
    assert config.generator == read_config(base).generator
    assert "fine-tuned from digits" in (tuned / "README.md").read_text()


def test_a_base_without_a_discriminator_gets_a_new_one_that_learns_alone_at_first(gan, weights, digits):
    base = weights / "digits"
    (base / "discriminator.safetensors").unlink()
    config = json.loads((base / "config.json").read_text())
    del config["discriminator"]
    (base / "config.json").write_text(json.dumps(config))
    words = f"train --data {digits} --base digits --batch-size 4 --record-every 1 --signals-every 0 --g-lr 0.01"
    done = gan(f"{words} --steps 3 --warmup-steps 2 --snapshot-steps 2 --out run --seed 5")
    assert done.status == 0, done.err
    assert done.err.startswith(
        "digits comes without a discriminator: a new one is made, and learns alone for the first 2 steps.\n"
    )
    assert done.out.startswith("Step 0: The discriminator is new and learns alone until step 2; the generator waits.\n")
    was, waited, moved = (
        load_file(folder / "model.safetensors")
        for folder in (base, Path("run/snapshots/0000002"), Path("run/snapshots/0000003"))
    )
    assert all(torch.equal(was[key], waited[key]) for key in was) and any(
        not torch.equal(was[key], moved[key]) for key in was
    )
    pair = read_config(Path("run/snapshots/0000003"))
    assert (
        pair.discriminator
        == Run.open("run").settings.discriminator
        == dict(image_shape=[1, 8, 8], num_classes=3, hidden=[16])
    )
    discriminator = load_discriminator(Path("run/snapshots/0000003"), pair)
    assert discriminator.image_shape == (1, 8, 8)
    assert gan("train --out run --resume --steps 5").status == 0  # the run holds all that it needs
    assert gan(f"{words} --steps 5 --warmup-steps 2 --out whole --seed 5").status == 0
    same_states(Path("run"), Path("whole"))
    assert "for the first 200 steps." in gan(f"{words} --steps 1 --out other").err
    assert Run.open("other").settings.train["warmup_steps"] == 200


def test_fine_tuning_moves_away_and_goes_on_exactly(gan, weights, digits):
    words = f"train --data {digits} --base {weights / 'digits'} --batch-size 4 --record-every 1"
    assert gan(f"{words} --steps 6 --out whole").status == 0
    assert gan(f"{words} --steps 2 --out parts").status == 0
    assert gan("train --resume --steps 6 --out parts").status == 0
    same_states(Path("whole"), Path("parts"))
    before = load_file(weights / "digits/model.safetensors")
    after = load_file("whole/snapshots/0000006/model.safetensors")
    assert any(not torch.equal(before[key], after[key]) for key in before)


def test_a_base_takes_the_pictures_in_its_own_size(gan, pictures, digits):
    assert gan(f"train --data {pictures} --base points --steps 1 --out a").status == 2  # pictures are no points
    assert gan(f"train --data {digits} --base cats --steps 1 --label none --out b").status == 2  # 12 x 8 pixels


# Pins

PINS = [
    dict(model="digits", seed=5, label=1, psi=0.6, directions=[2.0, -1.0]),
    dict(model="cats", seed=1),
    dict(model="digits", seed=9, walk=[[3, 0.4]], overrides=[[2, 3.0]]),
]


def first_row(run: Run, step: int, count: int) -> np.ndarray:
    """The first pictures of a grid of 8 pixels: (count, 8, 8, 3)."""
    picture = np.asarray(Image.open(run.grid_path(step)).convert("RGB")).astype(int)
    return np.stack([picture[:8, 8 * i : 8 * i + 8] for i in range(count)])


def test_pins_are_the_first_pictures_of_all_grids_also_of_a_run_whose_base_is_gone(gan, models, weights, digits):
    Path("pins.json").write_text(json.dumps(PINS))
    words = f"train --data {digits} --base digits --batch-size 4 --record-every 1 --grid-size 4 --grid-every 2"
    assert gan(f"{words} --pins pins.json --steps 6 --out whole").status == 0
    assert gan(f"{words} --pins pins.json --steps 2 --out parts").status == 0
    want = Engine(models).render([Recipe.from_json(pin) for pin in PINS if pin["model"] == "digits"])
    whole, parts = Run.open("whole"), Run.open("parts")
    assert abs(first_row(whole, 0, 2) - want).max() <= 1 and abs(first_row(whole, 6, 2) - want).max() > 1
    Path("pins.json").unlink()
    shutil.rmtree(weights)
    assert gan("train --resume --steps 6 --out parts").status == 0
    assert whole.grids() == parts.grids() == [0, 2, 4, 6]
    assert all(whole.grid_path(step).read_bytes() == parts.grid_path(step).read_bytes() for step in whole.grids())
    same_states(whole.path, parts.path)


def test_pins_of_one_row_at_most_and_of_the_base_only(gan, digits):
    words = (
        f"train --data {digits} --base digits --steps 1 --grid-size 4 --batch-size 4 --grid-every 0 "
        "--pins pins.json --out"
    )
    for out, pins, count in (("many", 3 * PINS, 2), ("none", PINS[1:2], None), ("empty", [], None)):
        Path("pins.json").write_text(json.dumps(pins))
        assert gan(f"{words} {out}").status == 0
        kept = kept_fixed(Path(out))
        assert (kept and len(kept)) == count


def test_a_run_that_diverges_says_so_within_a_hundred_steps_in_numbers_for_people(gan, digits):
    """With the usual records, one in ten steps, and with rare ones."""
    pair = "--family mlp --net hidden=64 --net z_dim=4 --batch-size 4 --grid-every 0 --grid-size 4"
    wild = f"train --data {digits} {pair} --g-lr 1 --d-lr 1 --penalty none --steps 100"
    done = gan(f"{wild} --signals-every 0 --out wild")
    step = re.search(r"^Step (\d+): Training has broken down: its numbers are no longer meaningful\.", done.out, re.M)
    assert int(step[1]) <= 100 and "--g-lr 0.1 --d-lr 0.1" in done.out
    assert "Training has broken down" in gan(f"{wild} --record-every 50 --out rare").out
    losses = re.findall(r" [DG] (-?\d\S*)", done.err)
    assert losses and all(re.fullmatch(r"-?(\d{1,4}\.\d{3}|\d\.\de\d+)", loss) for loss in losses), losses


# Stopping and going on


@pytest.mark.parametrize("family", ["--family stylegan2 --net channel_max=4 --net z_dim=4 --net w_dim=4", SMALL])
def test_resuming_is_not_stopping_bit_for_bit(gan, digits, family):
    words = (
        f"train --data {digits} {family} --batch-size 4 --record-every 3 --penalty gradient --d-steps 2 --mirror "
        "--augment brightness,translation --augment-p 0.5 --grid-every 0"
    )
    assert gan(f"{words} --steps 8 --out whole").status == 0
    assert gan(f"{words} --steps 4 --out parts").status == 0
    assert gan("train --out parts --resume --steps 8").status == 0
    same_states(Path("whole"), Path("parts"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_saves_and_the_run_goes_on_exactly(gan, digits, number):
    words = f"train --data {digits} {SMALL} --record-every 2"
    process = start(f"{words} --steps 100000000 --out stopped", gan.folder)
    wait_for(Path("stopped/events.jsonl").exists, process)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0 and "Traceback" not in err, err
    step = int(re.match(r"Stopped at step (\d+)\. The model is in ", out)[1])
    assert "Continue with: python -m gan train --out stopped --resume --steps N" in out
    assert load_state(Path("stopped/state.safetensors"))["step"] == step
    assert read_config(Path(f"stopped/snapshots/{step:07d}")).trained["steps"] == step
    assert gan(f"train --out stopped --resume --steps {step + 3}").status == 0
    assert gan(f"{words} --steps {step + 3} --out whole").status == 0
    same_states(Path("whole"), Path("stopped"))


def test_an_interrupt_need_not_wait_for_a_record(gan, digits):
    words = f"train --data {digits} {SMALL} --record-every 100000 --grid-every 1000000"
    process = start(f"{words} --steps 100000000 --out run", gan.folder)
    wait_for(Path("run/grids/0000000.webp").exists, process)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0 and out.startswith("Stopped at step ") and Path("run/state.safetensors").exists()


def test_a_run_is_resumed_from_any_folder_and_with_data_that_moved(gan, digits, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert gan(f"train --data digits.npz {SMALL} --steps 1 --out run").status == 0
    monkeypatch.chdir(gan.folder)
    assert gan("train --resume --steps 2 --out ../run").status == 0
    digits.rename(tmp_path / "moved.npz")
    assert "There is nothing at" in gan("train --resume --steps 3 --out ../run").err
    assert gan(f"train --resume --steps 3 --out ../run --data {tmp_path / 'moved.npz'}").status == 0
    assert [r.step for r in Run.open("../run").events()] == [1, 2, 3]


def test_a_resumed_run_keeps_what_cannot_change_on_its_way(gan, digits):
    """What is given of it must be what it has: nothing is left unheard."""
    began = f"{SMALL} --augment flip --label none --side 8 --channels 1 --title Tiny --about-data Ours"
    assert gan(f"train --data {digits} {began} --steps 1 --out run").status == 0
    for words, sentence in (
        ("--beta1 0.25", "This run was started with beta1 0.5, not 0.25. "),
        ("--seed 3", "started with seed 0, not 3"),
        ("--family dcgan", "started with family mlp, not dcgan"),
        ("--base cats", "started with base None, not cats"),
        ("--classic article", "started with side 8, not 28"),
        ("--label folder", "started with label none, not folder"),
        ("--side 64", "started with side 8, not 64"),
        ("--channels 3", "started with channels 1, not 3"),
        ("--net hidden=8 --net discriminator.hidden=9", "started with hidden [8], not [9]"),
        ("--net colour=9", "--net colour names no setting of mlp"),
        ("--title Other", "started with title Tiny, not Other"),
        ("--summary Short", "started with summary None, not Short"),
        ("--about-data Theirs", "started with about_data Ours, not Theirs"),
        ("--pins pins.json", "--pins cannot be given together with --resume. The run keeps those"),
        ("--measure 3", "--measure cannot be given together with --resume. Only new runs are measured"),
    ):
        done = gan(f"train --resume --steps 2 --out run {words}")
        assert done.status == 2 and sentence in done.err, (words, done.err)
    assert gan(f"train --data {digits} {began} --steps 2 --out run --resume").status == 0


def test_what_may_change_on_its_way_changes_where_a_run_is_resumed(gan, digits):
    """As on the page, such as to smaller steps at the end."""
    assert gan(f"train --data {digits} {SMALL} --augment flip --steps 2 --out run").status == 0
    done = gan("train --resume --steps 4 --g-lr 1e-4 --d-lr 0.0001 --augment flip --out run")
    assert done.status == 0, done.err
    changes = [(r.step, r.changes) for r in Run.open("run").events() if isinstance(r, ChangeRecord)]
    assert changes == [(2, {"g_lr": 1e-4, "d_lr": 1e-4})]
    assert gan("train --resume --steps 5 --out run").status == 0
    assert (Run.open("run").config().g_lr, Run.open("run").config().augment) == (1e-4, ("flip",))
    assert gan(f"train --data {digits} --classic article --batch-size 4 --g-lr 5e-4 --steps 1 --out pair").status == 0
    assert gan("train --classic article --resume --steps 2 --out pair").status == 0  # what it was begun with stays
    assert (Run.open("pair").config().g_lr, Run.open("pair").config().batch_size) == (5e-4, 4)


def test_a_resumed_run_may_work_through_its_batches_in_other_parts(gan, digits):
    assert gan(f"train --data {digits} {SMALL} --steps 2 --out run").status == 0
    done = gan("train --resume --steps 4 --accumulate 2 --out run")
    assert done.status == 0, done.err
    assert [r.changes for r in Run.open("run").events() if isinstance(r, ChangeRecord)] == [{"accumulate": 2}]
    assert Run.open("run").config().accumulate == 2
    assert gan("train --resume --steps 5 --accumulate 3 --out run").err.startswith(
        "A batch of 4 cannot be cut into 3 equal parts."
    )


# Going wrong


def test_the_doctor_says_once_what_is_wrong_and_what_to_do(gan, digits):
    done = gan(
        f"train --data {digits} {SMALL} --steps 300 --g-lr 0.00001 --d-lr 0.05 --penalty none --batch-size 12 "
        "--out run --signals-every 50"
    )
    assert done.status == 0, done.err
    said = [line for line in done.out.splitlines() if line.startswith("Step ")]
    assert len(said) == 1 and "The samples are all alike" in said[0] and "--penalty r1" in said[0]
    assert Run.open("run").diagnosis().verdict == "collapse"


def points(path, huge: int) -> Path:
    """Forty points, some of them so far away that their logits' squares are beyond the largest number."""
    xy = np.random.RandomState(0).randn(40, 2).astype(np.float32)
    xy[:huge] = 1e30
    np.savez(path / "points.npz", points=xy)
    return path / "points.npz"


def test_a_game_that_breaks_down_is_stopped(gan, tmp_path):
    done = gan(f"train --data {points(tmp_path, 40)} {SMALL} --loss least-squares --steps 50 --out run")
    assert done.status == 2 and done.out == "" and not Path("run/snapshots").exists()
    lines = done.err.splitlines()
    assert len(lines) == 4 and all("It went back to step 0 and goes on with half" in line for line in lines[:3])
    assert re.search(
        r"Training broke down before step 1: .* What was saved before is still in run. Start again with "
        "smaller",
        lines[3],
    )
    assert [r.changes["g_lr"] for r in Run.open("run").events()] == [1e-4, 5e-5, 2.5e-5]
    status = read_status("run")
    assert status.status == "failed" and status.sentence.startswith("Training broke down before step 1")


def test_a_breakdown_goes_back_and_comes_through_with_smaller_steps(gan, tmp_path):
    """Seven layers and steps of 1: their product overflows, with a quarter of that it does not."""
    np.savez(tmp_path / "points.npz", points=np.random.RandomState(0).randn(40, 2).astype(np.float32))
    done = gan(
        f"train --data {tmp_path / 'points.npz'} --family mlp --net hidden={','.join(7 * ['64'])} --net z_dim=4 "
        "--net tanh=off --batch-size 8 --record-every 1 --grid-every 0 --signals-every 0 --loss least-squares "
        "--penalty none --g-lr 1 --d-lr 1 --steps 12 --out run"
    )
    assert done.status == 0 and "Done at step 12." in done.out
    run = Run.open("run")
    changes = [r for r in run.events() if isinstance(r, ChangeRecord)]
    assert [r.changes for r in changes] == [{"g_lr": 0.5**n, "d_lr": 0.5**n} for n in range(1, len(changes) + 1)]
    assert changes and all("It went back to step 0 and goes on with half" in r.reason for r in changes)
    assert [r.step for r in run.steps()] == list(range(1, 13)) and "It went back to step 0" in done.err
    assert (
        read_config("run/snapshots/0000012").trained["steps"] == 12 and run.config().g_lr == changes[-1].changes["g_lr"]
    )


def test_a_ruined_state_does_not_replace_a_good_one(gan, tmp_path):
    """One point in forty is met after some good steps, and no record is due that would show it."""
    done = gan(
        f"train --data {points(tmp_path, 1)} {SMALL} --loss least-squares --steps 500 --seed 1 --out run "
        "--save-minutes 0 --record-every 100000"
    )
    assert done.status == 2 and "What was saved before is still in run. " in done.err
    state = load_state(Path("run/state.safetensors"))
    assert state["step"] > 0
    assert all(v.isfinite().all() for part in ("generator", "discriminator") for v in state[part].values())


@pytest.mark.parametrize(
    "words, sentence",
    [
        ("", "--out"),
        ("--out run", "How long?"),
        ("--out run --steps 3", "A new run needs --data and one of --family, --base and --classic"),
        ("--out run --steps 3 --data DIGITS", "A new run needs"),
        ("--out run --steps 3 --family mlp", "A new run needs"),
        ("--out run --steps 3 --data DIGITS --family mlp --base cats", "A new run needs"),
        ("--out run --steps 0 --data DIGITS --family mlp", "--steps cannot be 0"),
        ("--out run --steps -3", "--steps cannot be -3"),
        ("--out run --steps many", "--steps"),
        ("--out run --minutes nan", "--minutes cannot be nan"),
        ("--out run --minutes 0", "--minutes"),
        ("--out run --steps 3 --threads 0", "--threads"),
        ("--out run --steps 3 --save-minutes nan", "--save-minutes"),
        ("--out run --steps 3 --grid-seconds nan", "--grid-seconds cannot be nan"),
        ("--out run --steps 3 --snapshot-steps -1", "--snapshot-steps cannot be -1"),
        ("--out run --steps 3 --data nowhere --family mlp", "There is nothing at nowhere"),
        ("--out run --steps 3 --data DIGITS --family gan", "--family"),
        ("--out run --steps 3 --data DIGITS --base nobody", "nobody"),
        ("--out run --steps 3 --data DIGITS --family dcgan", "dcgan makes pictures of 16|between 16 and 128"),
        ("--out run --steps 3 --data DIGITS --family dcgan --side 20", "16, 28, 32, 64 or 128 pixels, not 20"),
        ("--out run --steps 3 --data DIGITS --family mlp --side 0", "--side cannot be 0"),
        ("--out run --steps 3 --data DIGITS --family mlp --channels 2", "--channels"),
        ("--out run --steps 3 --data DIGITS --family mlp --label fur", "There is no label called 'fur'"),
        ("--out run --steps 3 --data DIGITS --family mlp --net colour=3", "--net colour names no setting of mlp"),
        ("--out run --steps 3 --data DIGITS --family mlp --net colour", "--net colour names no setting of mlp"),
        ("--out run --steps 3 --data DIGITS --family mlp --net z_dim=0", "z_dim must lie between 1 and 4096, not 0"),
        ("--out run --steps 3 --data DIGITS --family mlp --net image_shape=1,9,9", "works on samples of shape"),
        (
            "--out run --steps 3 --data DIGITS --family mlp --loss best",
            "loss cannot be 'best'. Choose one of non-saturating",
        ),
        (
            "--out run --steps 3 --data DIGITS --family mlp --seed 4294967296",
            "seed must lie between 0 and 4294967295, not 4294967296",
        ),
        ("--out run --steps 3 --data DIGITS --family mlp --beta1 one", "beta1 must be a number, not 'one'"),
        ("--out run --steps 3 --data DIGITS --family mlp --device abacus", "The device 'abacus' cannot be used here"),
        ("--out run --steps 3 --data DIGITS --base cats", "samples of shape"),
        ("--out run --steps 3 --data DIGITS --base digits --net z_dim=3", "decides"),
        ("--out run --steps 3 --data DIGITS --base digits --side 20", "The base decides what pictures are like"),
        ("--out run --steps 3 --data DIGITS --base digits --channels 3", "The base decides what pictures are like"),
        ("--out run --steps 3 --data DIGITS --family mlp --pins x", "Pins are pictures of the base"),
        ("--out run --steps 3 --data DIGITS --base digits --pins x", "x cannot be read as a list of recipes"),
        ("--out run --steps 3 --resume", "There is no run at run"),
        ("--job nowhere", "There is no job in nowhere that can be read"),
        ("--job nowhere --measure 1", "There is no job in nowhere that can be read"),
        ("--job nowhere --measure 0", "--measure cannot be 0"),
        ("--job run --steps 3", "--steps cannot be given together with --job"),
        ("--job run --save-minutes 3 --g-lr 1", "--save-minutes cannot be given together with --job"),
        ("--job run --g-lr 1", "--g-lr cannot be given together with --job"),
        ("--out run --steps 3 --flavor l4x1", "--flavor is for runs on another machine"),
        ("--out run --steps 3 --resume --most-hours 3", "--most-hours is for runs on another machine"),
        ("--out run --steps 3 --remote hf-jobs --resume", "--steps cannot be given together with --resume"),
        ("--out run --steps 3 --colour red", "colour"),
    ],
)
def test_wrong_input_is_one_sentence(refused, digits, words, sentence):
    message = refused(("train " + words.replace("DIGITS", str(digits))).split())
    assert re.search(sentence, message), message


def test_places_that_are_taken(gan, digits):
    assert gan(f"train --data {digits} {SMALL} --steps 1 --out run").status == 0
    before = (Path("run") / "state.safetensors").read_bytes()
    done = gan(f"train --data nowhere {SMALL} --steps 1 --out run")  # said before the pictures are looked at
    assert done.status == 2 and done.err.startswith("There already is a run at run. Add --resume")
    assert (Path("run") / "state.safetensors").read_bytes() == before
    Path("file").write_text("mine")
    done = gan(f"train --data {digits} {SMALL} --steps 1 --out file")
    assert done.status == 2 and "file is a file" in done.err and Path("file").read_text() == "mine"


def test_runs_that_were_damaged(gan, digits):
    assert gan(f"train --data {digits} {SMALL} --steps 1 --out run").status == 0
    state = Path("run/state.safetensors")
    whole = state.read_bytes()
    for data in (b"", whole[:-9]):
        state.write_bytes(data)
        assert "state.safetensors of run is broken" in gan("train --resume --steps 2 --out run").err
    state.write_bytes(whole)
    config = json.loads(Path("run/config.json").read_text())
    config["generator"]["hidden"] = [9]
    Path("run/config.json").write_text(json.dumps(config))
    assert "does not fit the networks" in gan("train --resume --steps 2 --out run").err
    Path("run/config.json").write_text("{")
    assert "config.json of run cannot be read: it is not JSON." in gan("train --resume --steps 2 --out run").err


def test_every_knob_is_an_option_with_its_help(gan):
    done = gan("train --help")
    text = " ".join(done.out.split())
    assert done.status == 0
    for name, row in table(TrainConfig).items():
        assert f"--{name.replace('_', '-')} " in text, name
        assert row.help.split()[0] in text and all(choice in text for choice in row.choices)
