"""Files that hold no weights that could be read here: how each kind is known, what to call it, and what would help.

Nobody is told that a file is bad who could be told what it is.
"""

from gan.errors import StudioError
from gan.messages import say

_WEIGHTS = say("Ask its author for the PyTorch weights (.pt, .pth, .pkl) or a safetensors file.")
_UNPACK = say("Unpack it, and choose the file inside it.")
_WRONG = say("Choose the file with the weights: .safetensors, .pt, .pth, .ckpt, .pkl, .h5, .keras or .onnx.")
_AGAIN = say("Fetch it again: what arrived is not the file.")

# (where in the file, what stands there, what it is, what to do)
_MAGICS = (
    (
        0,
        b"version https://git-lfs",
        say("only a Git LFS pointer to a file, not the file"),
        say("Run `git lfs pull` in the folder that it came from."),
    ),
    (0, b"\x93NUMPY", say("a numpy array"), _WEIGHTS),
    (0, b"GGUF", say("a GGUF file, which holds a language model"), _WRONG),
    (0, b"\x1f\x8b", say("packed with gzip"), _UNPACK),
    (0, b"\xfd7zXZ\0", say("packed with xz"), _UNPACK),
    (0, b"\x28\xb5\x2f\xfd", say("packed with zstd"), _UNPACK),
    (0, b"\x04\x22\x4d\x18", say("packed with lz4"), _UNPACK),
    (0, b"BZh", say("packed with bzip2"), _UNPACK),
    (0, b"PK\5\6", say("an empty zip file"), _WRONG),
    (0, b"7z\xbc\xaf\x27\x1c", say("a 7z archive"), _UNPACK),
    (0, b"Rar!", say("a RAR archive"), _UNPACK),
    (257, b"ustar", say("a tar archive"), _UNPACK),
    (0, b"\x78\x9c", say("packed with zlib, as joblib does"), _WEIGHTS),
    (0, b"\x78\x01", say("packed with zlib, as joblib does"), _WEIGHTS),
    (0, b"\x78\xda", say("packed with zlib, as joblib does"), _WEIGHTS),
    (4, b"TFL3", say("a TensorFlow Lite model"), _WEIGHTS),
    (0, b"\x89PNG", say("a picture"), _WRONG),
    (0, b"\xff\xd8\xff", say("a picture"), _WRONG),
    (0, b"GIF8", say("a picture"), _WRONG),
    (8, b"WEBP", say("a picture"), _WRONG),
    (4, b"ftyp", say("a film or a picture"), _WRONG),
    (0, b"%PDF", say("a PDF"), _WRONG),
    (0, b"\x7fELF", say("a program"), _WRONG),
    (0, b"MZ", say("a program"), _WRONG),
    (0, b"SQLite format 3", say("a database"), _WRONG),
    (0, b"\x08\x01\x12", say("a TensorFlow SavedModel"), _WEIGHTS),
    (0, b"\x0a", say("a TensorFlow graph or another message in protobuf"), _WEIGHTS),
)
_TENSORFLOW_INDEX = bytes.fromhex("57fb808b247547db")  # what a TensorFlow checkpoint's .index ends with

PLAIN_ZIP = (say("a zip file without PyTorch weights in it"), _UNPACK)
# (name of an entry without its folder, what such a zip is, what to do)
_ZIPS = (
    ("model.weights.h5", say("a part of a Keras model"), say("Choose the .keras file as Keras wrote it.")),
    ("saved_model.pb", say("a TensorFlow SavedModel"), _WEIGHTS),
    (
        "constants.pkl",
        say("a TorchScript file, which is a program and not weights"),
        say("Ask its author for the state_dict of the model."),
    ),
    (
        "archive_format",
        say("a PyTorch export (.pt2), which is a program and not weights"),
        say("Ask its author for the state_dict."),
    ),
    (
        "model.safetensors",
        say("a zip file with a model in it"),
        say("Upload it as a model of the studio, or unpack it and choose the safetensors file."),
    ),
)


def refusal(name: str, what: str, hint: str) -> StudioError:
    """The sentence for a file called `name`."""
    return StudioError(say("{name} is {what}.", name=name, what=what), hint)


def of_start(start: bytes, end: bytes) -> tuple[str, str]:
    """What a file is that no reader takes, by its first 512 bytes and its last 8; and what to do."""
    for at, magic, what, hint in _MAGICS:
        if start[at : at + len(magic)] == magic and not (magic == b"\x0a" and _is_text(start)):
            return what, hint
    if end == _TENSORFLOW_INDEX:
        return say("the index of a TensorFlow checkpoint"), _WEIGHTS
    if start.lstrip()[:1] == b"<":
        return say("a web page"), _AGAIN
    if _is_text(start):
        return say("a text, not weights"), _WRONG
    return say("no kind of weights that is known here"), _WRONG


def of_zip(names: list[str]) -> tuple[str, str] | None:
    """What a zip is that holds no weights of PyTorch, by the names in it; None where nothing is known of them."""
    words = {name.rpartition("/")[2] for name in names}
    for word, what, hint in _ZIPS:
        if word in words:
            return what, hint
    if names and all(name.endswith(".npy") for name in names):
        return say("a zip of numpy arrays (.npz)"), _WEIGHTS
    return None


def _is_text(start: bytes) -> bool:
    try:
        text = start.decode("utf-8")
    except UnicodeDecodeError as error:
        text = start[: error.start].decode("utf-8") if error.start >= len(start) - 3 else "\0"
    return all(letter.isprintable() or letter.isspace() for letter in text)
