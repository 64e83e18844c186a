"""What people paste for a model: ids pass, addresses of the Hub's pages are read, others are refused in a sentence."""

import pytest
from tiny_model import sentence

from gan.studio.hub.links import read_source


@pytest.mark.parametrize(
    "text, source, file",
    [
        (" ada/faces ", "ada/faces", None),
        ("ada/faces@refs/pr/1", "ada/faces@refs/pr/1", None),
        ("cats", "cats", None),
        ("https://huggingface.co/ada/faces", "ada/faces", None),
        ("huggingface.co/ada/faces/", "ada/faces", None),
        ("http://hf.co/ada/faces?library=pytorch#how", "ada/faces", None),
        ("https://huggingface.co/ada/faces/tree/main", "ada/faces", None),
        ("https://huggingface.co/ada/faces/tree/v1.0", "ada/faces@v1.0", None),
        ("https://huggingface.co/ada/faces/tree/refs%2Fpr%2F1", "ada/faces@refs/pr/1", None),
        ("https://huggingface.co/ada/faces/discussions/1", "ada/faces", None),
        ("https://huggingface.co/ada/faces/blob/main/nets/G_ema.pt", "ada/faces", "nets/G_ema.pt"),
        ("https://huggingface.co/ada/faces/resolve/abc/generator.pth?download=true", "ada/faces@abc", "generator.pth"),
    ],
)
def test_what_is_meant(text, source, file):
    assert read_source(text) == (source, file)


@pytest.mark.parametrize(
    "text, words",
    [
        ("https://github.com/ada/faces", "not an address of the Hugging Face Hub"),
        ("file:///etc/passwd", "not an address of"),
        ("https://huggingface.co@evil.org/ada/faces", "not an address of"),
        ("https://[", "not an address"),
        ("https://huggingface.co/datasets/ada/cats", "a dataset"),
        ("https://huggingface.co/spaces/ada/app", "a Space"),
        ("https://huggingface.co/ada", "no model"),
        ("https://huggingface.co", "no model"),
        (None, "not the id"),
        (3, "not the id"),
    ],
)
def test_other_addresses(text, words):
    assert words in sentence(read_source, text)
