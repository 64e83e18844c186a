"""The numbers in the lessons' texts that follow from their own settings.

What was measured stands in tests/bench/README.md with what measures it again; what is known of normal numbers is tested
in test_plane.py, the recorded runs in test_recordings.py.
"""

import math

import pytest
import torch

from gan.networks.registry import build_generator
from gan.studio.lessons.critic import BEGINNER, DECK, PICTURES
from gan.studio.lessons.lessons import lessons, texts
from gan.training.losses import LOSSES

LESSONS = {lesson["id"]: lesson for lesson in lessons()}
BREAKS = {one["id"]: one for one in LESSONS["break-it"]["breaks"]}
USUAL = LESSONS["break-it"]["rules"]


def says(lesson: str, *words: str) -> bool:
    """Whether a lesson's texts say all of these."""
    text = " ".join(texts(LESSONS[lesson]))
    return all(word in text for word in words)


def test_a_discriminator_that_guesses_loses_two_log_two():
    nothing = torch.zeros(1)
    loss = float(LOSSES[LESSONS["numbers"]["rules"]["loss"]].d(nothing, nothing))
    assert loss == pytest.approx(2 * math.log(2)) and f"{loss:.3f}" == "1.386" and says("numbers", "2 log 2 = 1.386")


def test_the_breakdowns_are_as_large_as_they_say():
    fast, clipped, small, few = (BREAKS[id] for id in ("generator-too-fast", "clipped", "too-small", "few-examples"))
    assert fast["rules"]["g_lr"] == pytest.approx(10 * USUAL["d_lr"]) and "ten times" in fast["about"]
    assert BREAKS["momentum"]["rules"]["beta1"] == 0.9 and "nine tenths" in BREAKS["momentum"]["about"]
    assert clipped["rules"]["clip"] == 0.01 and "0.01" in clipped["about"]
    for id in ("clipped", "no-penalty"):
        assert BREAKS[id]["mend"]["d_lr"] == pytest.approx(5 * USUAL["g_lr"]) and "five times" in BREAKS[id]["why"]
    assert small["rules"]["g_hidden"] == [4] and USUAL["g_hidden"] == [64, 64] and "two times 64" in small["about"]
    assert few["rules"]["examples"] == 8 and "eight real points" in few["about"]
    for lesson in ("numbers", "break-it"):
        assert LESSONS[lesson]["reached"] == {"steps": 1500, "groups": 8}
    assert says("numbers", "1,500 steps") and LESSONS["break-it"]["doctor"] == 1000 and says("break-it", "1,000 steps")


def test_the_critic_deals_ten_of_two_hundred_and_names_the_beginners_steps():
    assert PICTURES == 10 and DECK == 200 and BEGINNER["width"] < 32
    assert says("be-the-critic", "ten letters", "400 steps") and says("what-for", "of 200 letters", "151")


def test_what_pictures_cost():
    assert says("from-dots-to-pictures", "28 by 28", "784", "200 million")
    last = build_generator("mlp", dict(image_shape=[3, 256, 256]), "meta").parameters()
    weights = max(weight.numel() for weight in last)  # the last layer's, from 1024
    assert round(weights / 1e8) == 2
