"""Feature networks on disk: the one that is shipped, or Inception weights that the person has."""

from functools import cache
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from gan.errors import StudioError
from gan.evaluation.features import FeatureNet
from gan.studio.files import whole_file

SHIPPED = Path(__file__).resolve().parents[2] / "weights" / "features" / "features.safetensors"
_COUNTERS = "num_batches_tracked"      # whole numbers that only training uses


@cache
def own_features() -> nn.Module:
    """The network that is shipped, frozen; read once."""
    return _frozen(SHIPPED)


def load_extractor(path: Path | None) -> nn.Module:
    """Our own features, or the network in the file at `path`. Raises StudioError where it cannot be read or is another one."""
    return own_features() if path is None else _frozen(Path(path))


def _frozen(path: Path) -> nn.Module:
    net = FeatureNet()
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise StudioError(f"{path.name} cannot be read as weights.", "Give a .safetensors file with a feature network.") from error
    wanted = {name: t for name, t in net.state_dict().items() if not name.endswith(_COUNTERS)}
    if {name: t.shape for name, t in tensors.items()} != {name: t.shape for name, t in wanted.items()}:
        raise StudioError(f"{path.name} holds another network than the features.", "Give a file that `python -m gan features` wrote.")
    net.load_state_dict(tensors, strict=False)
    return net.eval().requires_grad_(False)


def save_features(net: FeatureNet, path: Path) -> None:
    """Write the network of our own features. Raises StudioError where that fails."""
    tensors = {name: t.contiguous() for name, t in net.state_dict().items() if not name.endswith(_COUNTERS)}
    with whole_file(path) as part:
        save_file(tensors, part)
