"""Which part of a generator makes it learn fast: dcgan's with styles turned into stylegan2's, one part at a time.

    python tests/bench/generators.py dcgan stylegan2 stylegan2,norm=pixel --data letters32.npz --new letters-new32.npz

A variant is one of the two, and what is changed of it; `--list` names all parts and what they are at both ends. Each is
trained with dcgan's discriminator on equal pictures; after "pair:", as in pair:stylegan2,tanh=off, a family with its
own discriminator and settings. Averaged weights are scored against pictures that none has seen. The data are files as
in weights/README.md, with a class called "letter"; `--unconditional` takes none.
"""

import argparse
import json
import math
import sys
import time
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import torch  # noqa: E402 (after the path)
from torch import Tensor, nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

from gan.evaluation.scoring import Reals, evaluate  # noqa: E402
from gan.kinds.pictures import PICTURE  # noqa: E402
from gan.networks.contract import Discriminator, Generator, Noise, drawn_noise, parameter_count  # noqa: E402
from gan.networks.layers import pixel_norm  # noqa: E402
from gan.networks.registry import FAMILIES, build_discriminator, build_generator  # noqa: E402
from gan.networks.resample import blur, conv_of_doubled, upsample  # noqa: E402
from gan.studio.data.datasets import read_dataset  # noqa: E402
from gan.studio.scores.feature_networks import own_features  # noqa: E402
from gan.training.config import TrainConfig, defaults  # noqa: E402
from gan.training.data import Samples  # noqa: E402
from gan.training.trainer import Trainer  # noqa: E402

PLAIN_RATE, EQUAL_RATE = 2e-4, 2.5e-3  # of weights as they are, and of equalised ones
TAPS = torch.tensor([[a * b / 64 for b in (1.0, 3.0, 3.0, 1.0)] for a in (1.0, 3.0, 3.0, 1.0)])


@dataclass(frozen=True)
class Parts:
    """What a generator is made of; as they stand here, that is dcgan with two layers from z to the style."""

    mapping: str = "plain"  # "equal": equalised weights that learn 100 times more slowly
    depth: int = 2  # layers of it
    latents: int = 100  # values of z, and of what leaves the mapping
    label: str = "behind"  # the class: beside what leaves the mapping, or embedded beside z, "before" it
    first: str = "w"  # the 4x4 maps that it starts from: a product of w, or "const"
    convs: int = 1  # for each size but the first
    norm: str = "pixel"  # "demod", "instance", "batch", "none"
    style: str = "after"  # gains and biases after the norm, or gains "before" the convolution
    up: str = "nearest"  # or "filter"
    picture: str = "last"  # one convolution of the last maps, or "skip": the sum of each size's pictures
    tanh: str = "on"
    noise: str = "off"
    weights: str = "plain"  # "equal": N(0, 1), scaled at run time (Karras et al. 2018, section 4.1)
    gain: float = 1.0  # of what leaves a leaky ReLU
    base: int = 512  # maps times side, at most 128 maps at 16 pixels, 256 else
    rate: float = 1.0  # how many times as fast as usual
    mapping_rate: float = 1.0  # likewise, of the mapping
    style_std: float = 1.0  # first weights of the styles, times the usual


ENDS = {
    "dcgan": Parts(),
    "stylegan2": Parts(
        mapping="equal",
        depth=4,
        latents=128,
        label="before",
        first="const",
        convs=2,
        norm="demod",
        style="before",
        up="filter",
        picture="skip",
        tanh="off",
        noise="on",
        weights="equal",
        gain=math.sqrt(2),
        base=1024,
    ),
}
GROUPS = {  # several parts at once, for halving
    "mapping": ("mapping", "depth", "latents", "label"),
    "rates": ("weights", "gain"),
    "layers": ("first", "convs", "norm", "style", "up", "noise"),
    "end": ("picture", "tanh"),
}


def variant(name: str) -> Parts:
    """ "stylegan2,norm=pixel" or "dcgan,layers=stylegan2": an end, and parts or groups of parts that differ from it."""
    end, *changes = name.split(",")
    parts = ENDS[end]
    for change in changes:
        part, value = change.split("=")
        if part in GROUPS and value in ENDS:
            parts = replace(parts, **{one: getattr(ENDS[value], one) for one in GROUPS[part]})
        else:
            kind = type(getattr(parts, part))
            parts = replace(parts, **{part: kind(value)})
    return parts


class Product(nn.Module):
    """A dense layer or a convolution's weights, plain or equalised; `weight` is a factor times what is stored."""

    def __init__(self, shape: tuple[int, ...], parts: Parts, kind: str, std: float = 1.0, bias: float = 0.0) -> None:
        super().__init__()
        fan_in, equal = math.prod(shape[1:]), kind == "equal"
        self.stored = nn.Parameter(torch.randn(shape) * ((1.0 if equal else 0.02) * std))
        self.bias = nn.Parameter(torch.full((shape[0],), bias))
        self.scale = 1 / math.sqrt(fan_in) if equal else 1.0
        self.rate = (EQUAL_RATE if equal else PLAIN_RATE) * parts.rate

    def weight(self) -> Tensor:
        return self.stored * self.scale

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight(), self.bias)


class MappingLayer(nn.Module):
    def __init__(self, inputs: int, outputs: int, parts: Parts) -> None:
        super().__init__()
        self.equal = parts.mapping == "equal"
        self.stored = nn.Parameter(torch.randn(outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(outputs))
        if self.equal:
            self.lr, self.rate = 0.01, EQUAL_RATE * parts.rate * parts.mapping_rate
            nn.init.normal_(self.stored, std=1 / self.lr)
        else:
            self.lr, self.rate = 1.0, PLAIN_RATE * parts.rate * parts.mapping_rate
            nn.init.kaiming_normal_(self.stored, a=0.2)

    def forward(self, x: Tensor) -> Tensor:
        scale = self.lr / math.sqrt(x.shape[1]) * math.sqrt(2) if self.equal else 1.0
        bias = self.bias * (self.lr * math.sqrt(2)) if self.equal else self.bias
        return F.leaky_relu(F.linear(x, self.stored * scale, bias), 0.2)


class Layer(nn.Module):
    """A convolution with its norm, style, noise and activation."""

    def __init__(self, inputs: int, outputs: int, w_dim: int, side: int, up: bool, parts: Parts) -> None:
        super().__init__()
        self.parts, self.up = parts, up
        self.conv = Product((outputs, inputs, 3, 3), parts, parts.weights)
        after = parts.style == "after"
        self.style = Product(
            (2 * outputs if after else inputs, w_dim), parts, parts.weights, parts.style_std, 0.0 if after else 1.0
        )
        self.noise_strength = nn.Parameter(torch.zeros([])) if parts.noise == "on" else None
        self.noise_const: Tensor
        self.register_buffer("noise_const", torch.randn(side, side))
        self.rate = (EQUAL_RATE if parts.weights == "equal" else PLAIN_RATE) * parts.rate

    def forward(self, x: Tensor, w: Tensor, noise: Noise) -> Tensor:
        parts, style, weight = self.parts, self.style(w), self.conv.weight()
        bias = self.conv.bias
        if parts.style == "before":
            x = x * style[:, :, None, None]
            x = self._normed(self._convolve(x, weight, torch.zeros_like(bias)), weight, style)
            x = x + bias.to(x.dtype)[:, None, None]
        else:
            x = self._normed(self._convolve(x, weight, bias), weight, None)
            gains, shifts = style[:, :, None, None].chunk(2, dim=1)
            x = torch.addcmul(shifts.to(x.dtype), x, (1 + gains).to(x.dtype))
        if self.noise_strength is not None:
            drawn = drawn_noise(noise, self.noise_const, len(x), x.dtype)
            x = x if drawn is None else x + drawn * self.noise_strength.to(x.dtype)
        x = F.leaky_relu(x, 0.2)
        return x if parts.gain == 1 else x * parts.gain

    def _convolve(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        if not self.up:
            return F.conv2d(x, weight, bias, padding=1)
        if self.parts.up == "nearest":
            return conv_of_doubled(x, weight, bias)
        x = blur(F.conv_transpose2d(x, weight.transpose(0, 1), stride=2), TAPS, pad=1, gain=4)
        return x + bias.to(x.dtype)[:, None, None]

    def _normed(self, x: Tensor, weight: Tensor, style: Tensor | None) -> Tensor:
        norm = self.parts.norm
        if norm == "pixel":
            return pixel_norm(x)
        if norm == "instance":
            return F.instance_norm(x)
        if norm == "batch":
            return F.batch_norm(x, None, None, training=True)
        if norm == "none":
            return x
        energy = weight.square().sum(dim=(2, 3)).T  # (inputs, outputs)
        squared = energy.new_ones(1, len(energy)) if style is None else style.square()
        return x * (squared @ energy + 1e-8).rsqrt()[:, :, None, None].to(x.dtype)


class ToPicture(nn.Module):
    """A styled 1x1 convolution to the picture."""

    def __init__(self, maps: int, channels: int, w_dim: int, parts: Parts) -> None:
        super().__init__()
        self.conv = Product((channels, maps, 1, 1), parts, parts.weights)
        self.style = Product((maps, w_dim), parts, parts.weights, parts.style_std, 1.0)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        return F.conv2d(x * self.style(w)[:, :, None, None], self.conv.weight(), self.conv.bias)


class Between(Generator):
    """A generator of such parts."""

    has_noise = True

    def __init__(self, parts: Parts, side: int, channels: int, num_classes: int) -> None:
        super().__init__()
        self.parts, self.z_dim, self.num_classes = parts, parts.latents, num_classes
        self.image_shape, self.num_ws = (channels, side, side), 1
        behind = num_classes if parts.label == "behind" else 0
        before = 0 if behind or not num_classes else parts.latents
        self.w_dim = parts.latents + behind
        self.embed = Product((before, num_classes), parts, parts.mapping) if before else None
        widths = [parts.latents + before] + [parts.latents] * parts.depth
        self.map = nn.ModuleList(MappingLayer(widths[i], widths[i + 1], parts) for i in range(parts.depth))
        sides = [2**k for k in range(2, int(math.log2(side)) + 1)]
        most = 128 if side == 16 or parts.base == ENDS["stylegan2"].base else 256
        maps = [min(parts.base // s, most) for s in sides]
        if parts.first == "w":
            self.project = Product((maps[0] * 16, self.w_dim), parts, parts.weights)
        else:
            self.const = nn.Parameter(torch.randn(maps[0], 4, 4))
        self.rate = (EQUAL_RATE if parts.weights == "equal" else PLAIN_RATE) * parts.rate
        self.start = self._start(maps[0])
        self.sizes = nn.ModuleList(
            nn.ModuleList(
                Layer(maps[i] if n == 0 else maps[i + 1], maps[i + 1], self.w_dim, s, n == 0, parts)
                for n in range(parts.convs)
            )
            for i, s in enumerate(sides[1:])
        )
        painters = maps if parts.picture == "skip" else []
        self.painters = nn.ModuleList(ToPicture(m, channels, self.w_dim, parts) for m in painters)
        self.last = Product((channels, maps[-1], 3, 3), parts, parts.weights) if parts.picture == "last" else None

    def _start(self, maps: int) -> nn.Module:
        """What is done to the first maps: a layer after a constant, norm and style alone after a product of w."""
        if self.parts.first == "const":
            return Layer(maps, maps, self.w_dim, 4, False, self.parts)
        return Product((2 * maps, self.w_dim), self.parts, self.parts.weights, self.parts.style_std)

    def mapping(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        c = z.new_full((len(z), self.num_classes), 1 / max(self.num_classes, 1)) if c is None else c.to(z.dtype)
        w = pixel_norm(z)
        if self.embed is not None:
            w = torch.cat([w, pixel_norm(self.embed(c))], dim=1)
        for layer in self.map:
            w = layer(w)
        return (w if self.embed is not None else torch.cat([w, c], dim=1)).unsqueeze(1)

    def center(self, c: Tensor | None = None) -> Tensor:
        return self.mapping(torch.zeros(1 if c is None else len(c), self.z_dim), c)

    def synthesis(self, w: Tensor, noise: Noise = "const") -> Tensor:
        w = w[:, 0]
        x = self._first(w, noise)
        picture: Any = self.painters[0](x, w) if len(self.painters) else None
        for size, layers in enumerate(self.sizes, start=1):
            assert isinstance(layers, nn.ModuleList)
            for layer in layers:
                x = layer(x, w, noise)
            if picture is not None:
                picture = upsample(picture) + self.painters[size](x, w)
        if self.last is not None:
            picture = F.conv2d(x, self.last.weight(), self.last.bias, padding=1)
        return torch.tanh(picture) if self.parts.tanh == "on" else picture

    def _first(self, w: Tensor, noise: Noise) -> Tensor:
        if self.parts.first == "const":
            return self.start(self.const.expand(len(w), *self.const.shape), w, noise)
        gains, shifts = self.start(w)[:, :, None, None].chunk(2, dim=1)
        x = pixel_norm(self.project(w).unflatten(1, (-1, 4, 4)))
        return F.leaky_relu(torch.addcmul(shifts, x, 1 + gains), 0.2) * self.parts.gain


def at_their_rates(generator: Between) -> list[dict]:
    """Adam's groups: each parameter at the rate of the module that holds it."""
    groups: dict[float, list[nn.Parameter]] = {}
    for module in generator.modules():
        for parameter in module.parameters(recurse=False):
            groups.setdefault(module.rate, []).append(parameter)
    return [dict(params=parameters, lr=rate) for rate, parameters in groups.items()]


def pair_as_offered(name: str, shape: dict) -> tuple[Generator, Discriminator, dict]:
    """(both networks, settings) of "stylegan2", "stylegan2,tanh=off" or "stylegan2,critic.mapping_layers=1" as a new
    training of that family has them."""
    family, *changes = name.split(",")
    asked, critic = dict(FAMILIES[family].fresh), {}
    for key, value in (one.split("=") for one in changes):
        of = critic if key.startswith("critic.") else asked
        of[key.removeprefix("critic.")] = network_setting(value)
    networks = build_generator(family, shape | asked), build_discriminator(family, shape | critic)
    return *networks, defaults(family, shape["side"], "cpu")


def network_setting(text: str) -> bool | int | str:
    """A truth for "on" and "off", a whole number for digits, else the text itself."""
    if text in ("on", "off"):
        return text == "on"
    return int(text) if text.isdecimal() else text


def trainer_of(name: str, data: Samples, precision: str, seed: int, changes: dict[str, float]) -> Trainer:
    """A variant and dcgan's discriminator, or after "pair:" a pair with its own. changes: of the settings."""
    shape = dict(side=data.shape[-1], channels=data.shape[0], num_classes=data.num_classes)
    usual = dict(precision=precision, ema_kimg=10.0, record_every=100, grid_every=0, signals_every=0, seed=seed)
    torch.manual_seed(seed)
    if name.startswith("pair:"):
        generator, discriminator, own = pair_as_offered(name.removeprefix("pair:"), shape)
        return Trainer(generator, discriminator, data, TrainConfig(**own | usual | changes))
    generator = Between(variant(name), **shape)
    config = TrainConfig(**defaults("dcgan", shape["side"], "cpu") | usual | changes)
    trainer = Trainer(generator, build_discriminator("dcgan", shape), data, config)
    betas = config.beta1, config.beta2
    trainer.optimizer_g = torch.optim.Adam(at_their_rates(generator), betas=betas, eps=1e-8, fused=True)
    return trainer


def trial(name: str, args: argparse.Namespace, seed: int) -> dict:
    """Train one variant and score it."""
    label = "none" if args.unconditional else "letter"
    data, new = (read_dataset(Path(path), args.side, None, label).samples for path in (args.data, args.new))
    trainer = trainer_of(name, data, args.precision, seed, args.train)
    began = time.process_time()
    *_, last = trainer.run(args.pictures // trainer.config.batch_size)
    seconds = time.process_time() - began
    reals = Reals(new.x, PICTURE.plural, new.labels if data.num_classes else None)
    report = evaluate(trainer.ema.average, own_features(), reals, args.samples)
    row = dict(
        variant=name,
        seed=seed,
        side=args.side,
        pictures=args.pictures,
        train=args.train,
        parameters=parameter_count(trainer.generator),
        minutes=round(seconds / 60, 2),
        times=round(report.ratio, 2),
        critic=[round(last.accuracy_real, 2), round(last.accuracy_fake, 2)],
    )
    row |= {key: round(value.value, 3) for key, value in report.scores.items()}
    if args.keep:
        file = f"{Path(args.data).stem}-{args.side}-{name}-{seed}.pt"
        torch.save(trainer.ema.average.state_dict(), Path(args.keep) / file)
    return row


def settings_of(text: str) -> dict[str, float]:
    """Of "penalty_weight=1,batch_size=32": numbers, as whole ones where the setting is one."""
    given = dict(one.split("=") for one in text.split(","))
    return {name: type(getattr(TrainConfig(), name))(value) for name, value in given.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("variants", nargs="*")
    parser.add_argument("--data")
    parser.add_argument("--new")
    parser.add_argument("--side", type=int, default=16)
    parser.add_argument("--pictures", type=int, default=48000)
    parser.add_argument("--samples", type=int, default=2600)
    parser.add_argument("--seeds", default="0")
    parser.add_argument("--precision", default="bfloat16")
    parser.add_argument("--train", type=settings_of, default={}, help="such as penalty_weight=1,batch_size=32")
    parser.add_argument("--unconditional", action="store_true")
    parser.add_argument("--keep", help="a folder for the averaged weights")
    parser.add_argument("--list", action="store_true", help="name the parts, and what they are at both ends")
    args = parser.parse_args()
    if args.list:
        for field in fields(Parts):
            ends = (f"{end} {getattr(parts, field.name)}" for end, parts in ENDS.items())
            print(f"{field.name:>13}", *ends, sep="  ")
        return
    torch.set_num_threads(1)
    for name in args.variants:
        for seed in map(int, args.seeds.split(",")):
            print(json.dumps(trial(name, args, seed)), flush=True)


if __name__ == "__main__":
    main()
