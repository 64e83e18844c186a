"""Feature networks on disk: the one that is shipped, or Inception weights that the person has."""

from functools import cache
from pathlib import Path

import torch

from gan.errors import StudioError
from gan.evaluation.features import Extractor, FeatureNet
from gan.evaluation.inception import Inception
from gan.foreign.convert import filled
from gan.foreign.formats.named import named
from gan.foreign.found import Found, Stored
from gan.foreign.readers.any_file import read_tree
from gan.messages import say
from gan.store.shipped import shipped_weights
from gan.store.weights import write_tensors

SHIPPED = shipped_weights() / "features" / "features.safetensors"
_COUNTERS = "num_batches_tracked"  # whole numbers that only training uses
_CLASSES, _STANDARD = "fc.weight", 1008  # what tells FID's Inception from torchvision's, which has 1000 classes
_HINT = say(
    "Give a file that `python -m gan features` wrote, or the Inception weights of pytorch-fid "
    "(pt_inception-2015-12-05-6726825d.pth)."
)


@cache
def own_features() -> FeatureNet:
    """The network that is shipped, frozen; read once."""
    net = _frozen(SHIPPED)
    assert isinstance(net, FeatureNet)
    return net


def load_extractor(path: Path | None) -> Extractor:
    """Our own features, or the network in the file at `path`: ours or Inception, as .safetensors or as torch.save
    writes it.

    Nothing in the file is run. Raises StudioError where it cannot be read or holds another network.
    """
    return own_features() if path is None else _frozen(Path(path))


def _frozen(path: Path) -> Extractor:
    tensors = named(Found(path.name, read_tree(path, path.name)))
    kinds: tuple[type[Extractor], ...] = (FeatureNet, Inception)
    for kind in kinds:
        with torch.device("meta"):
            net = kind()
        first = next(iter(net.state_dict()))
        roots = tensors.roots(first)
        if roots:
            return _filled(net, tensors.under(roots[0]), path.name).eval().requires_grad_(False)
    raise StudioError(say("{name} holds no feature network that is known here.", name=path.name), _HINT)


def _filled(net: Extractor, weights: dict[str, Stored], name: str) -> Extractor:
    """The network with those of the weights that it has. Raises StudioError where some are missing or have another
    shape."""
    classes = weights[_CLASSES].shape[0] if _CLASSES in weights else _STANDARD
    if classes != _STANDARD:
        raise StudioError(
            say(
                "{name} holds an Inception network of {classes} classes, not that of FID, which has {standard}.",
                name=name,
                classes=classes,
                standard=_STANDARD,
            ),
            _HINT,
        )
    wanted = net.state_dict()
    missing = [key for key in wanted if key not in weights and not key.endswith(_COUNTERS)]
    if missing:
        raise StudioError(
            say(
                "{name} lacks {count} of the weights of {name2}, such as {missing}.",
                name=name,
                count=len(missing),
                name2=net.name,
                missing=missing[0],
            ),
            _HINT,
        )
    return filled(net, {key: torch.zeros(()) if key.endswith(_COUNTERS) else weights[key] for key in wanted}, name)


def save_features(net: FeatureNet, path: Path) -> None:
    """Write the network of our own features. Raises StudioError where that fails."""
    tensors = {name: t.contiguous() for name, t in net.state_dict().items() if not name.endswith(_COUNTERS)}
    write_tensors(tensors, path, {"format": "pt"})
