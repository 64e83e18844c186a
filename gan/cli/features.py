"""`gan features`: the small network that scores are taken with learns to tell sets and labels apart."""

from pathlib import Path

import torch

from gan.cli.sources import CommandSources
from gan.errors import StudioError
from gan.evaluation.lessons import Lesson, Progress, Teacher
from gan.messages import say
from gan.studio.data.datasets import read_with_labels
from gan.studio.scores.feature_networks import save_features

_MEASURED = 200  # pictures of each set, over which the features are given their scale


def act(
    sources: CommandSources,
    data: list[Path],
    out: Path,
    steps: int,
    batch_size: int,
    seed: int,
    threads: int | None,
) -> None:
    """Run the command. Raises StudioError for anything a person can mend."""
    for name, value in (("steps", steps), ("batch_size", batch_size), ("threads", threads)):
        if value is not None and value < 1:
            raise StudioError(
                say("--{value} cannot be {value2}.", value=name.replace("_", "-"), value2=value),
                "Give a number above 0.",
            )
    if not out.absolute().parent.is_dir():
        raise StudioError(
            say("There is no folder {parent}.", parent=out.parent), "Make it first, or choose another --out."
        )
    if threads:
        torch.set_num_threads(threads)
    lessons = [Lesson(path.stem, *read_with_labels(path)) for path in data]
    torch.manual_seed(seed)
    teacher = Teacher(lessons)
    for progress in teacher.teach(lessons, steps, batch_size, seed):
        print(_line(progress), flush=True)
    teacher.net.eval().to_unit(teacher.mixed(lessons, _MEASURED, seed))
    save_features(teacher.net, out)


def _line(p: Progress) -> str:
    labels = " ".join(f"{name} {right:.0%}" for name, right in p.labels.items())
    return f"step {p.step}  loss {p.loss:.3f}  right: sets {p.sets:.0%} {labels}"
