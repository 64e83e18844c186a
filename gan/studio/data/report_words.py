"""The sentences of the dataset doctor: one rule each, None where there is nothing to say."""

from collections.abc import Callable

from gan.messages import say

# (fewer than, what to expect). Fine-tuning 44-minute-old cats on 118 emoji gave recognisable faces after 6,500 pictures
# on one core; papers on few pictures (Karras et al. 2020, Zhao et al. 2020, Liu et al. 2021) begin at about 100.
EXPECT = (
    (
        20,
        "expect the model to learn these very pictures by heart and to blend between them. Start from a base model, "
        "turn augmentation on and stop early.",
    ),
    (
        100,
        "start from a base model with augmentation on: its shapes will take on the look of your pictures, and after "
        "a long training it will repeat some of them.",
    ),
    (
        500,
        "enough to fine-tune a base model well with augmentation on; from scratch, expect rough pictures and copies.",
    ),
    (
        5000,
        "enough to fine-tune a base model; from scratch it works for pictures that are much alike, with "
        "augmentation on.",
    ),
    (
        float("inf"),
        "enough to train from scratch if you have the time, and more than enough to fine-tune a base model.",
    ),
)


def sentences(r) -> tuple[str, ...]:
    """All that there is to say of a Report, what to expect first."""
    said = (rule(r) for rule in RULES)
    return tuple(text for text in said if text)


def _expect(r) -> str:
    distinct = r.count - r.same
    words = next(words for most, words in EXPECT if distinct < most)
    return f"{number(distinct, 'different picture')}: {words}"


def _source(r) -> str | None:
    return (
        f"The pictures were drawn from {r.source}: the model will learn another model's habits, not the world's."
        if r.source
        else None
    )


def _cut(r) -> str | None:
    return r.cut


def _broken(r) -> str | None:
    if not r.broken:
        return None
    return (
        f"{number(r.broken, 'file')} could not be read and {_was(r.broken)} left out: "
        f"{_names(r.broken_files, r.broken)}."
    )


def _others(r) -> str | None:
    if not r.others:
        return None
    return (
        f"{number(r.others, 'file')} {_was(r.others)} left out, not being pictures: {_names(r.other_files, r.others)}."
    )


def _size(r) -> str | None:
    if r.source:
        return None
    (w0, w1, w2), (h0, h1, h2) = r.width, r.height
    one = (
        f"All are {w1} x {h1} pixels"
        if (w0, h0) == (w2, h2)
        else f"They are {w0} to {w2} pixels wide and {h0} to {h2} high, typically {w1} x {h1}"
    )
    return f"{one}; the networks see them at {r.side} x {r.side}."


def _crop(r) -> str | None:
    if not r.cropped:
        return None
    return (
        f"{_share(r.cropped, r.count)} not square: the networks see the middle square only. "
        "Crop those yourself where the subject is not in the middle."
    )


def _small(r) -> str | None:
    if not r.small:
        return None
    return (
        f"{_share(r.small, r.count)} smaller than {r.side} pixels and will look soft: choose a smaller side or "
        "larger pictures."
    )


def _colour(r) -> str | None:
    if r.channels == 1:
        return f"{_share(r.colour, r.count)} in colour; the networks see grey only." if r.colour else None
    if not r.colour:
        return "All pictures are grey."
    grey = r.count - r.colour
    return f"{_share(grey, r.count)} grey, the others in colour: the model will make both." if grey else None


def _transparent(r) -> str | None:
    if not r.transparent:
        return None
    behind = "which the networks see too" if r.channels == 4 else "with white laid behind"
    return f"{_share(r.transparent, r.count)} partly transparent, {behind}."


def _films(r) -> str | None:
    return f"{_share(r.films, r.count)} animated: only the first frame is taken." if r.films else None


def _turned(r) -> str | None:
    return f"{_share(r.turned, r.count)} turned upright as the camera noted." if r.turned else None


def _deep(r) -> str | None:
    return f"{_share(r.deep, r.count)} of more than 8 bits: the finest shades are dropped." if r.deep else None


def _blank(r) -> str | None:
    return f"{_share(r.blank, r.count)} of a single colour: remove those that are not meant." if r.blank else None


def _same(r) -> str | None:
    if not r.same:
        return None
    return (
        f"{number(r.same, 'picture')} {_is(r.same)} there twice ({_pair(r.same_pairs)}): the model will make those "
        "more often."
    )


def _alike(r) -> str | None:
    if not r.alike:
        return None
    return (
        f"{number(r.alike, 'picture')} {_is(r.alike)} nearly the same as another ({_pair(r.alike_pairs)}): they "
        "count for little."
    )


def _classes(r) -> str | None:
    if not r.classes:
        return None
    return say(
        "They are sorted into {count} classes: {names}. A pair from scratch learns them, and can be asked for each.",
        count=len(r.classes),
        names=", ".join(r.classes[:30]) + (" ..." if len(r.classes) > 30 else ""),
    )


RULES: tuple[Callable, ...] = (
    _expect,
    _classes,
    _source,
    _cut,
    _broken,
    _others,
    _same,
    _alike,
    _blank,
    _size,
    _crop,
    _small,
    _colour,
    _transparent,
    _films,
    _turned,
    _deep,
)


def number(count: int, noun: str) -> str:
    """1, "file" -> "1 file"; 1200 -> "1,200 files"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _share(some: int, of: int) -> str:
    """The subject and verb of a sentence."""
    if some == of:
        return "All pictures are" if of > 1 else "The picture is"
    return f"{some:,} of {of:,} pictures {_is(some)}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _names(files, count: int) -> str:
    names = ", ".join(name for name, _ in files[:3])
    return f"{names} and {count - 3:,} more" if count > 3 else names


def _pair(pairs) -> str:
    _, _, first, second = pairs[0]
    return f"{first} and {second}" if len(pairs) == 1 else f"such as {first} and {second}"
