"""Films as files: animated WebP and GIF, MP4, or a zip of PNG frames; a new format is an entry of FILMS.

Films are written from an iterator of frames as they come, so that a long one needs no more memory than a short one:

    FILMS["webp"]("walk.webp", engine.frames(path, size=256), fps=24, progress=lambda done: print(done))

Frames are uint8 (height, width, 3 or 4), singly or in batches with one more axis in front. `progress` is told how many
are done; an error that it raises stops the film. A film appears under its name only when it is whole.
"""

import contextlib
import errno
import itertools
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image

from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import say
from gan.store.files import whole_file
from gan.store.passing import scratch_file
from gan.studio import webp_gif_bytes as containers
from gan.studio.png_recipes import png_bytes
from gan.studio.recipes import Recipe

try:
    import imageio_ffmpeg
except ImportError:  # left out by somebody: the other kinds of films need no program
    imageio_ffmpeg = None

MOST_GIF_PIXELS = 300_000_000  # of all frames together: they wait on disk for the palette, 3 bytes each
SAMPLED_PIXELS = 4096  # of each frame, from which the palette is chosen
FASTEST = 60  # frames per second

Progress = Callable[[int], None] | None


def save_webp(
    path: str | Path,
    frames: Iterable[np.ndarray],
    fps: int = 24,
    progress: Progress = None,
    quality: int = 85,
    lossless: bool = False,
) -> None:
    """An animated WebP that loops: small, any colours, transparency. lossless suits pixel art."""
    with _film(path, fps) as part, part.open("wb") as file:
        for number, frame in enumerate(_each(frames, progress)):
            if number == 0:
                height, width, channels = frame.shape
                file.write(containers.webp_start(width, height, transparent=channels == 4))
            file.write(containers.webp_frame(frame, containers.ticks(number, fps, 1000), quality, lossless))
        containers.webp_finish(file)


def save_gif(path: str | Path, frames: Iterable[np.ndarray], fps: int = 24, progress: Progress = None) -> None:
    """A GIF that loops: opens everywhere, 255 colours shared by all frames, at most 50 frames per second.

    The palette needs pixels of every frame, so frames wait in a file without a name until all have been seen.
    Nothing is dithered: dithering flickers and more than doubles the file.
    """
    with _film(path, fps) as part, scratch_file() as spool, part.open("wb") as file:
        pick, sample, pixels = np.random.RandomState(0), [], 0
        for frame in _each(frames, progress):
            frame = _on_white(frame)
            height, width = frame.shape[:2]
            pixels += height * width
            if pixels > MOST_GIF_PIXELS:
                raise StudioError("This film is too long for a GIF.", "Save it as WebP, or make it smaller or shorter.")
            sample.append(frame.reshape(-1, 3)[pick.randint(0, height * width, SAMPLED_PIXELS)])
            spool.write(frame.tobytes())
        palette, before = containers.gif_palette(np.stack(sample)), None
        file.write(containers.gif_start(width, height, palette))
        spool.seek(0)
        for number in range(len(sample)):
            picture = Image.frombytes("RGB", (width, height), spool.read(height * width * 3))
            index = np.asarray(picture.quantize(palette=palette, dither=Image.Dither.NONE))
            file.write(containers.gif_frame(index, before, containers.ticks(number, fps, 100)))
            before = index
        file.write(containers.gif_end())


def save_mp4(path: str | Path, frames: Iterable[np.ndarray], fps: int = 24, progress: Progress = None) -> None:
    """A film that plays everywhere, made by the `ffmpeg` program. Sides are made even, as its colours need."""
    program = _program()
    if program is None:
        raise StudioError(
            "MP4 films need the program ffmpeg, which is not installed here.",
            "Run `pip install imageio-ffmpeg`, or save the film as WebP.",
        )
    with _film(path, fps) as part, scratch_file() as said:
        each = map(_even, _each(frames, progress))
        first = next(each)
        size = f"{first.shape[1]}x{first.shape[0]}"
        with _process(_ffmpeg(program, size, fps, part), said) as (ffmpeg, pipe):
            with contextlib.suppress(BrokenPipeError):  # it has ended early, and below it is asked why
                for frame in itertools.chain([first], each):
                    pipe.write(frame.tobytes())
                pipe.close()
            if ffmpeg.wait() != 0:
                said.seek(0)
                raise _what_ffmpeg_said(said.read())


def save_frames_zip(
    path: str | Path,
    frames: Iterable[np.ndarray],
    fps: int = 24,
    progress: Progress = None,
    recipes: Mapping[int, Recipe] | None = None,
) -> None:
    """Every frame as a PNG, 00000.png onwards, with its recipe where `recipes` has one under its number.

    fps stands in the comment of the archive.
    """
    with _film(path, fps) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = say("{fps} frames per second", fps=fps).encode()
        for number, frame in enumerate(_each(frames, progress)):
            archive.writestr(zipfile.ZipInfo(f"{number:05}.png"), png_bytes(frame, (recipes or {}).get(number)))


def has_mp4() -> bool:
    """Whether this machine can make MP4 films."""
    return _program() is not None


def _program() -> str | None:
    """The computer's own ffmpeg, else the one that imageio-ffmpeg brings, None where there is neither.

    A program of its own, and not a library in this process: a film that crashes it costs the film alone.
    """
    found = shutil.which("ffmpeg")
    if found is None and imageio_ffmpeg is not None:
        with contextlib.suppress(RuntimeError):  # there is none for this platform
            found = imageio_ffmpeg.get_ffmpeg_exe()
    return found


FILMS = {"webp": save_webp, "gif": save_gif, "mp4": save_mp4, "zip": save_frames_zip}
"""How to write a film, by the ending of its name."""


def film_formats() -> list[str]:
    """The entries of FILMS that work on this machine."""
    return [name for name in FILMS if name != "mp4" or has_mp4()]


@contextlib.contextmanager
def _film(path: str | Path, fps: int) -> Iterator[Path]:
    """The name to write a film under: it gets its own name when it is whole, and goes away when it fails."""
    if type(fps) is not int or not 1 <= fps <= FASTEST:
        raise StudioError(
            say("A film cannot have {fps} frames per second.", fps=show(fps)),
            say("Choose a whole number from 1 to {fastest}.", fastest=FASTEST),
        )
    with whole_file(path) as part:  # an absolute path, so that ffmpeg takes no name for an option or a protocol
        yield part


def _each(frames: Iterable[np.ndarray], progress: Progress) -> Iterator[np.ndarray]:
    """The frames one by one, checked; each counts as done when the next one is asked for."""
    done, shape = 0, None
    for batch in frames:
        for frame in batch if batch.ndim == 4 else (batch,):
            shape = shape or frame.shape
            if frame.dtype != np.uint8 or frame.shape != shape or len(shape) != 3 or shape[2] not in (3, 4):
                raise StudioError(
                    say("Frame {done} is of shape {shape}, unlike the frames of a film.", done=done, shape=frame.shape),
                    "Give uint8 frames of one size.",
                )
            yield frame
            done += 1
            if progress is not None:
                progress(done)
    if not done:
        raise StudioError("The film has no frames.", "Choose at least one.")


def _on_white(frame: np.ndarray) -> np.ndarray:
    """(height, width, 3) without transparency."""
    if frame.shape[2] == 3:
        return frame
    alpha = frame[..., 3:].astype(np.float32) / 255
    return (frame[..., :3] * alpha + 255 * (1 - alpha)).round().astype(np.uint8)


def _even(frame: np.ndarray) -> np.ndarray:
    """Opaque, with the last row and column repeated where a side is odd."""
    height, width = frame.shape[:2]
    return np.pad(_on_white(frame), ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")


def _ffmpeg(program: str, size: str, fps: int, path: Path) -> list[str]:
    return [
        program,
        "-loglevel",
        "error",
        "-f",
        "rawvideo",
        "-pixel_format",
        "rgb24",
        "-video_size",
        size,
        "-framerate",
        str(fps),
        "-i",
        "pipe:0",
        "-pix_fmt",
        "yuv420p",
        "-movflags",
        "+faststart",
        "-f",
        "mp4",
        "-y",
        str(path),
    ]


@contextlib.contextmanager
def _process(command: list[str], said) -> Iterator[tuple[subprocess.Popen, IO[bytes]]]:
    """A running program and the pipe that it is fed through. It never outlives the block, and writes its complaints to
    `said`."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
    pipe = process.stdin
    assert pipe is not None
    try:
        yield process, pipe
    finally:
        process.kill()
        with contextlib.suppress(BrokenPipeError):
            pipe.close()
        process.wait()


def _what_ffmpeg_said(text: bytes) -> Exception:
    """Why there is no film. Of a full disk it speaks long before its last line."""
    full = os.strerror(errno.ENOSPC)
    if full.encode() in text:
        return OSError(errno.ENOSPC, full)
    return StudioError(say("ffmpeg could not make the film: {said}", said=_last_line(text)), "Save it as WebP.")


def _last_line(text: bytes) -> str:
    lines = text.decode(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else say("it did not say why.")
