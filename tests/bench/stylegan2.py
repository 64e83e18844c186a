"""Milliseconds of a StyleGAN2 picture at full size, ours beside the operators of the field's reference implementations.

    python tests/bench/stylegan2.py [--side 256] [--bases 16384,32768] [--threads 1,2] [--rounds 7]

The reference is what PyTorch code does where there are no custom CUDA kernels: a kernel modulated and demodulated for
each picture and one grouped convolution; upsampling by a transposed convolution and a filter that is applied after
zeros have been inserted and padded (Karras et al. 2020, equations 1 and 3, appendix B). Both paint from the same
weights, take turns, and their pictures are compared first. The ratio is the median of the rounds' own: above 1 ours is
faster.
"""

import argparse
import math
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import torch  # noqa: E402 (after the path)
from machine import Foreign  # noqa: E402
from torch import Tensor  # noqa: E402
from torch.nn import functional as F  # noqa: E402

from gan.networks.registry import build_generator  # noqa: E402


def dense(x: Tensor, weights: dict, name: str) -> Tensor:
    weight = weights[f"{name}.weight"]
    return F.linear(x, weight / math.sqrt(weight.shape[1]), weights[f"{name}.bias"])


def upfirdn(x: Tensor, taps: Tensor, up: int, pad: tuple[int, int], gain: float) -> Tensor:
    """Insert zeros, pad, and filter each map."""
    n, c, h, w = x.shape
    if up > 1:
        x = F.pad(x.reshape(n, c, h, 1, w, 1), (0, up - 1, 0, 0, 0, up - 1)).reshape(n, c, h * up, w * up)
    x = F.pad(x, (*pad, *pad))
    return F.conv2d(x, (taps * gain).expand(c, 1, 4, 4), groups=c)


def styled(x: Tensor, w: Tensor, weights: dict, name: str, up: bool) -> Tensor:
    n, style = len(x), dense(w, weights, f"{name}.affine")
    kernel = weights[f"{name}.weight"] * style[:, None, :, None, None]
    kernel = kernel * (kernel.square().sum(dim=(2, 3, 4), keepdim=True) + 1e-8).rsqrt()
    x = x.reshape(1, -1, *x.shape[2:])
    if up:
        x = F.conv_transpose2d(x, kernel.transpose(1, 2).flatten(0, 1), stride=2, groups=n)
        x = upfirdn(x.reshape(n, -1, *x.shape[2:]), weights[f"{name}.resample_filter"], 1, (1, 1), 4)
    else:
        x = F.conv2d(x, kernel.flatten(0, 1), padding=1, groups=n)
        x = x.reshape(n, -1, *x.shape[2:])
    x = x + weights[f"{name}.noise_const"] * weights[f"{name}.noise_strength"]
    return F.leaky_relu(x + weights[f"{name}.bias"][:, None, None], 0.2) * math.sqrt(2)


def to_rgb(x: Tensor, w: Tensor, weights: dict, name: str) -> Tensor:
    weight = weights[f"{name}.weight"]
    style = dense(w, weights, f"{name}.affine") / math.sqrt(weight.shape[1])
    kernel = (weight * style[:, None, :, None, None]).flatten(0, 1)
    y = F.conv2d(x.reshape(1, -1, *x.shape[2:]), kernel, groups=len(x))
    return y.reshape(len(x), -1, *y.shape[2:]) + weights[f"{name}.bias"][:, None, None]


def reference(ws: Tensor, weights: dict, side: int) -> Tensor:
    x = weights["synthesis.b4.const"].repeat(len(ws), 1, 1, 1)
    x, at, rgb = styled(x, ws[:, 0], weights, "synthesis.b4.conv1", False), 1, None
    rgb = to_rgb(x, ws[:, 1], weights, "synthesis.b4.torgb")
    for s in [2**k for k in range(3, int(math.log2(side)) + 1)]:
        name = f"synthesis.b{s}"
        x = styled(x, ws[:, at], weights, f"{name}.conv0", True)
        x = styled(x, ws[:, at + 1], weights, f"{name}.conv1", False)
        rgb = upfirdn(rgb, weights[f"{name}.resample_filter"], 2, (2, 1), 4) + to_rgb(
            x, ws[:, at + 2], weights, f"{name}.torgb"
        )
        at += 2
    return rgb


def seconds(paint) -> float:
    started = time.perf_counter()
    paint()
    return time.perf_counter() - started


@torch.inference_mode()
def measure(side: int, base: int, batch: int, rounds: int) -> tuple[float, float, float]:
    """(our milliseconds a picture, the reference's, how many times as fast ours is)."""
    torch.manual_seed(0)
    generator = (
        build_generator(
            "stylegan2", dict(side=side, channel_base=base, channel_max=512, z_dim=512, w_dim=512, mapping_layers=8)
        )
        .eval()
        .to(memory_format=torch.channels_last)
    )
    plain = {name: value.contiguous() for name, value in generator.state_dict().items()}
    generator.settle()
    ws = generator.mapping(torch.randn(batch, 512))
    difference = (generator.synthesis(ws) - reference(ws, plain, side)).abs().max().item()
    assert difference < 1e-2, f"The pictures differ by {difference}."
    times = []
    for i in range(rounds):
        sides = [("ours", lambda: generator.synthesis(ws)), ("theirs", lambda: reference(ws, plain, side))]
        took = {name: seconds(paint) for name, paint in (sides if i % 2 else sides[::-1])}
        times.append((took["ours"], took["theirs"]))
    ours, theirs = (1000 * statistics.median(column) / batch for column in zip(*times, strict=True))
    return ours, theirs, statistics.median(b / a for a, b in times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--bases", default="16384,32768", help="channel_base of the networks that are tried")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    foreign = Foreign()
    print(f"{'side':>5} {'base':>6} {'batch':>5} {'threads':>7} {'ours ms':>9} {'reference ms':>13} {'ratio':>6}")
    for base in map(int, args.bases.split(",")):
        for threads in map(int, args.threads.split(",")):
            torch.set_num_threads(threads)
            ours, theirs, ratio = measure(args.side, base, args.batch, args.rounds)
            print(
                f"{args.side:>5} {base:>6} {args.batch:>5} {threads:>7} {ours:>9.1f} {theirs:>13.1f} {ratio:>6.2f}",
                flush=True,
            )
    print(foreign.sentence())


if __name__ == "__main__":
    main()
