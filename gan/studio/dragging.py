"""A point of a picture pulled elsewhere: the recipe whose picture has it there, nearer step by step.

for dragged in Drags(library).drag(recipe, (40, 12), (47, 18)):
    dragged.recipe, dragged.handle, dragged.far, dragged.done
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from gan.errors import StudioError
from gan.latents.directions import Directions, free_dimensions
from gan.latents.dragging import Dragged, check, deviation, drag, has_reached, is_draggable, moves_alike, spread_over
from gan.messages import Message, say
from gan.networks.contract import Generator
from gan.store.offsets import offset_text
from gan.studio.recipe_latents import latents_at, layer_psi, noise_of, own_offset
from gan.studio.recipes import Recipe

SECONDS = 40.0  # of one drag on a busy machine; the closest by then stands

Point = tuple[float, float]
"""(x, y) in pixels of the picture as the model makes it."""


@dataclass(frozen=True)
class DraggedPicture:
    """How far a drag has come. handle: where it is by now; far: pixels from its target; steps: made by now; done: the
    share that is over; reached: whether it is there, as far as anybody sees."""

    recipe: Recipe
    handle: Point
    far: float
    steps: int
    done: float
    reached: bool

    @property
    def news(self) -> Message:
        """How far it is by now."""
        return say("{far} pixels to go.", far=f"{self.far:.1f}")

    @property
    def verdict(self) -> Message:
        """How far it came, honestly."""
        if self.reached:
            return say("There: the handle is {far} pixels from its target.", far=f"{self.far:.1f}")
        return say(
            "Not all the way: the handle is {far} pixels from its target. Pull it less far, or elsewhere: the model "
            "can do only what its pictures do.",
            far=f"{self.far:.1f}",
        )


class Drags:
    """Drags in models."""

    def __init__(self, models) -> None:
        """models: has get(source, revision) -> Model."""
        self._models = models

    def drag(
        self, recipe: Recipe, handle: Point, target: Point, radius: float | None = None
    ) -> Iterator[DraggedPicture]:
        """The handle on a recipe's picture, ever closer to its target, the last one the closest. radius: pixels around
        the way that may change, None for the usual ones. What the recipe was moved by stays as it is and means the
        same: it is the w below all that which changes. Raises StudioError for points outside the picture, and for a
        model of which it was not measured that handles reach their targets."""
        model = self._models.get(recipe.model, recipe.revision)
        if not model.config.can_drag:
            name = model.id[:80]
            raise StudioError(
                say("No points can be dragged on pictures of {id}.", id=name),
                say("It was not measured that they follow: `python -m gan drag --model {id} --keep` does.", id=name),
            )
        if not is_draggable(model.generator):  # whatever its config claims
            raise StudioError("This model has no feature maps to drag points by.", "Choose another one.")
        check(model.generator.image_shape, handle, target, radius)
        found_in = replace(recipe, revision=model.revision)
        way = _Way(
            model.blended(recipe.blend) if recipe.blend else model.generator,
            found_in,
            model.directions() if recipe.uses_directions else None,
        )
        ends, closest = time.monotonic() + SECONDS, None
        for dragged in drag(way.paint, deviation(way.generator), handle, target, radius):
            closest = dragged if closest is None or dragged.far < closest.far else closest
            yield way.picture(dragged)
            if time.monotonic() > ends:
                if closest is not dragged:
                    yield way.picture(replace(closest, steps=dragged.steps, done=1.0))
                break


class _Way:
    """From an offset of what is on the screen to an offset of the recipe's own w, and to its picture."""

    def __init__(self, generator: Generator, recipe: Recipe, directions: Directions | None):
        self.generator, self._recipe, self._directions = generator, recipe, directions
        self._device = next(generator.parameters()).device
        with torch.no_grad():
            self._begun = own_offset(generator, recipe, self._device)
        psi = torch.tensor(layer_psi(generator, recipe), device=self._device)
        if not psi.any():
            raise StudioError(
                "With truncation 0 every picture is the average one, and none of its points can be dragged.",
                "Move truncation first.",
            )
        # Truncation shrinks what was moved before it.
        self._per_layer = torch.where(psi == 0, torch.ones_like(psi), 1 / psi).unsqueeze(1)

    def own(self, offset: Tensor) -> Tensor:
        """Where the recipe's own w lies when that on the screen is moved by `offset` (layers, free): (1 or num_ws,
        w_dim)."""
        moved = self._begun + spread_over(self.generator, offset) * self._per_layer
        return moved[:1] if moves_alike(self.generator) else moved

    def paint(self, offset: Tensor):
        """The painting of the recipe's picture, moved."""
        w = latents_at(self.generator, self._recipe, self._directions, self._device, self.own(offset))
        return self.generator.painting(w, noise_of(self.generator, [self._recipe], self._device))

    def picture(self, dragged: Dragged) -> DraggedPicture:
        free = free_dimensions(self.generator)
        recipe = replace(self._recipe, w=offset_text(self.own(dragged.offset)[:, :free]))
        reached = has_reached(dragged.far, self.generator.image_shape[-1])
        return DraggedPicture(recipe, dragged.handle, dragged.far, dragged.steps, dragged.done, reached)
