"""Be the critic: ten letters, real and made, which a person and a discriminator tell apart.

The real ones are a sample of typefaces that lies in the box, and which the model may have trained on; the made ones are
its generator's, not truncated. Two discriminators judge them: the one that the model's training ended with, and a
beginner, which weights/beginner/ keeps. All come out of a deck of cards, each painted and judged once, when it is first
dealt.
"""

import functools
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from gan.errors import StudioError
from gan.latents.sampling import one_hot
from gan.networks.contract import Discriminator
from gan.networks.registry import build_discriminator
from gan.store.shipped import shipped_weights
from gan.store.weights import load_weights
from gan.studio.engine import Engine
from gan.studio.library.loaded import Models
from gan.studio.recipes import Recipe

MODEL = "letters"
JUDGES = ("today", "beginner")
PICTURES = 10  # of a round
DECK = 200  # cards, every other one real: a round that nobody has seen costs half a second, and all of them ten
BEGINNER = {"side": 64, "channels": 1, "num_classes": 26, "width": 12, "width_max": 96}  # of gan/networks/dcgan.py
_FEWEST = 3  # real ones, and made ones, of a round
_COMPANY = 3  # real letters that each picture is judged beside: the discriminator looks at four at a time
_ROUNDS = 500  # that wait for an answer
_AGE = 3600.0  # seconds that one waits


@dataclass(frozen=True)
class Card:
    """picture: uint8 (height, width). letter: which it is. logits: of each of JUDGES, above 0 where it takes the
    picture for real."""

    picture: np.ndarray
    letter: str
    real: bool
    logits: dict[str, float]


@dataclass(frozen=True)
class Round:
    """Ten cards that somebody was dealt."""

    id: str
    cards: tuple[Card, ...]
    dealt: float  # by the game's clock


class CriticGame:
    """Deals rounds and says what was what, with the models in the box."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._models, self._clock = Models(local=False), clock
        self._engine = Engine(self._models)
        self._lock, self._rounds = threading.Lock(), OrderedDict[str, Round]()
        self._cards: dict[int, Card] = {}
        self._judges: dict[str, Discriminator] = {}

    def deal(self) -> Round:
        """Ten cards by chance, three real ones and three made ones at least. Raises StudioError where the model is not
        there."""
        chance = np.random.default_rng(secrets.randbits(64))
        real = int(chance.integers(_FEWEST, PICTURES - _FEWEST + 1))
        half = DECK // 2
        numbers = [2 * i for i in chance.choice(half, real, False)]
        numbers += [2 * i + 1 for i in chance.choice(half, PICTURES - real, False)]
        chance.shuffle(numbers)
        dealt = Round(secrets.token_hex(8), tuple(self.card(int(number)) for number in numbers), self._clock())
        with self._lock:
            self._rounds[dealt.id] = dealt
            while len(self._rounds) > _ROUNDS or self._oldest_is_over():
                self._rounds.popitem(last=False)
        return dealt

    def answered(self, id: str, guesses: Sequence[bool]) -> Round:
        """The round, which is over now. Raises StudioError where it is not awaited, or not every card was judged."""
        if len(guesses) != PICTURES or not all(isinstance(guess, bool) for guess in guesses):
            raise StudioError("Not all ten pictures are judged yet.", "Say of each whether it is real.")
        with self._lock:
            dealt = self._rounds.pop(id, None)
        if dealt is None:
            raise StudioError("These ten pictures are answered already, or too old.", "Ask for ten new ones.")
        return dealt

    def card(self, number: int) -> Card:
        """Card `number` of the deck, painted and judged when it is first asked for."""
        if number not in self._cards:
            self._cards[number] = self._new(number)
        return self._cards[number]

    def _oldest_is_over(self) -> bool:
        return self._clock() - next(iter(self._rounds.values())).dealt > _AGE

    def _new(self, number: int) -> Card:
        model = self._models.get(MODEL)
        if not self._judges:
            self._judges = {"today": model.discriminator(), "beginner": beginner()}
        pictures, labels = real_letters()
        label = int(labels[number])
        real = number % 2 == 0
        recipe = Recipe(MODEL, seed=number, label=label, psi=1.0)
        picture = pictures[number] if real else self._engine.render([recipe])[0, :, :, 0]
        logits = {name: judged(judge, picture, label) for name, judge in self._judges.items()}
        return Card(picture, model.config.classes[label], real, logits)


def judged(discriminator: Discriminator, picture: np.ndarray, label: int) -> float:
    """The discriminator's logit of a picture, uint8 (height, width), beside three real ones, always the same."""
    pictures, labels = real_letters()
    seen = np.concatenate([picture[None], pictures[DECK : DECK + _COMPANY]])
    x = torch.from_numpy(seen).float().unsqueeze(1) / 127.5 - 1
    c = one_hot([label, *map(int, labels[DECK : DECK + _COMPANY])], discriminator.num_classes)
    with torch.no_grad():
        return float(discriminator(x, c)[0])


def beginner() -> Discriminator:
    """A discriminator that has only begun to learn: its card says how it was made. Raises StudioError where its file
    is missing or broken."""
    path = shipped_weights() / "beginner" / "discriminator.safetensors"

    def build(device: str = "cpu") -> Discriminator:
        return build_discriminator("dcgan", BEGINNER, device)

    return load_weights(build, path, "beginner")


@functools.cache
def real_letters() -> tuple[np.ndarray, np.ndarray]:
    """Some of the letters in the box, uint8 (DECK + 3, 64, 64), and which letter of the alphabet each is, from 0."""
    with np.load(shipped_weights() / "pictures" / "letters.npz", allow_pickle=False) as file:
        images, labels = file["images"], file["labels"][:, 0]
    some = np.random.RandomState(0).permutation(len(images))[: DECK + _COMPANY]
    return images[some], labels[some]
