"""What a run would cost, from a few of its steps: they are played and forgotten, and nothing is written anywhere."""

import time

import numpy as np

from gan.errors import StudioError
from gan.field_metadata import table
from gan.messages import say
from gan.networks.contract import parameter_count
from gan.studio.runs.half_precision import COARSE
from gan.studio.runs.hardware import NOT_ENOUGH, device_name, finish_work, is_out_of_memory, peak_memory
from gan.training.config import TrainConfig
from gan.training.styles import Paths
from gan.training.trainer import Trainer

_NOT_NOW = ("grid_every", "signals_every", "warmup_steps")  # what would make the first steps unlike most of them
_TRIES = 2
_BRIEF, _LONG = 1.0, 6.0  # seconds: shorter trials go on, and longer ones need not play a whole cycle


def cost(trainer: Trainer, steps: int) -> dict:
    """What `steps` steps of a trainer that has not begun tell of all, as JSON can hold it; the trainer is used up.

    Raises StudioError where a batch does not fit in memory.
    """
    config = trainer.config
    try:
        seconds = _seconds_of_a_step(trainer, steps)
        seconds += sum(
            _seconds(trainer, act) / every
            for every, act in ((config.grid_every, trainer.grid), (config.signals_every, trainer.signals))
            if every
        )
        gain = _gain(trainer) if config.precision == COARSE else 0.0
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise StudioError(
            say(
                "{not_enough} for batches of {batch_size}.",
                not_enough=NOT_ENOUGH,
                batch_size=config.batch_size,
            ),
            "Choose a smaller batch_size.",
        ) from error
    return dict(
        steps_per_second=1 / seconds,
        pictures_per_second=config.batch_size / seconds,
        memory=peak_memory(trainer.device),
        pictures=len(trainer.data),
        batch_size=config.batch_size,
        accumulate=config.accumulate,
        device=device_name(trainer.device),
        parameters_g=parameter_count(trainer.generator),
        parameters_d=parameter_count(trainer.discriminator),
        bfloat16_gain=gain,
    )


def _gain(trainer: Trainer) -> float:
    """How many times as fast steps are in bfloat16 as in float32: of the fastest of a few, one after the other."""
    shortest = {}
    for precision in (COARSE, "float32"):
        trainer.change(precision=precision)
        _play(trainer)  # the first one prepares
        shortest[precision] = min(_seconds(trainer, lambda: _play(trainer)) for _ in range(_TRIES))
    return shortest["float32"] / shortest[COARSE]


def _seconds_of_a_step(trainer: Trainer, steps: int) -> float:
    """Of an average step. The first, which is not timed, and the first one timed are of the same, dearest kind.

    Steps with a penalty take longer and come seldom: a line through the times of steps with more and fewer penalties
    is read at their average number. After whole cycles of steps that is the mean of the times. Path lengths are due in
    the first steps, as a penalty is: what they take is what that step took beyond one with its penalties alone.
    """
    config = trainer.config
    trainer.change(**{name: 0 for name in _NOT_NOW if name in table(TrainConfig)})
    evens = Paths.due(trainer.generator, config, 0)
    _seconds(trainer, lambda: _play(trainer))
    trainer.step = 0
    dearest = _seconds(trainer, lambda: _play(trainer)) if evens else 0.0
    trainer.change(path_length=0.0)
    start, slope = _line(trainer, steps)
    paths = max(dearest - start - slope * _penalties(config, 0), 0.0) if evens else 0.0
    often = config.d_steps / config.penalty_every if config.penalty != "none" else 0
    return start + slope * often + paths / config.path_every


def _line(trainer: Trainer, steps: int) -> tuple[float, float]:
    """Seconds of a step without penalties, and of each penalty; 0 for these, and the mean, where all steps have as
    many."""
    config = trainer.config
    cycle = config.penalty_every if config.penalty != "none" else 1
    trainer.step = 0
    times: list[float] = []
    penalties: list[int] = []
    while len(times) < max(steps, 2) or (sum(times) < _LONG and (sum(times) < _BRIEF or len(times) % cycle)):
        penalties.append(_penalties(config, trainer.step))
        times.append(_seconds(trainer, lambda: _play(trainer)))
    if len(set(penalties)) == 1:
        return float(np.mean(times)), 0.0
    slope, start = np.polyfit(penalties, times, 1)
    return float(start), float(slope)


def _penalties(config: TrainConfig, step: int) -> int:
    """How many of a step's updates of the discriminator are penalised."""
    updates = range(step * config.d_steps, (step + 1) * config.d_steps)
    return sum(update % config.penalty_every == 0 for update in updates) if config.penalty != "none" else 0


def _play(trainer: Trainer) -> None:
    for _ in trainer.run(trainer.step + 1):
        pass


def _seconds(trainer: Trainer, act) -> float:
    """How long it takes, with all that the device still has to do for it."""
    began = time.perf_counter()
    act()
    finish_work(trainer.device)
    return time.perf_counter() - began
