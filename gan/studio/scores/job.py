"""One thing being measured, such as a model by `python -m gan evaluate`, as a process beside the app.

The process tells how far it is on its output; when the app ends nobody reads that, and the process ends with it.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gan.errors import StudioError
from gan.messages import say
from gan.store.files import link_or_copy
from gan.store.model_config import WEIGHTS
from gan.store.passing import begun_folder, scratch_file
from gan.studio.runs.hardware import NOT_ENOUGH, idle_threads
from gan.studio.runs.new_jobs import keep_base
from gan.studio.runs.spawn import environment, start_quietly
from gan.studio.scores.reports import ReportLocation
from gan.studio.visitors import address

PREFIX = ".job-"  # begins the names of jobs' folders


class Work(Protocol):
    """What may stand in line: where its outcome is kept, and the words after `python -m gan` that write report.json
    and nearest.png into a folder, which has links to the files that it needs. `command` raises StudioError or
    OSError."""

    @property
    def place(self) -> ReportLocation: ...

    def command(self, folder: Path) -> list[str]: ...


@dataclass(frozen=True)
class Task:
    """A model to be scored: its folder, the pictures to compare with, the label that gives their class, and where to
    keep it."""

    model: Path
    data: Path
    label: str | None
    place: ReportLocation

    def command(self, folder: Path) -> list[str]:
        if not (self.model / WEIGHTS).exists():
            raise StudioError("The model is no longer there.", "Choose another one.")
        options = dict(model=keep_base(self.model, folder), data=held(self.data, folder), label=self.label)
        return ["evaluate", *words(options, folder, "nearest")]


def held(data: Path, folder: Path) -> Path:
    """The pictures in a place where they stay, whatever happens to the set."""
    return link_or_copy(data, folder / f"data{data.suffix}") if data.suffix in (".npz", ".txt") else data


def words(options: dict[str, object], folder: Path, pictures: str) -> list[str]:
    """Options as words, with those of every job; `pictures` is the option for the file of pictures."""
    of_all = dict(threads=idle_threads(), out=folder / "report.json") | {pictures: folder / "nearest.png"}
    return ["--progress", *(f"--{name}={value}" for name, value in (options | of_all).items() if value is not None)]


class Job:
    """A task in line, with links to its files in a folder of its own in `home`: a run may be deleted, and a set read
    anew, before its turn. `done`: the share, None where nobody knows; `error`: why it failed. Raises StudioError or
    OSError on construction."""

    def __init__(self, task: Work, owner: str, home: Path):
        self.place, self.owner, self.address = task.place, owner, address()
        self.done: float | None = None
        self.error, self.unwanted = "", False
        self.child: subprocess.Popen | None = None
        self._folder = begun_folder(home, PREFIX)
        try:
            self._words = [sys.executable, "-m", "gan", *task.command(self._folder)]
        except (StudioError, OSError):
            self.clear()
            raise

    def work(self, seconds: float | None) -> None:
        """Take the scores and keep them. Raises StudioError, also where the process ends or takes longer than
        `seconds`."""
        late = time.monotonic() + seconds if seconds else None
        with scratch_file(self._folder) as log:
            child = self.child = start_quietly(
                self._words, environment(), stdout=subprocess.PIPE, stderr=log, text=True
            )
            with child:
                if self.unwanted:  # while it was being started
                    child.kill()
                for line in child.stdout or ():
                    self.done = json.loads(line)["done"]
                    if late and time.monotonic() > late:
                        child.kill()
                        raise StudioError(
                            say("It took longer than {seconds:.0f} minutes.", seconds=(seconds or 0) / 60),
                            "Score it with less data.",
                        )
            log.seek(0)
            self._check(child.returncode, log.read().decode("utf-8", "replace"))
        self.place.keep(self._folder / "report.json", self._folder / "nearest.png")

    def _check(self, status: int, said: str) -> None:
        if status == -signal.SIGKILL:  # which is also how Linux ends who takes too much memory
            raise StudioError(
                "The process that took the scores was killed.",
                say("{not_enough}, or somebody ended it: score it again.", not_enough=NOT_ENOUGH),
            )
        if status:
            said = said.replace(f"{self._folder / 'base'}", "the model").replace(f"{self._folder}{os.sep}", "")
            lines = [line.strip() for line in said.splitlines() if line.strip()]
            raise StudioError(
                lines[-1] if lines else say("The scoring ended with status {returncode}.", returncode=status)
            )

    def stop(self) -> None:
        """End it as soon as may be."""
        self.unwanted = True
        if self.child:
            self.child.kill()

    def clear(self) -> None:
        """Nothing of it is left but its error."""
        shutil.rmtree(self._folder, ignore_errors=True)
