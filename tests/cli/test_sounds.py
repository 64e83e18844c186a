"""Sounds on the command line: WAV files in, a run, WAV files out, and scores."""

import wave
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

from gan.networks.spectrograms import RATE, to_spectrogram
from gan.store.run_folder import Run
from gan.store.wav_file import wav_bytes

SMALL = "--side 16 --net width=4 --net z_dim=4 --grid-every 2 --record-every 2 --batch-size 4 --threads 1"


@pytest.fixture(scope="module")
def hits(tmp_path_factory):
    """A zip of 24 sounds in two folders."""
    path = tmp_path_factory.mktemp("hits") / "hits.zip"
    time = np.arange(1800) / RATE
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(24):
            hertz = (200, 1500)[number % 2] + 10 * number
            sound = np.sin(2 * np.pi * hertz * time) * np.exp(-time * (20 + number))
            archive.writestr(f"{('low', 'high')[number % 2]}/{number}.wav", wav_bytes(sound))
    return path


def heard(path: str) -> np.ndarray:
    with wave.open(path) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def test_from_wav_files_to_wav_files(gan, hits):
    done = gan(f"train --data {hits} --label folder --family sounds --out run --steps 4 {SMALL}")
    assert done.status == 0, done.err
    assert "24 different sounds: few" in done.err
    run = Run.open(Path("run"))
    assert run.grids() == [0, 2, 4] and run.settings.classes == ("high", "low")
    done = gan("generate --model run --seeds 0-2 --class low --out three.wav")
    assert (done.status, done.out) == (0, "3 sounds in three.wav\n"), done.err
    three = heard("three.wav")
    assert len(three) == 3 * 2048 and np.abs(three).max() > 1000
    done = gan("generate --model run --seeds 0-1 --class low --out both/")
    assert done.status == 0 and {p.name for p in Path("both").iterdir()} == {
        "seed0000.png", "seed0000.wav", "seed0001.png", "seed0001.wav",
    }, done.err  # fmt: skip
    assert "2 sounds with their pictures in both" in done.out
    one, same = heard("both/seed0001.wav"), three[2048:4096]
    seen = to_spectrogram(torch.from_numpy(np.stack([one, same]) / 32768).float(), 16)
    assert float((seen[0] - seen[1]).abs()[seen[1] > 0].mean()) < 0.1  # phases are found anew, tones are the same
    done = gan("interpolate --model run --seeds 0,1 --steps 12 --fps 12 --out morph.wav")
    assert (done.status, done.out) == (0, "5 sounds in morph.wav\n"), done.err
    assert len(heard("morph.wav")) == 4 * 4000 + 2048
    done = gan(f"evaluate --model run --data {hits} --label folder --samples 12 --keep")
    assert done.status == 0 and "Fréchet distance" in done.out and "Right class" in done.out, done.err
    assert "real sounds" in done.out and "against 24 sounds" in done.out and "picture" not in done.out
    done = gan("train --out run --resume --steps 5 --threads 1")
    assert done.status == 0, done.err


@pytest.mark.parametrize(
    "words, sentence",
    [
        ("train --data {hits} --family dcgan --out new --steps 1", "The data holds sounds, and this family makes pict"),
        ("train --data {hits} --family words --out new --steps 1", "The data holds sounds, and this family makes word"),
        ("train --data pictures.npz --family sounds --out new --steps 1", "makes sounds, and the data holds none"),
        (
            "train --data {hits} --base grey --label none --out new --steps 1",
            "makes pictures. Choose another base",
        ),
        ("train --data {hits} --family sounds --side 1 --out new --steps 1", "not 1"),
        ("evaluate --model cats --data {hits}", "hits.zip holds sounds, not pictures"),
        ("generate --model cats --seeds 0 --out cats.wav", "samples are no sounds"),
    ],
)
def test_sounds_and_pictures_are_not_mixed_up(gan, hits, words, sentence):
    np.savez("pictures.npz", images=np.zeros((20, 16, 16, 1), np.uint8))
    if "grey" in words:
        made = gan(
            f"train --data pictures.npz --family dcgan --out grey --steps 1 {SMALL.replace('--net z_dim=4', '')}"
        )
        assert made.status == 0, made.err
    done = gan(words.format(hits=hits))
    assert done.status == 2 and sentence in done.err
