"""What a worker tells, as a terminal shows it."""

import dataclasses
from pathlib import Path

import pytest

from gan.cli.training_news import NewsPrinter
from gan.studio.runs.worker.news import Advice, Began, Ended, NewDiscriminator, Progress, Setback
from gan.training.findings import Diagnosis
from gan.training.records import StepRecord
from gan.training.remedies import Remedy

RECORD = StepRecord(**dict.fromkeys((f.name for f in dataclasses.fields(StepRecord)), 0.5) | dict(step=7, images=28))


def printed(capsys, *news) -> tuple[str, str]:
    with NewsPrinter() as printer:
        for one in news:
            printer.tell(one)
    return tuple(capsys.readouterr())


def test_progress_and_setbacks_are_on_stderr_what_came_of_it_on_stdout(capsys):
    ended = Ended(Path("runs/one"), 7, Path("runs/one/snapshots/0000007"), stopped=False, finished=True)
    out, err = printed(
        capsys, NewDiscriminator("Cats", 200), Began(), Progress(0.5, 12.3, RECORD), Setback("It went back."), ended
    )
    assert out == "Done at step 7. The model is in runs/one/snapshots/0000007.\n"
    first, progress, last = err.splitlines()
    assert first.startswith("Cats comes without a discriminator: ") and "first 200 steps" in first
    assert "[##########          ]  50 %" in progress and progress.endswith(
        "step 7  12 samples/s  D 0.500  G 0.500  D right on 50 % real, 50 % fake"
    )
    assert last == "It went back."


@pytest.mark.parametrize("finished", [True, False])
def test_how_to_go_on_is_said_where_there_is_more_to_do(capsys, finished):
    out, _ = printed(capsys, Ended(Path("run"), 7, Path("run/snapshots/0000007"), stopped=True, finished=finished))
    assert out.startswith("Stopped at step 7.") and ("--out run --resume --steps N" in out) == (not finished)


def test_advice_names_the_options_that_help(capsys):
    remedy = Remedy("Divide both learning rates by 2", dict(g_lr=0.001))
    found = Diagnosis("collapse", "All look alike.", remedy)
    out, _ = printed(capsys, Advice(7, found))
    assert out == "Step 7: All look alike. Divide both learning rates by 2: --g-lr 0.001\n"


def test_something_else_is_no_news():
    with NewsPrinter() as printer, pytest.raises(TypeError, match="no news"):
        printer.tell(3)
