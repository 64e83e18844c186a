"""What the layouts of StyleGAN2 have in common: settings read from shapes, and what some files leave out."""

from collections.abc import Mapping

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.foreign.formats.named import value
from gan.foreign.found import Stored
from gan.messages import listed, say
from gan.networks.registry import build_discriminator, build_generator

Weights = Mapping[str, Stored | Tensor]

FAMILY = "stylegan2"
ABOUT = {"psi": 0.7}  # as the field's tools open such models
_SAMPLES = 10_000  # of w, as the official code takes for its average (Karras et al. 2019, appendix B)
_TAPS = 1.0, 3.0, 3.0, 1.0
CLAMP_UNKNOWN = say("Whether its layers' outputs were clamped, as in networks trained in 16 bits; taken without.")


def maps_settings(maps: dict[int, int], file: str) -> dict:
    """side, channel_base and channel_max of a network with so many feature maps at each side.

    Raises StudioError unless the sides double from 4 on and each has min(base / side, max) of them.
    """
    if not maps or sorted(maps) != [2**k for k in range(2, 2 + len(maps))]:
        sides = listed(sorted(maps))
        raise StudioError(
            say(
                "{file} has layers for these sides: {sides}. Each must be twice the one before, from 4 on.",
                file=file,
                sides=sides,
            ),
            "It is damaged or of another kind.",
        )
    side, most = max(maps), max(maps.values())
    base = maps[side] * side
    for at, count in maps.items():
        usual = min(base // at, most)
        if count != usual:
            raise StudioError(
                say(
                    "{file} has {count} feature maps at side {at}, where {usual} would follow from its others.",
                    file=file,
                    count=count,
                    at=at,
                    usual=usual,
                ),
                "Only the usual widths can be used: a base divided by the side, up to a maximum.",
            )
    return {"side": side, "channel_base": base, "channel_max": most}


def whole_generator(settings: dict, weights: Weights, file: str) -> Weights:
    """The weights with what the file left out and is known: filters, no noise, the average of w.

    Raises StudioError for settings that make no generator.
    """
    generator = _built(build_generator, settings, file)
    whole = {**weights, **_left_out(generator.state_dict(), weights)}
    check_filters(whole, "resample_filter", file)
    if "mapping.w_avg" not in whole:
        whole["mapping.w_avg"] = _average_w(generator, whole, file)
    return whole


def whole_discriminator(settings: dict, weights: Weights, generator: dict, file: str) -> Weights | None:
    """The discriminator's weights likewise; None unless they fit it exactly and it judges what the generator makes."""
    if any(settings[key] != generator[key] for key in ("side", "channels", "num_classes")):
        return None
    wanted = _built(build_discriminator, settings, file).state_dict()
    whole = {**weights, **_left_out(wanted, weights)}
    fits = wanted.keys() == whole.keys() and all(tuple(whole[key].shape) == tuple(wanted[key].shape) for key in wanted)
    if fits:
        check_filters(whole, "resample_filter", file)
    return whole if fits else None


def _built(build, settings: dict, file: str):
    try:
        return build(FAMILY, settings, "meta")
    except StudioError as error:
        raise StudioError(
            say("{file} cannot be used: {message}", file=file, message=error.message), error.hint
        ) from error


def _filter() -> Tensor:
    taps = torch.tensor(_TAPS)
    return torch.outer(taps, taps) / 64


def _left_out(wanted: dict, weights: Weights) -> dict[str, Stored | Tensor]:
    """Filters, which are the same everywhere; noise of no strength, where a network was made without."""
    made: dict[str, Stored | Tensor] = {}
    for key in wanted.keys() - weights.keys():
        if key.endswith("resample_filter"):
            made[key] = _filter()
        elif key.endswith((".noise_strength", ".noise_const")):
            made[key] = torch.zeros(wanted[key].shape)
    return made


def check_filters(weights: Weights, ending: str, file: str) -> None:
    """Raise StudioError unless all tensors whose names end so are the usual filter, whatever they are multiplied by."""
    for key, weight in weights.items():
        if key.endswith(ending) and not _is_usual(weight):
            raise StudioError(
                say("{file} resamples with another filter than [1, 3, 3, 1]: see {key}.", file=file, key=key),
                "Only networks with the usual filter can be used.",
            )


def _is_usual(weight: Stored | Tensor) -> bool:
    if tuple(weight.shape) != (4, 4):
        return False
    taps = value(weight)
    return torch.allclose(taps / taps.sum(), _filter(), atol=1e-3)


@torch.no_grad()
def _average_w(generator, weights: Weights, file: str) -> Tensor:
    """The mean of w over seeded z. The generator lies on "meta"; only its mapping is filled."""
    own = {"mapping.w_avg": torch.zeros(generator.w_dim)}
    for key, wanted in generator.state_dict().items():
        if key.startswith("mapping.") and key not in own:
            if key not in weights or tuple(weights[key].shape) != tuple(wanted.shape):
                raise StudioError(
                    say("{file} has no {key} of the shape {shape}.", file=file, key=key, shape=tuple(wanted.shape)),
                    "It is damaged or of another kind.",
                )
            own[key] = value(weights[key])
    generator.eval().load_state_dict(own, strict=False, assign=True)
    z = torch.randn(_SAMPLES, generator.z_dim, generator=torch.Generator().manual_seed(0))
    return generator.mapping(z)[:, 0].mean(dim=0)
