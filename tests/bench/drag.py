"""Would drag points do? A trial of DragGAN (Pan et al. 2023) on a model in the box, without a page.

    python tests/bench/drag.py --model letters --out drag.png

Ten drags: of ten seeds each the strongest corner of the picture is the handle, and its target lies 8 pixels further, in
the direction of eight in which the model's own pictures have most to offer there (that which most of 64 others have
changed in). Motion supervision moves the generator's own features at the handle towards the target; the handle is
followed by the nearest feature; everything outside a circle around both is held. Told for each: how far the handle is
from its target at the end, by its feature and, apart from that, by where its patch of pixels is found again; and the
mean change outside the circle beside that inside of it, and beside that between pictures of two seeds.
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from gan.latents.directions import free_dimensions
from gan.latents.sampling import one_hot, seed_to_z
from gan.networks.pixels import to_pixels
from gan.store.grids import grid
from gan.studio.library.loaded import Models

STEPS, RATE, FAR = 80, 0.02, 8  # FAR: pixels from handle to target
NEAR, WIDE = 2, 4  # pixels around a handle that are moved, and where it is looked for (at 64 pixels)
HELD = 10.0  # weight of what shall stay
CIRCLE = 12  # pixels around handle and target that may change
REACHED = 3.0  # pixels


class Maps:
    """The features of a generator at half its side, while it paints."""

    def __init__(self, generator):
        self.generator, self.seen = generator, []
        if hasattr(generator, "_styled"):
            inner = generator._styled
            generator._styled = lambda *args: self.seen.append(inner(*args)) or self.seen[-1]
        else:
            for block in generator._parts()[1].blocks():
                block.register_forward_hook(lambda _, __, made: self.seen.append(made[0]))

    def paint(self, w: Tensor) -> tuple[Tensor, Tensor]:
        """w -> picture, features enlarged to its side."""
        self.seen.clear()
        x = self.generator.synthesis(w)
        side = x.shape[-1]
        maps = [
            F.interpolate(h, (side, side), mode="bilinear") for h in self.seen if h.shape[-1] in (side // 2, side // 4)
        ]
        return x, torch.cat([h / h.norm(dim=1, keepdim=True).mean() for h in maps], dim=1)


def at(maps: Tensor, points: Tensor) -> Tensor:
    """Features (points, maps) at places (x, y), in pixels, read between them."""
    side = maps.shape[-1]
    where = (points / (side - 1) * 2 - 1).view(1, 1, -1, 2)
    return F.grid_sample(maps, where, align_corners=True)[0, :, 0].T


def around(point: Tensor, radius: float) -> Tensor:
    """Whole-pixel places within a radius of a point, (n, 2)."""
    r = int(radius)
    dy, dx = torch.meshgrid(torch.arange(-r, r + 1.0), torch.arange(-r, r + 1.0), indexing="ij")
    offsets = torch.stack([dx.flatten(), dy.flatten()], 1)
    return point + offsets[offsets.norm(dim=1) <= radius]


def circle(side: int, handle: Tensor, target: Tensor) -> Tensor:
    """1 where the picture may change, (side, side)."""
    y, x = torch.meshgrid(torch.arange(side * 1.0), torch.arange(side * 1.0), indexing="ij")
    places = torch.stack([x, y], -1)
    ends = torch.stack([handle + (target - handle) * t for t in torch.linspace(0, 1, 9)])
    return ((places[:, :, None] - ends).norm(dim=-1).amin(dim=-1) <= CIRCLE).float()


def drag(maps: Maps, w: Tensor, handle: Tensor, target: Tensor, layers: int, free: int):
    """-> the w at the end, where the handle is, and how many steps it took."""
    with torch.no_grad():
        before, features = maps.paint(w)
        first = at(features, handle[None])
    stays = 1 - circle(before.shape[-1], handle, target)
    moved = torch.zeros_like(w[:, :layers, :free]).requires_grad_()
    optimiser = torch.optim.Adam([moved], lr=RATE)
    now, steps = handle.clone(), 0
    for _ in range(STEPS):
        far = target - now
        if far.norm() <= 1:
            break
        steps += 1
        push = far / far.norm()
        whole = w.clone()
        whole[:, :layers, :free] = whole[:, :layers, :free] + moved
        _, seen = maps.paint(whole)
        places = around(now, NEAR)
        loss = (at(seen, places + push) - at(seen, places).detach()).abs().mean()
        loss = loss + HELD * ((seen - features).abs() * stays).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        with torch.no_grad():
            whole[:, :layers, :free] = w[:, :layers, :free] + moved
            _, seen = maps.paint(whole)
            places = around(now, WIDE).clamp(0, seen.shape[-1] - 1)
            now = places[(at(seen, places) - first).abs().sum(dim=1).argmin()]
    with torch.no_grad():
        whole = w.clone()
        whole[:, :layers, :free] = whole[:, :layers, :free] + moved
    return whole.detach(), now, steps


def corner(x: Tensor) -> Tensor:
    """The strongest corner (x, y) at least 12 pixels from the edge: Harris and Stephens 1988."""
    grey = x.mean(dim=1, keepdim=True)
    gx, gy = F.pad(grey[..., 1:] - grey[..., :-1], (0, 1)), F.pad(grey[..., 1:, :] - grey[..., :-1, :], (0, 0, 0, 1))
    xx, yy, xy = (F.avg_pool2d(v, 5, 1, 2) for v in (gx * gx, gy * gy, gx * gy))
    strength = (xx * yy - xy * xy - 0.05 * (xx + yy) ** 2)[0, 0]
    strength[:12], strength[-12:], strength[:, :12], strength[:, -12:] = 0, 0, 0, 0
    place = int(strength.argmax())
    return torch.tensor([place % x.shape[-1], place // x.shape[-1]], dtype=torch.float32)


def found_again(before: Tensor, after: Tensor, handle: Tensor, radius: int = 4, reach: int = 14) -> Tensor:
    """Where the patch around the handle looks most like what is in the other picture, (x, y)."""
    side, (hx, hy) = before.shape[-1], [int(v) for v in handle]
    pad = lambda x: F.pad(x, (radius,) * 4, mode="replicate")[0]  # noqa: E731
    patch = pad(before)[:, hy : hy + 2 * radius + 1, hx : hx + 2 * radius + 1]
    best, where = math.inf, handle
    for y in range(max(0, hy - reach), min(side, hy + reach + 1)):
        for x in range(max(0, hx - reach), min(side, hx + reach + 1)):
            other = pad(after)[:, y : y + 2 * radius + 1, x : x + 2 * radius + 1]
            apart = float((other - patch).square().mean())
            if apart < best:
                best, where = apart, torch.tensor([x, y], dtype=torch.float32)
    return where


def direction(others: Tensor, x: Tensor, handle: Tensor) -> Tensor:
    """Of eight the one in which the patch is found again most often near there in other pictures: where one can go."""
    side, best, where = x.shape[-1], math.inf, None
    for k in range(8):
        push = torch.tensor([math.cos(k * math.pi / 4), math.sin(k * math.pi / 4)])
        target = (handle + FAR * push).round()
        if not ((target >= 6) & (target <= side - 7)).all():
            continue
        (hx, hy), (tx, ty) = [int(v) for v in handle], [int(v) for v in target]
        patch = x[:, :, hy - 4 : hy + 5, hx - 4 : hx + 5]
        there = others[:, :, ty - 4 : ty + 5, tx - 4 : tx + 5]
        apart = float((there - patch).square().mean(dim=(1, 2, 3)).sort().values[:6].mean())
        if apart < best:
            best, where = apart, target
    return where


def marked(x: Tensor, *points: tuple[Tensor, tuple[int, int, int]]) -> np.ndarray:
    """The picture, four times as large, with crosses."""
    pixels = to_pixels(x)[0].numpy()
    pixels = pixels.repeat(3, axis=2) if pixels.shape[2] == 1 else pixels[..., :3].copy()
    pixels = pixels.repeat(4, axis=0).repeat(4, axis=1)
    for point, colour in points:
        px, py = (int(v) * 4 + 2 for v in point)
        pixels[max(0, py - 1) : py + 2, max(0, px - 6) : px + 7] = colour
        pixels[max(0, py - 6) : py + 7, max(0, px - 1) : px + 2] = colour
    return pixels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--drags", type=int, default=10)
    parser.add_argument("--layers", type=int, help="how many of the first layers are moved (default: two thirds)")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    model = Models().get(asked.model)
    generator = model.generator
    maps, free = Maps(generator), free_dimensions(generator)
    layers = asked.layers or round(generator.num_ws * 2 / 3)
    rows, reached, sheet = [], 0, []
    for n in range(asked.drags):
        c = one_hot([n % generator.num_classes], generator.num_classes) if generator.num_classes else None
        many = None if c is None else c.expand(64, -1)
        with torch.no_grad():
            w = generator.mapping(seed_to_z(n, generator.z_dim), c).clone()
            x, _ = maps.paint(w)
            z = torch.cat([seed_to_z(1000 + i, generator.z_dim) for i in range(64)])
            others = generator.synthesis(generator.mapping(z, many))
        handle = corner(x)
        target = direction(others, x, handle)
        begun = time.perf_counter()
        moved, now, steps = drag(maps, w, handle, target, layers, free)
        seconds = time.perf_counter() - begun
        with torch.no_grad():
            after, _ = maps.paint(moved)
        inside = circle(x.shape[-1], handle, target)
        change = (after - x).abs().mean(dim=1)[0] / 2
        usual = float(((others - x).abs().mean(dim=1) / 2 * (1 - inside)).sum() / (1 - inside).sum() / len(others))
        out, within = (
            float((change * (1 - inside)).sum() / (1 - inside).sum()),
            float((change * inside).sum() / inside.sum()),
        )
        again = found_again(x, after, handle)
        by_feature, by_patch = float((now - target).norm()), float((again - target).norm())
        reached += by_feature <= REACHED and by_patch <= REACHED
        rows.append((by_feature, by_patch, out, within, usual, seconds))
        print(
            f"{n}: handle {by_feature:.1f} px from its target by feature, {by_patch:.1f} by patch; change outside "
            f"{out:.1%}, inside {within:.1%}, between seeds {usual:.1%}; {steps} steps, {seconds:.1f} s",
            flush=True,
        )
        red, green = (230, 40, 40), (30, 170, 60)
        sheet += [marked(x, (handle, red), (target, green)), marked(after, (now, red), (target, green))]
    mean = np.mean(rows, axis=0)
    print(
        f"{asked.model}: {reached} of {asked.drags} reached, by feature and by patch; mean {mean[0]:.1f} and "
        f"{mean[1]:.1f} px; "
        f"change outside {mean[2]:.1%}, inside {mean[3]:.1%}, between seeds {mean[4]:.1%}; {mean[5]:.1f} s a drag"
    )
    if asked.out:
        Image.fromarray(grid(np.stack(sheet), 4, gap=4)).save(asked.out)


if __name__ == "__main__":
    main()
