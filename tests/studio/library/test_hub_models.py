"""Which repositories on the Hub hold a model of ours."""

import pytest
from safetensors.torch import load, save
from tiny_model import write_tiny

from gan.locales import find_locale
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


def test_why_nothing_can_be_read_is_said_in_the_reader_s_language(hub_server, tmp_path):
    hub_server.add_repo("ada/graph", {"saved_model.pb": b"x"})
    look = Models((), Hub(hub_server.url, tmp_path / "cache")).look("ada/graph")
    assert look.chosen is None and look.trouble.startswith("ada/graph is a TensorFlow SavedModel, ")
    assert find_locale(["zh-CN"]).translated(look.trouble).endswith("请向作者要 PyTorch 或 safetensors 文件。")
