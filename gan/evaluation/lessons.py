"""How the feature network learns what is in a picture: by naming its set, and each of its labels.

It only ever sees whole pictures. Taught to name damages as well (blur, noise, ragged edges), it kept the least flaw so
far apart from everything whole that no real picture stood near any sample: a recall of 0 for a model that makes all
kinds of cats.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan.evaluation.features import FEATURES, SIDE, FeatureNet, as_seen

_RATE = 2e-3
_SHIFT = 3  # pixels that pictures are moved by at most: labels do not hang on the exact place


@dataclass(frozen=True)
class Lesson:
    """One set: its name, pictures (n, channels, height, width) uint8, and labels (n, k) of which none may be told."""

    name: str
    x: Tensor
    labels: Tensor

    @property
    def sizes(self) -> list[int]:
        """How many values each label has."""
        return [int(column.max()) + 1 for column in self.labels.T]


@dataclass(frozen=True)
class Progress:
    """After a step: the loss, and the share of right answers for sets and for each set's labels."""

    step: int
    loss: float
    sets: float
    labels: dict[str, float]


Answers = Callable[[], tuple[float, dict[str, float]]]
"""Told when asked for: which share of the sets, and of each set's labels, was named right."""


class Teacher(nn.Module):
    """A feature network with one linear head for each question."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        super().__init__()
        self.net = FeatureNet()
        self.sets = nn.Linear(FEATURES, len(lessons))
        self.labels = nn.ModuleList(
            nn.ModuleList(nn.Linear(FEATURES, size) for size in lesson.sizes) for lesson in lessons
        )

    def teach(
        self, lessons: Sequence[Lesson], steps: int, batch: int, seed: int = 0, every: int = 200
    ) -> Iterator[Progress]:
        """Train for so many steps on equal shares of all sets; the rate rises for a tenth of them and falls in a
        cosine."""
        rng = torch.Generator().manual_seed(seed)
        adam = torch.optim.AdamW(self.parameters(), lr=_RATE, weight_decay=1e-2, fused=True)
        each = max(batch // len(lessons), 1)
        self.train().to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # convolutions on processors like it best
        for step in range(1, steps + 1):
            for group in adam.param_groups:
                group["lr"] = _RATE * min(step / (steps / 10), (1 + math.cos(math.pi * step / steps)) / 2)
            loss, answers = self._ask(lessons, each, rng)
            adam.zero_grad(set_to_none=True)
            loss.backward()
            adam.step()
            if step % every == 0 or step == steps:
                yield Progress(step, loss.item(), *answers())

    @staticmethod
    def mixed(lessons: Sequence[Lesson], each: int, seed: int) -> Tensor:
        """So many pictures of every set, as the network sees them."""
        return _drawn(lessons, each, torch.Generator().manual_seed(seed))[1]

    def _ask(self, lessons: Sequence[Lesson], each: int, rng: torch.Generator) -> tuple[Tensor, Answers]:
        """The loss on `each` pictures of every set, and a function that says how many of the answers are right."""
        rows, x = _drawn(lessons, each, rng)
        x = moved(x, rng).contiguous(memory_format=torch.channels_last)
        with torch.autocast(
            x.device.type, torch.bfloat16
        ):  # half the time where a processor has it, and exact enough to learn
            features = self.net(x).float()
        which = torch.arange(len(lessons)).repeat_interleave(each)
        sets = [(self.sets(features), which)]
        per_set: list[list[tuple[Tensor, Tensor]]] = []
        for heads, lesson, some, own in zip(self.labels, lessons, rows, features.split(each), strict=True):
            per_set.append([(head(own), lesson.labels[some, i]) for i, head in enumerate(cast(nn.ModuleList, heads))])
        taught = [_mean_loss(pairs) for pairs in per_set if pairs]
        loss = _mean_loss(sets) + (torch.stack(taught).mean() if taught else 0)
        names = [lesson.name for lesson in lessons]
        return loss, lambda: (_right(sets), {n: _right(p) for n, p in zip(names, per_set, strict=True) if p})


def _drawn(lessons: Sequence[Lesson], each: int, rng: torch.Generator) -> tuple[list[Tensor], Tensor]:
    """Places (each,) in every set, and the pictures there as the network sees them, set after set."""
    rows = [torch.randint(len(lesson.x), (each,), generator=rng) for lesson in lessons]
    return rows, torch.cat(
        [as_seen(lesson.x[some].float() / 127.5 - 1, SIDE) for lesson, some in zip(lessons, rows, strict=True)]
    )


def moved(x: Tensor, rng: torch.Generator) -> Tensor:
    """Pictures moved by some pixels, all alike; what comes in at the edge is the edge again."""
    down, right = torch.randint(0, 2 * _SHIFT + 1, (2,), generator=rng).tolist()
    height, width = x.shape[2:]
    return F.pad(x, (_SHIFT,) * 4, mode="replicate")[:, :, down : down + height, right : right + width]


def _mean_loss(pairs: Sequence[tuple[Tensor, Tensor]]) -> Tensor:
    return torch.stack([F.cross_entropy(*pair) for pair in pairs]).mean()


def _right(pairs: Sequence[tuple[Tensor, Tensor]]) -> float:
    return sum(float((logits.argmax(1) == wanted).float().mean()) for logits, wanted in pairs) / len(pairs)
