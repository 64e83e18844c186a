"""Sounds as people have them: read, cut from where they begin, and what is said of them."""

import zipfile

import numpy as np
import pytest
import torch

from gan.errors import StudioError
from gan.networks.spectrograms import RATE, to_spectrogram
from gan.store.wav_file import wav_bytes
from gan.studio.data import sound_sets
from gan.studio.data.datasets import read_dataset
from gan.studio.data.npz_arrays import Arrays
from gan.studio.data.set_records import report_of
from gan.studio.data.sound_file import FILE, sound_sheet, sounds_of
from gan.studio.data.sound_sets import are_sounds, holds_sounds, take_sounds

SIDE = 16  # 2048 samples


def hit(hertz: float, samples: int = 1500, silence: int = 0, rate: int = RATE) -> np.ndarray:
    time = np.arange(samples) / rate
    return np.concatenate([np.zeros(silence), 0.7 * np.sin(2 * np.pi * hertz * time) * np.exp(-time * 20)])


@pytest.fixture
def files(tmp_path):
    """Writes WAV files by their names, each (samples, rate), and gives (path, name) of each."""

    def write(sounds):
        found = []
        for number, (name, (samples, rate)) in enumerate(sounds.items()):
            path = tmp_path / f"in{number}"
            data = wav_bytes(samples)
            path.write_bytes(data[:24] + int(rate).to_bytes(4, "little") + data[28:])
            found.append((path, name))
        return found

    return write


def test_sounds_begin_where_they_are_heard_and_are_as_loud_as_can_be(files, tmp_path):
    late = {"a.wav": (hit(500), RATE), "b.wav": (0.2 * hit(500, silence=3000), RATE)}
    report = take_sounds(files(late), tmp_path, SIDE)
    x = sounds_of(Arrays(tmp_path / FILE, FILE), SIDE)
    assert x.shape == (2, 1, SIDE, SIDE) and (report.count, report.side, report.channels) == (2, SIDE, 1)
    assert (x[0].float() - x[1].float()).abs().mean() < 6
    plain = to_spectrogram(torch.from_numpy(np.pad(hit(500), (63, 485))).float().unsqueeze(0), SIDE)
    assert (x[0].float() / 127.5 - 1 - plain[0]).abs()[plain[0] > 0].mean() < 0.2


def test_what_is_said_of_them(files, tmp_path):
    sounds = {
        "good.wav": (hit(300), RATE),
        "again.wav": (hit(300), RATE),
        "loud.wav": (np.clip(hit(400) * 4, -1, 1), RATE),
        "silent.wav": (np.zeros(4000), RATE),
        "short.wav": (hit(900, 60), RATE),
        "long.wav": (hit(700, 6000), 8000),
    }
    given = files(sounds)
    (tmp_path / "broken").write_bytes(b"RIFF")
    report = take_sounds([*given, (tmp_path / "broken", "broken.wav")], tmp_path, SIDE)
    said = " ".join(report.sentences)
    assert report_of(report.to_json()) == report and report.to_json()["makes"] == "sound"
    assert said.startswith("3 different sounds: too few")
    for sentence in (
        "The model hears 0.13 seconds of each, from where it begins to be heard: 1 goes on for longer.",
        "Their sampling rates differ (16,000, 8,000 a second)",
        "1 has fewer than 16,000 samples a second: it lacks high tones",
        "1 sound is clipped, its waves are cut off, and the model will learn that rattle: loud.wav.",
        "1 sound is silent and was left out: silent.wav.",
        "1 sound is too short, less than 20 milliseconds, and was left out: short.wav.",
        "1 sound is the same as an earlier one: again.wav is good.wav.",
        "1 file could not be read and was left out: broken.wav.",
    ):
        assert sentence in said, said
    assert report.count == 4
    with pytest.raises(StudioError, match="no sounds that can be heard"):
        take_sounds(given[3:4], tmp_path, SIDE)


def test_a_zip_with_folders_has_classes(files, tmp_path):
    path = tmp_path / "hits.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for kind, hertz in (("low", 200), ("high", 2000)):
            for number in range(3):
                archive.writestr(f"{kind}/{number}.wav", wav_bytes(hit(hertz + 20 * number)))
        archive.writestr("read me.txt", "hello")
    assert are_sounds([(path, "hits.zip")]) and holds_sounds(path)
    report = take_sounds([(path, "hits.zip")], tmp_path, SIDE)
    assert report.classes == ("high", "low") and report.other_files == (("read me.txt", "not a WAV file"),)
    kept = read_dataset(tmp_path / FILE, SIDE, 1, "class")
    direct = read_dataset(path, SIDE, 1, "folder")
    for dataset in (kept, direct):
        assert dataset.samples.makes == "sound" and dataset.classes == ("high", "low")
        assert dataset.samples.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert torch.equal(kept.samples.x, direct.samples.x) and "6 different sounds" in direct.sentences[0]
    assert sound_sheet(Arrays(tmp_path / FILE, FILE)).shape[2] == 3
    with pytest.raises(StudioError, match="holds sounds of 16 columns, not 64"):
        read_dataset(tmp_path / FILE, 64, 1)


def test_a_folder_of_one_sound_that_undoes_the_classes_is_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "hits.zip", "w") as archive:
        for name, hertz in (("low/a", 200), ("low/b", 220), ("high/a", 2000)):
            archive.writestr(f"{name}.wav", wav_bytes(hit(hertz)))
    report = take_sounds([(tmp_path / "hits.zip", "hits.zip")], tmp_path, SIDE)
    said = "They are sorted into 2 classes, but are trained on without them. 1 class has a single file: high. Add more"
    assert report.classes == () and said in " ".join(report.sentences) and report_of(report.to_json()) == report
    older = {name: value for name, value in report.to_json().items() if name != "unsorted"}
    assert report_of(older).unsorted is None


def test_pictures_and_words_are_no_sounds(tmp_path):
    for name in ("a.png", "words.txt", "b.zip"):
        (tmp_path / name).write_bytes(b"x")
        assert not are_sounds([(tmp_path / name, name)])
    assert not are_sounds([]) and not holds_sounds(tmp_path)
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
        archive.writestr("a.wav", wav_bytes(hit(300)))
        archive.writestr("a.png", b"x")
    assert not are_sounds([(tmp_path / "both.zip", "both.zip")])


def test_a_cover_and_a_note_among_sounds(files, tmp_path):
    given = files({"a.wav": (hit(300), RATE), "b.wav": (hit(400), RATE)})
    for name in ("cover.jpg", "read me.txt"):
        (tmp_path / name).write_bytes(b"x")
        given.append((tmp_path / name, name))
    assert are_sounds(given)
    report = take_sounds(given, tmp_path / "read", SIDE)
    assert report.count == 2 and [name for name, _ in report.other_files] == ["cover.jpg", "read me.txt"]


def test_what_strangers_may_cause_is_bounded(files, tmp_path, monkeypatch):
    quiet = {f"{n}.wav": (np.zeros(4000), RATE) for n in range(9)}
    given = files({"first.wav": (hit(300), RATE)} | quiet | {"last.wav": (hit(400), RATE)})
    monkeypatch.setattr(sound_sets, "_MOST_LEFT_OUT", 5)
    report = take_sounds(given, tmp_path / "few", SIDE)
    assert (report.count, report.silent) == (1, 5) and report.sentences[-1] == "Only the first 1 sounds were taken."
    monkeypatch.setattr(sound_sets, "_MOST_LEFT_OUT", 50)
    monkeypatch.setattr(sound_sets, "MOST_READ", 100)
    assert take_sounds(given, tmp_path / "short", SIDE).count == 1


def test_a_long_sound_is_heard_as_if_it_ended_there(files, tmp_path):
    long = np.concatenate([hit(300, 20_000, silence=500), np.zeros(90_000)])
    both = files({"whole.wav": (long, 48_000), "part.wav": (long[:18_000], 48_000)})
    take_sounds(both, tmp_path, SIDE)
    x = sounds_of(Arrays(tmp_path / FILE, FILE), SIDE).int()
    assert (x[0] - x[1]).abs().max() <= 1
