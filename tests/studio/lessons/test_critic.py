"""Be the critic: what is dealt, what is said of it, and that the discriminator plays as well as the lesson says."""

import pytest

from gan.errors import StudioError
from gan.store.shipped import shipped_weights
from gan.studio.lessons import critic
from gan.studio.lessons.critic import PICTURES, CriticGame


@pytest.fixture(scope="module")
def game():
    return CriticGame()


def test_today_is_right_more_often_than_not_and_not_always_and_the_beginner_guesses(game):
    """In the lesson: about seven times in ten, and no more than by guessing. tests/bench/critic.py counts all cards."""
    cards = [game.card(number) for number in range(24)]
    right = {judge: sum((card.logits[judge] > 0) == card.real for card in cards) for judge in critic.JUDGES}
    assert 13 <= right["today"] <= 21 and 8 <= right["beginner"] <= 15
    assert [card.real for card in cards[:2]] == [True, False]
    assert all(card.picture.shape == (64, 64) and card.picture.std() > 20 and card.letter.isalpha() for card in cards)
    assert game.card(3) is game.card(3)


def test_the_beginner_is_small_and_has_a_card_and_is_no_model():
    folder = shipped_weights() / "beginner"
    assert (folder / "discriminator.safetensors").stat().st_size < 1_000_000 and not (folder / "config.json").exists()
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "python -m gan train" in card and "CC BY 4.0" in card and "tests/bench/critic.py" in card


@pytest.fixture
def quick(monkeypatch):
    """A game with a clock of its own, whose cards are made at once."""
    now = [0.0]
    game = CriticGame(lambda: now[0])
    monkeypatch.setattr(CriticGame, "_new", lambda self, number: critic.Card(None, "A", number % 2 == 0, {}))
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
