"""Makes the drum sounds that `weights/sounds` has learned from: hits of FluidR3's drum kits, rendered by FluidSynth.

    apt-get install fluidsynth fluid-soundfont-gm
    python tests/bench/drum_sounds.py --out drums.zip --held-out drums-heldout.zip

16-bit WAV files at 16 kHz, a folder for each class: 3,818 to learn from and 955, mixed by a fixed seed, for scores.

FluidR3_GM.sf2 is Frank Wen's, under the MIT licence. Neither it nor FluidSynth is needed by the studio.
"""

import argparse
import io
import random
import struct
import subprocess
import tempfile
import wave
import zipfile
from pathlib import Path

import numpy as np

FONT = "/usr/share/sounds/sf2/FluidR3_GM.sf2"
RENDERED, RATE, APART = 48_000, 16_000, 2.0  # samples a second, and seconds between two hits
KITS = (0, 8, 16, 24, 25, 32, 40)  # standard, room, power, electronic, TR-808, jazz, brush
KEYS = {  # General MIDI's drum map
    "kick": (35, 36),
    "snare": (38, 40),
    "tom": (41, 43, 45, 47, 48, 50),
    "conga": (60, 61, 62, 63, 64, 65, 66),
    "closed hat": (42, 44),
    "cymbal": (46, 49, 51, 52, 55, 57, 59),
    "clap": (39,),
    "wood and bell": (37, 56, 67, 68, 75, 76, 77),
}
EACH = 600  # hits of a class
_TICKS = 960  # a second


def hits(seed: int = 0) -> list[tuple[str, int, int, int, int]]:
    """(class, kit, key, velocity 50 to 127, bend 0 to 16383) of every sound."""
    rng = np.random.RandomState(seed)
    return [
        (name, int(rng.choice(KITS)), int(rng.choice(keys)), int(rng.randint(50, 128)), int(rng.randint(0, 16384)))
        for name, keys in KEYS.items()
        for _ in range(EACH)
    ]


def midi(chosen: list[tuple[str, int, int, int, int]]) -> bytes:
    """A MIDI file that plays them one after the other. Bends go 5 semitones either way."""
    track = bytearray(b"\0\xff\x51\x03\x0f\x42\x40")  # a quarter note a second
    track += b"\0\xb9\x65\0\0\xb9\x64\0\0\xb9\x06\x05"
    pause = 0
    for _, kit, key, velocity, bend in chosen:
        track += _count(pause) + bytes((0xC9, kit)) + b"\0" + bytes((0xE9, bend & 127, bend >> 7))
        track += b"\0" + bytes((0x99, key, velocity)) + _count(_TICKS) + bytes((0x89, key, 0))
        pause = int(_TICKS * (APART - 1))
    track += _count(_TICKS) + b"\xff\x2f\0"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, _TICKS) + b"MTrk" + struct.pack(">I", len(track)) + bytes(track)


def _count(ticks: int) -> bytes:
    parts = [ticks & 127]
    while ticks := ticks >> 7:
        parts.append(ticks & 127 | 128)
    return bytes(reversed(parts))


def rendered(chosen: list[tuple[str, int, int, int, int]]) -> np.ndarray:
    """The sounds at 16 kHz, (n, samples), each from its own begin on."""
    with tempfile.TemporaryDirectory() as folder:
        score, out = Path(folder, "hits.mid"), Path(folder, "hits.wav")
        score.write_bytes(midi(chosen))
        command = ["fluidsynth", "-niq", "-R", "0", "-C", "0", "-g", "0.6", "-r", str(RENDERED), "-F", str(out)]
        subprocess.run([*command, FONT, str(score)], check=True)
        with wave.open(str(out)) as file:
            whole = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2).mean(1) / 32768
    step = int(APART * RENDERED)
    parts = np.zeros(len(chosen) * step)
    parts[: min(len(whole), len(parts))] = whole[: len(parts)]
    return np.stack([_third(part) for part in parts.reshape(len(chosen), step)])


def _third(part: np.ndarray) -> np.ndarray:
    """48 kHz -> 16 kHz, without what lies above 7.6 kHz."""
    at = np.arange(-96, 97)
    low = np.sinc(at * 2 * 7600 / RENDERED) * np.hanning(len(at))
    return np.convolve(part, low / low.sum(), "same")[::3]


def wav(samples: np.ndarray) -> bytes:
    """A 16-bit WAV file of samples in [-1, 1]."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((samples * 32767).round().clip(-32768, 32767).astype("<i2").tobytes())
    return file.getvalue()


def rendered_files() -> dict[str, bytes]:
    """All sounds by their names."""
    chosen, files = hits(), {}
    for at in range(0, len(chosen), 100):
        for number, sound in enumerate(rendered(chosen[at : at + 100]), start=at):
            name, kit, key, _, _ = chosen[number]
            sound = sound[: int(1.2 * RATE)]
            peak = np.abs(sound).max()
            if peak > 1e-3:  # a kit that lacks the key is silent
                files[f"{name}/{number:04}-kit{kit}-key{key}.wav"] = wav(sound / peak * 0.95)
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("drums.zip"))
    parser.add_argument("--held-out", type=Path, default=Path("drums-heldout.zip"))
    asked, files = parser.parse_args(), rendered_files()
    names = sorted(files)
    random.Random(0).shuffle(names)
    cut = len(names) * 4 // 5
    for path, some in ((asked.out, names[:cut]), (asked.held_out, names[cut:])):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name in some:
                file.writestr(name, files[name])
        print(f"{len(some):,} sounds in {path}")


if __name__ == "__main__":
    main()
