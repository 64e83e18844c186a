"""Score a model of words: its letters in ones, twos, threes and fours beside those of real words, and what exists.

The distance is that of Jensen and Shannon between the distributions of n letters in a row, as in Gulrajani et al. 2017,
appendix, in bits: 0 where they are the same, 1 where they have nothing in common. A blank stands before and behind each
word, so that beginnings and ends count.
"""

import math
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.evaluation.intervals import Estimate, drawn_anew, of_share
from gan.evaluation.report import Report
from gan.latents.sampling import seeds_to_z, truncate
from gan.messages import say
from gan.networks.words import BLANK, WordGenerator, spelled

FEWEST = 100  # words, and samples, below which no score means anything
FEATURES = "runs of letters"
LOOKS_REAL = 4  # letters in a row, each of which real words must have, for a new word to look real
_RUNS = (1, 2, 3, 4)
_AT_ONCE = 1024
_TIMES = 20  # that words are drawn anew to see how sure a distance is


def evaluate_words(
    generator: WordGenerator, words: Sequence[str], n: int, training: Sequence[str] | None = None, psi: float = 1.0
) -> Report:
    """Score the samples of seeds 0 to n - 1 against `words`, which the model has best never seen.

    `training` are those it was trained on; None says that they are `words` themselves, of which one half is then held
    against the other, and nothing is told of words that were never seen. Distances are taken from equal numbers of
    samples, of training words and of `words`: the real ones from each other are what a perfect model would reach. The
    same call gives the same report. Raises StudioError where there is too little to compare.
    """
    halves = _mixed(words)  # of a sorted list alternate ones would have a neighbour, such as walks, in the other half
    known = list(halves[::2] if training is None else training)
    others = list(halves[1::2] if training is None else words)
    count = min(n, len(known), len(others))
    if count < FEWEST:
        raise StudioError(
            say("Scores cannot be taken from {count} words.", count=count),
            say(
                "There must be at least {fewest} samples, training words and other words, better thousands.",
                fewest=FEWEST,
            ),
        )
    samples = sampled(generator, n, psi)
    symbols, places = generator.symbols, generator.image_shape[1]
    fake, first, second = (rows_of(some[:count], symbols, places) for some in (samples, _mixed(known), _mixed(others)))
    scores = {f"letters{k}": _apart(k, len(symbols), fake, second) for k in _RUNS}
    real = {f"letters{k}": _apart(k, len(symbols), first, second) for k in _RUNS}
    own = frozenset(known if training is not None else words)
    new, seen = frozenset(others) - own, runs_of(known)
    scores |= {
        "known": _share(word in own for word in samples),
        "plausible": _share(word not in own and word not in new and runs_of([word]) <= seen for word in samples),
        "different": Estimate(len(set(samples)) / n, 0.0),
    }
    real["plausible"] = _share(runs_of([word]) <= seen for word in others)
    if training is not None:  # else it has seen all words that are known here
        scores["found"] = _share(word in new for word in samples)
        real["known"] = _share(word in own for word in others)
    ratio = scores["letters4"].value / real["letters4"].value if real["letters4"].value else torch.nan
    return Report(FEATURES, n, len(others), len(own), psi, scores, real, ratio)


@torch.no_grad()
def sampled(generator: WordGenerator, n: int, psi: float = 1.0) -> list[str]:
    """The words of seeds 0 to n - 1."""
    read: list[str] = []
    for first in range(0, n, _AT_ONCE):
        w = generator.mapping(seeds_to_z(range(first, min(first + _AT_ONCE, n)), generator.z_dim))
        x = generator.synthesis(w if psi == 1 else truncate(w, generator.center(), psi))
        read += spelled(x, generator.symbols)
    return read


def rows_of(words: Sequence[str], symbols: str, places: int) -> Tensor:
    """Words as numbers of their symbols (n, places + 2), a blank before each and at least one behind. A character that
    is no symbol counts as one of its own."""
    at = {symbol: row for row, symbol in enumerate(symbols)}
    text = (f"{BLANK}{word[:places]}".ljust(places + 2, BLANK) for word in words)
    return torch.tensor([[at.get(letter, len(symbols)) for letter in word] for word in text]).reshape(-1, places + 2)


def distance(k: int, symbols: int, a: Tensor, b: Tensor) -> float:
    """The Jensen-Shannon distance, in bits, between the runs of k symbols in rows a (n, places) and b alike."""
    runs = [_runs(k, symbols + 1, rows) for rows in (a, b)]
    _, which = torch.cat(runs).unique(return_inverse=True)
    parts = which.split([len(part) for part in runs])
    p, q = (torch.bincount(part, minlength=int(which.max()) + 1).double() / max(len(part), 1) for part in parts)
    middle = (p + q) / 2
    told = [(torch.xlogy(one, one) - torch.xlogy(one, middle)).sum() for one in (p, q)]
    return float(sum(told)) / 2 / math.log(2)


def runs_of(words: Sequence[str]) -> frozenset[str]:
    """All runs of LOOKS_REAL characters in words, with the blanks around each."""
    return frozenset(
        run for word in words for whole in (f"{BLANK}{word}{BLANK}",) for run in _pieces(whole, LOOKS_REAL)
    )


def _pieces(text: str, k: int) -> list[str]:
    return [text[at : at + k] for at in range(max(len(text) - k + 1, 1))]


def _runs(k: int, base: int, rows: Tensor) -> Tensor:
    """Every run of k symbols as one number, (m,): those that end at the blank behind each word at most."""
    places = rows.shape[1]
    last = torch.where(rows != 0, torch.arange(places), 0).amax(dim=1) + 1  # of the first blank behind
    numbers = (rows.unfold(1, k, 1) * base ** torch.arange(k)).sum(dim=2)
    return numbers[torch.arange(places - k + 1) + k - 1 <= last.unsqueeze(1)]


def _apart(k: int, symbols: int, a: Tensor, b: Tensor) -> Estimate:
    return drawn_anew(lambda *rows: distance(k, symbols, *rows), distance(k, symbols, a, b), (a, b), _TIMES)


def _mixed(words: Sequence[str]) -> list[str]:
    """In an order of chance that is always the same: lists are often sorted."""
    return [words[row] for row in torch.randperm(len(words), generator=torch.Generator().manual_seed(0))]


def _share(hits: Iterable[bool]) -> Estimate:
    return of_share(torch.tensor([float(hit) for hit in hits]))
