"""Paths through latent space: between two latents, and through any number of keyframes.

A path is a table entry: a function `(points, center, segment, t, loop) -> frames`, where frame f lies at the fraction
t[f] in 0..1 of the way from keyframe segment[f] to the next one. After the last keyframe comes the first. The names
stand in `choices`, too.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.latents.choices import frame_count
from gan.messages import listed, say

NEARLY_PARALLEL = 0.9995
"""Above this |cosine| two directions leave no circle to follow that floats could tell (0.9995 is 1.8 degrees)."""


# Between two latents


def linear(a: Tensor, b: Tensor, t: float | Tensor) -> Tensor:
    """(1 - t) a + t b: exactly a at t = 0 and b at t = 1. a, b (..., dim); t a number or a tensor that broadcasts."""
    return torch.lerp(a, b, torch.as_tensor(t, dtype=a.dtype, device=a.device))


def spherical(a: Tensor, b: Tensor, t: float | Tensor) -> Tensor:
    """Turn a into b along their great circle, row by row over the last axis.

    With unit directions u, v at the angle theta: (sin((1 - t) theta) u + sin(t theta) v) / sin(theta), times a length
    that goes linearly from |a| to |b|. Rows of equal length keep that length and turn at constant speed, which is
    Shoemake's (1985) slerp as White (2016) uses it on z; between rows of unequal length there is no bulge either.

    a, b (..., dim); t a number or a tensor that broadcasts against them. Rows that are zero, or that point almost the
    same or almost opposite ways (|cosine| > 0.9995), go straight.
    """
    length_a, length_b = a.norm(dim=-1, keepdim=True), b.norm(dim=-1, keepdim=True)
    u, v = torch.nn.functional.normalize(a, dim=-1), torch.nn.functional.normalize(b, dim=-1)
    cosine = (u * v).sum(dim=-1, keepdim=True)
    theta = torch.acos(cosine.clamp(-NEARLY_PARALLEL, NEARLY_PARALLEL))
    turned = (torch.sin((1 - t) * theta) * u + torch.sin(t * theta) * v) / torch.sin(theta)
    straight = (cosine.abs() > NEARLY_PARALLEL) | (length_a == 0) | (length_b == 0)
    return torch.where(straight, linear(a, b, t), linear(length_a, length_b, t) * turned)


# Through many keyframes: points (k, num_ws, w_dim), center alike, segment (n,), t (n, 1, 1) -> (n, num_ws, w_dim)


def straight_lines(points: Tensor, center: Tensor, segment: Tensor, t: Tensor, loop: bool) -> Tensor:
    """Straight from keyframe to keyframe: an entry of PATHS, as the next two."""
    return linear(points[segment], points[_next(points, segment)], t)


def great_circles(points: Tensor, center: Tensor, segment: Tensor, t: Tensor, loop: bool) -> Tensor:
    """Turn from keyframe to keyframe about the center, which itself goes straight from one to the next."""
    offset, following = points - center, _next(points, segment)
    return spherical(offset[segment], offset[following], t) + linear(center[segment], center[following], t)


def cubic_spline(points: Tensor, center: Tensor, segment: Tensor, t: Tensor, loop: bool) -> Tensor:
    """One smooth curve through all keyframes: the cubic spline, continuous up to its second derivative everywhere.

    Between y_i and y_i+1 with second derivatives M_i and M_i+1, A = 1 - t and B = t:
    y = A y_i + B y_i+1 + ((A^3 - A) M_i + (B^3 - B) M_i+1) / 6.    Press et al., Numerical Recipes, section 3.3.
    """
    bend, following = second_derivatives(points, loop), _next(points, segment)
    a, b = 1 - t, t
    curve = (a**3 - a) * bend[segment] + (b**3 - b) * bend[following]
    return a * points[segment] + b * points[following] + curve / 6


def second_derivatives(points: Tensor, loop: bool) -> Tensor:
    """M (k, ...) of the spline through `points` (k, ...): M_i-1 + 4 M_i + M_i+1 = 6 (y_i-1 - 2 y_i + y_i+1).

    Looped, the neighbours wrap around (periodic spline); else both ends run out straight, M = 0 (natural spline).
    """
    y = points.flatten(1).cpu().double()
    identity = torch.eye(len(y), dtype=y.dtype)
    neighbours = identity.roll(1, dims=0) + identity.roll(-1, dims=0)
    left, right = neighbours + 4 * identity, 6 * (neighbours - 2 * identity) @ y
    if not loop:
        left[[0, -1]], right[[0, -1]] = identity[[0, -1]], 0.0
    return torch.linalg.solve(left, right).reshape(points.shape).to(points)


PATHS: dict[str, Callable[[Tensor, Tensor, Tensor, Tensor, bool], Tensor]] = {
    "linear": straight_lines,
    "spherical": great_circles,
    "smooth": cubic_spline,
}

EASINGS: dict[str, Callable[[Tensor], Tensor]] = {
    "none": lambda t: t,
    "ease": lambda t: t * t * (3 - 2 * t),
    "ease-in": lambda t: t * t,
    "ease-out": lambda t: t * (2 - t),
}
"""How time runs within a segment: 0 -> 0, 1 -> 1, never backwards. "ease" starts and stops softly at every keyframe."""


def frames(
    points: Tensor,
    steps: int,
    path: str = "linear",
    loop: bool = False,
    easing: str = "none",
    center: Tensor | None = None,
) -> Tensor:
    """Every frame of the path through the keyframes `points` (k, num_ws, w_dim) -> (n, num_ws, w_dim).

    Frame i * steps is keyframe i, to the last bit. A loop ends one step before the first keyframe, so that playing it
    over and over is seamless; otherwise the last frame is the last keyframe. center (k or 1, num_ws, w_dim) is what
    "spherical" turns about, 0 where it is None. StudioError for fewer than two keyframes or an unknown name.
    """
    if len(points) < 2:
        raise StudioError(
            say("A path needs at least two pictures, not {count}.", count=len(points)), "Pin another picture."
        )
    if steps < 1:
        raise StudioError(
            say("A path needs at least one frame per picture, not {steps}.", steps=steps), "Choose 2 or more."
        )
    follow, ease = _entry(PATHS, say("path"), path), _entry(EASINGS, say("easing"), easing)
    frame = torch.arange(frame_count(len(points), steps, loop), device=points.device)
    t = ease((frame % steps).to(points.dtype) / steps).view(-1, *[1] * (points.dim() - 1))
    center = (torch.zeros_like(points) if center is None else center.to(points)).expand_as(points)
    made = follow(points, center, frame // steps, t, loop)
    made[::steps] = points
    return made


def _next(points: Tensor, segment: Tensor) -> Tensor:
    return (segment + 1) % len(points)


def _entry(table: dict[str, Any], what: str, name: str) -> Any:
    if name not in table:
        raise StudioError(
            say("There is no {what} called {name!r:.60}.", what=what, name=name),
            say("Choose one of {names}.", names=listed(table)),
        )
    return table[name]
