"""Two real processes under torchrun play the game of one."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file
from waiting import wait_for

from gan.store.run_folder import Run
from gan.store.saved_state import load_state
from gan.studio.runs.control import Control, read_status, write_control
from gan.studio.runs.jobs import Job, RunSpec, write_job
from gan.training.records import ChangeRecord

ROOT = Path(__file__).resolve().parents[2]
TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
COMMON = "--batch-size 16 --record-every 1 --grid-size 4 --device cpu --save-minutes 60"
MLP = f"--family mlp --net hidden=16 --net z_dim=4 {COMMON}"
STYLED = f"--family stylegan2 --net channel_max=8 --net z_dim=4 --net w_dim=4 {COMMON}"
ALL = (
    "--mirror --augment translation,cutout --augment-p 0.5 --penalty-every 2 --d-steps 2 --accumulate 2 "
    "--ada-target 0.6 --ada-kimg 0.1 --style-mixing 0.5 --path-length 1 --path-every 2"
)


@pytest.fixture
def digits(tmp_path):
    """Forty grey pictures of 8 pixels in three classes."""
    path = tmp_path / "digits.npz"
    np.savez(
        path, images=np.random.RandomState(0).randint(0, 256, (40, 8, 8), dtype=np.uint8), labels=np.arange(40) % 3
    )
    return path


@pytest.fixture
def torchrun(tmp_path):
    """torchrun("train ...") -> the process of torchrun itself; none of it outlives its test."""
    started, folder = [], tmp_path / "here"

    def start(words: str) -> subprocess.Popen:
        env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        folder.mkdir(exist_ok=True)
        process = subprocess.Popen(
            [*TORCHRUN, "-m", "gan", *words.split()],
            cwd=folder,
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=60)


def ended(process: subprocess.Popen, status: int | None = 0) -> tuple[str, str]:
    out, err = process.communicate(timeout=120)
    assert status is None or process.returncode == status, err
    return out, err


def alike(first: Path, second: Path) -> None:
    """Two runs to within rounding: sums are taken in another order, and Adam's steps pass on the difference, some
    steps long."""
    one, two = (load_file(folder / "state.safetensors") for folder in (first, second))
    assert one.keys() == two.keys()
    for name in one:
        if name.split("/")[1] in ("generator", "discriminator", "ema"):
            error = (one[name].float() - two[name].float()).abs().max()
            assert error < 1e-4, (name, float(error))
    for mine, theirs in zip(Run.open(first).steps(), Run.open(second).steps(), strict=True):
        assert vars(mine) == pytest.approx(vars(theirs), rel=1e-3, abs=1e-4)


@pytest.mark.parametrize("family", [MLP, f"{STYLED} --loss relativistic --penalty r1+r2"], ids=["mlp", "stylegan2"])
def test_two_processes_play_the_game_of_one(gan, digits, torchrun, family):
    words = f"train --data {digits} {family} {ALL} --grid-every 3 --signals-every 3 --steps 6"
    assert gan(f"{words} --out alone").status == 0
    out, err = ended(torchrun(f"{words} --out team"))
    assert out == "Done at step 6. The model is in team/snapshots/0000006.\n" and "Traceback" not in err
    assert sorted(p.name for p in Path("team").iterdir()) == sorted(p.name for p in Path("alone").iterdir())
    assert [p.name for p in sorted(Path("team/grids").iterdir())] == ["0000000.webp", "0000003.webp", "0000006.webp"]
    alike(Path("alone"), Path("team"))


def test_they_stop_change_and_go_on_as_one_would(gan, digits, torchrun):
    """A change while it runs, SIGTERM, which saves, and --resume: the same as one process that is told the same."""
    words = f"train --data {digits} {MLP} {ALL} --grid-every 0 --signals-every 0"
    process = torchrun(f"{words} --steps 100000000 --out team")
    wait_for(Path("team/events.jsonl").exists, process)
    write_control(Path("team"), Control(changes=((1, {"g_lr": 0.0, "batch_size": 8, "loss": "hinge"}),)))
    wait_for(lambda: read_status("team").applied == 1, process)
    write_control(Path("team"), Control(want="pause"))
    wait_for(lambda: read_status("team").status == "paused", process)
    process.send_signal(signal.SIGTERM)
    out, err = ended(process, status=None)
    step = int(re.search(r"Stopped at step (\d+)\. The model is in ", out)[1])
    assert load_state(Path("team/state.safetensors"))["step"] == step and read_status("team").status == "stopped"
    (change,) = (r for r in Run.open("team").events() if isinstance(r, ChangeRecord))
    assert change.changes == {"g_lr": 0.0, "batch_size": 8, "loss": "hinge"}

    shutil.copytree("team", "alone")  # which goes on from the very state at which both processes stopped
    assert ended(torchrun(f"train --resume --out team --device cpu --steps {step + 4}"))[0].startswith(
        f"Done at step {step + 4}."
    )
    assert gan(f"train --resume --out alone --device cpu --steps {step + 4}").status == 0
    alike(Path("alone"), Path("team"))


def test_a_team_does_the_job_in_a_folder_and_goes_on_with_it(torchrun, digits, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    train = dict(batch_size=16, record_every=1, grid_every=0, grid_size=4, signals_every=0)
    for steps in (2, 3):
        write_job(run, Job(RunSpec("mlp", steps=steps, train=train, net=dict(hidden=[16], z_dim=4)), str(digits)))
        assert ended(torchrun(f"train --job {run}"))[0].startswith(f"Done at step {steps}.")
    assert [r.step for r in Run.open(run).steps()] == [1, 2, 3]


def test_what_is_wrong_is_said_once_and_ends_all(torchrun, gan, digits):
    for words, sentence in (
        (
            f"--data {digits} {MLP} --batch-size 7 --steps 3",
            "A batch of 7 cannot be cut into 2 equal parts, 1 for each of 2 processes.",
        ),
        (f"--data nowhere {MLP} --steps 3", "There is nothing at nowhere"),
        (f"--data {digits} {MLP}", "How long?"),
    ):
        began = time.monotonic()
        out, err = ended(torchrun(f"train {words} --out run"), status=1)
        assert out == "" and err.count(sentence) == 1 and time.monotonic() - began < 30
    assert not Path("run").exists()


def test_they_go_back_together_and_fail_together(torchrun, gan, tmp_path):
    """Points beyond the largest number: three times back to the last good state, then one sentence."""
    np.savez(tmp_path / "points.npz", points=np.full((40, 2), 1e30, dtype=np.float32))
    words = f"train --data {tmp_path / 'points.npz'} {MLP} --loss least-squares --steps 50 --out run"
    out, err = ended(torchrun(words), status=1)
    assert out == "" and err.count("It went back to step 0 and goes on with half") == 3
    assert err.count("Training broke down before step 1: its numbers are no longer finite.") == 1
    assert read_status("run").status == "failed"
    assert [r.changes["g_lr"] for r in Run.open("run").events()] == [1e-4, 5e-5, 2.5e-5]


def test_where_another_process_dies_the_lead_says_so(cold_starts, torchrun, gan, digits):
    process = torchrun(f"train --data {digits} {MLP} --steps 100000000 --out run")
    wait_for(lambda: Path("run/events.jsonl").exists() and Path("run/events.jsonl").read_text(), process)  # it plays
    os.kill(next(pid for pid in children(process.pid) if pid != read_status("run").pid), signal.SIGKILL)
    out, _ = ended(process, status=1)
    assert out == "" and read_status("run").status == "failed"
    assert read_status("run").sentence.startswith("Another process of this training has ended.")


def children(pid: int) -> list[int]:
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
