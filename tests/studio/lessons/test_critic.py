"""Be the critic: what is dealt, what is said of it, and that the discriminator plays as well as the lesson says."""

import pytest

from gan.errors import StudioError
from gan.studio.lessons import critic
from gan.studio.lessons.critic import PICTURES, CriticGame


@pytest.fixture(scope="module")
def game():
    return CriticGame()


def test_the_discriminator_is_right_more_often_than_not_and_not_always(game):
    """In the lesson: about seven times in ten. tests/bench/critic.py counts all cards."""
    cards = [game.card(number) for number in range(24)]
    right = sum((card.logit > 0) == card.real for card in cards)
    assert 13 <= right <= 21 and [card.real for card in cards[:2]] == [True, False]
    assert all(card.picture.shape == (64, 64) and card.picture.std() > 20 and card.letter.isalpha() for card in cards)
    assert game.card(3) is game.card(3)


@pytest.fixture
def quick(monkeypatch):
    """A game with a clock of its own, whose cards are made at once."""
    now = [0.0]
    game = CriticGame(lambda: now[0])
    monkeypatch.setattr(CriticGame, "_new", lambda self, number: critic.Card(None, "A", number % 2 == 0, 1.0))
    return game, now


def test_a_round_has_real_and_made_ones_and_is_answered_once(quick):
    game, _ = quick
    for _ in range(20):
        dealt = game.deal()
        assert len(dealt.cards) == PICTURES and 3 <= sum(card.real for card in dealt.cards) <= PICTURES - 3
    assert game.answered(dealt.id, [True] * PICTURES) is dealt
    with pytest.raises(StudioError, match="answered already"):
        game.answered(dealt.id, [True] * PICTURES)
    for few in ([], [True] * 9, [None] * PICTURES):
        with pytest.raises(StudioError, match="Not all ten"):
            game.answered(dealt.id, few)


def test_old_rounds_are_forgotten_and_many_take_no_more_room(quick, monkeypatch):
    game, now = quick
    old = game.deal()
    now[0] = 3601.0
    game.deal()
    with pytest.raises(StudioError, match="too old"):
        game.answered(old.id, [True] * PICTURES)
    monkeypatch.setattr(critic, "_ROUNDS", 5)
    for _ in range(9):
        game.deal()
    assert len(game._rounds) == 5
