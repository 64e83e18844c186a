"""State dicts of plain generators: stacks of linear layers and convolutions with norms and activations between."""

import itertools
import math
import re
from collections.abc import Iterator

from gan.errors import StudioError
from gan.foreign.found import Conversion, Found, Stored
from gan.foreign.stack.guess import Guess, guess
from gan.messages import say
from gan.networks.registry import build_generator

_MOST_TABLES = 20  # that are tried as a generator: each takes up to a tenth of a second
_SMALL = 32  # pixels; up to here a picture is best enlarged with hard edges
_WRAPPERS = re.compile(r"^(?:module\.|_orig_mod\.)+")
_G = r"netG|G|gen|generator|net_g|g_net|G_ema|g_ema|ema|generator_ema|netG_ema|ema_model|online_model"
_D = r"netD|D|dis|disc|discriminator|critic|net_d|d_net"
_PREFERRED = (
    r"g_ema|G_ema|generator_ema|netG_ema|ema|.*_ema|ema_model",
    _G,
    r".*gen.*|.*netG.*|G_.*|.*_G",
    r"state_dict|model_state_dict|model|params",
)
_FIRST_WORDS = 3  # among which it is told whose a tensor is, as in model.generator.main.0.weight
_DEEPEST = 16  # words that lead to a table
_OTHERS = re.compile(rf"(?:{_D})(?:_.*)?|.*disc.*|.*critic.*|.*netD.*|D_.*|.*optim.*|.*loss.*", re.IGNORECASE)
# What other kinds of networks are known by. A sentence each, after "It is".
_ELSE = {
    r"attn|attention|q_proj|to_q\b|transformer|time_emb|time_mlp|down_blocks|lora_|mid_block": (
        say("a network with attention, such as a transformer or a diffusion model")
    ),
    r"(^|\.)(fc_?mu|mu|fc_?log_?var|logvar|quant_conv|codebook|encoder|enc|fc_?21)\d*\.": say("an autoencoder"),
}


def read(found: Found) -> Conversion | None:
    """The generator in a state dict, None where it holds no table of such layers.

    Raises StudioError, with one sentence, where it clearly holds something else: a discriminator, an autoencoder, a
    network from picture to picture, or maps that are no pictures. To be asked after the adapters for families with
    names of their own.
    """
    tables = list(itertools.islice(_tables(found), _MOST_TABLES))
    refusals = []
    for table in tables:
        try:
            made = guess(table, found.config)
        except StudioError as error:
            refusals.append(
                StudioError(
                    say(
                        "{name} cannot be opened: {message}",
                        name=found.name,
                        message=error.message,
                    ),
                    error.hint,
                )
            )
            continue
        if made is not None:
            return _conversion(made)
    if refusals:
        raise refusals[0]
    for table in tables:
        _refuse(found.name, table)
    return None


def _conversion(made: Guess) -> Conversion:
    kinds = {step.role for step in made.steps}
    kind = (
        say("a DCGAN of transposed convolutions")
        if "conv_transpose" in kinds
        else say("a generator of convolutions")
        if "conv" in kinds
        else say("a fully connected generator")
    )
    side = max(build_generator("stack", made.values, "meta").image_shape[1:])
    about = {"pixel_art": True} if side <= _SMALL else {}
    return Conversion("stack", made.values, made.weights, made.layout.name or kind, about=about, guessed=made.guessed)


def _tables(found: Found) -> Iterator[dict[str, Stored]]:
    """The tables that may be generators, likeliest first: those of G before others, those of D only where there is
    nothing else."""
    split = [one for path, table in found.tables().items() for one in _split(path, table)]
    yield from (table for _, table in sorted(split, key=lambda one: _rank(one[0])))


def _split(path: tuple[str, ...], table: dict[str, Stored]) -> Iterator[tuple[tuple[str, ...], dict[str, Stored]]]:
    """A table with a generator and others side by side (as of Lightning), as a table each, without what their names
    begin with.

    Left out are single numbers at the top, which those who average weights count with (torch.optim.swa_utils,
    ema_pytorch).
    """
    groups: dict[tuple[str, ...], dict[str, Stored]] = {}
    for key, value in table.items():
        whole = _WRAPPERS.sub("", key)
        owner = _owner(whole)
        if "." in whole or math.prod(value.shape) != 1:
            groups.setdefault(owner, {})[whole.removeprefix("".join(f"{word}." for word in owner))] = value
    for owner, group in groups.items():
        if owner and len(path) < _DEEPEST:
            yield from _split((*path, *owner), group)
        else:
            yield path, group


def _owner(name: str) -> tuple[str, ...]:
    """("model", "generator") of model.generator.main.0.weight; () where no word says whose it is."""
    words = name.split(".")[:-2]  # without those of the layer and of the tensor in it
    at = next((i for i, word in enumerate(words[:_FIRST_WORDS]) if re.fullmatch(rf"{_G}|{_D}", word)), None)
    return () if at is None else tuple(words[: at + 1])


def _rank(path: tuple[str, ...]) -> tuple[int, bool]:
    last = path[-1] if path else ""
    averaged = any(re.fullmatch(_PREFERRED[0], word) for word in path)
    if _OTHERS.fullmatch(last):
        return len(_PREFERRED) + 1, not averaged
    return next((i for i, names in enumerate(_PREFERRED) if re.fullmatch(names, last)), len(_PREFERRED)), not averaged


def _refuse(name: str, table: dict[str, Stored]) -> None:
    """Raise StudioError where the table is clearly another kind of network."""
    for pattern, what in _ELSE.items():
        if any(re.search(pattern, key, re.IGNORECASE) for key in table):
            raise _not_one(name, what)
    weights = [
        tensor.shape
        for key, tensor in table.items()
        if key.endswith(("weight", "weight_orig", "weight.original")) and len(tensor.shape) in (2, 4)
    ]
    maps = [shape for shape in weights if len(shape) == 4]
    if len(maps) < 2 or maps[0][1] not in (1, 3, 4):
        return
    last = weights[-1]
    if len(last) == 4 and (last[0] in (1, 3, 4) and last[2] > 4 or last[0] in (3, 4) or last[1] in (3, 4)):
        raise _not_one(name, say("a network that turns pictures into pictures"))
    logits = last[0]
    raise _not_one(
        name,
        say("a discriminator, which judges pictures")
        if logits == 1
        else say("a network that looks at pictures and gives {logits} values, such as a classifier", logits=logits),
    )


def _not_one(name: str, what: str) -> StudioError:
    return StudioError(
        say(
            "{name} cannot be opened: it is {what}, no plain generator from latent values to pictures.",
            name=name,
            what=what,
        ),
        "Choose the generator's file (often called netG, G or generator).",
    )
