"""Drag points: a handle on a picture is pulled to a target, and w follows (Pan et al. 2023, "Drag your GAN").

Its two steps in turn (section 3.2). Motion supervision: what the generator's feature maps show around the handle shall
lie a little further on the way to the target; Adam moves w so (equation 1). Point tracking: the handle is now where the
features lie nearest to those that it began with (equation 2). What is outside a circle around the way stays.

Other than there, an offset of w is sought in deviations of w, so that a step is as large in every model; it is pulled
to nothing a little, so that the picture stays one of the model's; maps of two sizes are looked at together; and what
shall stay is compared in pixels. Measured in tests/bench/README.md, "Drag points".
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from gan.errors import StudioError
from gan.latents.directions import draw, free_dimensions
from gan.latents.inversion import MOST_LAYERED, SMALLEST
from gan.messages import say
from gan.networks.contract import Generator, Noise

Paint = Callable[[Tensor], Iterable[Tensor]]
"""An offset of w, (layers, free) as `deviation` is -> what a generator's `painting` gives of the one picture whose w
was moved by it."""

STEPS = 100
_RATE = 0.1  # deviations of w a step
_BETAS = 0.5, 0.9  # a handle that has moved is pulled elsewhere: what was right before is soon forgotten
_HELD = 0.3  # weight of what shall stay
_NEAR = 0.02  # how much it costs to leave the w that it began with
_SMALLER = 2, 4  # maps of these parts of the picture's side are looked at
_SAMPLES = 512

# In pixels of a picture of 64; of larger ones in proportion.
_SIDE = 64
_PULLED = 4.0  # around the handle
_PUSH = 2.0  # at most a step
_SEARCHED = 6.0  # around where the handle was
_KNOWN = 2.0  # around the handle, by which it is known again
_THERE = 1.0  # from the target
REACHED = 3.0  # from the target: nobody sees a difference by which to pull on
RADIUS = 12.0  # around the way from handle to target: what may change


@dataclass(frozen=True, eq=False)
class Dragged:
    """How far a drag has come. offset (layers, free), of w; handle: where it is by now, (x, y) in pixels; far: how many
    pixels from its target; steps: made so far; done: the share that is over."""

    offset: Tensor
    handle: tuple[float, float]
    far: float
    steps: int
    done: float


@torch.no_grad()
def deviation(generator: Generator) -> Tensor:
    """How far w strays from the centre of its class, (layers, free): of the layers that a drag moves, the coarser half,
    each by itself; (1, free) where all move alike. Deterministic."""
    z, c = draw(generator, _SAMPLES)
    offsets = (generator.mapping(z, c) - generator.center(c))[:, 0, : free_dimensions(generator)]
    layers = 1 if moves_alike(generator) else (generator.num_ws + 1) // 2
    return offsets.std(dim=0).clamp_min(SMALLEST).expand(layers, -1)


def moves_alike(generator: Generator) -> bool:
    """Whether all layers move by the same, since each of its own would be too much for a link."""
    return generator.num_ws * free_dimensions(generator) > MOST_LAYERED


def spread_over(generator: Generator, offset: Tensor) -> Tensor:
    """What an offset (layers, free) of a drag adds to a w (.., num_ws, w_dim): (num_ws, w_dim)."""
    layers = generator.num_ws - len(offset)
    whole = offset.expand(generator.num_ws, -1) if moves_alike(generator) else F.pad(offset, (0, 0, 0, layers))
    return F.pad(whole, (0, generator.class_columns))


def painter(generator: Generator, w: Tensor, noise: Noise = "const") -> Paint:
    """How a generator paints the picture of w (1, num_ws, w_dim), moved."""
    return lambda offset: generator.painting(w + spread_over(generator, offset), noise)


def is_draggable(generator: Generator) -> bool:
    """Whether there is anything that points could be dragged by: feature maps, and a square picture."""
    shape = generator.image_shape
    return generator.has_maps and len(shape) == 3 and shape[1] == shape[2]


def has_reached(far: float, side: int) -> bool:
    """Whether a handle that is so many pixels from its target is there, as far as anybody sees."""
    return far <= REACHED * side / _SIDE


def usual_radius(side: int) -> float:
    """Pixels around the way from handle to target that may change in a picture of that side."""
    return RADIUS * side / _SIDE


def drag(
    paint: Paint,
    deviation: Tensor,
    handle: tuple[float, float],
    target: tuple[float, float],
    radius: float | None = None,
) -> Iterator[Dragged]:
    """The handle, ever closer to its target, both (x, y) in pixels of a picture with one side: one Dragged a step, the
    last one the closest. radius: pixels around the way that may change. Raises StudioError for points outside the
    picture, and where the painting has no maps. The generator is in eval mode, its weights take no gradients.
    """
    with torch.no_grad():
        before = _Seen(paint(torch.zeros_like(deviation)))
    side = before.picture.shape[-1]
    check(before.picture.shape[1:], handle, target, radius)
    if not before.maps:
        raise StudioError("This model has no feature maps to drag points by.", "Choose another one.")
    scale, like = side / _SIDE, before.picture
    start, goal = (torch.tensor(point, device=like.device, dtype=like.dtype) for point in (handle, target))
    stays = 1 - inside(side, start, goal, usual_radius(side) if radius is None else radius)
    known = before.at(start + _disc(_KNOWN * scale).to(like))
    u = torch.zeros_like(deviation).requires_grad_()
    adam = torch.optim.Adam([u], lr=_RATE, betas=_BETAS)
    now, closest = start, None
    for step in range(STEPS + 1):
        with torch.enable_grad():
            seen = _Seen(paint(u * deviation))
        with torch.no_grad():
            now = _tracked(seen, known, now, scale) if step else start
            far = float((goal - now).norm())
            done = max(step / STEPS, 1 - far / max(math.dist(handle, target), _THERE))
            over = far <= _THERE * scale or step == STEPS
            found = Dragged((u * deviation).detach(), (float(now[0]), float(now[1])), far, step, 1.0 if over else done)
        closest = found if closest is None or far < closest.far else closest
        yield found
        if over:
            break
        with torch.enable_grad():
            loss = _motion(seen, now, goal, scale) + _NEAR * u.square().mean()
            if stays.any():
                loss = loss + _HELD * ((seen.picture - like).square().mean(dim=1)[0] * stays).sum() / stays.sum()
            if not torch.isfinite(loss):
                raise StudioError(
                    "This model's samples hold values that are not numbers: its training broke down.",
                    "Choose an earlier step of it, or another model.",
                )
            (u.grad,) = torch.autograd.grad(loss, u)
        adam.step()
    if closest is not None and closest is not found:
        yield Dragged(closest.offset, closest.handle, closest.far, found.steps, 1.0)


def check(shape: Iterable[int], handle: tuple[float, float], target: tuple[float, float], radius: float | None) -> None:
    """Raise StudioError for points that lie outside a picture of shape (channels, height, width), for a circle of no
    size, and for pictures that are not square."""
    _, height, width = shape
    if height != width:
        raise StudioError("This model makes no square pictures.", "Choose another one.")
    for what, point in ((say("The handle"), handle), (say("The target"), target)):
        if not all(0 <= value <= width - 1 for value in point):  # also for what is no number
            raise StudioError(
                say("{what} lies outside the picture.", what=what),
                say("Both of its numbers are from 0 to {last}.", last=width - 1),
            )
    if radius is not None and not 1 <= radius <= 2 * width:
        raise StudioError(
            "The circle of what may change has no such radius.",
            say("It is from 1 to {most} pixels.", most=2 * width),
        )


def inside(side: int, handle: Tensor, target: Tensor, radius: float) -> Tensor:
    """1 where the picture may change, within the radius of the way from handle to target, 0 elsewhere: (side, side)."""
    y, x = torch.meshgrid(*[torch.arange(side, device=handle.device, dtype=handle.dtype)] * 2, indexing="ij")
    places, way = torch.stack([x, y], dim=-1) - handle, target - handle
    share = ((places @ way) / way.square().sum().clamp_min(1e-9)).clamp(0, 1)
    return ((places - share[..., None] * way).norm(dim=-1) <= radius).to(handle.dtype)


class _Seen:
    """One painting: its picture (1, channels, side, side), and the maps that are looked at, of mean length 1."""

    def __init__(self, painting: Iterable[Tensor]):
        *maps, self.picture = painting
        sides = [self.picture.shape[-1] // part for part in _SMALLER]
        self.maps = [h / h.norm(dim=1, keepdim=True).mean() for h in maps if h.shape[-1] in sides]

    def at(self, points: Tensor) -> Tensor:
        """What the maps show at points (n, 2), (x, y) in pixels of the picture, read between the values: (n, maps)."""
        where = ((points + 0.5) / self.picture.shape[-1] * 2 - 1).view(1, 1, -1, 2)
        read = [F.grid_sample(h, where, padding_mode="border", align_corners=False)[0, :, 0].T for h in self.maps]
        return torch.cat(read, dim=1)


def _motion(seen: _Seen, now: Tensor, goal: Tensor, scale: float) -> Tensor:
    """Equation 1: how far what lies a push further differs from what is around the handle, which is held fast."""
    far = goal - now
    push = far * min(1.0, _PUSH * scale / float(far.norm()))
    places = now + _disc(_PULLED * scale).to(now)
    return (seen.at(places + push) - seen.at(places).detach()).abs().mean()


def _tracked(seen: _Seen, known: Tensor, now: Tensor, scale: float) -> Tensor:
    """Equation 2: the place near the handle's last one that looks most like what it began with, (2,)."""
    places = (now + _disc(_SEARCHED * scale).to(now)).clamp(0, seen.picture.shape[-1] - 1)
    around = _disc(_KNOWN * scale).to(now)
    looks = seen.at((places[:, None] + around).flatten(0, 1)).view(len(places), -1)
    return places[(looks - known.flatten()).abs().sum(dim=1).argmin()]


def _disc(radius: float) -> Tensor:
    """Whole-pixel offsets within a radius, which is at least 1, (n, 2)."""
    radius = max(1.0, radius)
    whole = int(radius)
    y, x = torch.meshgrid(*[torch.arange(-whole, whole + 1.0)] * 2, indexing="ij")
    offsets = torch.stack([x.flatten(), y.flatten()], dim=1)
    return offsets[offsets.norm(dim=1) <= radius]
