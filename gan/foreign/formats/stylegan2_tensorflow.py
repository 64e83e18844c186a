"""StyleGAN2 of NVlabs/stylegan2 and NVlabs/stylegan2-ada, trained with TensorFlow: a pickle of three networks, (G, D,
Gs).

Its variables are brought under the names of the official PyTorch code; what follows is that code's adapter.
"""

import dataclasses
import re
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.field_metadata import show
from gan.foreign.formats.named import Named
from gan.foreign.formats.stylegan2_official import conversion
from gan.foreign.formats.stylegan2_parts import CLAMP_UNKNOWN
from gan.foreign.found import Conversion, Found, Inert, Stored, stored
from gan.messages import say

_KIND = say("a StyleGAN2 of the official TensorFlow code")
_NETWORK = "dnnlib.tflib.network.Network"
_ROOTS = "G.", "D.", "G_ema."
_PARTS = {
    "weight": "weight",
    "bias": "bias",
    "noise_strength": "noise_strength",
    "mod_weight": "affine.weight",
    "mod_bias": "affine.bias",
}
_PART = f"/({'|'.join(_PARTS)})"
_RULES = (  # their names: ours, without the part that a weight is of its layer
    (r"dlatent_avg", "mapping.w_avg"),
    (r"mapping/LabelEmbed" + _PART, "mapping.embed"),
    (r"mapping/Dense(\d+)" + _PART, r"mapping.fc\1"),
    (r"synthesis/4x4/Const/const", "synthesis.b4.const"),
    (r"synthesis/4x4/Conv" + _PART, "synthesis.b4.conv1"),
    (r"synthesis/(\d+)x\d+/Conv0_up" + _PART, r"synthesis.b\1.conv0"),
    (r"synthesis/(\d+)x\d+/Conv1" + _PART, r"synthesis.b\1.conv1"),
    (r"synthesis/(\d+)x\d+/ToRGB" + _PART, r"synthesis.b\1.torgb"),
    (r"synthesis/(\d+)x\d+/Skip" + _PART, r"synthesis.b\1.skip"),
    (r"(\d+)x\d+/FromRGB" + _PART, r"b\1.fromrgb"),
    (r"(\d+)x\d+/Conv0" + _PART, r"b\1.conv0"),
    (r"(\d+)x\d+/Conv1_down" + _PART, r"b\1.conv1"),
    (r"(\d+)x\d+/Skip" + _PART, r"b\1.skip"),
    (r"4x4/Conv" + _PART, "b4.conv"),
    (r"4x4/Dense0" + _PART, "b4.fc"),
    (r"Output" + _PART, "b4.out"),
)
_USUAL = {
    "mapping_lrmul": 0.01,
    "resample_kernel": [1, 3, 3, 1],
    "nonlinearity": "lrelu",
    "mapping_nonlinearity": "lrelu",
}


def read(found: Found) -> Conversion | None:
    """The pair, Gs before G. None for other files; StudioError for networks of TensorFlow that are no StyleGAN2."""
    there = found.tree if isinstance(found.tree, (list, tuple)) else [found.tree]
    networks = [network for network in there if isinstance(network, Inert) and network.name == _NETWORK]
    if not networks or len(networks) < len(there):
        return None
    pairs = list(zip(_ROOTS, networks, strict=True)) if len(networks) == 3 else [("G_ema.", networks[-1])]
    tensors: dict[str, Stored] = {}
    for root, network in pairs:
        if root != "D." or not _told(network, "label_size"):  # a conditional one's mapping learns at another rate
            tensors |= {root + name: tensor for name, tensor in _renamed(network, found.name)}
        _check_told(network, found.name)
    made = conversion(Named(found.name, tensors, {}))
    if made is None:
        raise StudioError(
            say("{name} holds networks of TensorFlow that are no StyleGAN2.", name=found.name),
            "Those of StyleGAN2 can be used.",
        )
    return _as_told(made, dict(pairs))


def _as_told(made: Conversion, networks: dict[str, Inert]) -> Conversion:
    """With the settings that shapes do not tell."""
    clamp = _told(networks["G_ema."], "conv_clamp")
    discriminator = made.discriminator
    if discriminator is not None:
        discriminator = discriminator | {
            "conv_clamp": _told(networks["D."], "conv_clamp"),
            "group": _told(networks["D."], "mbstd_group_size") or discriminator["group"],
        }
    return dataclasses.replace(
        made,
        kind=_KIND,
        generator=made.generator | {"conv_clamp": clamp},
        discriminator=discriminator,
        guessed=tuple(sentence for sentence in made.guessed if sentence != CLAMP_UNKNOWN),
    )


def _check_told(network: Inert, file: str) -> None:
    """Raise StudioError where a network was made with unusual settings of those that nothing here has."""
    kwargs = network.state.get("static_kwargs") if isinstance(network.state, dict) else None
    for setting, usual in _USUAL.items():
        told = kwargs.get(setting) if isinstance(kwargs, dict) else None
        if told is not None and told != usual:
            raise StudioError(
                say(
                    "{file} holds networks with {setting} {told}, where {usual} is usual.",
                    file=file,
                    setting=setting,
                    told=show(told),
                    usual=show(usual),
                ),
                "Only networks with the usual settings can be used.",
            )


def _told(network: Inert, setting: str) -> int | None:
    """A whole number that the network was made with; None where it was not said."""
    kwargs = network.state.get("static_kwargs") if isinstance(network.state, dict) else None
    number = kwargs.get(setting) if isinstance(kwargs, dict) else None
    return number if type(number) is int else None


def _variables(network: Inert) -> Iterator[tuple[str, Stored]]:
    """Every variable of a network and of those right within it, which have none within them; single numbers are
    tensors, too."""
    components = network.state.get("components") if isinstance(network.state, dict) else None
    inner = components.items() if isinstance(components, dict) else ()
    for prefix, part in (("", network), *((f"{name}/", part) for name, part in inner)):
        state = part.state if isinstance(part, Inert) and isinstance(part.state, dict) else {}
        variables = state.get("variables")
        for pair in variables if isinstance(variables, list) else ():
            match pair:
                case (str(name), Stored() as tensor):
                    yield prefix + name, tensor
                case (str(name), float(number)):
                    yield prefix + name, stored(torch.tensor(number))


def _renamed(network: Inert, file: str) -> Iterator[tuple[str, Stored]]:
    for theirs, tensor in _variables(network):
        if theirs.split("/")[-1] == "lod":
            continue
        ours = _ours(theirs)
        if ours is None:
            raise StudioError(
                say(
                    "{file} holds networks of TensorFlow with a variable that StyleGAN2 does not have: {theirs!r}.",
                    file=file,
                    theirs=theirs[:80],
                ),
                "Those of StyleGAN2 can be used, not those of StyleGAN or Progressive GAN.",
            )
        yield ours, _turned(tensor, theirs, ours, file)


def _ours(theirs: str) -> str | None:
    noise = re.fullmatch(r"synthesis/noise(\d{1,2})", theirs)
    if noise:
        k = int(noise[1])  # 0 at side 4, then two for each side
        return f"synthesis.b{2 ** ((k + 5) // 2)}.conv{(k + 1) % 2}.noise_const"
    for pattern, ours in _RULES:
        match = re.fullmatch(pattern, theirs)
        if match:
            return match.expand(ours) + (f".{_PARTS[match[match.lastindex or 0]]}" if pattern.endswith(_PART) else "")
    return None


def _turned(tensor: Stored, theirs: str, ours: str, file: str) -> Stored:
    """With its axes in PyTorch's order: TensorFlow's are (height, width, inputs, outputs), and (inputs, outputs)."""
    axes, change = _change(theirs, ours, len(tensor.shape))
    if len(tensor.shape) != axes:
        raise StudioError(
            say("{theirs} of {file} has the unusual shape {shape}.", theirs=theirs, file=file, shape=tensor.shape),
            "It is damaged or of another kind.",
        )
    shape = tuple(change(torch.empty(tensor.shape, device="meta")).shape)
    return Stored(shape, tensor.dtype, lambda: change(tensor.read()).contiguous())


def _change(theirs: str, ours: str, axes: int) -> tuple[int, Callable[[Tensor], Tensor]]:
    """How many axes it must have, and what is done with them."""
    if ours.endswith(".const"):
        return 4, lambda x: x.flatten(0, 1)
    if ours.endswith(".noise_const"):
        return 4, lambda x: x.flatten(0, 2)
    if ours.endswith(".affine.bias"):
        return 1, lambda x: x + 1  # there the 1 is added to what it gives
    if not ours.endswith(".weight"):
        return 0 if ours.endswith("noise_strength") else 1, lambda x: x
    if axes == 2:
        return 2, lambda x: x.T
    if "Conv0_up" in theirs or theirs.startswith("synthesis/") and "/Skip/" in theirs:
        return 4, lambda x: x.flip(0, 1).permute(3, 2, 0, 1)
    return 4, lambda x: x.permute(3, 2, 0, 1)
