"""A stack put together layer by layer from a format that says what its layers are."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.foreign.found import Conversion, Stored
from gan.knobs import show
from gan.messages import say
from gan.networks.stack_layers import LAYERS, Layer, Shape, times
from gan.networks.stack_text import MOST_VALUES, to_text

_SMALL = 32  # pixels; up to here a picture is best enlarged with hard edges
_MOST_LATENTS = 4096
_CHAIN = say("Only layers that follow each other, from latent values to a picture, are read.")
_RANGES = {LAYERS["tanh"]: "-1..1", LAYERS["sigmoid"]: "0..1"}


class Building:
    """The layers so far. name: the file's. shape: what leaves the last of them, (n,) or (channels, height, width)."""

    def __init__(self, name: str, z_dim: int):
        if not 1 <= z_dim <= _MOST_LATENTS:
            raise refused(
                name,
                say(
                    "it starts from {z_dim:,} values, and at most {most_latents:,} latent values are taken",
                    z_dim=z_dim,
                    most_latents=_MOST_LATENTS,
                ),
            )
        self.name = name
        self.shape: Shape = (z_dim,)
        self._z_dim = z_dim
        self._layers: list[Layer] = []
        self._weighty = 0
        self._weights: dict[str, Stored | Tensor] = {}

    def add(self, title: str, kind: type[Layer], *settings: object, **tensors: Stored | Tensor) -> list[str]:
        """One more layer, of a kind with these settings, and its tensors; `title` is its name in the file.

        Returns the tensors' names in the stack. Raises StudioError where the layer cannot be, or not take what comes
        in.
        """
        try:
            layer = kind(*settings)
            after = layer.after(self.shape)
            if math.prod(after) > MOST_VALUES:
                raise StudioError(
                    say(
                        "it would give {after} values, more than {most_values:,}",
                        after=times(after),
                        most_values=MOST_VALUES,
                    )
                )
        except StudioError as error:
            raise StudioError(
                say(
                    "{name} cannot be opened: its layer {title} does not fit what comes in, {shape}: {message}",
                    name=self.name,
                    title=show(title),
                    shape=times(self.shape),
                    message=error.message,
                ),
                _CHAIN,
            ) from error
        keys = [f"layers.{self._weighty}.{leaf}" for leaf in tensors]
        self._weighty += bool(tensors)
        self._weights |= dict(zip(keys, tensors.values(), strict=True))
        self._layers.append(layer)
        self.shape = after
        return keys

    def change(self, key: str, change: Callable[[Tensor], Tensor]) -> None:
        """Do something to one of the tensors when it is read."""
        self._weights[key] = changed(self._weights[key], change)

    def finish(self, kind: str) -> Conversion:
        """The generator. Raises StudioError where what leaves it is no picture."""
        if len(self.shape) != 3 or self.shape[0] not in (1, 3, 4):
            raise refused(
                self.name,
                say("it gives {shape} values, not a picture of 1, 3 or 4 channels", shape=times(self.shape)),
                say("Choose the generator; a discriminator, a classifier or a whole GAN in one file is not taken."),
            )
        last = next((type(layer) for layer in reversed(self._layers) if not isinstance(layer, LAYERS["reshape"])), None)
        values = {
            "z_dim": self._z_dim,
            "output": _RANGES.get(last, "free"),
            "layers": [to_text(layer) for layer in self._layers],
        }
        about = {"pixel_art": True} if max(self.shape[1:]) <= _SMALL else {}
        return Conversion(
            "stack",
            values,
            self._weights,
            kind,
            about=about,
            guessed=(say("How its latent values were drawn is not in its file: normal was taken."),),
        )


def changed(tensor: Stored | Tensor, change: Callable[[Tensor], Tensor]) -> Stored:
    """A tensor to which something is done when it is read."""
    shape = change(torch.empty(tensor.shape, dtype=tensor.dtype, device="meta")).shape
    return Stored(
        tuple(shape), tensor.dtype, lambda: change(tensor.read() if isinstance(tensor, Stored) else tensor).contiguous()
    )


def refused(name: str, why: str, hint: str = _CHAIN) -> StudioError:
    """The sentence for a file whose network cannot be taken. `why` goes on after "cannot be opened:"."""
    return StudioError(say("{name} cannot be opened: {why}.", name=name, why=why), hint)
