"""Networks for browsers that paint, over real HTTP."""

import json

from safetensors.torch import load

from gan.export.network import network_size


def test_a_browser_gets_a_network_once(app):
    """All that there is to know in one file, which the next visit asks for by its mark."""
    status, body, headers = app.ask("studio/network.safetensors?id=cats&rev=")
    assert status == 200 and headers["cache-control"] == "private, no-cache"
    header = json.loads(body[8 : 8 + int.from_bytes(body[:8], "little")])
    about, weights = json.loads(header["__metadata__"]["about"]), load(body)
    assert about["family"] == "stylegan2" and about["num_ws"] and len(about["direction_layers"]) == 8
    assert (
        weights["directions.vectors"].shape == (8, about["w_dim"])
        and str(weights["synthesis.b4.const"].dtype) == "torch.float16"
    )
    told = app.table("studio/model?id=cats")
    assert 0.5 < told["network"] / len(body) < 1.5
    status, body, again = app.ask("studio/network.safetensors?id=cats", headers={"if-none-match": headers["etag"]})
    assert status == 304 and not body and again["etag"] == headers["etag"]


def test_what_is_no_network(app):
    assert "not open here" in app.refused("studio/network.safetensors?id=nobody/faces")
    assert "not open here" in app.refused("studio/network.safetensors")
    model = app.studio.library.get("cats")
    foreign = type(model.config)("lightweight")
    assert network_size(foreign, model.generator) == 0 and network_size(model.config, model.generator) > 0


def test_the_kernel_is_served_and_nothing_else(app):
    for path, status in (
        ("worker.js", 200),
        ("networks/dcgan.js", 200),
        ("gemm.wat", 404),
        ("../web.py", 404),
        ("index.html", 404),
    ):
        assert app.ask(f"studio/painting/{path}")[0] == status, path
