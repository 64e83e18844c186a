"""SIGKILL at random moments, of the worker and of the app: what is lost, and whether anything is torn.

    python tests/bench/killed.py [--kills 20] [--save-seconds 3]

An app (a process that supervises runs) has a run going that saves every few seconds. Again and again, after a random
time, its worker or the app itself is killed, by turns; where it was the app, the worker is killed right after it, as
when a machine goes down. After each kill every file of the run is read: settings, job, status, events line by line, the
saved state and its checksum, all snapshots and grids. Then another app goes on with the run. Prints how many steps each
kill cost and how many seconds of training these are. The aim: at most one save interval (and the time a save takes),
nothing torn.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

for folder in ("", "tests", "tests/studio"):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / folder))

from run_helpers import ENDLESS, pictures, spec  # noqa: E402

from gan.errors import StudioError  # noqa: E402
from gan.store.events import EVENTS, read_events, read_lines  # noqa: E402
from gan.store.grids import is_whole_webp  # noqa: E402
from gan.store.model_folder import check_model, read_config  # noqa: E402
from gan.store.run_folder import Run  # noqa: E402
from gan.studio.runs.control import read_status  # noqa: E402
from gan.studio.runs.jobs import read_job  # noqa: E402
from gan.studio.runs.saved import check_saved  # noqa: E402
from gan.studio.runs.state import RunState  # noqa: E402
from gan.studio.runs.supervisor import Supervisor  # noqa: E402

_APP = """
import sys, time
from pathlib import Path
from gan.studio.runs.supervisor import Supervisor
workers = Supervisor(Path(sys.argv[1])).watch(0.1)
workers.continue_(sys.argv[2], steps=10_000_000)
print("supervising", flush=True)
time.sleep(10_000)
"""


def torn(folder: Path) -> list[str]:
    """What cannot be read of a run that nobody works on."""
    found = []

    def look(what: str, read) -> None:
        try:
            if read() is False:
                found.append(what)
        except (StudioError, OSError, ValueError) as error:
            found.append(f"{what}: {error}")

    look("config.json", lambda: Run.open(folder))
    look("job.json", lambda: read_job(folder))
    look("state.safetensors", lambda: check_saved(folder))
    # The last line may be half a line: it is of a step that happens again.
    look(EVENTS, lambda: read_events(read_lines(folder / EVENTS)[:-1])[1] == 0)
    run = Run.open(folder)
    for step in run.snapshots():
        path = run.snapshot_path(step)
        look(f"snapshot {step}", lambda path=path: check_model(path, read_config(path)))
    for step in run.grids():
        look(f"grid {step}", lambda step=step: is_whole_webp(run.grid_path(step)))
    return found


def _told_by(folder: Path) -> int:
    """The process that has told last how the run goes."""
    told = read_status(folder)
    return told.pid if told else 0


def until(workers: Supervisor, id: str, happened, seconds: float = 300) -> RunState:
    """The state once that has happened."""
    end = time.monotonic() + seconds
    while not happened(state := workers.state(id)):
        if time.monotonic() > end:
            raise SystemExit(f"It did not come so far: {state}")
        time.sleep(0.05)
    return state


def one_kill(root: Path, id: str, of_app: bool, chance: random.Random, save: float) -> tuple[int, float, list[str]]:
    """Go on with a run, kill, and look: steps lost, seconds of training that these took, what is torn."""
    workers = Supervisor(root)
    words = [sys.executable, "-c", _APP, str(root), id]
    app = subprocess.Popen(words, env={**os.environ, "PYTHONPATH": sys.path[0]}, stdout=subprocess.PIPE, text=True)
    try:
        assert app.stdout.readline().startswith("supervising"), "the app did not begin"
        # A worker tells its speed once it has played; what the one before it told stands in the file until then.
        begun = until(workers, id, lambda s: s.pid == _told_by(root / id) and s.speed > 0)
        time.sleep(chance.uniform(0.0, 2.5 * save))
        worker = workers.state(id)
        for pid in (app.pid, worker.pid) if of_app else (worker.pid, app.pid):
            os.kill(pid, signal.SIGKILL)
            if not of_app:
                until(workers, id, lambda s: not s.is_live)  # the app sees it, and goes on living
    finally:
        app.kill()
        app.wait()
    cut = until(workers, id, lambda s: not s.is_live)
    lost = max(cut.step - cut.saved, 0)
    return lost, lost / max(worker.speed, begun.speed, 1e-9), torn(root / id)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20, help="how many (default 20)")
    parser.add_argument("--save-seconds", type=float, default=3, help="how often the run saves (default 3)")
    parser.add_argument("--seed", type=int, default=0, help="of the moments (default 0)")
    args = parser.parse_args()
    chance, losses, broken = random.Random(args.seed), [], 0
    with tempfile.TemporaryDirectory() as home:
        root = Path(home) / "runs"
        workers = Supervisor(root).watch(0.1)
        train = dict(grid_every=50, signals_every=50)
        wanted = spec(ENDLESS, save_minutes=args.save_seconds / 60, snapshot_steps=200, train=train)
        id = workers.start(wanted, pictures(Path(home) / "data.npz"))
        until(workers, id, lambda s: s.saved > 0)
        os.kill(workers.state(id).pid, signal.SIGKILL)
        until(workers, id, lambda s: not s.is_live)
        workers.close()
        for number in range(args.kills):
            lost, seconds, found = one_kill(root, id, number % 2 == 1, chance, args.save_seconds)
            losses.append(seconds)
            broken += len(found)
            who = "app and worker" if number % 2 else "worker"
            print(f"{number + 1:>3} {who:<15}{lost:>7} steps lost, {seconds:.1f} s", *found, sep="  ", flush=True)
    most, every = max(losses), args.save_seconds
    print(f"{args.kills} kills: at most {most:.1f} s of training lost, saved every {every:g} s; torn: {broken}")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
