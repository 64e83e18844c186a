"""`gan train`: what was typed becomes a job, which is worked through."""

import argparse
import dataclasses
import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from gan.cli.options import chosen
from gan.cli.parsers.train import ABOUT, add_options
from gan.cli.sources import CommandSources
from gan.cli.training_news import NewsPrinter
from gan.errors import StudioError
from gan.field_metadata import some_values
from gan.messages import say
from gan.store.run_folder import Run
from gan.studio.runs.classics import CLASSICS, Classic
from gan.studio.runs.torchrun import team_of_processes
from gan.studio.runs.worker.follow import END, follow
from gan.studio.runs.worker.training_job import Limits, NewRun, Resumed, TrainingJob, job_in
from gan.studio.runs.worker.work import measured, work, work_in
from gan.training.config import TrainConfig
from gan.training.team import Team

_ARTICLE_EVERY = 50  # steps between two lines of a classic
_WITH_JOB = ("job", "measure")  # the options that go together with --job
_FOLLOWED = ("remote", "resume", "out")  # those that follow a run on another machine


def act(sources: CommandSources, **asked) -> None:
    """Run the command, in each process that torchrun started, of which one leads.

    Raises StudioError for anything a person can mend.
    """
    if asked["remote"]:
        _check_remote(asked)
        from gan.cli.remote import train_remotely  # the Hub's client, which no other training needs

        return train_remotely(asked, sources)
    with team_of_processes() as team:
        if team.leads:
            _lead(asked, team, sources)
            team.tell(END)
        else:
            follow(_reader(asked), team, sources)


def _reader(asked: Mapping) -> Callable[[], TrainingJob]:
    """How a follower comes to its job."""
    return (lambda: job_in(asked["job"])) if asked["job"] else (lambda: _job(asked))


def _lead(asked: Mapping, team: Team, sources: CommandSources) -> None:
    """All that people see of a run: its folder, its lock, its words."""
    _check(asked)
    with NewsPrinter(as_in_articles=asked["classic"] is not None) as printer:
        if asked["measure"] is not None:
            job = job_in(asked["job"]) if asked["job"] else _job(asked)
            print(json.dumps(measured(job, asked["measure"], team, sources, printer.tell)))
        elif asked["job"]:
            work_in(asked["job"], team, sources, printer.tell)
        else:
            work(_job(asked), team, sources, printer.tell)


def _job(asked: Mapping) -> TrainingJob:
    """What was typed as a job. Raises StudioError."""
    names = ("steps", "minutes", "save_minutes", "snapshot_steps", "grid_seconds")
    limits = Limits(**{name: asked[name] for name in names})
    run = _resumed(asked) if asked["resume"] else _new(asked)
    return TrainingJob(asked["out"] or Path("run"), run, limits, asked["device"], asked["threads"])


def _new(asked: Mapping) -> NewRun:
    run = NewRun(
        asked["data"] or "",
        asked["family"] or "",
        asked["base"] or "",
        asked["base_name"] or "",
        asked["label"],
        asked["side"],
        asked["channels"],
        asked["pins"],
        _named(asked["net"], asked["family"]),
        chosen(asked, TrainConfig),
        {name: asked[name] for name in ABOUT},
    )
    return _as_classic(run, CLASSICS[asked["classic"]]) if asked["classic"] else run


def _as_classic(run: NewRun, classic: Classic) -> NewRun:
    """With what makes that pair, as far as nothing else was asked for."""
    return dataclasses.replace(
        run,
        family=run.family or classic.family,
        label=run.label or "none",
        side=run.side or classic.side,
        channels=run.channels or classic.channels,
        net={**classic.net, **run.net},
        train={"record_every": _ARTICLE_EVERY, **some_values(TrainConfig, classic.train), **run.train},
    )


def _resumed(asked: Mapping) -> Resumed:
    said = _new(asked)
    typed = chosen(asked, TrainConfig)  # what makes a classic pair was said when the run began, and may have changed
    return Resumed(said.data, dataclasses.replace(said, train=typed))


def _named(options: list[str], family: str | None) -> dict[str, str]:
    """--net NAME=VALUE as a table. Raises StudioError where there is no sign between the two."""
    for option in options:
        if "=" not in option:
            raise StudioError(
                say("--net {option} names no setting of {name}.", option=option, name=family or say("a base")),
                "Write it as NAME=VALUE, such as --net z_dim=64.",
            )
    return {name: value for name, _, value in (option.partition("=") for option in options)}


def _check(asked: Mapping) -> None:
    """Raise StudioError where the options do not go together, or say too little, or a number of them cannot be."""
    if asked["job"]:
        _check_alone(asked, _WITH_JOB, "job", "A job says all that its run needs: leave the other options out.")
    elif asked["resume"]:
        _check_resumed(asked)
    if not asked["remote"]:
        _check_here(asked)
    if not asked["job"] and asked["measure"] is None:
        _check_place_and_end(asked)
    for name in ("steps", "minutes", "threads", "side", "measure", "most_hours"):
        _check_amount(name, asked[name], say("above 0"), lambda value: value > 0)  # which nan is not either
    for name in ("save_minutes", "snapshot_steps", "grid_seconds"):
        _check_amount(name, asked[name], say("from 0 on"), lambda value: value >= 0)
    if not asked["job"] and not asked["resume"]:
        _check_start(asked)


def _check_remote(asked: Mapping) -> None:
    """Likewise for a run on another machine, or one that is only followed."""
    if asked["job"] or asked["measure"] is not None:
        raise StudioError(
            "--remote makes runs, and neither --job nor --measure can be given with it.", "Leave these out."
        )
    if not asked["resume"]:
        return _check(asked)
    if asked["out"] is None:
        raise StudioError("Where to?", "Give --out, the folder of the run.")
    _check_alone(asked, _FOLLOWED, "resume", "The job goes on as it was asked for: leave the other options out.")


def _check_alone(asked: Mapping, heard: Collection[str], other: str, hint: str) -> None:
    """Raise StudioError where besides those that are heard together with the option `other` one is given that would be
    left unheard."""
    if unheard := [name for name in _given(asked) if name not in heard]:
        raise _not_together(unheard[0], other, hint)


def _check_resumed(asked: Mapping) -> None:
    """Raise StudioError where one is given that only new runs hear; of the others it is checked that the run has what
    they say."""
    if asked["measure"] is not None:
        raise _not_together("measure", "resume", "Only new runs are measured: give --data and what it starts from.")
    if asked["pins"] is not None:
        raise _not_together("pins", "resume", "The run keeps those that it began with: leave the option out.")


def _check_here(asked: Mapping) -> None:
    """Raise StudioError where one is given that only runs on another machine hear."""
    for name in _given(asked):
        if name in ("flavor", "most_hours"):
            raise StudioError(
                say("--{name} is for runs on another machine.", name=name.replace("_", "-")),
                "Add --remote hf-jobs, or leave the option out.",
            )


def _given(asked: Mapping) -> list[str]:
    """The options that were given, by their names."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    return [name for name in vars(parser.parse_args([])) if asked[name] != parser.get_default(name)]


def _not_together(name: str, other: str, hint: str) -> StudioError:
    return StudioError(
        say("--{name} cannot be given together with --{other}.", name=name.replace("_", "-"), other=other), hint
    )


def _check_place_and_end(asked: Mapping) -> None:
    """Raise StudioError where it is not said where a run shall be, or how long."""
    if asked["out"] is None:
        raise StudioError("Where to?", "Give --out, the folder of the run.")
    if asked["steps"] is None and asked["minutes"] is None:
        raise StudioError("How long?", "Give --steps or --minutes, or both.")


def _check_start(asked: Mapping) -> None:
    """Raise StudioError where it is not said what a new run begins with, or where there is a run already."""
    starts = [name for name in ("family", "base", "classic") if asked[name] is not None]
    if asked["data"] is None or len(starts) != 1:
        raise StudioError(
            "A new run needs --data and one of --family, --base and --classic.",
            "Or --resume to continue the run in --out.",
        )
    if asked["out"] is not None:
        Run.check_free(asked["out"])


def _check_amount(name: str, value: float | None, wanted: str, fits: Callable[[float], bool]) -> None:
    if value is not None and not fits(value):
        raise StudioError(
            say("--{value} cannot be {value2}.", value=name.replace("_", "-"), value2=value),
            say("Give a number {wanted}.", wanted=wanted),
        )
