"""`gan augment`: whether a GAN's samples help a classifier that has few labelled pictures."""

import json
from pathlib import Path

import torch
from PIL import Image

from gan.cli.options import chosen
from gan.cli.progress import ProgressBar
from gan.cli.sources import CommandSources
from gan.cli.speech import spoken, tell
from gan.errors import StudioError
from gan.field_metadata import from_values
from gan.messages import say
from gan.store.files import whole_file, write_json
from gan.studio.data.labelled import labelled_example, labelled_set
from gan.studio.scores.experiment import begun, played, sheet
from gan.training.more_data_report import MoreDataReport
from gan.training.more_data_settings import MoreDataSettings

_EXAMPLE = "example:"


def act(
    sources: CommandSources,
    data: str,
    label: str | None,
    minutes: float | None,
    threads: int,
    out: Path | None,
    resume: bool,
    samples_out: Path | None,
    progress: bool,
    **knobs,
) -> None:
    """Run the command. Raises StudioError for anything a person can mend."""
    _check(minutes, threads, out, resume)
    settings = from_values(MoreDataSettings, chosen(knobs, MoreDataSettings))
    torch.set_num_threads(threads)
    if data.startswith(_EXAMPLE):
        pictures = labelled_example(data.removeprefix(_EXAMPLE), settings.side)
    else:
        pictures = labelled_set(Path(data), settings.side, label)
    name = Path(data).name.removeprefix(_EXAMPLE)
    fresh = MoreDataReport(settings, name, len(pictures.classes), len(pictures.x))
    report = begun(out if resume else None, fresh)
    with ProgressBar() as bar:
        for one, result in played(pictures, report, minutes, _say if progress else bar.show):
            report = one
            if out:
                write_json(out, spoken(report.to_values()), indent=1)
            if samples_out:
                with whole_file(samples_out) as part:
                    Image.fromarray(sheet(result.shown)).save(part, "PNG")
    if not progress:
        for line in lines(report):
            tell(line)


def lines(report: MoreDataReport) -> list[str]:
    """The report as a table, then its verdicts, then how it was measured."""
    rows = []
    for bar in report.bars:
        margin = "" if bar["margin"] is None else f" ±{100 * bar['margin']:.1f}"
        accuracy = f"{100 * bar['value']:.1f}{margin}"
        rows.append(say("{accuracy} %  {title}", accuracy=f"{accuracy:>10}", title=bar["title"]))
    if report.left:
        done, wanted = len(report.right), report.settings.seeds
        rows.append(say("There was time for {done} of {wanted} seeds.", done=done, wanted=wanted))
    return [*rows, *(verdict["words"] for verdict in report.verdicts), report.how]


def _say(share: float, words: str) -> None:
    print(json.dumps({"done": share}), flush=True)


def _check(minutes: float | None, threads: int, out: Path | None, resume: bool) -> None:
    if threads < 1:
        raise StudioError("--threads is at least 1.", "Give another number.")
    if minutes is not None and not minutes > 0:
        raise StudioError("--minutes is above 0.", "Give another number.")
    if resume and out is None:
        raise StudioError("--resume needs --out, which holds what was measured.", "Name that file.")
