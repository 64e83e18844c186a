"""How often the discriminators of "Be the critic" are right on all cards of the lesson's deck.

python tests/bench/critic.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gan.studio.lessons.critic import DECK, JUDGES, CriticGame  # noqa: E402


def main() -> None:
    game = CriticGame()
    cards = [game.card(number) for number in range(DECK)]
    for judge in JUDGES:
        for real in (True, False):
            right = [(card.logits[judge] > 0) == card.real for card in cards if card.real == real]
            print(f"{judge}, {'real' if real else 'made'}: right on {sum(right)} of {len(right)}")


if __name__ == "__main__":
    main()
