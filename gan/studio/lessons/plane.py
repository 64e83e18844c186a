"""What is in z: the generator of two numbers that the lesson paints in the visitor's browser.

It lies in weights/plane/ and is no model of the list: its card says how it was made.
"""

import functools

from gan.networks.contract import Generator
from gan.networks.registry import build_generator
from gan.store.shipped import shipped_weights
from gan.store.weights import load_weights

SETTINGS = {"image_shape": [1, 28, 28], "z_dim": 2, "hidden": [64, 192]}  # of gan/networks/mlp.py
FILE = "plane.safetensors"


@functools.cache
def plane_generator() -> tuple[tuple[int, ...], bytes]:
    """(widths from z to the pixels, all numbers as float32: weight (outputs, inputs) and bias, layer after layer).

    Hidden layers end in a ReLU, the last one in tanh. Raises StudioError where the file is missing or broken.
    """
    path = shipped_weights() / "plane" / FILE

    def build(device: str = "cpu") -> Generator:
        return build_generator("mlp", SETTINGS, device)

    generator = load_weights(build, path, "plane")
    tensors = list(generator.parameters())
    widths = (tensors[0].shape[1], *(tensor.shape[0] for tensor in tensors[::2]))
    return widths, b"".join(tensor.detach().numpy().astype("<f4").tobytes() for tensor in tensors)
