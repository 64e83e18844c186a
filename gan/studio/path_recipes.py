"""A film is a path recipe: pictures to travel through, as recipes, and how to travel between them."""

import dataclasses
from dataclasses import dataclass

from gan import field_metadata
from gan.errors import StudioError
from gan.field_metadata import knob, show
from gan.latents.choices import EASING_NAMES, PATH_NAMES, frame_count
from gan.messages import say
from gan.studio.recipe_fields import convert_knobs
from gan.studio.recipe_text import VERSION, only, read_json
from gan.studio.recipes import Recipe

MOST_FRAMES = 2000
MOST_KEYFRAMES = 64


@dataclass(frozen=True)
class PathRecipe:
    """A path through pictures of one model: the keyframes and how to travel between them."""

    keyframes: tuple[Recipe, ...]
    steps: int = knob(24, "How many frames it takes from one keyframe to the next.", low=2, high=240, unit="frames")
    path: str = knob("spherical", "The way from keyframe to keyframe.", choices=PATH_NAMES)
    easing: str = knob("none", "Whether the journey slows down at the keyframes.", choices=EASING_NAMES)
    loop: bool = knob(False, "Travel back to the first keyframe, so that the film repeats without a jump.")

    def __post_init__(self) -> None:
        object.__setattr__(self, "keyframes", tuple(self.keyframes))
        convert_knobs(self)
        if not 2 <= len(self.keyframes) <= MOST_KEYFRAMES:
            raise StudioError(
                say("A path needs 2 to 64 keyframes, not {count}.", count=len(self.keyframes)),
                "Pin some pictures first.",
            )
        if len({(k.model, k.revision) for k in self.keyframes}) > 1:
            raise StudioError(
                "The keyframes of a path must come from one model.", "Unpin the pictures of the other models."
            )
        if self.frame_count > MOST_FRAMES:
            raise StudioError(
                say(
                    "This path has {frame_count} frames, more than {most_frames}.",
                    frame_count=self.frame_count,
                    most_frames=MOST_FRAMES,
                ),
                "Use fewer steps or fewer keyframes.",
            )

    @property
    def frame_count(self) -> int:
        """Frames of the whole path; a looped one stops one step before its first frame comes again."""
        return frame_count(len(self.keyframes), self.steps, self.loop)

    def keyframe_recipes(self) -> dict[int, Recipe]:
        """The frames that are keyframes: their number and their recipe.

        The noise and the blend of the first keyframe hold for the whole path: details do not flicker, and one network
        paints all of it.
        """
        first = {name: getattr(self.keyframes[0], name) for name in ("noise", "noise_seed", "layer_noise", "blend")}
        return {i * self.steps: dataclasses.replace(k, **first) for i, k in enumerate(self.keyframes)}

    def to_json(self) -> dict:
        """The path as a dict that JSON can hold: the inverse of `from_json`."""
        keyframes = [{n: v for n, v in k.to_json().items() if n != "studio"} for k in self.keyframes]
        return {"studio": VERSION, "keyframes": keyframes} | field_metadata.to_values(self)

    @classmethod
    def from_json(cls, value: object) -> "PathRecipe":
        """The path in a dict or in JSON text. Raises StudioError for anything that is not one."""
        values = read_json(value, say("a path"))
        keyframes = values.pop("keyframes", None)
        if not isinstance(keyframes, list) or len(keyframes) > MOST_KEYFRAMES:
            raise StudioError(
                say("A path needs a list of 2 to 64 keyframes, not {keyframes}.", keyframes=show(keyframes))
            )
        return cls(tuple(Recipe.from_json(k) for k in keyframes), **only(field_metadata.table(cls), values))
