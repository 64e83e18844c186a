"""A conversion holds on to what it has seen of a file."""

import torch
from safetensors.torch import save_file
from tiny_model import sentence

from gan.foreign import convert as module
from gan.foreign.convert import convert


def test_a_file_that_is_replaced_after_its_header_was_read(tmp_path, monkeypatch):
    """A training saves over its last checkpoint between the look at the shapes and the reading of the numbers."""
    path = tmp_path / "netG.safetensors"
    table = {"0.weight": torch.randn(6, 8, 4, 4), "2.weight": torch.randn(8, 3, 4, 4)}
    save_file(table, path)
    recognise = module.recognise

    def late(found):
        conversion = recognise(found)
        save_file({name: tensor[:, :2].contiguous() for name, tensor in table.items()}, path)
        return conversion

    monkeypatch.setattr(module, "recognise", late)
    assert sentence(convert, path, tmp_path / "new").startswith("netG.safetensors was changed while it was read, in ")
    assert not (tmp_path / "new").exists()
