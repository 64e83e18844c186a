"""`gan train --remote`: the same run on somebody else's machine."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from gan.cli.parsers.train import add_options
from gan.cli.progress import ProgressBar
from gan.cli.sources import CommandSources, on_disk
from gan.cli.speech import tell
from gan.errors import StudioError
from gan.messages import say
from gan.studio.remote.jobs import HubJobs, RemoteJob, forget_note, keep_note, noted
from gan.studio.remote.parcel import Parcel

_HERE = {"out", "remote", "flavor", "most_hours", "resume", "threads"}  # options of this computer alone
_ELSEWHERE = ("hub:", "example:")  # data that the other machine gets itself


def train_remotely(asked: Mapping, sources: CommandSources) -> None:
    """Submit the run, or find the job that makes it, show its log, and bring it back. Raises StudioError."""
    jobs = HubJobs(endpoint=sources.models.hub.endpoint)
    if asked["resume"]:
        job = noted(asked["out"])
    else:
        job = _submitted(jobs, asked, sources)
        tell(say("The job is at {url}", url=job.url))
    _follow(jobs, job, asked["out"])


def _submitted(jobs: HubJobs, asked: Mapping, sources: CommandSources) -> RemoteJob:
    with ProgressBar() as bar:
        job = jobs.submit(parcel_of(asked, sources), asked["out"].name, asked["flavor"], asked["most_hours"], bar.show)
    keep_note(asked["out"], job)
    return job


def _follow(jobs: HubJobs, job: RemoteJob, out: Path) -> None:
    """To its end, and bring back what has become of it, also where it ended early."""
    try:
        for line in jobs.follow(job):
            print(line, flush=True)
    except KeyboardInterrupt:
        tell(say("The job goes on at {url}", url=job.url))
        tell(say("gan train --remote hf-jobs --resume --out {out} follows it again.", out=out))
        raise
    brought = jobs.bring(job, out)
    jobs.check_ended_well(job)
    if not brought:
        raise StudioError("The job left no run behind.", say("Its log is at {url}.", url=job.url))
    forget_note(out)
    tell(say("The run is in {out}. Its private repository {repo} stays until you delete it.", out=out, repo=job.repo))


def parcel_of(asked: Mapping, sources: CommandSources) -> Parcel:
    """What was typed, with what it names of this computer. Raises StudioError."""
    words, inputs = _words(asked), {}
    data = asked["data"]
    if not data.startswith(_ELSEWHERE):
        inputs["data"] = Path(data)
        words.pop("data", None)
    if asked["pins"]:
        inputs["pins"] = asked["pins"]
        words.pop("pins", None)
    if asked["base"]:
        source = on_disk(sources.models, asked["base"])
        if source in sources.models.names() or not _is_on_hub(source):
            inputs["base"] = sources.folder(asked["base"])
            words.pop("base")
            words.setdefault("base-name", asked["base"])
    return Parcel(words, inputs)


def _is_on_hub(source: str) -> bool:
    return source.count("/") == 1 and not source.startswith((".", "~", "/"))


def _words(asked: Mapping) -> dict[str, str | list[str] | None]:
    """The options that were given, as they are typed."""
    parser, words = argparse.ArgumentParser(), {}
    add_options(parser)
    for action in parser._actions:
        value, flags = asked.get(action.dest), action.option_strings
        if action.dest in _HERE or value in (None, action.default) or not flags:
            continue
        values = [str(one) for one in value] if isinstance(value, list) else str(value)
        words[flags[0].removeprefix("--")] = None if value is True else values
    return words
