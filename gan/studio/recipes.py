"""A picture is a recipe: everything that a person chose, in one small value.

Recipes are pinned, undone, interpolated, put in links and stored in PNG files, so each of them has one canonical form:
equal pictures have equal recipes, and every way of writing one down reads back as the same recipe.

    recipe = Recipe("faces", seed=7, psi=0.7, directions=(0.5, 0, -1))
    recipe.to_query()                          # model=faces&seed=7&psi=0.7&d=0.5,0,-1
    Recipe.from_query("model=faces&seed=7")    # text from a link; StudioError for anything that is not a recipe
    Recipe.from_json(recipe.to_json())         # equal to recipe
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from gan import knobs
from gan.errors import StudioError
from gan.knobs import knob, show
from gan.latents.paths import EASINGS, PATHS, frame_count
from gan.latents.sampling import LAST_SEED
from gan.studio.pairs import pairs, read_pairs

VERSION = 1
UNBLENDED = 1.0, 1.0, 1.0
LONGEST_NAME = 500  # characters of a model or a revision
LONGEST_TEXT = 8_000_000  # characters of JSON: 64 keyframes with every latent value overridden fit
MOST_FRAMES = 2000
QUERY_KEYS = {"model": "model", "rev": "revision", "seed": "seed", "class": "label", "psi": "psi", "noise": "noise",
              "nseed": "noise_seed", "d": "directions", "blend": "blend", "z": "overrides", "walk": "walk"}
"""The short names of a link and the fields that they set."""


@dataclass(frozen=True)
class Recipe:
    """One picture.

    Made from Python values, from what JSON holds or from text: each is converted, checked (StudioError) and brought
    into the canonical form, in which trailing zeros of `directions` are gone, `overrides` are sorted, and a `blend` that
    changes nothing is ().
    """

    model: str = knob(dataclasses.MISSING, "Which model makes the picture: a name, or user/repo on the Hub.")
    revision: str | None = knob(None, "The version of the model: a commit, or none for the newest.")
    seed: int = knob(0, "The starting point: every number is another picture.", low=0, high=LAST_SEED, step=1)
    label: int | None = knob(None, "The class, in models that have classes.", low=0, high=99_999, step=1)
    psi: float = knob(1.0, "Truncation: 0 is the average picture, 1 all the variety that was learnt.",
                      low=-1, high=2, step=0.01)
    noise: str = knob("const", "Fine detail: the same in every picture, none, or drawn from the noise seed.",
                      choices=("const", "none", "random"))
    noise_seed: int = knob(0, "Which random detail is drawn.", low=0, high=LAST_SEED, step=1)
    directions: tuple[float, ...] = knob((), "How far to move along each direction that the model was found to have.",
                                         low=-3, high=3, step=0.05, unit="sigma", most=8)
    blend: tuple[float, ...] = knob((), "In the coarse, the middle and the fine layers of a fine-tuned model: 0 is the model "
                                    "that it started from, 1 what it became.", low=-0.5, high=1.5, step=0.05, most=3)
    overrides: tuple[tuple[int, float], ...] = pairs(
        "Latent values set by hand: (number of the value, value).",
        most=4096, first="value number", last=4095, second="latent value", low=-4, high=4)
    walk: tuple[tuple[int, float], ...] = pairs(
        "Small steps from the seed towards other seeds: (seed, how far).",
        most=64, first="seed", last=LAST_SEED, second="step", low=0, high=1)

    def __post_init__(self):
        _convert(self)
        for f in dataclasses.fields(Recipe):
            if "pairs" in f.metadata:
                object.__setattr__(self, f.name, read_pairs(f.name, getattr(self, f.name), **f.metadata["pairs"]))
        _check_name("model", self.model)
        _check_name("revision", self.revision or "none")
        if len(dict(self.overrides)) < len(self.overrides):
            raise StudioError("overrides names the same latent value twice.", "Give each value once.")
        object.__setattr__(self, "overrides", tuple(sorted(self.overrides)))
        object.__setattr__(self, "directions", _without_trailing_zeros(self.directions))
        if len(self.blend) not in (0, len(UNBLENDED)):
            raise StudioError(f"blend has three amounts, for coarse, middle and fine layers, not {len(self.blend)}.",
                              "Give all three, or none.")
        object.__setattr__(self, "blend", () if self.blend == UNBLENDED else self.blend)

    def to_json(self) -> dict:
        """What differs from the defaults, as a dict that JSON can hold."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        changed = {f.name: values[f.name] for f in dataclasses.fields(self) if values[f.name] != f.default}
        return {"studio": VERSION} | {name: _as_lists(value) for name, value in changed.items()}

    @classmethod
    def from_json(cls, value: dict | str | bytes) -> "Recipe":
        """The recipe in a dict or in JSON text. Strict: unknown names, wrong kinds and ranges raise StudioError."""
        return _recipe(_read_json(value, "a recipe"))

    def to_text(self) -> str:
        """The recipe as one line of JSON in ASCII, as PNG files hold it."""
        return json.dumps(self.to_json(), separators=(",", ":"))

    def to_query(self) -> str:
        """The recipe as the query of a link, with short names."""
        values = self.to_json()
        named = [(key, _as_query(values[field])) for key, field in QUERY_KEYS.items() if field in values]
        return urlencode(named, safe=":,/")

    @classmethod
    def from_query(cls, query: str | Mapping[str, str], model: str | None = None) -> "Recipe":
        """The recipe in a link's query, given as text or as names and values. `model` is used where the link has none.

        Raises StudioError for anything that `to_query` would not write, except names that begin with two underscores:
        Gradio and Spaces add those to links (`__theme`, `__sign`).
        """
        values = {} if model is None else {"model": model}
        for key, text in _query_items(query):
            if key not in QUERY_KEYS:
                raise StudioError(f"A link cannot set {show(key)}.", f"It can set {', '.join(QUERY_KEYS)}.")
            values[QUERY_KEYS[key]] = text
        return _recipe(values)


@dataclass(frozen=True)
class PathRecipe:
    """A path through pictures of one model: the keyframes and how to travel between them."""

    keyframes: tuple[Recipe, ...]
    steps: int = knob(24, "How many frames it takes from one keyframe to the next.", low=2, high=240, unit="frames")
    path: str = knob("spherical", "The way from keyframe to keyframe.", choices=tuple(PATHS))
    easing: str = knob("none", "Whether the journey slows down at the keyframes.", choices=tuple(EASINGS))
    loop: bool = knob(False, "Travel back to the first keyframe, so that the film repeats without a jump.")

    def __post_init__(self):
        object.__setattr__(self, "keyframes", tuple(self.keyframes))
        _convert(self)
        if not 2 <= len(self.keyframes) <= 64:
            raise StudioError(f"A path needs 2 to 64 keyframes, not {len(self.keyframes)}.", "Pin some pictures first.")
        if len({(k.model, k.revision) for k in self.keyframes}) > 1:
            raise StudioError("The keyframes of a path must come from one model.",
                              "Unpin the pictures of the other models.")
        if self.frame_count > MOST_FRAMES:
            raise StudioError(f"This path has {self.frame_count} frames, more than {MOST_FRAMES}.",
                              "Use fewer steps or fewer keyframes.")

    @property
    def frame_count(self) -> int:
        """Frames of the whole path; a looped one stops one step before its first frame comes again."""
        return frame_count(len(self.keyframes), self.steps, self.loop)

    def keyframe_recipes(self) -> dict[int, Recipe]:
        """The frames that are keyframes: their number and their recipe.

        The noise and the blend of the first keyframe hold for the whole path: details do not flicker, and one network
        paints all of it.
        """
        first = self.keyframes[0]
        return {i * self.steps: dataclasses.replace(k, noise=first.noise, noise_seed=first.noise_seed, blend=first.blend)
                for i, k in enumerate(self.keyframes)}

    def to_json(self) -> dict:
        """The path as a dict that JSON can hold: the inverse of `from_json`."""
        keyframes = [{n: v for n, v in k.to_json().items() if n != "studio"} for k in self.keyframes]
        return {"studio": VERSION, "keyframes": keyframes} | knobs.to_values(self)

    @classmethod
    def from_json(cls, value: dict | str | bytes) -> "PathRecipe":
        """The path in a dict or in JSON text. Raises StudioError for anything that is not one."""
        values = _read_json(value, "a path")
        keyframes = values.pop("keyframes", None)
        if not isinstance(keyframes, list) or len(keyframes) > 64:
            raise StudioError(f"A path needs a list of 2 to 64 keyframes, not {show(keyframes)}.")
        return cls(tuple(Recipe.from_json(k) for k in keyframes), **_only(knobs.table(cls), values))


def _convert(made) -> None:
    """Bring the knobs of a new dataclass into their own types and check their ranges."""
    for name, row in knobs.table(type(made)).items():
        object.__setattr__(made, name, knobs.convert(row, getattr(made, name)))
    knobs.check(made)


def _recipe(values: dict) -> Recipe:
    if "model" not in values:
        raise StudioError("The recipe does not say which model it is for.", "Add the model's name.")
    return Recipe(**_only([f.name for f in dataclasses.fields(Recipe)], values))


def _only(known, values: dict) -> dict:
    """`values`, all of whose names are among the `known` ones."""
    for name in values:
        if name not in known:
            raise StudioError(f"There is no setting called {show(name)}.", f"The settings are {', '.join(known)}.")
    return values


def _read_json(value, what: str) -> dict:
    """A copy of the dict, or the dict in the text, without its version."""
    if isinstance(value, (str, bytes)):
        if len(value) > LONGEST_TEXT:
            raise StudioError(f"The text is too long to be {what}: {len(value):,} characters.")
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):  # ValueError also for numbers of thousands of digits and for bad bytes
            raise StudioError(f"The text is not {what}: it is not JSON.") from None
    if not isinstance(value, dict):
        raise StudioError(f"{what.capitalize()} is a table of names and values, not {show(value)}.")
    values = dict(value)
    version = values.pop("studio", VERSION)
    if type(version) is not int or version != VERSION:
        raise StudioError(f"This is {what} of version {show(version)}, and only version {VERSION} is known.",
                          "Open it with the newest GAN Studio.")
    return values


def _query_items(query) -> list[tuple[str, str]]:
    if isinstance(query, str):
        if len(query) > LONGEST_TEXT:
            raise StudioError(f"The link is too long: {len(query):,} characters.")
        try:
            items = parse_qsl(query.removeprefix("?"), keep_blank_values=True, max_num_fields=64)
        except ValueError:
            raise StudioError("The link sets more than 64 things.", "Copy the whole link again.") from None
    else:
        items = list(query.items())
    items = [(key, text) for key, text in items if not str(key).startswith("__")]
    if len({key for key, _ in items}) < len(items):
        raise StudioError("The link sets the same thing twice.", "Copy the whole link again.")
    return items


def _check_name(what: str, text: str) -> None:
    """Names come from links and end up in sentences and paths, so they are short and printable."""
    if not 0 < len(text) <= LONGEST_NAME or not text.isprintable():
        raise StudioError(f"The {what} cannot be {show(text)}.",
                          f"Use the {what}'s name, of up to {LONGEST_NAME} characters.")


def _without_trailing_zeros(values: tuple[float, ...]) -> tuple[float, ...]:
    kept = len(values)
    while kept and values[kept - 1] == 0:
        kept -= 1
    return values[:kept]


def _as_lists(value):
    return [_as_lists(one) for one in value] if isinstance(value, tuple) else value


def _as_query(value) -> str:
    """A value of `to_json` as text: repr keeps every digit of a number, so that a link reads back exactly."""
    if isinstance(value, list):
        return ",".join(":".join(map(_as_query, one)) if isinstance(one, list) else _as_query(one) for one in value)
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
