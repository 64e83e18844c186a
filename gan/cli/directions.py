"""`gan directions`: sliders are found, listed, drawn and kept with their model."""

import shlex
from dataclasses import dataclass
from pathlib import Path

import torch

from gan.cli.sources import CommandSources
from gan.cli.speech import tell
from gan.errors import StudioError
from gan.messages import say
from gan.networks.words import WordGenerator

_STILL = 0.8  # share of pictures in which a slider for a factor of drawings changes it, whatever the discriminator says


def act(sources: CommandSources, **options) -> None:
    """Run the command. Raises StudioError for anything a person can mend."""
    asked = _Asked(**options)
    _check(asked)
    from gan.studio.library import slider_table
    from gan.studio.library import sliders as found_sliders
    from gan.studio.library.film_strips import film_strips
    from gan.studio.library.slider_layers import steerable

    torch.set_num_threads(asked.threads)
    opened = sources.open(asked.model)
    words = isinstance(opened.generator, WordGenerator)
    known = _known_of_words(opened.generator.symbols) if words and not asked.drawn else _known(opened, asked)
    if opened.generator.kind == "sound" and not asked.drawn:
        known = _known_of_sounds()
    measures = _chosen(opened, known, asked)
    if asked.steer and not steerable(opened.generator):
        tell(say("--steer is left out: the pictures of this model come from w in fewer than three layers."))
    found = found_sliders.kept_sliders(opened) if asked.kept else _found(sources, opened, asked, measures)
    found, gone = found_sliders.distinct(opened, found)
    for i, twin, likeness in gone:
        tell(
            say(
                "Slider {number} does the same as slider {twin} (mean |cosine| {likeness}) and was left out.",
                number=i + 1,
                twin=twin + 1,
                likeness=likeness,
            )
        )
    found, faint = found_sliders.visible(found_sliders.measured(opened, found, measures))
    if faint:
        tell(say("{count} that hardly change anything were left out.", count=len(faint)))
    found = found_sliders.renamed(found, asked.names.split(",") if asked.names else [])
    print(*slider_table.lines(found), sep="\n")
    if asked.out:
        film_strips(opened, found, asked.out, asked.shown)
    if asked.keep:
        found_sliders.keep_sliders(opened.path, found)
        slider_table.write_table(opened.path, found, measures, _command(asked), words)


@dataclass(frozen=True)
class _Asked:
    """See gan.cli.parsers.directions."""

    model: str
    measure: str | None
    steer: bool
    data: Path | None
    drawn: str | None
    kept: bool
    having: str | None
    lacking: str | None
    label: int | None
    sliders: Path | None
    count: int
    names: str | None
    out: Path | None
    shown: int
    keep: bool
    threads: int


def _check(asked: _Asked) -> None:
    if not 1 <= asked.count <= 8 or asked.threads < 1 or not 1 <= asked.shown <= 16:
        raise StudioError(
            "--count lies between 1 and 8, --shown between 1 and 16, and --threads is at least 1.",
            "Give other numbers.",
        )
    own = (asked.having, asked.lacking)
    if (own[0] is None) != (own[1] is None) or (own[0] and asked.measure) or (asked.sliders and not own[0]):
        raise StudioError(
            "A slider of your own is made with both --with and --without, and --measure finds others.",
            "Give --with and --without together, and --sliders only with them.",
        )
    if asked.steer and not (asked.measure or asked.drawn):
        raise StudioError("--steer seeks sliders by their names, and names none.", "Give --measure or --drawn with it.")
    if asked.kept and own[0]:
        raise StudioError("--kept finds no sliders, and --with makes one.", "Leave one of them out.")


def _known(model, asked: _Asked) -> dict:
    """All that can be measured of the pictures of a model, by its names."""
    from gan.evaluation.pixel_properties import MEASURES
    from gan.evaluation.traits import Measure
    from gan.studio.scores.drawn_traits import drawn_traits
    from gan.studio.scores.traits import read_traits

    pixels = {name: Measure(of) for name, of in MEASURES.items()}
    drawn = drawn_traits(asked.drawn, model.generator.image_shape) if asked.drawn else {}
    return {**pixels, **(read_traits(asked.data) if asked.data else {}), **drawn}


def _known_of_words(symbols: str) -> dict:
    """All that can be measured of words with these symbols."""
    from gan.evaluation.traits import Measure
    from gan.evaluation.word_properties import measures

    return {name: Measure(of, 0.5 if name.startswith("ends") else None) for name, of in measures(symbols).items()}


def _known_of_sounds() -> dict:
    from gan.evaluation.sound_properties import MEASURES
    from gan.evaluation.traits import Measure

    return {name: Measure(of) for name, of in MEASURES.items()}


def _chosen(model, known: dict, asked: _Asked) -> dict:
    """What is measured: what was asked for, or else what suits its pictures and all traits."""
    from gan.evaluation.pixel_properties import COLOURS, STROKES
    from gan.studio.library.sliders import chosen_measures

    if asked.measure:
        return chosen_measures(known, asked.measure.split(","))
    if model.generator.kind == "text":
        return {name: known[name] for name in [*known][:2]}
    if model.generator.kind == "sound":
        return known
    if len(model.generator.image_shape) != 3:
        raise StudioError("This model makes no pictures.", "Choose another one.")
    if asked.drawn:
        return {name: known[name] for name in known if name not in (*STROKES, *COLOURS)}
    usual = [*STROKES][:3] if model.generator.image_shape[0] == 1 else [*COLOURS][:2]
    return {name: known[name] for name in (*usual, *(name for name in known if name not in (*STROKES, *COLOURS)))}


def _found(sources: CommandSources, opened, asked: _Asked, measures: dict):
    from gan.studio.library.sliders import named_sliders, telling_sliders

    still = _STILL if asked.drawn else 0.0
    known = named_sliders(opened, measures, asked.count, asked.steer, still) if asked.measure or asked.drawn else None
    if asked.having and asked.lacking:
        known = _own(sources, opened, asked.having, asked.lacking, asked.label, asked.names, asked.sliders)
    return telling_sliders(opened, asked.count, known)


def _command(asked: _Asked) -> str:
    """The command that makes the sliders and their table again."""
    given: dict[str, object] = {
        "model": asked.model,
        "data": asked.data and asked.data.name,
        "drawn": asked.drawn,
        "measure": asked.measure,
        "names": asked.names,
    }
    given |= {
        "with": asked.having,
        "without": asked.lacking,
        "class": asked.label,
        "count": None if asked.kept else asked.count,
    }
    words = [f"--{name} {shlex.quote(str(value))}" for name, value in given.items() if value not in (None, "")]
    flags = [f"--{name}" for name in ("steer", "kept") if getattr(asked, name)]
    return " ".join(["python -m gan directions", *words, *flags, "--keep"])


def _own(sources: CommandSources, model, having: str, lacking: str, label: int | None, names: str | None, out):
    """The slider that leads from some seeds to others, written into `out` where that is given."""
    from gan.latents.seeds import parse_seeds
    from gan.store.files import write_bytes
    from gan.store.own_sliders import write_sliders
    from gan.studio.engine import Engine
    from gan.studio.library.own_sliders import as_kept, made_of
    from gan.studio.recipes import Recipe

    has, lacks = [
        [Recipe(model.id, model.revision, seed=seed, label=label, psi=model.config.psi) for seed in parse_seeds(text)]
        for text in (having, lacking)
    ]
    slider = made_of(model, Engine(sources.models), has, lacks, (names or "").split(",")[0] or "Own")
    if out:
        write_bytes(out, write_sliders([slider], model.id))
    return as_kept(model, slider)
