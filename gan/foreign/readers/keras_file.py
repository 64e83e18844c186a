"""Models that Keras saved, as {"keras": its config, "weights": {layer: its arrays in Keras' order}}.

Keras 2 and 3 write an .h5 file whose attribute `model_config` says which layers there are, with the weights of each in
a group of its name. Since 2022 they write a .keras file, a zip of config.json and model.weights.h5, whose groups are
called by the kinds of the layers and a number. (keras/src/legacy/saving/legacy_h5_format.py and
keras/src/saving/saving_lib.py.)

Layers of a model within the model are called "outer/inner". Of the code that a file may hold (Lambda layers) nothing
is run.
"""

import json
import re
from collections import Counter, defaultdict

from gan.errors import StudioError
from gan.foreign.found import Stored
from gan.foreign.readers.hdf5 import Group, read_hdf5
from gan.foreign.readers.reading import Reading
from gan.foreign.readers.zips import Zip
from gan.messages import say

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
_MOST_CONFIG = 2**20  # bytes; a hundred layers take as many thousand
_CONFIG_COST = 30  # bytes of memory for each of them
_DEEPEST = 8  # models within models
_CONTAINERS = ("layers", "_layer_checkpoint_dependencies")  # now, and in TensorFlow 2.12
_WHOLE_MODEL = say("Ask its author for the whole model, as model.save(...) writes it.")


def read_keras_h5(view: memoryview, reading: Reading) -> dict:
    """The model in an .h5 file. Raises StudioError."""
    root = read_hdf5(view, reading)
    text = root.attributes.get("model_config")
    weights = root.at("model_weights")
    if not isinstance(text, str) or not isinstance(weights, Group):
        raise _without_config(root, reading)
    config = _config(text.encode(), reading)
    return {"keras": config, "weights": _by_names(config, weights, reading)}


def is_keras_zip(archive: Zip) -> bool:
    """Whether the zip is a .keras file."""
    return {CONFIG, WEIGHTS} <= set(archive.names)


def read_keras_zip(archive: Zip, reading: Reading) -> dict:
    """The model in a .keras file. Raises StudioError."""
    config = _config(archive.read(CONFIG), reading)
    root = read_hdf5(archive.read(WEIGHTS), reading)
    return {"keras": config, "weights": _by_kinds(config, root, "", 0, reading)}


def layers_of(model: object) -> list[dict]:
    """The layers in the config of a model, [] where it is none: {"class_name": ..., "config": {...}} each."""
    inside = model.get("config") if isinstance(model, dict) else None
    layers = inside.get("layers") if isinstance(inside, dict) else inside  # a plain list before Keras 2.2.3
    return [layer for layer in layers if isinstance(layer, dict)] if isinstance(layers, list) else []


def name_of(layer: dict) -> str:
    """What a layer is called in its model."""
    inside = layer.get("config")
    return str(inside["name"] if isinstance(inside, dict) and "name" in inside else layer.get("name"))


def _config(text: bytes | memoryview, reading: Reading) -> dict:
    if len(text) > _MOST_CONFIG:
        raise reading.broken(say("it describes its layers in {count:,} bytes", count=len(text)))
    reading.spend(_CONFIG_COST * len(text))
    try:
        config = json.loads(bytes(text))
    except (ValueError, RecursionError) as error:
        raise reading.broken(say("the description of its layers cannot be read")) from error
    if not layers_of(config):
        kind = config.get("class_name") if isinstance(config, dict) else None
        raise StudioError(
            say(
                "{name} holds a Keras model of the class {kind!r}, which does not say what its layers are.",
                name=reading.name,
                kind=str(kind)[:60],
            ),
            "Ask its author for it as a Sequential or Functional model.",
        )
    return config


def _without_config(root: Group, reading: Reading) -> StudioError:
    if any(root.at(name) is not None for name in _CONTAINERS) or "layer_names" in root.attributes:
        return StudioError(
            say("{name} holds the weights of a Keras model, but not what its layers are.", name=reading.name),
            _WHOLE_MODEL,
        )
    return StudioError(
        say("{name} is an HDF5 file without a Keras model in it.", name=reading.name),
        "Choose the file with the generator's weights.",
    )


def _by_names(config: dict, weights: Group, reading: Reading) -> dict[str, list[Stored]]:
    """Of an .h5 file: a group for each layer of the outermost model, whose `weight_names` give the order.

    The arrays of a model within it stand in one list: first all that are trained, then the others. They are sorted out
    by the names of their layers, which stand before their own.
    """
    found: dict[str, list[Stored]] = {}
    for layer in layers_of(config):
        name = name_of(layer)
        group = weights.at(name)
        names = group.attributes.get("weight_names", []) if isinstance(group, Group) else []
        there = {word: group.at(word) for word in names} if isinstance(group, Group) and isinstance(names, list) else {}
        arrays = {word: array for word, array in there.items() if isinstance(array, Stored)}
        if len(arrays) < len(there):
            raise reading.broken(say("the weights of its layer {name!r} are not where it says", name=name[:60]))
        if not layers_of(layer):
            found[name] = list(arrays.values())
            continue
        owners: dict[str, list[Stored]] = defaultdict(list)
        for word, array in arrays.items():
            owners[word.split("/")[-2:][0]].append(array)
        for path in _leaves(layer, f"{name}/", 0, reading):
            found[path] = owners[path.rpartition("/")[2]]
    return found


def _leaves(model: dict, path: str, depth: int, reading: Reading) -> list[str]:
    """The layers in a model, and in the models within it."""
    _check_depth(depth, reading)
    names = []
    for layer in layers_of(model):
        reading.spend(len(path) + 100)
        name = path + name_of(layer)
        names += _leaves(layer, f"{name}/", depth + 1, reading) if layers_of(layer) else [name]
    return names


def _by_kinds(
    model: dict, group: Group | Stored | None, path: str, depth: int, reading: Reading
) -> dict[str, list[Stored]]:
    """Of a .keras file: the second Dense of a model is called dense_1, whatever its own name, and its arrays 0, 1,
    ..."""
    _check_depth(depth, reading)
    entries = group.entries if isinstance(group, Group) else {}
    inside = next((entries[name] for name in _CONTAINERS if name in entries), None)
    if not isinstance(inside, Group):
        raise reading.broken(say("its weights are not those of its layers"))
    found: dict[str, list[Stored]] = {}
    seen: Counter[str] = Counter()
    for layer in layers_of(model):
        kind = _snake_case(str(layer.get("class_name")))
        mine = inside.entries.get(f"{kind}_{seen[kind]}" if seen[kind] else kind)
        seen[kind] += 1
        name = path + name_of(layer)
        reading.spend(len(path) + 100)
        if layers_of(layer):
            found |= _by_kinds(layer, mine, f"{name}/", depth + 1, reading)
        else:
            found[name] = _numbered(mine.at("vars") if isinstance(mine, Group) else None)
    return found


def _numbered(group: Group | Stored | None) -> list[Stored]:
    entries = group.entries if isinstance(group, Group) else {}
    arrays = [entries.get(str(i)) for i in range(len(entries))]
    return [array for array in arrays if isinstance(array, Stored)]


def _check_depth(depth: int, reading: Reading) -> None:
    if depth > _DEEPEST:
        raise reading.broken(say("it holds models within models within models"))


def _snake_case(kind: str) -> str:
    """LeakyReLU -> leaky_re_lu, as Keras has it."""
    words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", kind[:200]))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()
