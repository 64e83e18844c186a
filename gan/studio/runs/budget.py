"""What a run would cost, before it is begun: a few of its steps are played by a process like a worker's."""

import dataclasses
import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gan.errors import StudioError
from gan.field_metadata import from_values
from gan.messages import Message, also, say
from gan.store.model_folder import read_config
from gan.store.passing import temporary_folder
from gan.studio.runs.half_precision import gain_sentence
from gan.studio.runs.hardware import NOT_ENOUGH, find_device
from gan.studio.runs.jobs import Job, RunSpec, write_job
from gan.studio.runs.spawn import environment, start_quietly, train_words
from gan.training.accumulation import finer
from gan.training.config import DEFAULTS, TrainConfig
from gan.training.team import ALONE

_LOOK = 0.1  # seconds between two looks at whether anybody still waits


@dataclass(frozen=True)
class Budget:
    """What the steps that were played tell of all."""

    steps_per_second: float
    pictures_per_second: float
    memory: int  # bytes
    pictures: int  # to learn from
    batch_size: int
    accumulate: int  # in how many parts each batch is worked through: more than asked for where memory is short
    device: str
    parameters_g: int
    parameters_d: int
    bfloat16_gain: float = 0.0  # how many times as fast as in float32; 0 where it is not asked for

    def sentence(self, steps: int) -> Message:
        """What `steps` steps take, in words."""
        said = say(
            "{speed} steps a second: {steps:,} steps take about {duration}. {rate} samples a second, {memory:.1f} GB "
            "of memory; each of the {pictures:,} to learn from is seen about {times} times.",
            speed=_amount(self.steps_per_second),
            steps=steps,
            duration=_duration(steps / self.steps_per_second),
            rate=_amount(self.pictures_per_second),
            memory=self.memory / 1e9,
            pictures=self.pictures,
            times=_amount(steps * self.batch_size / self.pictures),
        )
        if self.bfloat16_gain:
            said = also(said, gain_sentence(self.bfloat16_gain))
        if self.accumulate == 1:
            return said
        parts = self.accumulate
        return also(
            said,
            say("Each batch is worked through in {parts} parts: it would not fit in memory otherwise.", parts=parts),
        )


def measure(
    spec: RunSpec,
    data: Path,
    base: Path | None,
    steps: int = 3,
    seconds: float = 300,
    alone: bool = True,
    is_late: Callable[[], bool] = lambda: False,
) -> Budget:
    """The budget of a run that is not begun. `base` is the folder of the model that it starts from, `seconds` the
    patience.

    Where a batch does not fit in memory it is worked through in more and more parts, unless another run takes its
    share of the memory now (`alone` off). Raises StudioError where that does not help, where the run could not begin,
    where it takes too long, and soon after `is_late` says that nobody waits for it any more.
    """
    said = ""
    for parts in _parts(spec, base):
        job = Job(
            dataclasses.replace(spec, train=spec.train | parts),
            str(Path(data).absolute()),
            str(base or ""),
            kind=find_device(spec.device),
        )
        with temporary_folder(prefix="gan-trial-") as folder:
            write_job(folder, job)
            status, out, said = _play(train_words(folder, f"--measure={steps}"), seconds, is_late)
        if status == 0:
            return Budget(**json.loads(out.splitlines()[-1]))
        if status == -signal.SIGKILL:  # which is how Linux ends who takes too much memory
            said = say(
                "There is not enough memory to train this. Choose a smaller size, smaller networks or smaller batches."
            )
        if not said.startswith(NOT_ENOUGH):
            break
        if not alone:
            raise StudioError(
                "Whether this fits in memory cannot be judged while another run is at work.",
                "Ask again when that has ended, or start without knowing.",
            )
    raise StudioError(said[:1000] or say("The trial of a few steps ended with status {status}.", status=status))


def _parts(spec: RunSpec, base: Path | None) -> Iterator[dict]:
    """Settings with which a batch takes less and less memory: as they are, then in more and more parts."""
    yield {}
    family = spec.family if base is None else read_config(base).family
    config = from_values(TrainConfig, {**DEFAULTS[family], **spec.train})
    while (parts := finer(config, ALONE)) is not None:
        config = dataclasses.replace(config, accumulate=parts)
        yield {"accumulate": parts}


def _play(words: list[str], seconds: float, is_late: Callable[[], bool]) -> tuple[int, str, str]:
    """Exit status, output and last line of errors of a command that has so many seconds. Raises StudioError."""
    until = time.monotonic() + seconds
    child = start_quietly(words, environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        while (said := _heard(child)) is None:
            if is_late():
                raise StudioError("Nobody waits for this trial any more.")
            if time.monotonic() > until:
                raise StudioError(
                    say("A trial of a few steps took longer than {seconds:.0f} seconds.", seconds=seconds),
                    "Choose a smaller size, smaller networks or a smaller batch_size.",
                )
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()
    out, err = said
    return child.returncode, out, next((line.strip() for line in reversed(err.splitlines()) if line.strip()), "")


def _heard(child: subprocess.Popen) -> tuple[str, str] | None:
    """All that a process has said, once it has ended; None where it has not within a moment."""
    try:
        return child.communicate(timeout=_LOOK)
    except subprocess.TimeoutExpired:  # nothing of what it said is lost
        return None


def _amount(number: float) -> str:
    """46, 2.9 or 0.031: two digits of what is small."""
    return f"{number:,.0f}" if number >= 9.95 else f"{number:.1f}" if number >= 0.995 else f"{number:.2g}"


def _duration(seconds: float) -> Message:
    """40 seconds, 6 minutes or 2.5 hours."""
    if seconds < 90:
        return say("{seconds:.0f} seconds", seconds=seconds)
    if seconds < 90 * 60:
        return say("{minutes:.0f} minutes", minutes=seconds / 60)
    return say("{hours} hours", hours=_amount(seconds / 3600))


def said_of_end(budget: Budget, spec: RunSpec) -> Message:
    """A sentence where the time of a run ends before its steps do, else an empty one."""
    if spec.minutes is None or spec.steps / budget.steps_per_second <= 60 * spec.minutes:
        return say("")
    return say(
        "A run ends after {minutes:.0f} minutes here, since others wait; it may be continued.", minutes=spec.minutes
    )
