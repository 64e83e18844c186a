"""Properties of words that can be read from their probabilities, so that what a slider is named for can be checked.

Of x (n, symbols, places), how probable each symbol is in each place; all are smooth in x.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from gan.networks.words import BLANK

_VOWELS = "aeiouAEIOU"
_LEAST = 1e-4


def measures(symbols: str) -> dict[str, Callable[[Tensor], Tensor]]:
    """What can be measured of words with these symbols, each x (n, symbols, places) -> (n,): how long they are, in
    letters; the share of their letters that are vowels; and how probable it is that they end in a letter."""
    vowels, blank = [symbols.index(letter) for letter in _VOWELS if letter in symbols], symbols.index(BLANK)

    def length(x: Tensor) -> Tensor:
        return (1 - x[:, blank]).sum(dim=1)

    def share_of_vowels(x: Tensor) -> Tensor:
        return x[:, vowels].sum(dim=(1, 2)) / length(x).clamp_min(_LEAST)

    found = {"length": length} | ({"vowels": share_of_vowels} if vowels else {})
    return found | {f"ends-in-{letter}": _ending(symbols.index(letter), blank) for letter in symbols if letter != BLANK}


def _ending(row: int, blank: int) -> Callable[[Tensor], Tensor]:
    """How probable a symbol is before the first blank, or in the last place of all."""

    def of(x: Tensor) -> Tensor:
        behind = torch.cat([x[:, blank, 1:], torch.ones_like(x[:, blank, :1])], dim=1)
        return (x[:, row] * behind).sum(dim=1)

    return of
