"""A wider generator that begins with what a narrower one has learnt, for a training to go on from.

    python tests/bench/widened.py --model runs/letters-2/snapshots/0007600 --width 48 --out letters-wide

For dcgans with styles. Each new map is a copy of an old one, with its gain and bias, and what read the old one reads
both, about half of each (Chen et al. 2016, "Net2Net", section 3.2): not quite half, by chance, so that the two part as
they learn. The network paints nearly what it painted: its pixel norms count the copied maps twice.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import torch  # noqa: E402 (after the path)
from shipped import home_of  # noqa: E402
from torch import Tensor  # noqa: E402

from gan.networks.styled_dcgan import StyledDCGANGenerator  # noqa: E402
from gan.store.model_folder import load_discriminator, load_generator, read_config, write_model  # noqa: E402

_UNEVEN = 0.2  # shares of a copy lie this far apart at most, around a half


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a folder, or a name in weights/")
    parser.add_argument("--width", type=int, required=True, help="maps at full size: see gan/networks/dcgan.py")
    parser.add_argument("--out", type=Path, required=True, help="a new folder")
    asked = parser.parse_args()
    home = home_of(asked.model)
    config = read_config(home, asked.model)
    narrow = load_generator(home, config, asked.model)
    wide = replace(config, generator={**config.generator, "width": asked.width})
    network = wide.build_generator()
    assert isinstance(narrow, StyledDCGANGenerator) and isinstance(network, StyledDCGANGenerator)
    network.load_state_dict(widened(narrow.state_dict(), [len(conv.weight) for conv in network.convs]))
    write_model(
        asked.out, wide, network, load_discriminator(home, config, asked.model), (home / "README.md").read_text()
    )


def widened(weights: dict[str, Tensor], widths: list[int]) -> dict[str, Tensor]:
    """The weights of a generator with so many maps after each convolution. What is before the first stays."""
    chance = torch.Generator().manual_seed(0)
    wide = dict(weights)
    first = weights["convs.0.weight"].shape[1]
    maps = _copied(first, first, chance)
    for k, width in enumerate(widths):
        weight, bias = _read_both(weights[f"convs.{k}.weight"], maps, chance), weights[f"convs.{k}.bias"]
        maps = _copied(len(bias), width, chance)
        wide |= {f"convs.{k}.weight": weight[maps], f"convs.{k}.bias": bias[maps]}
        for name in (f"styles.{k + 1}.weight", f"styles.{k + 1}.bias"):
            wide[name] = torch.cat([half[maps] for half in weights[name].chunk(2)])  # gains, and biases
    return wide | {"to_picture.weight": _read_both(weights["to_picture.weight"], maps, chance)}


def _copied(old: int, new: int, chance: torch.Generator) -> Tensor:
    """Which old map each new one is, (new,): all of them, and some once more."""
    if not old <= new <= 2 * old:
        raise SystemExit(f"Of {old} maps {old} to {2 * old} can be made, not {new}: choose another --width.")
    return torch.cat([torch.arange(old), torch.randperm(old, generator=chance)[: new - old]])


def _read_both(weight: Tensor, maps: Tensor, chance: torch.Generator) -> Tensor:
    """Of a convolution (outputs, inputs, height, width), one that reads the `maps` that its inputs became."""
    wide = weight[:, maps].clone()
    for copy in range(weight.shape[1], len(maps)):
        old = int(maps[copy])
        share = 0.5 + _UNEVEN * (torch.rand(len(weight), 1, 1, generator=chance) - 0.5)
        wide[:, copy], wide[:, old] = weight[:, old] * share, weight[:, old] * (1 - share)
    return wide


if __name__ == "__main__":
    main()
