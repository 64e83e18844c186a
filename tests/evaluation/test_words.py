"""Scores of words, beside their definitions."""

import math
from collections import Counter

import pytest
import torch

from gan.errors import StudioError
from gan.evaluation.words import distance, evaluate_words, rows_of, runs_of, sampled
from gan.networks.registry import build_generator

SYMBOLS = " abcd"


def by_definition(k, a, b):
    """Of the same runs, counted one by one."""
    p, q = (
        Counter(w[i : i + k] for word in words for w in (f" {word} ",) for i in range(len(w) - k + 1))
        for words in (a, b)
    )
    total = 0.0
    for run in p | q:
        x, y = p[run] / p.total(), q[run] / q.total()
        total += sum(one * math.log2(2 * one / (x + y)) for one in (x, y) if one) / 2
    return total


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_the_distance_of_runs(k):
    a, b = ["abc", "ab", "dada", "a"], ["abc", "bb", "cadabc"]
    rows = [rows_of(words, SYMBOLS, 6) for words in (a, b)]
    assert distance(k, len(SYMBOLS), *rows) == pytest.approx(by_definition(k, a, b))
    assert distance(k, len(SYMBOLS), rows[0], rows[0]) == pytest.approx(0, abs=1e-12)
    assert distance(k, len(SYMBOLS), rows_of(["aa"], SYMBOLS, 6), rows_of(["bb"], SYMBOLS, 6)) <= 1


def test_runs_have_the_blanks_around_a_word():
    assert runs_of(["abc", "a"]) == {" abc", "abc ", " a "}


@pytest.fixture(scope="module")
def generator():
    torch.manual_seed(0)
    generator = build_generator("words", dict(symbols=SYMBOLS, places=4, z_dim=8, channels=8)).eval()
    generator.out.weight.data.mul_(4)
    return generator


def test_a_report_says_what_was_counted(generator):
    samples = sampled(generator, 200)
    training, others = sorted(set(samples[:150])), [f"a{word}"[:4] for word in samples]
    report = evaluate_words(generator, [*others, *samples[150:]], 200, training * 3)
    assert report.scores["known"].value == sum(word in training for word in samples) / 200
    assert report.scores["different"].value == len(set(samples)) / 200
    found = [word for word in samples if word not in training and word in {*others, *samples[150:]}]
    assert report.scores["found"].value == len(found) / 200
    assert (
        report.scores["letters4"].value > report.scores["letters1"].value > 0 and report.scores["letters4"].margin > 0
    )
    assert evaluate_words(generator, [*others, *samples[150:]], 200, training * 3) == report


def test_of_a_list_that_was_learned_nothing_is_new(generator):
    samples = sampled(generator, 200)
    words = [*samples[:100], *(f"b{word}"[:4] for word in samples)]
    report = evaluate_words(generator, words, 200)
    assert report.scores["known"].value == sum(word in words for word in samples) / 200
    assert "found" not in report.scores and report.training == len(set(words)) and report.pictures == 150


def test_neighbours_in_a_list_are_not_parted(generator):
    """Of a sorted list alternate words would be walk and walk, walks and walks."""
    real = evaluate_words(generator, ["abab", "cdcd"] * 100, 200).real
    assert 0 < real["letters1"].value < 0.1


def test_too_few_words_are_no_score(generator):
    with pytest.raises(StudioError, match="Scores cannot be taken from 20 words"):
        evaluate_words(generator, ["ab"] * 40, 200)
