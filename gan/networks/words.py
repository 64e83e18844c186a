"""A pair of 1-D convolutional networks that write words: each place of a word is a distribution over symbols.

After Gulrajani et al. 2017, "Improved training of Wasserstein GANs", section 5.4 and appendix: a discrete sample is
relaxed to the softmax's probabilities, one column for each place, and the critic is given one-hot columns and
probabilities alike. Both networks are residual blocks of 1-D convolutions over the places.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from gan.errors import StudioError
from gan.field_metadata import check, knob
from gan.messages import say
from gan.networks.contract import Discriminator, LatentGenerator, Noise
from gan.networks.picture_knobs import asked_classes_knob, data_classes_knob

BLANK = " "  # what stands in the places behind a word's last letter
ENGLISH = BLANK + "abcdefghijklmnopqrstuvwxyz"
MOST_PLACES, MOST_SYMBOLS = 24, 256
_RESIDUAL = 0.3  # the share of a block's output that is added, as in the authors' code
_NOT_WORDS = say("A word's symbols must be different characters, the first of them the blank.")


def _symbols_knob() -> Any:
    return knob(ENGLISH, "The characters that words are written with, the blank first.")


def _places_knob() -> Any:
    return knob(12, "How many characters a word has at most.", low=2, high=MOST_PLACES, unit="characters")


def _channels_knob() -> Any:
    return knob(64, "How many features each place of a word has.", low=4, high=1024)


def _blocks_knob() -> Any:
    return knob(2, "Residual blocks; each sees two characters further to either side, twice.", low=1, high=8)


@dataclass(frozen=True)
class WordGeneratorConfig:
    """What a generator of words is built from."""

    symbols: str = _symbols_knob()
    places: int = _places_knob()
    num_classes: int = asked_classes_knob()
    z_dim: int = knob(64, "How many latent values a sample has.", low=1, high=4096)
    channels: int = _channels_knob()
    blocks: int = _blocks_knob()

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True)
class WordDiscriminatorConfig:
    """What its discriminator is built from."""

    symbols: str = _symbols_knob()
    places: int = _places_knob()
    num_classes: int = data_classes_knob()
    channels: int = _channels_knob()
    blocks: int = _blocks_knob()

    def __post_init__(self) -> None:
        _check(self)


def _check(config: Any) -> None:
    check(config)
    symbols = config.symbols
    if not 2 <= len(symbols) <= MOST_SYMBOLS or len(set(symbols)) != len(symbols) or symbols[0] != BLANK:
        raise StudioError(_NOT_WORDS, say("Give 2 to {most} of them.", most=MOST_SYMBOLS))


class _Block(nn.Module):
    """h + 0.3 conv(relu(conv(relu(h)))), both of five places: Gulrajani et al. 2017, the character-level model."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first, self.second = (nn.Conv1d(channels, channels, 5, padding=2) for _ in range(2))

    def forward(self, h: Tensor) -> Tensor:
        return h + _RESIDUAL * self.second(torch.relu(self.first(torch.relu(h))))


class WordGenerator(LatentGenerator):
    """w -> linear to channels x places -> residual blocks -> softmax over the symbols of each place.

    x (batch, symbols, places) are probabilities: each column sums to 1. `symbols` names the rows.
    """

    kind = "text"

    def __init__(self, config: WordGeneratorConfig) -> None:
        super().__init__(config.z_dim, config.num_classes, (len(config.symbols), config.places))
        self.symbols, self.channels = config.symbols, config.channels
        self.spell = nn.Linear(self.w_dim, config.channels * config.places)
        self.blocks = nn.ModuleList(_Block(config.channels) for _ in range(config.blocks))
        self.out = nn.Conv1d(config.channels, len(config.symbols), 1)

    def synthesis(self, w: Tensor, noise: Noise = "const") -> Tensor:
        h = self.spell(w.squeeze(1)).unflatten(1, (self.channels, -1))
        for block in self.blocks:
            h = block(h)
        return self.out(h).softmax(dim=1)

    def first_weights(self) -> Tensor:
        return self.spell.weight

    def stages(self) -> list[list[nn.Module]]:
        return [[self.spell], *([block] for block in self.blocks[:-1]), [*self.blocks[-1:], self.out]]


class WordDiscriminator(Discriminator):
    """x (batch, symbols, places), and the one-hot class beside every place -> residual blocks -> one logit."""

    def __init__(self, config: WordDiscriminatorConfig) -> None:
        super().__init__()
        self.image_shape, self.num_classes = (len(config.symbols), config.places), config.num_classes
        self.read = nn.Conv1d(len(config.symbols) + config.num_classes, config.channels, 1)
        self.inner = nn.ModuleList(_Block(config.channels) for _ in range(config.blocks))
        self.feature_dim = config.channels * config.places
        self.out = nn.Linear(self.feature_dim, 1)

    def features(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        if self.num_classes:
            c = x.new_zeros(len(x), self.num_classes) if c is None else c.to(x.dtype)
            x = torch.cat([x, c.unsqueeze(2).expand(-1, -1, x.shape[2])], dim=1)
        h = self.read(x)
        for block in self.inner:
            h = block(h)
        return h.flatten(1)

    def blocks(self) -> list[nn.Module]:
        return [self.read, *self.inner]

    def forward(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        return self.out(self.features(x, c)).squeeze(1)


def one_hot(words: Any, symbols: str, places: int) -> Tensor:
    """Words as they are kept for the critic: bool (n, symbols, places), the places behind each filled with the
    blank.

    Raises ValueError for a character that is no symbol.
    """
    at = {symbol: row for row, symbol in enumerate(symbols)}
    try:
        rows = [[at[letter] for letter in word.ljust(places, BLANK)[:places]] for word in words]
    except KeyError as error:
        raise ValueError(f"{error.args[0]!r} is no symbol") from error
    numbers = torch.tensor(rows, dtype=torch.long).reshape(-1, 1, places)
    return torch.zeros(len(numbers), len(symbols), places, dtype=torch.bool).scatter_(1, numbers, True)


def spelled(x: Tensor, symbols: str) -> list[str]:
    """Samples x (n, symbols, places) as text: the most probable symbol of each place, without blanks at the end."""
    return ["".join(symbols[row] for row in places).rstrip(BLANK) for places in x.argmax(dim=1).tolist()]
