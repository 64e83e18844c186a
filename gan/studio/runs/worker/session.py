"""One piece of a run: the game, its run folder, what the page asks for, and what happens when it breaks."""

import dataclasses
import math
import sys
import time
from pathlib import Path

import torch

from gan.errors import StudioError
from gan.field_metadata import to_values
from gan.messages import also, say
from gan.store.model_folder import read_config
from gan.store.run_folder import Run
from gan.studio.runs.control import RESTING, Control, Worker
from gan.studio.runs.hardware import NOT_ENOUGH, device_name, finish_work, is_out_of_memory, memory
from gan.studio.runs.worker.advice import Adviser
from gan.studio.runs.worker.clock import Clock
from gan.studio.runs.worker.interrupts import StopSignal
from gan.studio.runs.worker.news import Began, Ended, Progress, Setback, Tell
from gan.studio.runs.worker.pace import GridPace, is_kept
from gan.studio.runs.worker.training_job import Limits
from gan.training.accumulation import finer
from gan.training.config import TrainConfig
from gan.training.records import ChangeRecord, Record, StepRecord
from gan.training.team import TeamBroken
from gan.training.trainer import Trainer

_MOST_ROLL_BACKS = 3


def play(run: Run, trainer: Trainer, worker: Worker, limits: Limits, tell: Tell) -> None:
    """Train until a limit, Ctrl-C, SIGTERM or a wish to stop; write the run, save at the end and every few minutes, and
    `tell` how it goes. Where only its turn is over, the run is left as it is for the next one.

    Raises StudioError where the game breaks down again and again, and where a batch does not fit in memory: then the
    worker's status offers the settings with which it may.
    """
    try:
        with StopSignal() as stop:
            session = TrainingSession(run, trainer, worker, limits, stop, tell)
            try:
                session.play()
            except TeamBroken as error:
                worker.fail(error)  # while signals are heard: whoever has started the team ends all of it then
                raise
        session.end() if session.is_over else session.give_way()
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        parts = finer(trainer.config, trainer.team)
        worker.tell(offer={} if parts is None else {"accumulate": parts})
        raise _too_large(trainer.config, parts) from error


class TrainingSession:
    """One piece of a run, from where its trainer is."""

    def __init__(self, run: Run, trainer: Trainer, worker: Worker, limits: Limits, stop: StopSignal, tell: Tell):
        self.run, self.trainer, self.worker, self.limits, self.stop = run, trainer, worker, limits, stop
        self.news = tell
        self.until, self.minutes = limits.steps or sys.maxsize, limits.minutes or math.inf
        self.clock = Clock(worker.minutes_before or _minutes_so_far(run))
        self.first, self.said, self.saved_at = trainer.step, "", 0.0
        self.roll_backs, self.broke = 0, -1
        self.adviser, self.pace = Adviser(run), GridPace(limits.grid_seconds)
        worker.tell(
            until=limits.steps,
            step=trainer.step,
            saved=trainer.step,
            kind=str(trainer.device),
            device=device_name(trainer.device),
        )
        if not run.is_saved():
            if is_kept(trainer.step, limits.snapshot_steps):
                self._keep()  # the base as it was, or the untrained pair
            self.save()  # so that there is a good state to go back to from the first step on

    def play(self) -> None:
        """To the end. A state that turns out to be ruined only there is taken back, too."""
        self.news(Began())
        kept = False
        while not kept:
            while self.goes_on():
                self.step()
            kept = self.save()

    def goes_on(self) -> bool:
        """Do what the page asks for, tell how it goes, and say whether there is another step to play."""
        control = self.worker.orders()
        if control is not None:
            self._obey(control)
        if self.worker.is_due():
            self.tell()
        return not self.is_over and not self._is_turn_over

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be played."""
        return self.trainer.step >= self.until or self.stop.asked or self.clock.minutes >= self.minutes

    @property
    def _is_turn_over(self) -> bool:
        turn = self.limits.turn
        return turn is not None and self.trainer.step > self.first and 60 * self.clock.minutes >= turn

    def step(self) -> None:
        """One step, and whatever is due after it; a step whose numbers are no longer finite is taken back."""
        trainer = self.trainer
        self._draw_in_time()
        for record in trainer.run(trainer.step + 1):  # step by step: to stop need not wait for a record
            if isinstance(record, StepRecord):
                if not math.isfinite(record.loss_d + record.loss_g):
                    return self._roll_back()
                self._show(record)
            self._write(record)
        if is_kept(trainer.step, self.limits.snapshot_steps):
            self._keep()
        if self.clock.minutes - self.saved_at > self.limits.save_minutes:
            self.save()

    def save(self) -> bool:
        """Keep the state, and say whether it was good. If it is ruined, the game goes on from what was kept before."""
        if not _is_finite(self.trainer.state_dict()):
            self._roll_back()
            return False
        self.run.save(self.trainer)
        self.saved_at = self.clock.minutes
        self.roll_backs = 0 if self.trainer.step > self.broke else self.roll_backs  # it came past where it broke
        self.worker.tell(saved=self.trainer.step, step=self.trainer.step)
        return True

    def end(self) -> None:
        """Draw, keep the model, and say so."""
        trainer = self.trainer
        self.run.write(trainer.grid())
        folder = self._keep()
        if self.stop.asked:
            status, said = "stopped", say("Stopped at step {step}.", step=trainer.step)
        else:
            status, said = "done", say("Done at step {step}.", step=trainer.step)
        self.tell(status=status, sentence=said, seconds_left=None)
        self.news(Ended(self.run.path, trainer.step, folder, self.stop.asked, trainer.step >= self.until))

    def give_way(self) -> None:
        """Say that another turn is wanted; all is saved."""
        said = say("It rests at step {step} until its next turn.", step=self.trainer.step)
        self.tell(status=RESTING, sentence=also(said, self.said))

    def tell(self, **news) -> None:
        """Tell whoever watches how it goes."""
        trainer, speed = self.trainer, self.worker.pace(self.trainer.step)
        by_steps = (self.until - trainer.step) / speed if speed and self.limits.steps else math.inf
        left = min(by_steps, 60 * (self.minutes - self.clock.minutes))
        self.worker.tell(
            **dict(
                step=trainer.step,
                minutes=self.clock.all_minutes,
                speed=speed,
                pictures=speed * trainer.config.batch_size,
                seconds_left=left if left < math.inf else None,
                memory=memory(trainer.device),
                train=to_values(trainer.config),
                sentence=self.said,
            )
            | news
        )

    def _draw_in_time(self) -> None:
        """A grid, where one is due by the clock."""
        now = 60 * self.clock.all_minutes
        if self.pace.is_due(now, self.worker.is_watched):
            finish_work(self.trainer.device)  # that of the last steps is not the grid's
            began = time.monotonic()
            self.run.write(self.trainer.grid())
            self.pace.drawn(now, time.monotonic() - began)

    def _keep(self) -> Path:
        """Keep the model as it is now, for good."""
        return self.run.snapshot(self.trainer, _facts(self.trainer, self.clock.all_minutes))

    def _obey(self, control: Control) -> None:
        for number, fields in control.changes:
            self._change(number, fields)
        if control.want == "stop":
            self.stop.asked = True
            self.tell(status="stopping", sentence=say("Saving, then stopping."))
        elif control.want == "pause":
            self._pause()

    def _change(self, number: int, fields: dict) -> None:
        """Other settings from here on. They are saved at once, so that no kill loses them."""
        self.save()  # takes a ruined state back first, which would take the change along
        try:
            record = self.trainer.change(**fields)
        except StudioError as error:
            record = ChangeRecord(self.trainer.step, {}, say("Refused: {message}", message=error.said))
        if record.changes or record.reason:
            self.said = record.reason  # until the next change: whoever asked for it sees why it was not made
            self._write(record)
            self.save()
        self.worker.tell(applied=number, train=to_values(self.trainer.config), sentence=self.said)

    def _pause(self) -> None:
        """Wait, with all saved, until something else is wanted."""
        self.save()
        with self.clock.stopped():
            self.tell(
                status="paused",
                sentence=also(say("Paused at step {step}.", step=self.trainer.step), self.said),
                speed=0.0,
                pictures=0.0,
            )
            control = None
            while not self.stop.asked and control is None:
                time.sleep(0.1)
                control = self.worker.orders()
                if self.worker.is_due():
                    self.worker.tell()
        self.worker.forget_pace()
        self.tell(status="running")
        if control is not None:
            self._obey(control)

    def _roll_back(self) -> None:
        """Go on from the last good state with smaller steps. Raises StudioError after a few times."""
        self.broke, self.roll_backs = self.trainer.step, self.roll_backs + 1
        if self.roll_backs > _MOST_ROLL_BACKS:
            raise StudioError(
                say(
                    "Training broke down before step {broke}: its numbers are no longer finite. Smaller "
                    "steps did not help. What was saved before is still in {path}.",
                    broke=self.broke,
                    path=self.run.path,
                ),
                "Start again with smaller --g-lr and --d-lr.",
            )
        self.run.restore(self.trainer)
        config = self.trainer.config
        sentence = say(
            "Training broke down before step {broke}: its numbers were no longer finite. It went back to step "
            "{step} and "
            "goes on with half the learning rates.",
            broke=self.broke,
            step=self.trainer.step,
        )
        change = self.trainer.change(g_lr=config.g_lr / 2, d_lr=config.d_lr / 2)
        self.run.write(dataclasses.replace(change, reason=sentence))
        self.said, self.adviser = sentence, Adviser(self.run)
        self.save()
        self.worker.forget_pace()
        self.tell()
        self.news(Setback(sentence))

    def _write(self, record: Record) -> None:
        """Into the run, and to the doctor."""
        self.run.write(record)
        if (advice := self.adviser.hear(record)) is not None:
            self.news(advice)

    def _show(self, r: StepRecord) -> None:
        """Speed and state of the game."""
        done = max((r.step - self.first) / max(self.until - self.first, 1), self.clock.minutes / self.minutes)
        speed = (r.step - self.first) * (r.images / max(r.step, 1)) / max(60 * self.clock.minutes, 1e-9)
        self.news(Progress(done, speed, r))


def _too_large(config: TrainConfig, parts: int | None) -> StudioError:
    numbers = dict(not_enough=NOT_ENOUGH, batch_size=config.batch_size, accumulate=config.accumulate)
    said = say("{not_enough} for batches of {batch_size}.", **numbers)
    if config.accumulate > 1:
        said = say("{not_enough} for batches of {batch_size}, even in {accumulate} parts.", **numbers)
    if parts is None:
        return StudioError(said, "Take a smaller size or a smaller model.")
    return StudioError(
        said,
        say("Work through each in {parts} parts (--accumulate {parts}), or choose a smaller batch_size.", parts=parts),
    )


def _facts(trainer: Trainer, minutes: float) -> dict:
    return dict(
        steps=trainer.step,
        pictures_seen=trainer.images,
        training_pictures=len(trainer.data),
        minutes=round(minutes, 1),
        device=device_name(trainer.device),
        torch=torch.__version__,
    )


def _minutes_so_far(run: Run) -> float:
    """Minutes of earlier pieces of a run that has no status, as its newest snapshot says."""
    steps = run.snapshots()
    return float(read_config(run.snapshot_path(steps[-1])).trained.get("minutes", 0)) if steps else 0.0


def _is_finite(state) -> bool:
    """Whether all numbers of a nested state are: of the networks, and of the optimisers, whose sums may overflow
    first."""
    if isinstance(state, torch.Tensor):
        return not state.is_floating_point() or bool(state.isfinite().all())
    inner = state.values() if isinstance(state, dict) else state if isinstance(state, (list, tuple)) else ()
    return all(map(_is_finite, inner))
