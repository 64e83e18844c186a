"""How near a budget comes to the run that it foretells: steps a second from a few steps, and from a real run's clock.

    python tests/bench/budget.py [--steps 60] [--rounds 2]

Each game is foretold and then made by the worker's own command, in turns. `error` is how much longer (+) or shorter
(-) the run took than was said; the aim is less than 25 %. The run's clock also counts its saves, grids and signals.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from machine import Foreign  # noqa: E402 (after the path)

from gan.studio.library.loaded import BUNDLED  # noqa: E402
from gan.studio.runs.budget import measure  # noqa: E402
from gan.studio.runs.control import read_status  # noqa: E402
from gan.studio.runs.jobs import Job, RunSpec, write_job  # noqa: E402
from gan.studio.runs.spawn import environment, start_quietly, train_words  # noqa: E402

GAMES = {
    "cats, fine-tuned": dict(base="cats", train=dict(augment=["brightness", "contrast", "flip", "translation"])),
    "dcgan of 64 pixels": dict(family="dcgan", net=dict(width=24)),
    "mlp of 64 pixels": dict(family="mlp"),
}


def real(spec: RunSpec, data: Path, base: Path | None, out: Path) -> float:
    """Steps a second of a run to spec.steps by its own clock."""
    out.mkdir()
    write_job(out, Job(spec, str(data), str(base or "")))
    child = start_quietly(train_words(out), environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    err = child.communicate()[1]
    assert child.returncode == 0, err.decode()
    return spec.steps / (60 * read_status(out).minutes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=60, help="steps of each run (default 60)")
    parser.add_argument("--rounds", type=int, default=2)
    args = parser.parse_args()
    foreign = Foreign()
    print(f"{'game':<20} {'said':>8} {'real':>8} steps/s  error", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "pictures.npz")
        np.savez(data, images=np.random.RandomState(0).randint(0, 256, (118, 64, 64, 3), dtype=np.uint8))
        for round in range(args.rounds):
            for name, values in GAMES.items():
                spec = RunSpec(device="cpu", steps=args.steps, **values)
                base = BUNDLED / spec.base if spec.base else None
                said = measure(spec, data, base).steps_per_second
                took = real(spec, data, base, Path(folder, f"{name}-{round}"))
                print(f"{name:<20} {said:>8.2f} {took:>8.2f}          {100 * (said / took - 1):+.0f} %", flush=True)
    print(foreign.sentence())


if __name__ == "__main__":
    main()
