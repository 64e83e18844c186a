"""How long and how bright the sounds of a model are, class by class, beside real ones: for those who cannot listen.

    python tests/bench/heard.py sounds drums-heldout.zip

Of each class the medians, and in brackets the middle half, of 48 samples (as they are played, with their phases) and of
48 real sounds (as they are in their files): how long until a sound stays below a tenth of its swing, in milliseconds,
and the mean of its frequencies in hertz, each weighted by its power.
"""

import argparse
import zipfile
from pathlib import Path

import numpy as np

from gan.networks.spectrograms import RATE
from gan.studio.data.sound_cuts import cut
from gan.studio.data.wav_reader import read_wav
from gan.studio.engine import Engine
from gan.studio.library.loaded import Models
from gan.studio.recipes import Recipe

COUNT = 48
_STEP = 80  # samples of the envelope, 5 ms


def decay(sound: np.ndarray) -> float:
    """Milliseconds until it stays below a tenth of its swing."""
    envelope = np.abs(sound[: len(sound) // _STEP * _STEP]).reshape(-1, _STEP).max(axis=1)
    return 1000 * _STEP / RATE * float(np.flatnonzero(envelope > 0.1 * envelope.max())[-1] + 1)


def brightness(sound: np.ndarray) -> float:
    """The mean frequency in hertz, weighted by power."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    return float((power * np.fft.rfftfreq(len(sound), 1 / RATE)).sum() / power.sum())


def said(values: list[float]) -> str:
    """Median and middle half."""
    low, middle, high = np.percentile(values, (25, 50, 75))
    return f"{middle:.0f} ({low:.0f}-{high:.0f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("real", type=Path)
    asked = parser.parse_args()
    models = Models()
    model, engine = models.get(asked.model), Engine(models)
    side = model.generator.image_shape[-1]
    print("| class | decay, samples | decay, real | brightness, samples | brightness, real |\n|---|---|---|---|---|")
    with zipfile.ZipFile(asked.real) as archive:
        for label, name in enumerate(model.config.classes):
            files = [file for file in archive.namelist() if file.startswith(f"{name}/")][:COUNT]
            real = [cut(read_wav(archive.read(file), file), side) for file in files]
            made = [engine.sounds([Recipe(model.id, seed=seed, label=label)])[0] for seed in range(COUNT)]
            cells = [said([of(one) for one in some]) for of in (decay, brightness) for some in (made, real)]
            print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
