"""A stack put together layer by layer from a format that says what its layers are."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.field_metadata import show
from gan.foreign.found import Conversion, Stored
from gan.messages import say
from gan.networks.stack import numbered
from gan.networks.stack_join import MOST_VALUES as MOST_TABLE
from gan.networks.stack_join import joined_shape
from gan.networks.stack_layers import LAYERS, Layer, Shape, times
from gan.networks.stack_text import MOST_VALUES, MOST_WORK, to_text, work

_SMALL = 32  # pixels; up to here a picture is best enlarged with hard edges
_MOST_LATENTS = 4096
CLASSES = "embed.weight"
"""The name of the values of each class in a stack."""
_CHAIN = say("Only layers that follow each other, from latent values to a picture, are read.")
_RANGES = {LAYERS["tanh"]: "-1..1", LAYERS["sigmoid"]: "0..1"}


class Building:
    """The layers so far. name: the file's. shape: what leaves the last of them, (n,) or (channels, height, width).
    z_dim: how many values come in."""

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
        self.z_dim = z_dim
        self.layers: list[Layer] = []
        self._multiplied = 0
        self._classes: dict[str, int | str] = {}
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
            self._multiplied += work(layer, self.shape, after)
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
        self.layers.append(layer)
        self.shape = after
        return keys

    def join(self, title: str, how: str, classes: int, table: Stored | None) -> None:
        """The class joins what the layers so far have made, by its values in `table` (classes, values), or as it is, a
        1 among zeros. Raises StudioError where it cannot."""
        values = classes if table is None else table.shape[1]
        try:
            if classes * values > MOST_TABLE:
                raise StudioError(
                    say("{count} classes of {values} values each are too many.", count=classes, values=values)
                )
            self.shape = joined_shape(how, self.shape, values)
        except StudioError as error:
            raise StudioError(
                say(
                    "{name} cannot be opened: its layer {title}: {message}",
                    name=self.name,
                    title=show(title),
                    message=error.message,
                ),
                _CHAIN,
            ) from error
        embedding = 0 if table is None else values
        self._classes = dict(num_classes=classes, embedding=embedding, join=how, class_at=len(self.layers))
        self._weights |= {} if table is None else {CLASSES: table}

    def table(self) -> Stored:
        """(rows, values): what the layers make of a 1 among zeros, in each place; worked out when it is read.

        Raises StudioError where that takes too long.
        """
        if self.z_dim * self._multiplied > MOST_WORK:
            raise refused(self.name, say("what it makes of its classes takes too long to work out"))
        return Stored((self.z_dim, math.prod(self.shape)), torch.float32, self._worked_out)

    @torch.no_grad()
    def _worked_out(self) -> Tensor:
        shape: tuple[int, ...] = (self.z_dim,)
        modules = []
        for layer in self.layers:
            modules.append(layer.module(shape))
            shape = layer.after(shape)
        layers = numbered(modules)
        layers.load_state_dict({key.removeprefix("layers."): _read(tensor) for key, tensor in self._weights.items()})
        return layers.eval()(torch.eye(self.z_dim)).flatten(1)

    def change(self, key: str, change: Callable[[Tensor], Tensor]) -> None:
        """Do something to one of the tensors when it is read."""
        self._weights[key] = changed(self._weights[key], change)

    def finish(self, kind: str, *guessed: str) -> Conversion:
        """The generator. guessed: sentences that say what was. Raises StudioError where it gives no picture."""
        if len(self.shape) != 3 or self.shape[0] not in (1, 3, 4):
            raise refused(
                self.name,
                say("it gives {shape} values, not a picture of 1, 3 or 4 channels", shape=times(self.shape)),
                say("Choose the generator; a discriminator, a classifier or a whole GAN in one file is not taken."),
            )
        last = next((type(layer) for layer in reversed(self.layers) if not isinstance(layer, LAYERS["reshape"])), None)
        values = {
            "z_dim": self.z_dim,
            "output": "free" if last is None else _RANGES.get(last, "free"),
            "layers": [to_text(layer) for layer in self.layers],
            **self._classes,
        }
        about = {"pixel_art": True} if max(self.shape[1:]) <= _SMALL else {}
        return Conversion(
            "stack",
            values,
            self._weights,
            kind,
            about=about,
            guessed=(
                *guessed,
                say("How its latent values were drawn is not in its file: normal was taken."),
            ),
        )


def changed(tensor: Stored | Tensor, change: Callable[[Tensor], Tensor]) -> Stored:
    """A tensor to which something is done when it is read."""
    shape = change(torch.empty(tensor.shape, dtype=tensor.dtype, device="meta")).shape
    return Stored(tuple(shape), tensor.dtype, lambda: change(_read(tensor)).contiguous())


def _read(tensor: Stored | Tensor) -> Tensor:
    return tensor.read() if isinstance(tensor, Stored) else tensor


def refused(name: str, why: str, hint: str = _CHAIN) -> StudioError:
    """The sentence for a file whose network cannot be taken. `why` goes on after "cannot be opened:"."""
    return StudioError(say("{name} cannot be opened: {why}.", name=name, why=why), hint)
