"""From a table of tensors to a stack: the settings of the whole, its layers, and which tensors are whose.

The channels say how the layers follow each other (`chain.py`). What stood between them, and how far each convolution
moves, no state dict says: a known layout does (`known_layouts.py`), or it is guessed, and said so.
"""

import re
from dataclasses import dataclass, field

from gan.errors import StudioError
from gan.field_metadata import from_values, to_values
from gan.foreign.found import Stored
from gan.foreign.stack.chain import Geometry, Step, chain, gap, geometries, picture_of
from gan.foreign.stack.known_layouts import UNKNOWN, Layout, layout_of
from gan.foreign.stack.parts import Part, orders, parts, without_spectral_norm
from gan.messages import say, say_n
from gan.networks.stack import StackGeneratorConfig
from gan.networks.stack_layers import LAYERS
from gan.networks.stack_text import to_text

_SIZES = {
    "z": ("latent_dim", "z_dim", "nz", "latent_size", "noise_dim", "dim_z", "latent_vector_size"),
    "classes": ("num_classes", "n_classes", "nb_classes", "classes"),
    "side": ("image_size", "img_size", "resolution", "output_size", "image_side"),
}
_WITH_CLASSES = {z + 10: (z, 10) for z in (100, 128, 256, 512)}
"""{what a first layer takes: (latent values, classes)}: numbers that nobody gives to latent values alone, and that ten
classes joined as they are, a 1 among zeros, make of usual ones."""
_USUAL_NAME = re.compile(r"(main|model)\.\d+")  # of a layer in anybody's network: it does not tell whose code it was


@dataclass(frozen=True)
class Guess:
    """values: of a StackGeneratorConfig. weights: the tensors by the names of a StackGenerator. guessed: sentences."""

    values: dict
    weights: dict[str, Stored]
    steps: list[Step]
    layout: Layout
    guessed: tuple[str, ...]


@dataclass
class _Built:
    """The layers as they are put together, and where the weights go."""

    layers: list[str] = field(default_factory=list)
    weights: dict[str, Stored] = field(default_factory=dict)
    weighty: int = 0

    def add(self, kind: str, part: Part | None = None, **settings) -> None:
        if part is not None:
            self.weights |= {f"layers.{self.weighty}.{leaf}": tensor for leaf, tensor in part.tensors.items()}
            self.weighty += 1
        self.layers.append(to_text(LAYERS[kind](**settings)))


def guess(table: dict[str, Stored], config: dict) -> Guess | None:
    """The generator that a table of tensors holds; None where its layers make no chain from z to a picture.

    config: the config.json beside it; its sizes narrow the guess where they agree with the weights. Raises StudioError
    where the chain ends in something that is no picture.
    """
    found = parts(table)
    embedded = [part for part in found if part.kind == "embedding"]
    if len(embedded) > 1:
        return None
    rest = [part for part in found if part.kind != "embedding"]
    steps = next((steps for order in orders(rest) if (steps := chain(order))), None)
    if steps is None:
        return None
    hints = {
        name: next((config[key] for key in keys if type(config.get(key)) is int), None) for name, keys in _SIZES.items()
    }
    start, joined = _start(steps[0].inputs, embedded, hints)
    layout = layout_of([part.name for part in found], steps, joined)
    made = _assemble(steps, layout, hints["side"])
    if made is None:
        return None
    built, side = made
    weights = {**({"embed.weight": embedded[0].tensors["weight"]} if embedded else {}), **built.weights}
    whole = {**start, **layout.config, **({"output": "0..1"} if layout.last == "sigmoid" else {})}
    values = to_values(from_values(StackGeneratorConfig, {**whole, "layers": built.layers}))
    return Guess(values, weights, steps, layout, tuple(_sentences(values, steps, layout, hints, side)))


def _start(total: int, embedded: list[Part], hints: dict) -> tuple[dict, str]:
    """z_dim and how the class joins it, from what the first layer takes; and that in a layout's word."""
    if not embedded:
        z, classes = hints["z"], hints["classes"] or 0
        if z is not None and 0 < total - z == classes:
            return dict(z_dim=z, num_classes=classes), "none"
        if total in _WITH_CLASSES and z is None and hints["classes"] is None:
            z, classes = _WITH_CLASSES[total]
            return dict(z_dim=z, num_classes=classes), "none"
        return dict(z_dim=total), "none"
    classes, width = embedded[0].shape
    if width == total:
        return dict(z_dim=total, num_classes=classes, embedding=width, join="multiply"), "multiplied"
    if width > total:
        raise StudioError(
            say("Its classes have {width} values each, its first layer takes {total}.", width=width, total=total),
            "This is no generator that can be read.",
        )
    return dict(z_dim=total - width, num_classes=classes, embedding=width), "joined"


def _assemble(steps: list[Step], layout: Layout, side: int | None) -> tuple[_Built, int] | None:
    """All layers in their order, and the side of the picture."""
    picture = picture_of(steps)
    flat = not any(step.role in ("conv", "conv_transpose") for step in steps)
    ways: list[Geometry] = []
    if flat:
        if not isinstance(picture, tuple):
            raise StudioError(
                say_n(
                    "Its last layer gives {n} value, no square picture: it may be a discriminator or a classifier.",
                    "Its last layer gives {n} values, no square picture: it may be a discriminator or a classifier.",
                    picture,
                ),
                "Choose the generator's file (often called netG, G or generator).",
            )
        side = picture[1]
    else:
        if picture not in (1, 3, 4):
            raise StudioError(
                say("It makes maps of {picture} channels, which are no pictures.", picture=picture),
                "Pictures have 1 (grey), 3 (colour) or 4 (with transparency) channels.",
            )
        solved = geometries(steps, layout.geometries(), side)
        if solved is None:
            return None
        ways, side = solved
    built = _lay(steps, layout, ways)
    built.add(layout.last)
    if isinstance(picture, tuple):
        built.add("reshape", shape=(picture[0], side, side))
    return built, side


def _lay(steps: list[Step], layout: Layout, ways: list[Geometry]) -> _Built:
    """The layers but for the last activation."""
    built, block, norms, rest = _Built(), 0, 0, iter(ways)
    done = [next(rest) if step.role in ("conv", "conv_transpose") else None for step in steps]
    for i, (step, way) in enumerate(zip(steps, done, strict=True)):
        if step.before:
            built.add("reshape", shape=step.before)
        if way is not None and way.upsample:
            built.add("upsample")
        part = without_spectral_norm(step.part, step.role == "conv_transpose")
        built.add(step.role, part, **_settings(step, way, layout.eps_of(norms)))
        norms += step.role == "batch_norm"
        if i + 1 < len(steps):
            built.layers += _between(step, steps[i + 1], done[i + 1], layout, block)
            block += _ends_block(step, steps[i + 1])
    return built


def _settings(step: Step, way: Geometry | None, eps: float) -> dict:
    if step.role == "linear":
        return dict(inputs=step.inputs, outputs=step.outputs, bias=step.part.bias)
    if way is not None:
        more = dict(output_padding=way.output_padding) if step.role == "conv_transpose" else {}
        return dict(
            inputs=step.inputs,
            outputs=step.outputs,
            kernel=step.kernel,
            stride=way.stride,
            padding=way.padding,
            bias=step.part.bias,
            **more,
        )
    if step.role == "prelu":
        return dict(channels=step.part.shape[0])
    affine = dict(affine="weight" in step.part.tensors)
    return dict(channels=step.outputs, **affine, **(dict(eps=eps) if step.role == "batch_norm" else {}))


def _ends_block(step: Step, after: Step) -> bool:
    """Whether a layer and its norm are complete."""
    return step.role != "prelu" and after.role not in ("batch_norm", "instance_norm", "layer_norm", "prelu")


def _between(step: Step, after: Step, way: Geometry | None, layout: Layout, block: int) -> list[str]:
    """The activation between two layers, if there is a place for one.

    Where their numbers tell how many layers without weights stood between them, a reshape and an upsample are of these.
    Between a layer and its norm there is a place only where something is left over; elsewhere the place may hold
    "none".
    """
    places = gap(step.part, after.part)
    left = None if places is None else places - bool(after.before) - (way is not None and way.upsample)
    if _ends_block(step, after):
        nothing = block in layout.bare or (layout is UNKNOWN and left is not None and left < 1)
        return ["none" if nothing else layout.activation]
    return [layout.activation] if "prelu" not in (step.role, after.role) and left is not None and left > 0 else []


def _sentences(values: dict, steps: list[Step], layout: Layout, hints: dict, side: int):
    one_hot = values["num_classes"] and not values["embedding"]
    if one_hot and hints["classes"] is None:
        yield say(
            "How many classes it knows is not in its file: of the {total} values that come in, {z_dim} were taken for "
            "latent values and {num_classes} for classes.",
            total=values["z_dim"] + values["num_classes"],
            z_dim=values["z_dim"],
            num_classes=values["num_classes"],
        )
    if layout is not UNKNOWN:
        yield (
            say(
                "It was recognised by its names and shapes as {name}: strides, activations and the kind of "
                "latents are as there.",
                name=say(layout.name),
            )
        )
        if all(_USUAL_NAME.fullmatch(step.part.name) for step in steps):
            yield say(
                "Its activations are not in its file: {activation} and {last}, as there.",
                activation=layout.activation,
                last=layout.last,
            )
    else:
        yield say(
            "What happens between its layers is not in its file: relu between them and tanh at the end were taken."
        )
        yield say("How its latent values were drawn is not in its file: normal was taken.")
        if any(step.role in ("conv", "conv_transpose") for step in steps):
            yield (
                say(
                    "Its strides and paddings are not in its file: such were taken as give pictures of {side} x "
                    "{side} pixels.",
                    side=side,
                )
            )
        if values["num_classes"] and values["join"] != "multiply":
            yield say(
                "Whether class or latent values come first is not in its file: {values} was taken.",
                values=values["join"],
            )
    if any(step.part.kind == "scale" for step in steps):
        yield say("Its norms keep no statistics: those of each picture were taken.")
