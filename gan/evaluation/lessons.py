"""How the feature network learns what is in a picture: by naming its set, each of its labels, and what was done to it.

The labels teach content. The damages teach what the labels could overlook and a person sees at once: blur, noise, coarse
pixels, ragged edges, patches out of place. Without them a network that knows every hat could call a blurred one perfect.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan.evaluation.features import FEATURES, SIDE, FeatureNet, as_seen

_DAMAGED = 0.4      # share of the pictures that are damaged
_RATE = 2e-3


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
    """After a step: the loss, and the share of right answers for sets, for damages, and for each set's labels."""

    step: int
    loss: float
    sets: float
    damages: float
    labels: dict[str, float]


class Teacher(nn.Module):
    """A feature network with one linear head for each question."""

    def __init__(self, lessons: Sequence[Lesson]):
        super().__init__()
        self.net = FeatureNet()
        self.sets, self.damages = nn.Linear(FEATURES, len(lessons)), nn.Linear(FEATURES, len(DAMAGES))
        self.labels = nn.ModuleList(nn.ModuleList(nn.Linear(FEATURES, size) for size in lesson.sizes) for lesson in lessons)

    def teach(self, lessons: Sequence[Lesson], steps: int, batch: int, seed: int = 0, every: int = 200) -> Iterator[Progress]:
        """Train for so many steps on equal shares of all sets; the rate rises for a tenth of them and falls in a cosine."""
        rng = torch.Generator().manual_seed(seed)
        adam = torch.optim.AdamW(self.parameters(), lr=_RATE, weight_decay=1e-2, fused=True)
        each = max(batch // len(lessons), 1)
        self.train().to(memory_format=torch.channels_last)      # what convolutions on processors are fastest with
        for step in range(1, steps + 1):
            for group in adam.param_groups:
                group["lr"] = _RATE * min(step / (steps / 10), (1 + math.cos(math.pi * step / steps)) / 2)
            loss, answers = self._ask(lessons, each, rng)
            adam.zero_grad(set_to_none=True)
            loss.backward()
            adam.step()
            if step % every == 0 or step == steps:
                yield Progress(step, loss.item(), *answers())

    def _ask(self, lessons: Sequence[Lesson], each: int, rng: torch.Generator):
        """The loss on `each` pictures of every set, and a function that says how many of the answers are right."""
        rows = [torch.randint(len(lesson.x), (each,), generator=rng) for lesson in lessons]
        x = torch.cat([as_seen(lesson.x[some].float() / 127.5 - 1, SIDE) for lesson, some in zip(lessons, rows)])
        x, damage = damaged(x, rng)
        with torch.autocast(x.device.type, torch.bfloat16):      # half the time where a processor has it, and exact enough to learn
            features = self.net(x.contiguous(memory_format=torch.channels_last)).float()
        which = torch.arange(len(lessons)).repeat_interleave(each)
        questions = [(self.sets(features), which), (self.damages(features), damage)]
        per_set: list[list[tuple[Tensor, Tensor]]] = []
        for heads, lesson, some, own in zip(self.labels, lessons, rows, features.split(each)):
            per_set.append([(head(own), lesson.labels[some, i]) for i, head in enumerate(heads)])
        taught = [_mean_loss(pairs) for pairs in per_set if pairs]
        loss = _mean_loss(questions) + torch.stack(taught).mean()
        names = [lesson.name for lesson in lessons]
        return loss, lambda: (*(_right([pair]) for pair in questions), {n: _right(p) for n, p in zip(names, per_set) if p})


def damaged(x: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Some of the pictures changed for the worse, and what was done to each, as a place in DAMAGES."""
    which = torch.randint(1, len(DAMAGES), (len(x),), generator=rng)
    which[torch.rand(len(x), generator=rng) >= _DAMAGED] = 0
    x = x.clone()
    for i, damage in enumerate(DAMAGES.values()):
        if i and (which == i).any():
            x[which == i] = damage(x[which == i], rng)
    return x, which


def _blur(x: Tensor, rng: torch.Generator) -> Tensor:
    """Each pixel with its neighbours, once or several times."""
    for _ in range(int(torch.randint(1, 4, (), generator=rng))):
        x = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)
    return x


def _noise(x: Tensor, rng: torch.Generator) -> Tensor:
    """Grain."""
    return x + torch.randn(x.shape, generator=rng) * (0.04 + 0.3 * torch.rand(len(x), 1, 1, 1, generator=rng))


def _coarse(x: Tensor, rng: torch.Generator) -> Tensor:
    """Fewer and larger pixels."""
    side = int(torch.randint(SIDE // 4, SIDE // 2, (), generator=rng))
    return F.interpolate(F.interpolate(x, (side, side), mode="area"), x.shape[2:], mode="nearest")


def _ragged(x: Tensor, rng: torch.Generator) -> Tensor:
    """Every pixel taken from a place near by, as if through rippled glass."""
    n, _, h, w = x.shape
    waves = F.interpolate(torch.randn(n, 2, h // 4, w // 4, generator=rng), (h, w), mode="bilinear")
    pixels = (0.5 + 1.5 * torch.rand(n, 1, 1, 1, generator=rng)) * waves
    still = F.affine_grid(torch.eye(2, 3).expand(n, 2, 3), list(x.shape), align_corners=False)
    return F.grid_sample(x, still + pixels.permute(0, 2, 3, 1) * 2 / SIDE, padding_mode="border", align_corners=False)


def _patched(x: Tensor, rng: torch.Generator) -> Tensor:
    """A piece of another picture in place of one's own."""
    side = int(torch.randint(SIDE // 5, SIDE // 2, (), generator=rng))
    top, left = (int(torch.randint(SIDE // 8, SIDE - side - SIDE // 8 + 1, (), generator=rng)) for _ in range(2))
    x, other = x.clone(), x.roll(1, dims=0)
    x[:, :, top:top + side, left:left + side] = other[:, :, top:top + side, left:left + side]
    return x


def _smeared(x: Tensor, rng: torch.Generator) -> Tensor:
    """Colours that run from pixel to pixel: half of a blurred picture over the sharp one's light."""
    light = x.mean(dim=1, keepdim=True)
    return light + F.interpolate(F.interpolate(x - light, scale_factor=1 / 8, mode="area"), x.shape[2:], mode="bilinear")


DAMAGES = {"none": None, "blur": _blur, "noise": _noise, "coarse": _coarse, "ragged": _ragged, "patched": _patched,
           "smeared": _smeared}
"""Name -> what it does to pictures (n, 3, 64, 64); "none" does nothing."""


def _mean_loss(pairs: Sequence[tuple[Tensor, Tensor]]) -> Tensor:
    return torch.stack([F.cross_entropy(*pair) for pair in pairs]).mean()


def _right(pairs: Sequence[tuple[Tensor, Tensor]]) -> float:
    return sum(float((logits.argmax(1) == wanted).float().mean()) for logits, wanted in pairs) / len(pairs)
