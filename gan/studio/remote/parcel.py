"""What a training on another machine is sent: this very code, the pictures, the base, and the words of its command.

parcel = Parcel(words={"steps": "200"}, inputs={"data": Path("pictures.zip")})
parcel.write(Path("parcel.zip"))
parcel.command()                      # ["--steps=200", "--data=inputs/data/pictures.zip"]
"""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gan.errors import StudioError
from gan.messages import say
from gan.store.files import cannot_read, whole_file

REPO, WORDS, NEEDS_NAME = "GAN_STUDIO_REPO", "GAN_STUDIO_WORDS", "GAN_STUDIO_NEEDS"  # environment variables of a job
PARCEL, RUN = "parcel.zip", "run"  # in the job's repository, and in the job's folder
NEEDS = {
    "huggingface_hub": "huggingface-hub>=2.4,<3",
    "numpy": "numpy>=1.26,<3",
    "PIL": "pillow>=11.3,<13",
    "safetensors": "safetensors>=0.5",
    "torch": "torch>=2.8,<2.14",
}
"""What training imports: a module, and the line of requirements.txt that brings it."""
_PACKED: dict[str, Any] = dict(compression=zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False)
"""How a zip is written; files of before 1980, which no zip knows, are taken to be of that year."""
MOST_BYTES = 4 * 2**30  # of what a person sends along
_PACKAGE = Path(__file__).resolve().parents[2]
_INPUTS = "inputs"
_NOT_SENT = ("ui", "weights", "__pycache__")  # of the package: the page, models, and what Python keeps


@dataclass(frozen=True)
class Parcel:
    """words: options with their values, as they are typed. inputs: options whose value is a file or a folder of this
    computer, and that."""

    words: Mapping[str, str | list[str] | None]
    inputs: Mapping[str, Path] = field(default_factory=dict)

    def command(self) -> list[str]:
        """What is typed behind `gan train` on the other machine."""
        told = []
        for name, value in self.words.items():
            told += [f"--{name}" if one is None else f"--{name}={one}" for one in _each(value)]
        return told + [f"--{name}={self._place(name)}" for name in self.inputs]

    def write(self, path: Path) -> Path:
        """All of it as one zip. Raises StudioError for what cannot be read, and for what is too much to send."""
        rows = list(self._rows())
        size = sum(file.stat().st_size for file, _ in rows)
        if size > MOST_BYTES:
            raise StudioError(
                say("The pictures and the base have {size:.1f} GB together.", size=size / 1e9),
                say("At most {most:.0f} GB are sent along: take fewer pictures.", most=MOST_BYTES / 1e9),
            )
        with whole_file(path) as part, zipfile.ZipFile(part, "w", **_PACKED) as archive:
            for file, name in rows:
                try:
                    archive.write(file, name)
                except OSError as error:
                    raise cannot_read(file.name, error) from error
        return path

    def _place(self, name: str) -> str:
        path = self.inputs[name]
        return f"{_INPUTS}/{name}" if path.is_dir() else f"{_INPUTS}/{name}/{path.name}"

    def _rows(self) -> Iterator[tuple[Path, str]]:
        """(file, its name in the parcel)."""
        for file in _files(_PACKAGE):
            within = file.relative_to(_PACKAGE)
            if not set(within.parts) & set(_NOT_SENT):
                yield file, f"gan/{within.as_posix()}"
        for name, path in self.inputs.items():
            if not path.exists():
                raise StudioError(say("There is nothing at {path}.", path=path), "Look for a slip in it.")
            for file in _files(path) if path.is_dir() else [path]:
                inside = file.relative_to(path).as_posix() if path.is_dir() else path.name
                yield file, f"{_INPUTS}/{name}/{inside}"


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _each(value: str | list[str] | None) -> list[str | None]:
    return list(value) if isinstance(value, list) else [value]
