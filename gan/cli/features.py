"""Train the small network in whose features pictures are compared, to tell the sets and their labels apart."""

from pathlib import Path

import torch

from gan.errors import StudioError
from gan.evaluation.lessons import Lesson, Progress, Teacher
from gan.messages import say
from gan.studio.data.datasets import read_with_labels
from gan.studio.scores.feature_networks import save_features

_MEASURED = 200  # pictures of each set, over which the features are given their scale


def add_options(parser) -> None:
    """Add the options of the command to its parser."""
    parser.add_argument(
        "--data",
        type=Path,
        nargs="+",
        required=True,
        metavar="SET",
        help=("sets of pictures: each an .npz with images (and labels, any number of columns), a folder or a zip"),
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="where the network goes, a .safetensors file"
    )
    parser.add_argument("--steps", type=int, default=5000, help="stop after this step (default 5000)")
    parser.add_argument(
        "--batch-size", type=int, default=80, help="pictures in each step, an equal share of every set (default 80)"
    )
    parser.add_argument("--seed", type=int, default=0, help="where all chance comes from (default 0)")
    parser.add_argument("--threads", type=int, help="processor threads to train with")


def act(args) -> None:
    """Run the command. Raises StudioError for anything a person can mend."""
    for name in ("steps", "batch_size", "threads"):
        value = getattr(args, name)
        if value is not None and value < 1:
            raise StudioError(
                say("--{value} cannot be {value2}.", value=name.replace("_", "-"), value2=value),
                "Give a number above 0.",
            )
    if not args.out.absolute().parent.is_dir():
        raise StudioError(
            say("There is no folder {parent}.", parent=args.out.parent), "Make it first, or choose another --out."
        )
    if args.threads:
        torch.set_num_threads(args.threads)
    lessons = [Lesson(path.stem, *read_with_labels(path)) for path in args.data]
    torch.manual_seed(args.seed)
    teacher = Teacher(lessons)
    for progress in teacher.teach(lessons, args.steps, args.batch_size, args.seed):
        print(_line(progress), flush=True)
    teacher.net.eval().to_unit(teacher.mixed(lessons, _MEASURED, args.seed))
    save_features(teacher.net, args.out)


def _line(p: Progress) -> str:
    labels = " ".join(f"{name} {right:.0%}" for name, right in p.labels.items())
    return f"step {p.step}  loss {p.loss:.3f}  right: sets {p.sets:.0%} {labels}"
