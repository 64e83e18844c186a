"""Which repositories on the Hub hold a model of ours."""

import pytest
from safetensors.torch import load, save
from tiny_model import write_tiny

from gan.studio.hub.client import Hub
from gan.studio.library.loaded import Models


@pytest.mark.parametrize("config", [{}, {"config.json": b" " * (2**20 + 1)}])
def test_only_config_json_makes_a_model_ours(hub_server, tmp_path, config):
    """Not the file that stands in for it where it is missing or huge."""
    tiny = write_tiny(tmp_path / "tiny")
    files = {
        ".config.json": (tiny / "config.json").read_bytes(),
        "model.safetensors": save(load((tiny / "model.safetensors").read_bytes())),  # as others write it: unsigned
    }
    hub_server.add_repo("ada/odd", files | config)
    models = Models((), Hub(hub_server.url, tmp_path / "cache"))
    assert models.get("ada/odd").config.origin.startswith("ada/odd at ")  # read as anybody's table of weights
    assert models.look("ada/odd").chosen == "model.safetensors"
