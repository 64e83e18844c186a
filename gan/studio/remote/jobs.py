"""A training as a job of the Hugging Face Hub: submitted, followed, and its run brought back.

    jobs = HubJobs()                                       # StudioError where nobody is signed in
    job = jobs.submit(parcel, "mine", flavor="t4-small", hours=2)
    for line in jobs.follow(job): print(line)
    jobs.bring(job, Path("runs/mine"))

What travels goes through a private repository of whoever submits, one for each job.
"""

import contextlib
import inspect
import json
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi, get_token
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.hf_api import JobInfo, JobStage
from huggingface_hub.utils import tqdm

from gan.errors import StudioError
from gan.messages import say
from gan.store.files import link_or_copy, make_folder, read_table, write_json
from gan.store.passing import remove_old, temporary_folder
from gan.store.run_reading import STATE
from gan.studio.hub.client import Progress
from gan.studio.hub.patience import patiently
from gan.studio.hub.publish import Destination, Publisher
from gan.studio.hub.push_refusals import push_sentence
from gan.studio.hub.refusals import MODEL, UNREACHABLE, status_of
from gan.studio.remote import boot
from gan.studio.remote.parcel import NEEDS, NEEDS_NAME, PARCEL, REPO, RUN, WORDS, Parcel

IMAGE = "python:3.12"
NOTE = "remote.json"  # in the run's folder while its job goes on, so that it can be followed again
_ANSWER = 30.0  # seconds
_LEFT = 24 * 3600.0  # seconds after which what a bringing that was killed has left is removed
_CARD = """---
tags: [gan-studio]
---
A training of GAN Studio, sent here as a job: `parcel.zip` is what it was given, `run/` what has become of it.
"""
_FAULTS = (*UNREACHABLE, HfHubHTTPError, OSError)


@dataclass(frozen=True)
class RemoteJob:
    """id, owner: as the Hub calls it and whoever pays for it. repo: what travels through. url: its page."""

    id: str
    owner: str
    repo: str
    url: str


class HubJobs:
    """Jobs of whoever is signed in on this computer. Raises StudioError where nobody is."""

    def __init__(self, token: str | None = None, endpoint: str | None = None):
        self._publisher = Publisher(token, endpoint)  # raises
        self._token = (token or get_token() or "").strip()
        self._api = HfApi(endpoint=endpoint, token=self._token)

    def submit(
        self, parcel: Parcel, name: str, flavor: str, hours: float, progress: Progress = lambda fraction, text: None
    ) -> RemoteJob:
        """Send the parcel and start the job, which ends after so many hours whatever it does. A job whose start was
        answered too late is looked for, and is this one. Where none has begun, or somebody ends this, all is taken
        back. Raises StudioError."""
        owner = self._ask("", self._api.whoami)["name"]
        repo = f"{owner}/gan-run-{_plain(name)}-{secrets.token_hex(3)}"
        with temporary_folder() as folder:
            files: dict[str, Path | bytes] = {"README.md": _CARD.encode(), PARCEL: parcel.write(folder / PARCEL)}
            self._publisher.push(Destination(repo, MODEL), files, "What the job is given", progress=progress)
        try:
            info = self._surely_started(parcel, owner, repo, flavor, hours)
        except BaseException:
            self._take_back(owner, repo)
            raise
        return RemoteJob(info.id, owner, repo, info.url)

    def _surely_started(self, parcel: Parcel, owner: str, repo: str, flavor: str, hours: float) -> JobInfo:
        try:
            return self._ask(repo, lambda: self._started(parcel, owner, repo, flavor, hours))
        except StudioError:
            with contextlib.suppress(StudioError):
                if begun := self._begun(owner, repo):
                    return begun[0]
            raise

    def _begun(self, owner: str, repo: str) -> list[JobInfo]:
        """The jobs that work for this repository, as the Hub lists them."""
        return self._ask(repo, lambda: list(self._api.list_jobs(labels=_label(repo), namespace=owner)))

    def _take_back(self, owner: str, repo: str) -> None:
        """End what may have begun, and remove the repository: a job that begins later finds no parcel, and ends."""
        with contextlib.suppress(StudioError):
            for job in self._begun(owner, repo):
                self._ask(repo, partial(self._api.cancel_job, job_id=job.id, namespace=owner))
        with contextlib.suppress(StudioError):
            self._ask(repo, lambda: self._api.delete_repo(repo, missing_ok=True))

    def _started(self, parcel: Parcel, owner: str, repo: str, flavor: str, hours: float) -> JobInfo:
        return self._api.run_job(
            image=IMAGE,
            command=["python", "-c", inspect.getsource(boot)],
            env={
                "HF_HUB_DISABLE_PROGRESS_BARS": "1",
                REPO: repo,
                WORDS: json.dumps(parcel.command()),
                NEEDS_NAME: json.dumps(NEEDS),
            },
            secrets={"HF_TOKEN": self._token},
            flavor=flavor,
            timeout=int(3600 * hours),
            labels={"app": "gan-studio", **_label(repo)},
            namespace=owner,
        )

    def follow(self, job: RemoteJob) -> Iterator[str]:
        """The lines of its log, until it ends. Raises StudioError where the Hub does not tell them any more: the job
        goes on."""
        try:
            yield from self._api.fetch_job_logs(job_id=job.id, namespace=job.owner, follow=True)
        except _FAULTS as error:
            raise _sentence(error, job.repo) from error

    def check_ended_well(self, job: RemoteJob) -> None:
        """Raise StudioError, with what the Hub says of it, unless it did all that it was asked for."""
        info = self._ask(job.repo, lambda: self._api.inspect_job(job_id=job.id, namespace=job.owner))
        if info.status.stage != JobStage.COMPLETED:
            said = info.status.message or str(getattr(info.status.stage, "value", info.status.stage))
            raise StudioError(
                say("The job ended early: {said}", said=said[:300]), say("Its log is at {url}.", url=job.url)
            )

    def bring(self, job: RemoteJob, run: Path) -> bool:
        """Put what the job has saved by now into the run's folder; whether there is anything. Raises StudioError."""
        home = make_folder(run.absolute().parent)
        remove_old(home, ".brought-*", _LEFT)
        with temporary_folder(home, ".brought-") as folder:
            self._ask(
                job.repo,
                lambda: self._api.snapshot_download(
                    job.repo, allow_patterns=f"{RUN}/*", local_dir=folder, tqdm_class=_NoBar
                ),
                patience=3600,
            )
            found = folder / RUN
            if not found.is_dir():
                return False
            files = (path for path in found.rglob("*") if path.is_file())
            for file in sorted(files, key=lambda path: (path.name == STATE, path)):  # the state last: it goes with all
                target = run / file.relative_to(found)
                make_folder(target.parent)
                link_or_copy(file, target)
        return True

    def _ask(self, repo: str, work: Callable[[], Any], patience: float = _ANSWER) -> Any:
        try:
            return patiently([lambda moved: work()], patience)[0]
        except _FAULTS as error:
            raise _sentence(error, repo) from error


class _NoBar(tqdm):
    """The client draws nothing on the terminal."""

    def __init__(self, *args, **how):
        super().__init__(*args, **{**how, "disable": True})


def keep_note(run: Path, job: RemoteJob) -> None:
    """Remember in the run's folder which job it is."""
    write_json(make_folder(run) / NOTE, asdict(job))


def noted(run: Path) -> RemoteJob:
    """The job that makes the run in this folder. Raises StudioError where none does."""
    try:
        return RemoteJob(**{name: str(value) for name, value in read_table(run / NOTE).items()})
    except (StudioError, TypeError) as error:
        raise StudioError(
            say("No job of the Hub is making a run in {run}.", run=run), "Start one without --resume."
        ) from error


def forget_note(run: Path) -> None:
    """The job is over."""
    (run / NOTE).unlink(missing_ok=True)


def _label(repo: str) -> dict[str, str]:
    """By which the job of a repository is known."""
    return {"run": repo.rpartition("/")[2]}


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:40] or "run"


def _sentence(error: Exception, repo: str) -> StudioError:
    status = status_of(error)
    if status == 402:
        return StudioError(
            "The Hub runs jobs for accounts with credit only.", "Add some at huggingface.co/settings/billing."
        )
    if status in (400, 422):
        said = getattr(error, "server_message", None) or str(error)
        return StudioError(say("The Hub does not take this job: {said}", said=said[:300]), "Look at --flavor.")
    if status == 403:
        return StudioError(
            "The Hub does not let this token run jobs.", "Make one that may, at huggingface.co/settings/tokens."
        )
    return push_sentence(error, MODEL, repo or "the job")
