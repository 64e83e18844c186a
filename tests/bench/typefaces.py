"""How much one seed is one typeface: the share of what differs between letters that their seed tells.

    python tests/bench/typefaces.py --model letters --data letters-new.npz

Of weight, slant, width and height, as gan/evaluation/pixel_properties.py reads them, each letter's own mean is taken
off. What is left differs from seed to seed, and within one from letter to letter; the share (the correlation ratio, eta
squared) is that of the variance between the seeds' means. Of real letters the font takes the seed's place.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import torch  # noqa: E402 (after the path)
from shipped import generator_of  # noqa: E402
from torch import Tensor  # noqa: E402

from gan.evaluation.gathering import paint  # noqa: E402
from gan.evaluation.pixel_properties import height, slant, weight, width  # noqa: E402
from gan.latents.sampling import one_hot  # noqa: E402
from gan.studio.data.datasets import read_dataset  # noqa: E402

_READ = {"weight": weight, "slant": slant, "width": width, "height": height}
_AT_ONCE = 400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="letters", help="a folder, or a name in weights/ (default letters)")
    parser.add_argument("--data", type=Path, required=True, help="pictures with the labels letter and font")
    parser.add_argument("--seeds", type=int, default=400, help="how many typefaces of the model (default 400)")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    letters, fonts = (read_dataset(asked.data, label=name).samples for name in ("letter", "font"))
    real = torch.cat([_read(some.float() / 127.5 - 1) for some in letters.x.split(_AT_ONCE)])
    model = generator_of(asked.model)
    of, count = one_hot(list(range(model.num_classes)), model.num_classes), model.num_classes
    made = torch.cat([_read(paint(model, [seed] * count, 1.0, of)) for seed in range(asked.seeds)])
    letter, seed = torch.arange(count).repeat(asked.seeds), torch.arange(asked.seeds).repeat_interleave(count)
    print("| | " + " | ".join(_READ) + " |")
    for name, read, which, by in (
        (f"{len(fonts.labels.unique()):,} fonts, {len(real):,} letters", real, letters.labels, fonts.labels),
        (f"{asked.seeds:,} seeds, {len(made):,} letters", made, letter, seed),
    ):
        share = _told(read - _means(read, which), by)
        print(f"| {name} | " + " | ".join(f"{one:.2f}" for one in share) + " |")


def _read(x: Tensor) -> Tensor:
    """Pictures (n, 1, height, width) in [-1, 1] -> what is read off each, (n, properties)."""
    return torch.stack([read(x) for read in _READ.values()], dim=1).double()


def _means(read: Tensor, groups: Tensor) -> Tensor:
    """For each row the mean of its group, (n, properties)."""
    _, group, count = groups.unique(return_inverse=True, return_counts=True)
    sums = torch.zeros(len(count), read.shape[1], dtype=read.dtype).index_add_(0, group, read)
    return (sums / count[:, None])[group]


def _told(read: Tensor, groups: Tensor) -> list[float]:
    """Of each property the share of its variance that lies between groups."""
    return (_means(read, groups).var(dim=0) / read.var(dim=0)).tolist()


if __name__ == "__main__":
    main()
