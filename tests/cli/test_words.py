"""Words on the command line: a list in, a run, words and ladders out, and scores."""

from pathlib import Path

import pytest

from gan.store.run_folder import Run

NAMES = [f"{first}{last}" for first in ("an", "ber", "cora", "dun", "el", "fa") for last in "abdefghiklmnoprstuwxy"]


@pytest.fixture
def run(gan):
    """A run of a small pair on a list of names, in the current folder."""
    Path("names.txt").write_text("\n".join(NAMES))
    small = "--net channels=8 --net blocks=1 --net z_dim=4 --steps 4 --grid-every 2 --record-every 2 --batch-size 8"
    done = gan(f"train --data names.txt --family words --out run {small} --signals-every 2 --threads 1")
    assert done.status == 0, done.err
    assert "126 different words: too few" in done.err
    return Run.open(Path("run"))


def test_from_a_list_to_words(gan, run):
    assert run.grids() == [0, 2, 4] and run.settings.generator["symbols"].startswith(" ab")
    assert len(run.grid_path(4).with_suffix(".txt").read_text().splitlines()) == 36
    done = gan("generate --model run --seeds 0-4 --out five.txt")
    assert (done.status, done.out) == (0, "5 words in five.txt\n") and len(
        Path("five.txt").read_text().split("\n")
    ) == 6
    done = gan("generate --model run --seeds 0-4 --out five.png")
    assert done.status == 0, done.err
    done = gan("interpolate --model run --seeds 0,1 --steps 8 --out ladder.txt")
    assert done.status == 0 and done.out.endswith("in ladder.txt\n"), done.err
    done = gan("evaluate --model run --data names.txt --samples 100 --keep")
    assert done.status == 2 and "Scores cannot be taken from 63 words" in done.err


def test_a_run_goes_on_from_its_list(gan, run):
    done = gan("train --out run --resume --steps 6 --threads 1")
    assert done.status == 0, done.err
    Path("more.txt").write_text("\n".join([*NAMES, "Zoe"]))
    done = gan("train --data more.txt --base run --out tuned --steps 2 --grid-every 0 --threads 1 --batch-size 8")
    assert done.status == 0 and "1 word was left out for characters" in done.err, done.err


@pytest.mark.parametrize(
    "words, sentence",
    [
        (
            "train --data names.txt --family dcgan --out new --steps 1",
            "a list of words, and this family makes pictures",
        ),
        ("train --data pictures.npz --family words --out new --steps 1", "makes words, and the data holds none"),
        ("evaluate --model cats --data names.txt", "names.txt holds words, not pictures"),
        ("generate --model cats --seeds 0 --out cats.txt", "samples are no text"),
    ],
)
def test_words_and_pictures_are_not_mixed_up(gan, words, sentence):
    import numpy as np

    Path("names.txt").write_text("\n".join(NAMES))
    np.savez("pictures.npz", images=np.zeros((20, 16, 16, 3), np.uint8))
    done = gan(words)
    assert done.status == 2 and sentence in done.err
