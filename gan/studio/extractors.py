"""Feature networks on disk: the one that is shipped, or Inception weights that the person has."""

from pathlib import Path

from safetensors.torch import save_file

from gan.evaluation.features import FeatureNet
from gan.studio.files import cannot_write


def save_features(net: FeatureNet, path: Path) -> None:
    """Write the network of our own features. Raises StudioError where that fails."""
    try:
        save_file({name: t.contiguous() for name, t in net.state_dict().items() if t.is_floating_point()}, path)
    except OSError as error:
        raise cannot_write(path, error) from error
