"""What was measured of a model's sliders, as a table for people: on the terminal, and in the model's card.

write_table(model.path, kept, "python -m gan directions ...")      # between two marks in README.md
"""

from collections.abc import Mapping
from pathlib import Path

from gan.evaluation.traits import Measure
from gan.store.cards import put_section, read_card
from gan.studio.library.measuring import CLASSES, MOVED, SEEN, VISIBLE
from gan.studio.library.sliders import TESTED, Kept

SECTION = "sliders"


def table(kept: Kept) -> list[list[str]]:
    """A row of words for each slider, under a row of titles: its name, layers, the share of the picture, what it
    changes, and in which share of pictures each measured property."""
    properties = list(kept.measured[0]["shares"]) if kept.measured else []
    titles = ["slider", "layers", "picture", "own", "leak", "alone"]
    rows = [[*titles, *(name.replace("-", " ") for name in properties)]]
    for i, facts in enumerate(kept.measured):
        layers = kept.directions.layers and kept.directions.layers[i]
        shares = [f"{share:.0%}" for share in facts["shares"].values()]
        if (own := facts.get("property")) in properties:
            shares[properties.index(own)] = f"**{facts['changed']:.0%}**"
        rows.append(
            [
                kept.names[i] or f"Direction {i + 1}",
                f"{layers[0]} to {layers[-1]}" if layers else "all",
                f"{facts['picture']:.0%}",
                f"{facts['own']:.2f}",
                f"{facts['leak']:.2f}",
                f"{facts['alone']:.0%}" if "alone" in facts else "",
                *shares,
            ]
        )
    return rows


def lines(kept: Kept) -> list[str]:
    """The table with even columns."""
    rows = [[word.strip("*") for word in row] for row in table(kept)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return ["  ".join(f"{word:<{width}}" for word, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def write_table(folder: Path, kept: Kept, measures: Mapping[str, Measure], command: str, words: bool = False) -> None:
    """Put the table into the card of the model in `folder`, in the place of the one before. Raises StudioError."""
    put_section(folder, read_card(folder), SECTION, card_text(kept, measures, command, words))


def card_text(kept: Kept, measures: Mapping[str, Measure], command: str, words: bool = False) -> str:
    """The table in Markdown, what its columns mean, and the command that makes it again. words: whether it is
    of a model of words."""
    titles, *rows = table(kept)
    marked = ["| " + " | ".join(row) + " |" for row in (titles, ["---"] * len(titles), *rows)]
    told = {name: measure for name, measure in measures.items() if measure.told is not None}
    probes = ""
    if told:
        shares = ", ".join(f"{measure.told:.0%} ({name})" for name, measure in told.items())
        by = " or ".join(dict.fromkeys(measure.by for measure in told.values()))
        probes = f" What is not read from pixels is told by {by}; of pictures kept back it tells {shares}."
    seen = (
        f"places in which a letter's chance changes by {VISIBLE:.0%}"
        if words
        else f"pixels that change by {VISIBLE / 2:.0%} of their range"
    )
    meaning = (
        f"Measured on {TESTED} seeds that nothing was fitted on, each slider moved by {MOVED:g} to either side. "
        f"*picture*: the share of {seen} or more. *own*: the mean "
        "change of the property in bold, or of the one that changes most, in standard deviations; *leak*: the largest "
        "mean change of another one; *alone*: the share of seeds in which the property that the slider is named for "
        "changes, and no other does. Then for each property the share of seeds in which it changes: by "
        f"{SEEN:g} deviation (of the drawings, where factors of drawings are read) or, for what a picture has or has "
        "not, by half the chance; in bold where the slider is "
        f"named for it. In models with classes a property is the mean over at most {CLASSES} of them, of which single "
        f"pictures differ more.{probes}"
    )
    return f"{meaning}\n\n" + "\n".join(marked) + f"\n\n```\n{command}\n```"
