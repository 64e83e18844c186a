"""Runs made by worker processes: one at a time on each device, the others in line. All that is known lies in the runs'
folders and in the line, so that whoever opens the same root again, after whatever end, finds everything as it is.

Workers outlive the app that started them.
"""

import contextlib
import dataclasses
import json
import logging
import secrets
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gan.errors import StudioError
from gan.field_metadata import from_values
from gan.messages import say
from gan.store.files import make_folder, write_bytes
from gan.store.model_folder import read_config
from gan.store.run_folder import Run
from gan.studio.recipes import Recipe
from gan.studio.runs import control
from gan.studio.runs.control import RESTING, Status
from gan.studio.runs.device_names import LENT
from gan.studio.runs.hardware import devices, find_device
from gan.studio.runs.jobs import Job, RunSpec, known_job, read_job
from gan.studio.runs.line import Line
from gan.studio.runs.locks import CAN_SUPERVISE, RunLock, is_alive
from gan.studio.runs.new_discriminators import with_discriminator
from gan.studio.runs.new_jobs import branch_spec, job_by_hand, keep_inputs
from gan.studio.runs.owners import giver_of, is_owner
from gan.studio.runs.pins import FIXED, PINS
from gan.studio.runs.saved import check_saved
from gan.studio.runs.spawn import kill_worker
from gan.studio.runs.state import ENDED, UNREADABLE, RunState, read_state, read_states, run_folder
from gan.studio.visitors import digest
from gan.training.config import TrainConfig

_LOG = logging.getLogger(__name__)
_PATIENCE = 20.0  # seconds after which a second wish to stop ends a worker that did not heed the first
_MOST_CHANGES = 100  # that wait to be made


class Refused(StudioError):
    """A card was asked for, and not lent: the lender's reason."""


class Supervisor:
    """The runs below `root`. `find` gives the folder of a base by its name; without it a base is a model's folder.

    Methods that act take the `owner`'s token; where it is given it must be the one that the run was started with. With
    None the caller answers for that: the command line, or a page with one user. With `one_each` at most one run of
    each owner waits in line. Raise StudioError for whatever cannot be.
    """

    def __init__(
        self,
        root: Path,
        find: Callable[[str], Path] = Path,
        most_waiting: int = 32,
        pause_minutes: float = 10.0,
        one_each: bool = True,
        lent: bool = False,
    ):
        """lent: new runs are for a card that is lent. They wait in line until somebody takes a turn of theirs."""
        if not CAN_SUPERVISE:
            raise StudioError("Runs can be supervised on Linux and macOS only.", "On Windows use WSL.")
        self.root, self._find = make_folder(Path(root).absolute()), find
        self.line, self.lent = Line(self.root, most_waiting, pause_minutes, one_each), lent
        self._turns: set[str] = set()  # the runs that have a turn, or are about to
        self._mutex, self._closed = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, seconds: float = 1.0) -> "Supervisor":
        """Let the line move on by itself, from a thread, until `close`."""
        self._thread = threading.Thread(target=self._watch, args=(seconds,), name="workers", daemon=True)
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop watching. Workers go on; the line waits for whoever opens this root next."""
        self._closed.set()
        if self._thread:
            self._thread.join()

    # Asking

    def list(self) -> list[RunState]:
        """All runs, the newest first."""
        return read_states(self.root, self.line.tickets())

    def state(self, id: str) -> RunState:
        """One run, as it is now."""
        return read_state(run_folder(self.root, id), self.line.tickets())

    def run(self, id: str) -> Run:
        """Its folder, for events, grids and snapshots. Raises StudioError also where its worker has not begun yet."""
        return Run.open(run_folder(self.root, id))

    def owns(self, id: str, owner: str | None) -> bool:
        """Whether that visitor, or with None anybody, may act on the run."""
        return owner is None or is_owner(run_folder(self.root, id), owner)

    def sees(self, id: str, visitor: str | None) -> bool:
        """Whether that visitor, or with None anybody, may see the run's training pictures: only who gave them may."""
        return visitor is None or giver_of(self.root, id) == digest(visitor)

    # Acting

    def start(self, spec: RunSpec, data: Path, owner: str | None = None, pins: Sequence[dict] = ()) -> str:
        """Put a new run in line and return its id. The base and an .npz are kept in the run's folder; other data stays.

        pins: recipes as JSON; those of the base come first in the run's grids, the others are left out.
        """
        base = self._base(spec.base) if spec.base else ""
        recipes = [recipe.to_json() for recipe in map(Recipe.from_json, pins) if recipe.model == spec.base]
        files = {PINS: json.dumps(recipes).encode()} if base and recipes else {}
        job = Job(spec, str(Path(data).absolute()), base, digest(owner), self._device(spec.device), time.time())
        return self._enter(job, files)

    def branch(self, id: str, step: int, owner: str | None = None, **fields) -> str:
        """A new run from a snapshot of another, with its data, its pins and its settings but for `fields` of
        RunSpec. Anybody may: the pictures are trained on, and stay unseen by who did not give them."""
        run, job = self.run(id), read_job(run_folder(self.root, id))
        if step not in run.snapshots():
            raise StudioError(say("Step {step} of this run was not kept.", step=step), "Choose one of its snapshots.")
        spec = branch_spec(run, job, step, fields)
        data = job.data if job is not None else run.settings.data
        base, kind = str(run.snapshot_path(step)), self._device(spec.device)
        job = Job(spec, data, base, digest(owner), kind, time.time(), id, giver_of(self.root, id))
        return self._enter(
            job, {name: (run.path / name).read_bytes() for name in (FIXED, PINS) if (run.path / name).exists()}
        )

    def stop(self, id: str, owner: str | None = None) -> None:
        """Save and end; take it out of the line if it waits there. Asked again after 20 seconds: end it at once."""
        with self._acting(id, owner) as folder:
            waited, wish = self.line.leave(id), control.heard_control(folder)
            if is_alive(folder):
                if wish.want == "stop" and time.time() - wish.since > _PATIENCE:
                    kill_worker(folder)
                elif wish.want != "stop":
                    control.write_control(folder, dataclasses.replace(wish, want="stop", since=time.time()))
            elif waited:
                self._say(folder, status="stopped", sentence=say("Taken out of the line."))
            else:
                raise StudioError("This run has ended already.")

    def pause(self, id: str, owner: str | None = None) -> None:
        """Save and wait. A paused run that others wait for is stopped after `pause_minutes`."""
        if (job := known_job(run_folder(self.root, id))) is not None and job.kind == LENT:
            raise StudioError("A card that is lent does not wait.", "Stop the run: it can be continued.")
        self._want(id, owner, "pause")

    def resume(self, id: str, owner: str | None = None) -> None:
        """Go on after a pause."""
        self._want(id, owner, "run")

    def take_turn(self, id: str, owner: str | None, play: Callable[[str], object]) -> None:
        """`play` one turn of a run that waits for a card that is lent, given its folder; returns when that is over.

        A run has one turn at a time: where another page of its owner has asked for one, this returns at once. What the
        lender says, where it lends none, ends the run; it can be continued. Raises StudioError where the run is none of
        those.
        """
        with self._acting(id, owner) as folder:
            job = read_job(folder)
            if job is None or job.kind != LENT or not any(ticket.id == id for ticket in self.line.tickets()):
                raise StudioError("This run does not wait for a card.", "Continue it first.")
            if id in self._turns or is_alive(folder):
                return
            self._turns.add(id)
        try:
            self._play(folder, play)
        finally:
            self._turns.discard(id)

    def change(self, id: str, fields: dict, owner: str | None = None) -> None:
        """Other values of TrainConfig from the next step on. They also reach a run that waits or is to be continued."""
        from_values(TrainConfig, fields)
        if "seed" in fields:
            raise StudioError("The seed of a run that has begun cannot change.", "Start a new run with that seed.")
        with self._acting(id, owner) as folder:
            wish = control.read_control(folder)  # raises where it cannot be read: it is not written over
            status = control.read_status(folder) or Status()
            waiting = [c for c in wish.changes if c[0] > status.applied]
            if len(waiting) >= _MOST_CHANGES:
                raise StudioError(
                    say("{count} changes wait to be made already.", count=len(waiting)),
                    "Wait until the run has made them.",
                )
            number = max([status.applied, *(c[0] for c in wish.changes)]) + 1
            control.write_control(folder, dataclasses.replace(wish, changes=(*waiting, (number, fields))))

    def continue_(
        self, id: str, owner: str | None = None, steps: int | None = None, minutes: float | None = None
    ) -> None:
        """Put a run that has ended in line again: it goes on from what was saved last, to the same step unless told.

        One that broke at its very last step has its model still to be made.
        """
        with self._acting(id, owner) as folder:
            state = self.state(id)
            if state.status == UNREADABLE:
                raise StudioError(state.sentence)
            if state.status not in ENDED:
                raise StudioError("This run has not ended.")
            check_saved(folder)
            job = read_job(folder) or job_by_hand(self.run(id), max(state.until or 0, state.step, 1), state.created)
            asked = (("steps", steps), ("minutes", minutes))
            more: dict[str, Any] = {name: value for name, value in asked if value is not None}
            if state.status == "done" and not more:
                raise StudioError("This run is done.", "Say up to which step it shall go on.")
            if minutes is not None:
                more["minutes"] = state.minutes + minutes
            job = dataclasses.replace(job, spec=dataclasses.replace(job.spec, **more))
            if state.step > job.spec.steps or (state.step == job.spec.steps and state.status == "done"):
                raise StudioError(
                    say("This run is at step {step} already.", step=state.step), "Say up to which step it shall go on."
                )
            self.line.join(folder, job)
        self._move_on()

    def delete(self, id: str, owner: str | None = None) -> None:
        """Remove the run's folder with all that is in it."""
        with self._acting(id, owner) as folder:
            if is_alive(folder):
                raise StudioError("This run is being worked on.", "Stop it first.")
            self.line.leave(id)
            gone = self.root / f".gone-{secrets.token_hex(8)}"
            folder.rename(gone)  # so that nobody meets half a run
        shutil.rmtree(gone, ignore_errors=True)

    def tend(self) -> None:
        """Start whoever is next on each device that is free. Safe to call at any time, from anywhere."""
        with self._alone():
            self.line.move()

    def _move_on(self) -> None:
        """`tend` for who has just put a run in line: it is there, whatever hinders the line."""
        try:
            self.tend()
        except (StudioError, OSError) as error:  # the disk, which may be back the next time
            _LOG.warning("The line of runs cannot move on: %s", error)

    def _watch(self, seconds: float) -> None:
        while not self._closed.wait(seconds):
            self._move_on()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else, in this process or another, moves the line of this root or writes its wishes."""
        with self._mutex:
            lock = RunLock.take(self.root, patience=20)
            try:
                yield
            finally:
                lock.release()

    @contextlib.contextmanager
    def _acting(self, id: str, owner: str | None) -> Iterator[Path]:
        """The run's folder, to do something that only its owner may."""
        with self._alone():
            if not self.owns(id, owner):
                raise StudioError("Only whoever started this run can do that.", "Anyone may watch it.")
            yield run_folder(self.root, id)

    def _want(self, id: str, owner: str | None, want: str) -> None:
        with self._acting(id, owner) as folder:
            wish = control.read_control(folder)
            if not is_alive(folder) or wish.want == "stop":
                raise StudioError("This run is not running.", "Continue it first.")
            control.write_control(folder, dataclasses.replace(wish, want=want, since=time.time()))

    def _play(self, folder: Path, play: Callable[[str], object]) -> None:
        """One turn, and what follows from how it ended."""
        refused, over = "", False
        try:
            play(str(folder))
            over = True
        except Refused as error:
            refused = error.said
        finally:
            with self._alone():
                told, wish = control.read_status(folder), control.heard_control(folder)
                if not over or told is None or told.status != RESTING or wish.want == "stop":
                    self.line.leave(folder.name)
                if refused and (told is None or told.status != "failed"):  # what the worker said of itself stands
                    self._say(folder, status="stopped", sentence=refused)

    def _enter(self, job: Job, files: Mapping[str, bytes]) -> str:
        """A folder for a new run, with its base, its data and these files, and a place in the line."""
        if not Path(job.data).exists():
            raise StudioError("The training data is no longer there.", "Give it again.")
        id = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(4)}"
        folder = self.root / id
        with self._alone():
            self.line.check_room(job)
            make_folder(folder)
            try:
                for name, content in files.items():
                    write_bytes(folder / name, content)
                self.line.join(folder, keep_inputs(job, folder))
            except (StudioError, OSError):
                shutil.rmtree(folder, ignore_errors=True)
                raise
        self._move_on()
        return id

    def _device(self, name: str) -> str:
        """The device of a new run: "auto" is, of several graphics cards, the one with the fewest runs to do."""
        if self.lent and name == "auto":
            return LENT
        cards = devices()[:-1]
        if name != "auto" or len(cards) < 2:
            return find_device(name)
        busy = Counter(state.kind for state in self.list() if state.status not in ENDED)
        return min(cards, key=lambda card: busy[card])

    def _base(self, source: str) -> str:
        folder = self._find(source).absolute()
        config = read_config(folder, source)
        if config.discriminator is None:
            with_discriminator(config, source)  # raises where none can be made
        return str(folder)

    def _say(self, folder: Path, **news) -> None:
        """The last word on a run that nobody works on. Raises StudioError where somebody does."""
        lock = RunLock.take(folder)
        try:
            control.write_status(folder, dataclasses.replace(control.read_status(folder) or Status(), **news))
        finally:
            lock.release()
