"""Settings of the networks, as they were asked for and from the shape of the training pictures."""

from collections.abc import Mapping

from gan.errors import StudioError
from gan.field_metadata import from_values, table, to_values
from gan.messages import listed, say
from gan.networks.registry import Family
from gan.training.data import Samples


def net_values(asked: Mapping[str, object], kind: Family, samples: Samples) -> tuple[dict, dict]:
    """The settings of a generator and a discriminator for such samples, with those `asked` for (see `asked_values`).
    Raises StudioError."""
    shape, chosen = {**_shape_values(kind, samples), "num_classes": samples.num_classes}, asked_values(asked, kind)
    return {**shape, **kind.fresh, **chosen["generator"]}, {**shape, **chosen["discriminator"]}


def configs_of(kind: Family) -> dict[str, type]:
    """The dataclasses of the settings of a family's two networks."""
    return {"generator": kind.generator_config, "discriminator": kind.discriminator_config}


def asked_values(asked: Mapping[str, object], kind: Family) -> dict[str, dict]:
    """What is `asked` for by name, as text or in its own type, for the "generator" and for the "discriminator".

    A name like generator.hidden is for one of the two; a bare name goes to each that has it. Raises StudioError.
    """
    configs = configs_of(kind)
    values: dict[str, dict] = {who: {} for who in configs}
    for name, value in asked.items():
        targets, key = _targets(name, configs)
        if not targets:
            raise StudioError(
                say("--net {option} names no setting of {name}.", option=name, name=kind.name),
                say("The settings are {names}.", names=listed(table(kind.generator_config))),
            )
        for who in targets:
            values[who][key] = to_values(from_values(configs[who], {key: value}))[key]
    return values


def _targets(name: str, configs: dict[str, type]) -> tuple[list[str], str]:
    """Which networks a setting is for, none where there is no such setting, and its bare name."""
    who, dot, key = name.partition(".")
    asked, key = ([who] if who in configs else [], key) if dot else (list(configs), name)
    return [who for who in asked if key in table(configs[who])], key


def _shape_values(kind: Family, samples: Samples) -> dict:
    """The samples' shape in the words of a family's config: image_shape, side and channels, or symbols and places."""
    shape, config = samples.shape, kind.generator_config
    check_makes(kind, samples)
    if samples.symbols:
        return {"symbols": samples.symbols, "places": shape[1]}
    if "image_shape" in table(config):
        return {"image_shape": list(shape)}
    if len(shape) != 3 or shape[1] != shape[2]:
        raise StudioError(
            say("This family makes square pictures, the data has samples of shape {shape}.", shape=shape),
            "Use --family mlp.",
        )
    return {"side": shape[1]} if samples.sounds else {"channels": shape[0], "side": shape[1]}


def check_makes(kind: Family, samples: Samples, hint: str = "") -> None:
    """Raise StudioError where the data holds something else than a family makes, with that hint where one is told."""
    if kind.makes != samples.makes:
        error = _other_kind(kind, samples)
        raise StudioError(error.message, hint or error.hint)


def _other_kind(kind: Family, samples: Samples) -> StudioError:
    """That the data holds something else than a family makes."""
    if samples.symbols:
        if kind.makes == "sound":
            return StudioError("The data is a list of words, and this family makes sounds.", "Use --family words.")
        return StudioError("The data is a list of words, and this family makes pictures.", "Use --family words.")
    if samples.sounds:
        if kind.makes == "text":
            return StudioError("The data holds sounds, and this family makes words.", "Use --family sounds.")
        return StudioError("The data holds sounds, and this family makes pictures.", "Use --family sounds.")
    if kind.makes == "sound":
        return StudioError("This family makes sounds, and the data holds none.", "Give WAV files as --data.")
    return StudioError(
        "This family makes words, and the data holds none.", "Give a text file of words, one a line, as --data."
    )
