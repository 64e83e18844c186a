"""What a person asks of a run, checked, and the file job.json that tells it to the run's worker."""

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path

from gan.errors import StudioError
from gan.field_metadata import check, convert, from_values, knob, table, to_values
from gan.messages import listed, say
from gan.networks.names import FAMILY_NAMES
from gan.store.fields import filled
from gan.store.files import MISSING, file_in, read_table, unreadable, write_json
from gan.studio.runs.device_names import with_number
from gan.training.config import TrainConfig

_JOB = "job.json"
_MOST_LETTERS = 1000
_TABLES = ("train", "net")
TEXTS = ("title", "summary", "licence", "about_data")


@dataclass(frozen=True)
class RunSpec:
    """A run to be made, from a base or from scratch. Raises StudioError on construction where a value cannot be."""

    family: str = knob("", "Start from scratch with this family of networks.", choices=("", *FAMILY_NAMES))
    base: str = knob("", "Start from this model.")
    steps: int = knob(2000, "Stop after this step.", low=1, high=10_000_000, unit="steps")
    minutes: float | None = knob(None, "Stop after so much training.", low=0.01, high=7 * 24 * 60, unit="minutes")
    save_minutes: float = knob(1.0, "How often all is saved.", low=0, high=60, unit="minutes")
    snapshot_steps: int = knob(
        0, "Also keep the model every so many steps; 0 for at the end only.", low=0, high=10_000_000, unit="steps"
    )
    grid_seconds: float = knob(
        0.0,
        "How often a grid of samples is drawn while somebody watches; 0 for by steps only.",
        low=0,
        high=3600,
        unit="seconds",
    )
    label: str | None = knob(None, "Which label of the data gives the class.")
    device: str = knob("auto", "What to compute on.")  # see hardware.find_device
    title: str = knob("", "What the model will be called.")
    summary: str = knob("", "What it makes, in a sentence or two.")
    licence: str = knob("", "Under which terms it may be used.")
    about_data: str = knob("", "What it is trained on, and the licence of that.")
    train: dict = field(default_factory=dict)  # values of TrainConfig
    net: dict = field(default_factory=dict)  # settings of the networks, from scratch only, such as z_dim

    def __post_init__(self) -> None:
        check(self)
        if bool(self.family) == bool(self.base):
            raise StudioError("A run starts from a family of networks or from a base.", "Choose one of the two.")
        if self.base and self.net:
            raise StudioError("The base decides the networks' settings.", "Leave them out, or start from scratch.")
        from_values(TrainConfig, self.train)
        for name in ("base", "label", "device", *TEXTS):
            _check_text(name, getattr(self, name) or "")
        for name, value in self.net.items():
            if not str(name).replace("_", "").replace(".", "").isalnum() or isinstance(value, dict):
                raise StudioError(say("The networks have no setting called {name!r}.", name=str(name)[:40]))
            for one in value if isinstance(value, (list, tuple)) else (value,):
                _check_text(name, str(one))

    def values(self) -> dict:
        """As JSON can hold it: the inverse of `spec_from_values`."""
        return {**to_values(self), "train": self.train, "net": self.net}


def spec_from_values(values: dict) -> RunSpec:
    """A spec from JSON. Raises StudioError."""
    rows = table(RunSpec)
    for name, value in values.items():
        if name not in rows and not (name in _TABLES and isinstance(value, dict)):
            raise StudioError(
                say("There is no setting called {name!r}.", name=str(name)[:40]),
                say("The settings are {names}.", names=listed(rows)),
            )
    return RunSpec(**{name: convert(rows[name], value) if name in rows else value for name, value in values.items()})


@dataclass(frozen=True)
class Job:
    """A run as the page knows it beside what its worker writes; job.json in the run's folder."""

    spec: RunSpec
    data: str  # path of the training pictures
    base: str = ""  # path of the base's folder
    owner: str | None = None  # the digest of the token of whoever started it; None where that may not be anybody
    kind: str = "cpu"  # the device, by its whole name: hardware.devices
    created: float = 0.0  # seconds since 1970
    parent: str = ""  # the run that it branched from
    giver: str = (
        ""  # the digest of the token of whoever gave the pictures; "": the owner, or who gave those of the parent
    )


def write_job(folder: Path, job: Job) -> None:
    """Write it whole. What a newer version said in it is kept. Raises StudioError where that cannot be read."""
    path = Path(folder) / _JOB
    before = _told(path) or {}
    spec = {**_table(before.get("spec")), **job.spec.values()}
    write_json(path, {**before, **dataclasses.asdict(job), "spec": spec})


def read_job(folder: Path) -> Job | None:
    """The job, or None for a run that was made by hand. Raises StudioError where job.json cannot be read."""
    path = Path(folder) / _JOB
    values = _told(path)
    if values is None:
        return None
    known = {*table(RunSpec), *_TABLES}
    try:
        spec = spec_from_values({name: value for name, value in _table(values.get("spec")).items() if name in known})
    except StudioError as error:
        raise unreadable(file_in(path), error.message, newer=True) from error
    job = filled(Job, {**values, "spec": spec}, file_in(path))
    return dataclasses.replace(job, kind=with_number(job.kind))  # earlier versions knew one card


def known_job(folder: Path) -> Job | None:
    """The job, None also where it cannot be read: for who has others to go on with. The list says what is wrong."""
    try:
        return read_job(folder)
    except StudioError:
        return None


def _told(path: Path) -> dict | None:
    """What job.json says, None where there is none."""
    try:
        return read_table(path)
    except StudioError as error:
        if error.code != MISSING:
            raise
        return None


def _table(value) -> dict:
    return value if isinstance(value, dict) else {}


def _check_text(name: str, text: str) -> None:
    if len(text) > _MOST_LETTERS:
        raise StudioError(
            say(
                "{name} has {count:,} letters, more than {most_letters:,}.",
                name=name,
                count=len(text),
                most_letters=_MOST_LETTERS,
            ),
            "Make it shorter.",
        )
    if any(ord(letter) < 32 and letter not in "\n\t" or 0xD800 <= ord(letter) < 0xE000 for letter in text):
        raise StudioError(say("{name} holds letters that are none.", name=name), "Type it anew.")
