import itertools
import re

import numpy as np
import pytest

from gan.errors import StudioError
from gan.studio.data.datasets import read_dataset
from gan.studio.data.examples import EXAMPLES, find_example
from gan.studio.data.made_pictures import example
from gan.studio.data.training_file import DATA, classes_of, why_unsorted


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_becomes_a_set(name, tmp_path):
    chosen = find_example(name)
    some = list(itertools.islice(chosen.pictures(32), 52))
    told = []
    report = example(some, tmp_path, 32, 3, told.append)
    data = read_dataset(tmp_path / DATA)
    assert report.count == 52 and data.samples.x.shape == (52, 3, 32, 32) and told == [1, 33]
    assert report.same == 0 and data.classes == report.classes
    assert chosen.title and chosen.about


def test_an_example_is_the_same_for_everybody():
    first, again = (np.stack([p for p, _ in itertools.islice(find_example("faces").pictures(16), 9)]) for _ in range(2))
    assert np.array_equal(first, again)


def test_an_unknown_example_is_named():
    with pytest.raises(StudioError, match="no example called 'cars'. The examples are letters, faces"):
        find_example("cars")


def test_classes_go_into_the_set(tmp_path):
    pictures = [(np.full((16, 16, 1), 40 * i, np.uint8), "AB"[i % 2]) for i in range(6)]
    report = example(pictures, tmp_path, 16, 1)
    data = read_dataset(tmp_path / DATA)
    assert report.classes == data.classes == ("A", "B") and data.samples.labels.tolist() == [0, 1, 0, 1, 0, 1]


@pytest.mark.parametrize(
    "folders, classes",
    [
        (["a", "b", "a", "b"], ("a", "b")),
        (["a", "a"], ()),
        (["a", "a", "b"], ()),
        (["", "a", "a", "b", "b"], ()),
        ([str(i) for i in range(101)] * 2, ()),
    ],
)
def test_folders_are_classes_where_all_pictures_are_sorted(folders, classes):
    names, labels = classes_of(folders)
    assert names == classes and [names[i] for i in labels] == (folders if classes else [])


@pytest.mark.parametrize(
    "folders, said",
    [
        (["a", "a", "b", "b"], None),
        (["", "a", "a"], None),  # a single folder is none of several classes
        (["", "a", "b", "c"], None),  # as is a folder for each
        (["", "a", "a", "b", "b"], "2 classes, .* 1 file lies in none of their folders: 0.png. Put it into one"),
        (["a", "a", "b", "c"], "3 classes, .* 2 classes have a single file each: b, c. Add more to them"),
        (["", *"aabbcd", "", "", ""], "4 files lie in none .*: 0.png, 7.png, 8.png and 1 more. .* 2 classes have"),
        ([str(i) for i in range(101)] * 2, "101 classes, .* At most 100 can be learned: leave some out."),
    ],
)
def test_why_folders_are_no_classes_is_said(folders, said):
    why = why_unsorted(folders, [f"{number}.png" for number in range(len(folders))])
    assert why is None if said is None else re.search(said, why), why


def test_letters_are_sorted_into_their_classes(tmp_path):
    report = example(itertools.islice(find_example("letters").pictures(32), 78), tmp_path, 32, 1)
    assert report.classes == tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert read_dataset(tmp_path / DATA).samples.labels.tolist() == 3 * list(range(26))
