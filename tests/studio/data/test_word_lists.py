"""Lists of words as people have them, and what is said of each."""

import numpy as np
import pytest

from gan.errors import StudioError
from gan.studio.data.datasets import read_dataset
from gan.studio.data.word_lists import MOST_BYTES, WORDS, read_words, take_words

NAMES = [f"{first}{last}" for first in ("an", "ber", "cora", "dun") for last in ("a", "el", "ine", "o", "us", "ward")]


@pytest.fixture
def listed(tmp_path):
    def write(lines, data=None):
        path = tmp_path / "list.txt"
        path.write_bytes("\n".join(lines).encode() if data is None else data)
        return path

    return write


def test_words_are_taken_as_they_stand_and_once(listed):
    found = read_words(listed(["# under some licence", "", *NAMES, "  Anna ", NAMES[0]]))
    assert found.words == (*NAMES, "Anna") and found.report.twice == 1 and found.report.symbols.startswith("Aab")
    x = found.samples()
    assert x.symbols == " " + found.report.symbols and x.shape == (len(x.symbols), 8) and len(x) == 25
    assert np.array_equal(x.x.sum(dim=1).numpy(), np.ones((25, 8)))


def test_what_is_left_out_is_said(listed):
    strange = ["Zoë", "señor", "two words", "a", "incomprehensibilities"]
    said = " ".join(read_words(listed([*NAMES, *NAMES[:2], *strange])).report.sentences)
    assert "24 different words: too few" in said and "2 lines repeat words" in said
    assert "1 word is too long and was left out: incomprehensibilities." in said
    assert "1 word of a single character" in said
    assert "3 words were left out for characters" in said and "(ëñ␣): Zoë, señor, two words." in said


def test_a_base_knows_its_own_symbols_and_places(listed):
    found = read_words(listed([*NAMES, "bernard"]), " abcdefghijklmnopqrstuvwxyz"[:25], 7)
    assert found.report.outside == 0 and found.report.long_words == ("coraward",)
    samples = found.samples(" abcdefghijklmnopqrstuvwxyz", 7)
    assert samples.shape == (27, 7)


@pytest.mark.parametrize(
    "data, sentence",
    [
        (
            b"",
            "0 of these words can be learned from, which is too few. Give at least 20 words of 2 to 12 letters",
        ),
        ("\n".join(f"é{i}" for i in range(30)).encode(), "those with é were left out"),
        ("Zürich\n".encode("latin-1") * 30, "is no text in UTF-8"),
        (b"a\n" * (MOST_BYTES // 2 + 1), "larger than 4 MB"),
    ],
)
def test_what_is_no_list_of_words(listed, data, sentence):
    with pytest.raises(StudioError) as told:
        read_words(listed((), data))
    assert sentence in str(told.value)


def test_files_share_one_limit(tmp_path):
    files = [(tmp_path / f"{number}.txt", f"list {number}.txt") for number in range(3)]
    for path, _ in files:
        path.write_text("\n".join([*NAMES, "x" * (MOST_BYTES // 2)]))
    told = []
    with pytest.raises(StudioError, match="The text files together are larger than 4 MB"):
        take_words(files, tmp_path, told.append)
    assert told == [0, 1]
    report = take_words(files[:1], tmp_path)
    assert report.long_words == ("x" * 23 + "…",) and (tmp_path / WORDS).read_text().split() == NAMES
    files[1][0].write_text("\n".join([*NAMES[:3], "Zoe"]))
    report = take_words(files[:2], tmp_path)
    assert (report.count, report.twice) == (25, 3)


def test_a_list_is_a_dataset(listed):
    dataset = read_dataset(listed(NAMES))
    assert dataset.samples.symbols and not dataset.classes and "24 different words" in dataset.sentences[0]


def test_what_a_log_keeps_names_no_word(listed):
    words = ["Zoë", "Anna Maria", "incomprehensibilities"]
    said = " ".join(read_dataset(listed([*NAMES, *words])).sentences)
    assert "1 word is too long and was left out." in said and "2 words were left out for characters" in said
    assert not any(word in said for word in words)
