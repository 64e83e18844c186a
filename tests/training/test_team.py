"""A team of one, and one of two real processes; tests/cli/test_team.py plays whole games."""

import subprocess
import sys
from pathlib import Path

import torch

from gan.training.team import ALONE

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
from pathlib import Path
import torch
from gan.studio.runs.torchrun import team_of_processes
with team_of_processes() as team:
    tensors = [torch.tensor([[1.0, 2.0]]) * (1 + 2 * team.rank), torch.tensor(4.0 * team.rank)]
    leaf = torch.ones(2, requires_grad=True)
    team.mean([*tensors, leaf])
    assert [t.tolist() for t in tensors] == [[[2.0, 4.0]], 2.0] and leaf.tolist() == [1.0, 1.0]
    if team.leads:
        team.tell("change", fields={"augment": ["flip"], "g_lr": 0.5})
        team.tell("end")
    else:
        assert team.hear() == ("change", {"fields": {"augment": ["flip"], "g_lr": 0.5}}) and team.hear() == ("end", {})
    Path(f"{team.rank} of {team.size}").touch()
"""


def test_alone_nothing_is_sent_and_means_stay_as_they_are():
    x = torch.tensor([1.0, 2.0])
    ALONE.mean([x])
    ALONE.tell("play")
    assert x.tolist() == [1.0, 2.0] and ALONE.leads


def test_two_processes_take_means_and_hear_orders(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", "program.py"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.glob("* of *")) == ["0 of 2", "1 of 2"]
