"""Settings of the networks from --net options and from the shape of the training pictures."""

from collections.abc import Sequence

from gan.errors import StudioError
from gan.knobs import from_values, table, to_values
from gan.networks.registry import Family


def net_values(options: Sequence[str], kind: Family, shape: tuple[int, ...], num_classes: int) -> tuple[dict, dict]:
    """The settings of a generator and a discriminator for samples of that shape, with the `NAME=VALUE` options.

    A name like generator.hidden is for one of the two; a bare name goes to each that has it. Raises StudioError.
    """
    configs = {"generator": kind.generator_config, "discriminator": kind.discriminator_config}
    values = {who: {**_shape_values(kind.generator_config, shape), "num_classes": num_classes} for who in configs}
    values["generator"] |= kind.fresh
    for option in options:
        name, equals, value = option.partition("=")
        targets, key = _targets(name, configs)
        if not equals or not targets:
            raise StudioError(f"--net {option} names no setting of {kind.name}.",
                              f"The settings are {', '.join(table(kind.generator_config))}.")
        for who in targets:
            values[who][key] = to_values(from_values(configs[who], {key: value}))[key]
    return values["generator"], values["discriminator"]


def _targets(name: str, configs: dict[str, type]) -> tuple[list[str], str]:
    """Which networks a setting is for, none where there is no such setting, and its bare name."""
    who, dot, key = name.partition(".")
    asked, key = ([who] if who in configs else [], key) if dot else (list(configs), name)
    return [who for who in asked if key in table(configs[who])], key


def _shape_values(config: type, shape: tuple[int, ...]) -> dict:
    """The samples' shape in the words of a family's config: image_shape, or side and channels."""
    if "image_shape" in table(config):
        return {"image_shape": list(shape)}
    if len(shape) != 3 or shape[1] != shape[2]:
        raise StudioError(f"This family makes square pictures, the data has samples of shape {shape}.",
                          "Use --family mlp.")
    return {"channels": shape[0], "side": shape[1]}
