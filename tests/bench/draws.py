"""How much "times two halves" depends on which pictures are drawn, of samples and of the training pictures themselves.

    python tests/bench/draws.py --model letters --data letters-new.npz --training letters.npz --label letter

`evaluate` takes one draw. Here six are taken of each, as large as half of --data, and all there are once.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import torch  # noqa: E402 (after the path)
from shipped import generator_of  # noqa: E402
from torch import Tensor  # noqa: E402

from gan.evaluation.gathering import of_pictures, of_samples  # noqa: E402
from gan.evaluation.moments import frechet_of  # noqa: E402
from gan.evaluation.scoring import classes_asked  # noqa: E402
from gan.studio.data.datasets import read_dataset  # noqa: E402
from gan.studio.scores.feature_networks import load_extractor  # noqa: E402

_DRAWS = 6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a folder, or a name in weights/")
    parser.add_argument("--data", type=Path, required=True, help="pictures that it has not seen")
    parser.add_argument("--training", type=Path, required=True)
    parser.add_argument("--label")
    parser.add_argument("--samples", type=int, default=12_000)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    extractor, chance = load_extractor(None), torch.Generator().manual_seed(1)
    generator = generator_of(asked.model)

    def rows_of(found, count: int) -> Tensor:
        rows = torch.empty(count, extractor.dim)
        for places, features in found:
            rows[places] = features
        return rows

    def nothing(done: int) -> None:
        """Nobody waits for how far it is."""

    new, learnt = (read_dataset(path, label=asked.label).samples for path in (asked.data, asked.training))
    real, training = (rows_of(of_pictures(extractor, data.x, nothing), len(data)) for data in (new, learnt))
    labels = classes_asked(generator, new.labels, asked.samples)
    samples = rows_of(of_samples(extractor, generator, asked.samples, 1.0, labels, nothing), asked.samples)
    n = len(real) // 2
    first, second = real[torch.randperm(len(real), generator=chance)][: 2 * n].split(n)
    between = frechet_of(first, second)
    print(f"between two halves of {n:,}: {between:.4f}")
    for name, crowd in (("training", training), ("samples", samples)):
        drawn = [crowd[torch.randperm(len(crowd), generator=chance)[:n]] for _ in range(_DRAWS)]
        times = [float(frechet_of(first, some) + frechet_of(second, some)) / 2 / float(between) for some in drawn]
        mean = sum(times) / _DRAWS
        print(
            f"{name}: {' '.join(f'{one:.2f}' for one in times)}, {mean:.2f} times; all {len(crowd):,} from all real: "
            f"{float(frechet_of(real, crowd)):.4f}"
        )


if __name__ == "__main__":
    main()
