"""Which of a repository's files is the generator: by their names alone, before anything is fetched."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gan.errors import StudioError
from gan.field_metadata import show
from gan.messages import listed as in_a_row
from gan.messages import say
from gan.store.archives import clean
from gan.store.model_config import CARD, CONFIG
from gan.store.weights import MOST_BYTES

ENDINGS = (
    ".safetensors",
    ".pt",
    ".pth",
    ".pth.tar",
    ".bin",
    ".ckpt",
    ".pkl",
    ".pickle",
    ".keras",
    ".h5",
    ".hdf5",
    ".onnx",
)
"""Of files that are read, those that are safest first."""
CONFIGS = (CONFIG, ".config.json")
MOST_CONFIG = 2**20

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .()=,+-]{0,120}(/[A-Za-z0-9_][A-Za-z0-9_ .()=,+-]{0,120}){0,5}")
_AVERAGED = re.compile(r"(^|[^a-z])(g[-_.]?)?ema([^a-z]|$)", re.IGNORECASE)
_GENERATOR = re.compile(r"generator|net[-_.]?g|gen(?![a-z])|(^|[/_.-])g([/_.-]|$)", re.IGNORECASE)
_USUAL = re.compile(
    r"(^|/)(model|pytorch_model|weights|diffusion_pytorch_model|checkpoint|latest|best|final)[^/]*$", re.IGNORECASE
)
_OTHER = re.compile(
    r"discrim|critic|net[-_.]?d|(^|[/_.-])d([/_.-]|$)|optim|sched|scaler|rng|training_args|latents|events|lpips|"
    r"arcface",
    re.IGNORECASE,
)
# Or what a generator has.
_PERHAPS = re.compile(r"encoder|vae|classif|incept|vgg|dataset|resnet|clip|fid|stats", re.IGNORECASE)
_GAN = re.compile(r"gan|generator", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
# What else repositories hold: (pattern, what is said of the file, of a repository that has nothing better, what to do).
_KINDS = (
    (
        r"\.pb$|variables\.(data|index).*",
        "TensorFlow",
        say("is a TensorFlow SavedModel, a program that would have to be run"),
        say("Ask its author for a PyTorch or safetensors file."),
    ),
    (
        r"\.onnx\.data$",
        say("numbers of an ONNX file"),
        say("keeps the numbers of its ONNX file beside it, which are not read here"),
        say("Ask its author for a PyTorch or safetensors file."),
    ),
    (
        r"\.(tflite|mlmodel|gguf|ggml|trt|engine|pdparams|npz|npy|msgpack|mar|joblib)$",
        say("another program's format"),
        say("keeps its weights in another program's format"),
        say("Ask its author for a PyTorch or safetensors file."),
    ),
    (
        r"model_index\.json$",
        say("a pipeline"),
        say("is a pipeline of several models, most likely diffusion, and no GAN"),
        say("Choose a repository of a GAN."),
    ),
    (
        r"\.py$",
        say("code"),
        say("holds code that would have to be run, and no weights that are read here"),
        say("Code of others is never run; ask its author for the weights."),
    ),
)


@dataclass(frozen=True)
class Listed:
    """A file of a repository. size: bytes. readable: whether it may be asked for. note: what it seems to be, in a few
    words."""

    name: str
    size: int
    readable: bool
    note: str = ""


def listed(sizes: Mapping[str, int]) -> list[Listed]:
    """All files, those that can be read first, the likeliest generator at the top."""
    files = [_listed(name, size) for name, size in sizes.items()]
    return sorted(files, key=lambda file: (not file.readable, rank(file.name) if file.readable else (), file.name))


def choose(sizes: Mapping[str, int]) -> str | None:
    """The file that most likely holds the generator, None where none can be read."""
    readable = [file.name for file in listed(sizes) if file.readable]
    return readable[0] if readable else None


def trouble(id: str, sizes: Mapping[str, int]) -> tuple[str, str]:
    """(sentence, hint) on a repository or a folder from which nothing can be read."""
    for pattern, _, fault, hint in _KINDS:
        if any(re.search(pattern, name, re.IGNORECASE) for name in sizes):
            return say("{id} {fault}.", id=id, fault=fault), hint
    large = [name for name, size in sizes.items() if name.lower().endswith(ENDINGS) and size > MOST_BYTES]
    if large:
        name = large[0]
        return (
            say(
                "{id} has no file that is small enough: {name!r} has {sizes:,.1f} GiB.",
                id=id,
                name=name[:60],
                sizes=sizes[name] / 2**30,
            ),
            say("2 GiB are the most."),
        )
    odd = [name for name in sizes if name.lower().endswith(ENDINGS) and not _is_plain(name)]
    if odd:
        return (
            say("{id} has weights under a name that cannot be used here: {odd!r}.", id=id, odd=clean(odd[0])[:60]),
            say("Rename the file: letters from a to z, digits and _ . - will do."),
        )
    return say("{id} has no weights.", id=id), say("A generator's weights end in {names}.", names=in_a_row(ENDINGS))


def refuse_others(id: str, settings: Mapping) -> None:
    """Raise a StudioError where a config.json is that of a library whose models are no GANs, or whose own code it
    needs."""
    if "auto_map" in settings:
        raise StudioError(
            say("{id} needs code of its own to be run, which is never done here.", id=id),
            "Choose a model of a common layout.",
        )
    kinds = [settings[key] for key in ("model_type", "_class_name", "architectures") if settings.get(key) is not None]
    if kinds and not _GAN.search(str(kinds)):
        raise StudioError(
            say("{id} is no GAN: its config.json says {kinds}.", id=id, kinds=show(kinds[0])),
            "Choose a repository of a GAN's generator.",
        )


def rank(name: str) -> tuple:
    """What is smaller is likelier the generator: names that say so, the top folder, safer endings, later snapshots."""
    lower = name.lower()
    ending = next(i for i, end in enumerate(ENDINGS) if lower.endswith(end))
    numbers = tuple(-int(digits[:9]) for digits in _NUMBER.findall(lower.rsplit("/", 1)[-1]))
    return *_words(lower), lower.count("/"), ending, numbers, name


def _words(lower: str) -> tuple[int, int]:
    """(0 to 2: how likely it is another network, 0 to 3: how little it says that it is a generator)"""
    kind = next((i for i, kind in enumerate((_AVERAGED, _GENERATOR, _USUAL)) if kind.search(lower)), 3)
    return 2 if _OTHER.search(lower) else int(bool(_PERHAPS.search(lower))), kind


def _is_plain(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and ".." not in name


def _listed(name: str, size: int) -> Listed:
    lower = name.lower()
    if lower.endswith(ENDINGS):
        if not _is_plain(name):
            return Listed(name, size, False, say("a name that cannot be used here"))
        if not 0 < size <= MOST_BYTES:
            return Listed(name, size, False, say("empty") if not size else say("larger than 2 GiB"))
        doubt, kind = _words(lower)
        other = doubt == 2 or (doubt and kind > 1)
        return Listed(name, size, True, say("seems not to be the generator") if other else say("weights"))
    if name in (CONFIG, CARD):
        return Listed(name, size, False, say("its settings") if name == CONFIG else say("its description"))
    note = next((note for pattern, note, *_ in _KINDS if re.search(pattern, name, re.IGNORECASE)), "")
    return Listed(name, size, False, note)
