"""Films of sounds as one sound."""

import numpy as np
import pytest

from gan.networks.spectrograms import PEAK, RATE
from gan.studio.morphs import BEAT, beats, morph

STEP = round(BEAT * RATE)


def test_each_beat_has_the_frame_that_is_then_seen():
    assert beats(24, 24) == [0, 6, 12, 18]
    assert beats(25, 24) == [0, 6, 12, 18, 24] and beats(1, 60) == [0]
    assert beats(8, 2) == [0, 0, 1, 2, 2, 2, 3, 4, 4, 4, 5, 6, 6, 6, 7, 7]


def test_sounds_stand_a_beat_apart():
    one = np.zeros(STEP * 2, np.float32)
    one[0], one[STEP + 5] = 0.5, 0.25
    whole = morph([one, one, one])
    assert len(whole) == STEP * 4
    assert {at: float(whole[at]) for at in np.flatnonzero(whole)} == {
        0: 0.5, STEP: 0.5, 2 * STEP: 0.5, STEP + 5: 0.25, 2 * STEP + 5: 0.25, 3 * STEP + 5: 0.25,
    }  # fmt: skip
    turned = morph([one, one, one], loop=True)
    assert len(turned) == STEP * 3 and turned[5] == 0.25 and turned[STEP + 5] == 0.25


def test_many_at_once_stay_within_what_a_file_holds():
    loud = np.full(STEP * 4, 0.9, np.float32)
    assert np.abs(morph([loud] * 5)).max() == pytest.approx(PEAK)
    assert np.abs(morph([loud] * 5, loop=True)).max() == pytest.approx(PEAK)
