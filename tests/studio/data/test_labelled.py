import numpy as np
import pytest
import torch
from PIL import Image

from gan.errors import StudioError
from gan.studio.data import labelled
from gan.studio.data.datasets import read_with_labels
from gan.studio.data.labelled import labelled_example, labelled_set


def test_the_examples_have_classes_and_typefaces_stay_together(monkeypatch):
    letters = labelled_example("letters", 16)
    assert tuple(letters.x.shape) == (6240, 1, 16, 16) and "".join(letters.classes) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert torch.equal(letters.groups.bincount(), torch.full((240,), 26))
    assert torch.equal(letters.labels[:26], torch.arange(26))
    monkeypatch.setattr(labelled, "_DIGITS", 40)
    digits = labelled_example("digits", 16)
    assert tuple(digits.x.shape) == (40, 1, 16, 16) and digits.groups is None and len(digits.classes) == 10
    assert len(digits.labels.unique()) > 5
    with pytest.raises(StudioError, match="no example with classes called 'cats'.*letters, digits"):
        labelled_example("cats", 16)


def test_folders_are_classes_and_what_has_none_is_said(tmp_path):
    for i, name in enumerate("abab"):
        (tmp_path / "in" / name).mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((20, 20, 3), 50 * i, np.uint8)).save(tmp_path / "in" / name / f"{i}.png")
    read = labelled_set(tmp_path / "in", 16, None)
    assert (
        read.classes == ("a", "b") and sorted(read.labels.tolist()) == [0, 0, 1, 1] and read.x.shape[1:] == (3, 16, 16)
    )
    np.savez(tmp_path / "plain.npz", images=np.zeros((4, 16, 16), np.uint8))
    for bad, why in (("in/a", "have no classes"), ("plain.npz", "have no classes")):
        with pytest.raises(StudioError, match=why):
            labelled_set(tmp_path / bad, 16, None)


def test_a_list_of_words_is_no_set_of_pictures(tmp_path):
    (tmp_path / "words.txt").write_text("\n".join(f"{a}{b}" for a in "abcde" for b in "fghij"))
    with pytest.raises(StudioError, match="words.txt holds words, not pictures"):
        labelled_set(tmp_path / "words.txt", 16, None)
    with pytest.raises(StudioError, match="words.txt holds words, not pictures"):
        read_with_labels(tmp_path / "words.txt")
