"""How fast does one see something? The distance of a run's snapshots from real pictures, against minutes of training.

    python tests/bench/seeing.py RUN=DATA[@STEPS] ... [--samples 1000] [--plot curves.webp]

RUN is a folder that `python -m gan train --snapshot-steps N` left, DATA are the pictures it is compared with. Minutes
are those that the run took, or, for one that had to share its processor, those it would have taken with so many STEPS
a second. Prints for each snapshot its steps, minutes, Fréchet and kernel distance in our own features and the
diversity; `--plot` draws the kernel distances, which do not depend on how many pictures there are, on logarithmic axes.
"""

import argparse
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import torch  # noqa: E402 (after the path)
from PIL import Image, ImageDraw, ImageFont  # noqa: E402

from gan.evaluation.scoring import Reals, evaluate  # noqa: E402
from gan.kinds.pictures import PICTURE  # noqa: E402
from gan.store.model_folder import load_generator, read_config  # noqa: E402
from gan.store.snapshots import kept_steps, snapshot_path  # noqa: E402
from gan.studio.data.datasets import read_dataset  # noqa: E402
from gan.studio.scores.feature_networks import own_features  # noqa: E402

_WIDTH, _HEIGHT, _EDGE = 960, 540, 70
_COLOURS = ("#2a6fdb", "#d9480f", "#2b8a3e", "#9c36b5", "#c92a2a", "#087f5b")


def curve(run: Path, data: Path, pace: float, samples: int) -> list[tuple[float, float]]:
    """(minutes, kernel distance) of each snapshot, printed as they are found."""
    points, read = [], None
    for step in kept_steps(run):
        folder = snapshot_path(run, step)
        config = read_config(folder)
        generator = load_generator(folder, config)
        if read is None:
            channels, side = generator.image_shape[0], generator.image_shape[-1]
            read = read_dataset(data, side, channels, None if generator.num_classes else "none").samples
        report = evaluate(generator, own_features(), Reals(read.x, PICTURE.plural, read.labels), samples)
        minutes, score = step / pace / 60 if pace else float(config.trained.get("minutes", 0)), report.scores
        print(
            f"{run.name:<16} {step:>8,} {minutes:>8.1f} {score['frechet'].value:>9.2f} {score['kernel'].value:>9.4f} "
            f"{score['diversity'].value:>6.2f}",
            flush=True,
        )
        points.append((minutes, score["kernel"].value))
    return points


def draw(curves: dict[str, list[tuple[float, float]]], path: Path) -> None:
    """Both axes logarithmic; a snapshot before the first tenth of a minute stands at its left edge."""
    points = [point for curve in curves.values() for point in curve if point[1] > 0]
    left, right = math.log10(0.1), math.ceil(math.log10(max(m for m, _ in points) + 1e-9) * 2) / 2
    low, high = (
        f(math.log10(k)) for f, k in ((math.floor, min(k for _, k in points)), (math.ceil, max(k for _, k in points)))
    )
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(16)

    def place(minutes: float, distance: float) -> tuple[float, float]:
        x = (math.log10(max(minutes, 0.1)) - left) / (right - left)
        y = (math.log10(distance) - low) / (high - low)
        return _EDGE + x * (_WIDTH - 1.4 * _EDGE), _HEIGHT - _EDGE - y * (_HEIGHT - 1.6 * _EDGE)

    for power in range(low, high + 1):
        for factor in (1, 2, 5) if power < high else (1,):
            y = place(1, factor * 10**power)[1]
            pen.line([(_EDGE, y), (_WIDTH - 0.4 * _EDGE, y)], fill="#dddddd")
            pen.text((_EDGE - 8, y), f"{factor * 10**power:g}", fill="#444444", font=font, anchor="rm")
    for minutes in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200):
        if math.log10(minutes) <= right:
            x = place(minutes, 1)[0]
            pen.line([(x, 0.6 * _EDGE), (x, _HEIGHT - _EDGE)], fill="#dddddd")
            pen.text((x, _HEIGHT - _EDGE + 8), f"{minutes:g}", fill="#444444", font=font, anchor="mt")
    pen.text((_WIDTH / 2, _HEIGHT - 18), "minutes of training", fill="black", font=font, anchor="mm")
    pen.text((_EDGE, 20), "kernel distance to the pictures, in our own features", fill="black", font=font, anchor="lm")
    for i, (name, points) in enumerate(curves.items()):
        line = [place(*point) for point in points if point[1] > 0]
        pen.line(line, fill=_COLOURS[i % len(_COLOURS)], width=3)
        for x, y in line:
            pen.ellipse([x - 4, y - 4, x + 4, y + 4], fill=_COLOURS[i % len(_COLOURS)])
        pen.text(
            (_WIDTH - 0.5 * _EDGE, 0.7 * _EDGE + 22 * i), name, fill=_COLOURS[i % len(_COLOURS)], font=font, anchor="rm"
        )
    picture.save(path, lossless=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+", metavar="RUN=DATA[@STEPS]")
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--plot", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    print(f"{'run':<16} {'step':>8} {'minutes':>8} {'Fréchet':>9} {'kernel':>9} {'div.':>6}")
    curves = {}
    for pair in args.runs:
        run, _, rest = pair.rpartition("=")
        data, _, pace = rest.partition("@")
        curves[Path(run).name] = curve(Path(run), Path(data), float(pace or 0), args.samples)
    if args.plot:
        draw(curves, args.plot)


if __name__ == "__main__":
    main()
