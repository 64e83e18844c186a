"""A picture is a recipe: everything that a person chose, in one small value.

Recipes are pinned, undone, interpolated, put in links and stored in PNG files, so each of them has one canonical form:
equal pictures have equal recipes, and every way of writing one down reads back as the same recipe.

    recipe = Recipe("faces", seed=7, psi=0.7, directions=(0.5, 0, -1))
    recipe.to_query()                          # model=faces&seed=7&psi=0.7&d=0.5,0,-1
    Recipe.from_query("model=faces&seed=7")    # text from a link; StudioError for anything that is not a recipe
    Recipe.from_json(recipe.to_json())         # equal to recipe
"""

import dataclasses
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from gan.errors import StudioError
from gan.field_metadata import knob, show, title
from gan.latents.seeds import LAST_SEED
from gan.messages import say
from gan.store.offset_text import check_offset
from gan.studio import own_moves
from gan.studio.pairs import pairs, read_pairs
from gan.studio.recipe_fields import canonical, convert_knobs, written
from gan.studio.recipe_text import VERSION, as_lists, as_query, only, query_items, read_json

_BLENDED = 3  # ranges of layers that are blended, each by its own amount
LONGEST_NAME = 500  # characters of a model or a revision
LAYERS = 64  # the most that any model has


@dataclass(frozen=True)
class Recipe:
    """One picture.

    Made from Python values, from what JSON holds or from text: each is converted, checked (StudioError) and brought
    into the canonical form, in which trailing zeros of `directions` are gone, `overrides` are sorted, and a `blend`
    that changes nothing is ().
    """

    model: str = knob(dataclasses.MISSING, "Which model makes the picture: a name, or user/repo on the Hub.")
    revision: str | None = written(knob(None, "The version of the model: a commit, or none for the newest."), "rev")
    seed: int = written(
        knob(0, "The starting point: every number is another picture.", low=0, high=LAST_SEED, step=1), of_w=True
    )
    label: int | None = written(
        knob(None, "The class, in models that have classes.", low=0, high=99_999, step=1), "class", of_w=True
    )
    w: str | None = written(
        knob(
            None,
            "The latent that was found for a picture of one's own, as the difference from the average one, in base64.",
        ),
        of_w=True,
    )
    psi: float = written(
        knob(
            1.0, "Truncation: 0 is the average picture, 1 all the variety that was learnt.", low=-1, high=2, step=0.01
        ),
        of_w=True,
    )
    cutoff: int | None = written(
        knob(
            None,
            "Truncate the first layers only, that many of them; the others keep all their variety.",
            low=0,
            high=LAYERS,
            step=1,
        ),
        of_w=True,
    )
    noise: str = knob(
        "const",
        "Fine detail: the same in every picture, none, or drawn from the noise seed.",
        choices=("const", "none", "random"),
    )
    noise_seed: int = written(knob(0, "Which random detail is drawn.", low=0, high=LAST_SEED, step=1), "nseed")
    directions: tuple[float, ...] = written(
        knob(
            (),
            "How far to move along each direction that the model was found to have.",
            low=-3,
            high=3,
            step=0.05,
            unit="sigma",
            most=8,
        ),
        "d",
        of_w=True,
        trailing=0,
    )
    own: tuple[str, ...] = written(
        knob(
            (),
            "Sliders that were made of pictures that have something and pictures that lack it: name~move~amount for "
            "each.",
            most=16,
        ),
        of_w=True,
    )
    blend: tuple[float, ...] = written(
        knob(
            (),
            "In the coarse, the middle and the fine layers of a fine-tuned model: 0 is the model "
            "that it started from, 1 what it became.",
            low=-0.5,
            high=1.5,
            step=0.05,
            most=_BLENDED,
        ),
        neutral=1,
    )
    overrides: tuple[tuple[int, float], ...] = written(
        pairs(
            "Latent values set by hand: (number of the value, value).",
            most=4096,
            first=say("value number"),
            last=4095,
            second=say("latent value"),
            low=-4,
            high=4,
        ),
        "z",
        of_w=True,
    )
    walk: tuple[tuple[int, float], ...] = written(
        pairs(
            "Small steps from the seed towards other seeds: (seed, how far).",
            most=64,
            first=say("seed"),
            last=LAST_SEED,
            second=say("step"),
            low=0,
            high=1,
            once=False,
        ),
        of_w=True,
    )
    layer_psi: tuple[tuple[int, float], ...] = written(
        pairs(
            "Truncation of single layers, where it is another than that of the rest: (number of the layer, "
            "truncation).",
            most=LAYERS,
            first=say("layer"),
            last=LAYERS - 1,
            second=say("truncation"),
            low=-1,
            high=2,
        ),
        "lpsi",
        of_w=True,
    )
    layer_noise: tuple[tuple[int, float], ...] = written(
        pairs(
            "How strong the noise of single layers is: (number among the layers with noise, strength), 0 none, 1 as "
            "trained.",
            most=LAYERS,
            first=say("layer"),
            last=LAYERS - 1,
            second=say("strength"),
            low=0,
            high=2,
            neutral=1,
        ),
        "lnoise",
    )
    style: "Recipe | None" = written(dataclasses.field(default=None))
    mix: tuple[float, ...] = written(
        knob(
            (),
            "How much of the second picture is in the coarse and in the fine layers, from 0 to all, 1.",
            low=0,
            high=1,
            step=0.01,
            most=2,
        ),
        neutral=0,
    )

    def __post_init__(self) -> None:
        convert_knobs(self)
        for f in dataclasses.fields(Recipe):
            if "pairs" in f.metadata:
                object.__setattr__(self, f.name, read_pairs(f.name, getattr(self, f.name), **f.metadata["pairs"]))
        if self.w is not None:
            check_offset(self.w)
        object.__setattr__(self, "own", own_moves.canonical(self.own))
        _check_name(say("model"), self.model)
        _check_name(say("revision"), self.revision or "none")
        if len(self.blend) not in (0, _BLENDED):
            raise StudioError(
                say("blend has three amounts, for coarse, middle and fine layers, not {count}.", count=len(self.blend)),
                "Give all three, or none.",
            )
        style = None if self.style is None else type(self)(self.model, self.revision, **self._read_style())
        _check_mix(self.mix, style)
        object.__setattr__(self, "style", style if any(self.mix) else None)
        for f in dataclasses.fields(self):
            if (about := f.metadata.get("written")) and isinstance(value := getattr(self, f.name), tuple):
                object.__setattr__(self, f.name, canonical(value, about["trailing"], about["neutral"]))

    @property
    def uses_directions(self) -> bool:
        """Whether it, or the second picture of its mix, is moved along directions."""
        return bool(self.directions or self.style and self.style.directions)

    def to_json(self) -> dict:
        """What differs from the defaults, as a dict that JSON can hold."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        changed = {f.name: values[f.name] for f in dataclasses.fields(self) if values[f.name] != f.default}
        if self.style:
            changed["style"] = {
                name: value for name, value in self.style.to_json().items() if name in self.style_names()
            }
        return {"studio": VERSION} | {name: as_lists(value) for name, value in changed.items()}

    @classmethod
    def from_json(cls, value: object) -> "Recipe":
        """The recipe in a dict or in JSON text. Strict: unknown names, wrong kinds and ranges raise StudioError."""
        return cls._made(read_json(value, say("a recipe")))

    def to_text(self) -> str:
        """The recipe as one line of JSON in ASCII, as PNG files hold it."""
        return json.dumps(self.to_json(), separators=(",", ":"))

    def to_query(self) -> str:
        """The recipe as the query of a link, with short names. A seed of 0 is told where nothing else is: a model's
        name alone is a link to what it opens with."""
        values = self.to_json()
        if values.keys() <= {"studio", "model", "revision"}:
            values["seed"] = 0
        if self.style:
            values["style"] = self._query(values["style"])
        return self._query(values)

    @classmethod
    def from_query(cls, query: str | Mapping[str, str], model: str | None = None) -> "Recipe":
        """The recipe in a link's query, given as text or as names and values. `model` is used where the link has none.

        Raises StudioError for anything that `to_query` would not write, except names that begin with two underscores:
        Gradio and Spaces add those to links (`__theme`, `__sign`).
        """
        values = {} if model is None else {"model": model}
        return cls._made(values | cls._read_query(query))

    @classmethod
    def from_link(cls, query: Mapping[str, str], model: str) -> "tuple[Recipe, list[str]]":
        """The recipe in a link that people may have changed, and a sentence for each thing in it that is left out,
        since it cannot be read. Raises StudioError where not even the model can be."""
        try:
            return cls.from_query(query, model), []
        except StudioError:
            values = {"model": model} | cls._read_query(query)
        groups = [[name] for name in values if name not in ("model", "revision", "style", "mix")]
        mixed: list[str] = [name for name in ("style", "mix") if name in values]
        if mixed:  # neither says anything alone
            groups.append(mixed)
        kept = {name: text for name, text in values.items() if name in ("model", "revision")}
        left_out: list[str] = []
        recipe = cls._made(kept)
        for names in groups:
            tried = kept | {name: values[name] for name in names}
            try:
                recipe, kept = cls._made(tried), tried
            except StudioError as error:
                left_out.append(say("{title} is left out: {why}", title=title(names[0]), why=error.message))
        return recipe, left_out

    @classmethod
    @functools.cache
    def query_keys(cls) -> dict[str, str]:
        """The short names of a link and the fields that they set."""
        return {f.metadata.get("written", {}).get("link") or f.name: f.name for f in dataclasses.fields(cls)}

    @classmethod
    @functools.cache
    def style_names(cls) -> tuple[str, ...]:
        """The fields that make the w of a picture: what a mix takes of its second picture."""
        return tuple(f.name for f in dataclasses.fields(cls) if f.metadata.get("written", {}).get("of_w"))

    @classmethod
    def _made(cls, values: dict) -> "Recipe":
        if "model" not in values:
            raise StudioError("The recipe does not say which model it is for.", "Add the model's name.")
        return cls(**only([f.name for f in dataclasses.fields(cls)], values))

    def _read_style(self) -> dict:
        """The second picture of a mix, in any of its forms, as values of `style_names`."""
        style = self.style
        if isinstance(style, Recipe):
            if style.style:
                raise StudioError("The second picture of a mix cannot be a mix itself.", "Choose one that is not.")
            return {name: getattr(style, name) for name in self.style_names()}
        if isinstance(style, str):
            style = self._read_query(style)
        if not isinstance(style, dict):
            raise StudioError(
                say("The second picture of a mix is a table of names and values, not {style}.", style=show(style))
            )
        return only(self.style_names(), style)

    @classmethod
    def _read_query(cls, query: str | Mapping[str, str]) -> dict[str, str]:
        """The fields that a link sets, as text."""
        values, keys = {}, cls.query_keys()
        for key, text in query_items(query):
            if key not in keys:
                raise StudioError(
                    say("A link cannot set {key}.", key=show(key)), say("It can set {names}.", names=", ".join(keys))
                )
            values[keys[key]] = text
        return values

    @classmethod
    def _query(cls, values: dict) -> str:
        """Values of `to_json` as a query with short names."""
        items = [(key, as_query(values[field])) for key, field in cls.query_keys().items() if field in values]
        return urlencode(items, safe=":,/")


def _check_mix(mix: tuple[float, ...], style: Recipe | None) -> None:
    if len(mix) not in (0, 2):
        raise StudioError(
            say("mix has two amounts, for coarse and fine layers, not {count}.", count=len(mix)), "Give both, or none."
        )
    if any(mix) and style is None:
        raise StudioError(
            "mix says how much of a second picture to take, but there is none.", "Give a style as well, or no mix."
        )


def _check_name(what: str, text: str) -> None:
    """Names come from links and end up in sentences and paths, so they are short and printable."""
    if not 0 < len(text) <= LONGEST_NAME or not text.isprintable():
        raise StudioError(
            say("The {what} cannot be {text}.", what=what, text=show(text)),
            say("Use the {what}'s name, of up to {longest_name} characters.", what=what, longest_name=LONGEST_NAME),
        )
